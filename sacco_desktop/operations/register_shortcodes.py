"""Tells M-Pesa where payments to a shortcode of ours are reported, and says in words what it answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from sacco_desktop.gateways.daraja.collecting import CollectingClient, Registered
from sacco_desktop.gateways.daraja.exchange import Doubtful, NotSent, Refused
from sacco_desktop.operations.collect import relay_in_use
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.office import shortcodes
from sacco_desktop.services.office.shortcodes import Registration


@dataclass(frozen=True, slots=True)
class ToRegister:
    """Which shortcode; without one that of the connection. With the phone that stands in its papers at Safaricom, its
    list of payments is asked for too.
    """

    shortcode: str = ""
    nominated_phone: str = field(default="", repr=False)


async def register_shortcode(office: Office, asked: ToRegister, actor: Actor) -> str:
    """Register it, keep the answer in the books, and say it in words.

    Raises NotAllowed, NotFound, and OutsideUnavailable when no relay is in use.
    """
    row = await office.read(shortcodes.check_may_register, asked.shortcode, actor)
    client = CollectingClient(await office.mpesa(), row.shortcode, row.version)
    at = await relay_in_use(office)
    relay = office.relay(at)
    answer = await client.register_urls(
        relay.callback_address("c2b-confirm", at.token),
        relay.callback_address("c2b-validate", at.token),
    )
    words = _in_words(f"{row.shortcode} ({row.version})", answer)
    done = isinstance(answer, Registered)
    if asked.nominated_phone.strip():
        notice = relay.callback_address("pull-notice", at.token)
        listed = await client.register_pull(asked.nominated_phone.strip(), notice)
        words = f"{words} {_in_words('The list of payments', listed)}"
    told = Registration(row.shortcode, row.version, done, words)
    await office.write(shortcodes.note_registered, told, actor)
    return words


def _in_words(what: str, answer: Registered | Refused | NotSent | Doubtful) -> str:
    if isinstance(answer, Registered):
        if answer.was_before:
            return f"{what} was registered before, and M-Pesa keeps what it has: {answer.text}"
        return f"{what} is registered."
    if isinstance(answer, Refused):
        return f"{what} is not registered: {answer.text}"
    return f"{what} is not registered, or M-Pesa did not say so: {answer.reason}"
