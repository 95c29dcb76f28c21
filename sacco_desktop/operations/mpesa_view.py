"""What Settings shows of the M-Pesa connection: its facts, its certificate, whether its secrets are here, its money."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.permissions import Act
from sacco_desktop.operations.enrol import LoadedCertificate, has_mpesa_secrets, load_certificate
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.office import mpesa_connections, shortcodes, society
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.office.shortcodes import ShortcodeRow
from sacco_desktop.services.sending import utility_float
from sacco_desktop.services.sending.utility_float import UtilityFloat

SEES_MPESA = (Act.MANAGE_CONNECTIONS, Act.RECORD_FLOAT, Act.SEND_PAYOUT)


@dataclass(frozen=True, slots=True)
class MpesaView:
    """`facts` and `certificate` are None before they are entered; a certificate that cannot be read is None too."""

    environment: str
    facts: ConnectionFacts | None
    certificate: LoadedCertificate | None
    has_secrets: bool
    utility: UtilityFloat
    shortcodes: tuple[ShortcodeRow, ...] = ()


async def look_at_mpesa(office: Office, actor: Actor) -> MpesaView:
    """Everything about the connection that is no secret. Raises NotAllowed, or when the keyring is locked."""
    environment, facts, utility, shortcodes_now = await office.read(_kept, None, actor)
    return MpesaView(
        environment,
        facts,
        None if facts is None else _certificate(facts),
        has_mpesa_secrets(office, environment),
        utility,
        shortcodes_now,
    )


async def check_mpesa(office: Office) -> None:
    """Ask M-Pesa whether it takes key and secret. Raises OutsideUnavailable or NotFound."""
    client = await office.mpesa()
    await client.check_keys()


_Kept = tuple[str, ConnectionFacts | None, UtilityFloat, tuple[ShortcodeRow, ...]]


def _kept(work: Work, _nothing: None) -> _Kept:
    work.allow_one_of(*SEES_MPESA)
    environment = society.society_of(work).environment
    try:
        facts: ConnectionFacts | None = mpesa_connections.current(work)
    except NotFound:
        facts = None
    rows = shortcodes.list_shortcodes(work) if facts is not None else ()
    return environment, facts, utility_float.current(work), rows


def _certificate(facts: ConnectionFacts) -> LoadedCertificate | None:
    try:
        return load_certificate(facts.certificate.encode())
    except InvalidInput:
        return None
