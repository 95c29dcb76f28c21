"""The M-Pesa connection of the environment that these books live in; its secrets are in the keyring and never here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import MpesaConnection, Society
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.payouts import B2C_V1, ID_CHECKED
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import society


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What the portal says, without secrets. `address` is used in practice only: the real hosts are fixed."""

    environment: str
    address: str
    shortcode: str
    initiator: str
    certificate: str
    b2c_version: str = "v3"
    has_id_check: bool = False
    c2b_version: str = "v2"


def save(work: Work, facts: ConnectionFacts) -> None:
    """Write the connection of this society's environment. Books of one environment never hold that of another."""
    work.allow(Act.MANAGE_CONNECTIONS)
    own = society.society_of(work).environment
    if facts.environment != own:
        raise InvalidInput(
            f"These are {own} books. A {facts.environment} connection belongs to other books.",
            "environment",
        )
    if not re.fullmatch(r"[0-9]{5,9}", facts.shortcode, re.ASCII):
        raise InvalidInput("A shortcode has 5 to 9 digits.", "shortcode")
    if not facts.initiator.strip():
        raise InvalidInput("Write the name of the API operator.", "initiator")
    if "BEGIN CERTIFICATE" not in facts.certificate:
        raise InvalidInput("Load the certificate from the portal.", "certificate")
    row = work.session.get(MpesaConnection, facts.environment)
    if row is None:
        row = MpesaConnection(environment=facts.environment)
        work.session.add(row)
    row.address, row.shortcode = facts.address, facts.shortcode
    row.initiator, row.certificate = facts.initiator.strip(), facts.certificate
    row.b2c_version, row.has_id_check = facts.b2c_version, facts.has_id_check
    row.c2b_version = facts.c2b_version
    work.session.flush()
    audit.record(work, "set up the M-Pesa connection", facts.environment)
    work.changed(Topic.SETTINGS)


def current(work: Work, _nothing: None = None) -> ConnectionFacts:
    """The connection of these books. Raises NotFound before it is set up."""
    environment = society.society_of(work).environment
    row = work.session.get(MpesaConnection, environment)
    if row is None:
        raise NotFound("M-Pesa is not set up yet. An administrator does that in Settings.")
    return ConnectionFacts(
        row.environment,
        row.address,
        row.shortcode,
        row.initiator,
        row.certificate,
        row.b2c_version,
        row.has_id_check,
        row.c2b_version,
    )


_SHORTCODE = Lookup(
    select(MpesaConnection.shortcode).join(
        Society, Society.environment == MpesaConnection.environment
    )
)


def own_shortcode(work: Work) -> str | None:
    """The shortcode of these books; None before M-Pesa is set up."""
    return _SHORTCODE.value(work.session)


def payout_version(work: Work, _nothing: None = None) -> str:
    """How payouts are asked for now: v1, v3, or checked against the identity number where the society wants that.

    Raises NotFound before the connection is set up, and WrongState when Safaricom has not enabled what is wanted.
    """
    facts = current(work)
    if not society.yes_setting(work, "payout.id_check"):
        return facts.b2c_version
    if not facts.has_id_check or facts.b2c_version == B2C_V1:
        raise WrongState(
            "Payments shall be checked against the ID number, but M-Pesa is not set up for that. An administrator notes"
            " in Settings, under M-Pesa, that Safaricom has enabled it, or turns the rule off. Nothing was sent."
        )
    return ID_CHECKED
