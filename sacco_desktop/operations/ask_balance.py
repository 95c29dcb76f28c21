"""Asks M-Pesa what our accounts hold: because a person wants to know, once a day, and before payments go out."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from sacco_desktop.domain.errors import NotFound, OutsideUnavailable, SaccoError
from sacco_desktop.gateways.daraja.exchange import BalanceRequest
from sacco_desktop.operations.listen import wait_for_first
from sacco_desktop.operations.news_reading import read_answer
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Actor, Work
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.sending import balance_questions, queue_stops, utility_float
from sacco_desktop.services.sending.balance_questions import AskBalance, BalanceAnswered
from sacco_desktop.services.sending.payout_sending import Route


async def ask(office: Office, reason: str, actor: Actor) -> int:
    """Ask for the balances; returns the question's id. The answer comes through a relay or never.

    Raises OutsideUnavailable when no relay can carry the answer, WrongState while another question waits.
    """
    mpesa = await office.mpesa()
    rows = [row for row in await office.relays() if row.is_used]
    row = next((row for row in rows if not row.trouble), None)
    if row is None:
        raise OutsideUnavailable(
            "relay",
            "No relay can carry M-Pesa's answer now, so M-Pesa was not asked.",
            office.now(),
        )
    client = office.relay(row)
    route = Route(row.relay_id, row.host, client.connection.society.tag_key)
    order = await office.write(balance_questions.begin, AskBalance(route, reason), actor)
    answer = await mpesa.ask_balance(
        BalanceRequest(
            result_url=client.callback_address("balance-result", row.token, order.tag),
            timeout_url=client.callback_address("balance-timeout", row.token, order.tag),
        )
    )
    answered = BalanceAnswered(order.question_id, read_answer(0, answer))
    await office.write(balance_questions.record_answer, answered, actor)
    return order.question_id


async def ask_and_wait(office: Office, actor: Actor) -> None:
    """Ask because a person wants to know now, and wait a little for the answer. Raises as `ask` does."""
    await _wait(office, await ask(office, "person", actor))


async def freshen(office: Office, actor: Actor) -> None:
    """Before payments go out: ask again when M-Pesa's last word is old, and wait a little. Never raises for an outage:
    the list then says that the balance is not known.
    """
    if await office.read(_needs_no_asking, None):
        return
    # Whatever keeps M-Pesa from answering, the person sees it as a balance that is not known.
    with suppress(SaccoError):
        waiting = await office.read(balance_questions.waiting_id, None)
        await _wait(office, waiting if waiting is not None else await ask(office, "run", actor))


async def ask_daily(office: Office) -> str:
    """The clock's part: give up on a lost question, and ask when today has no answer yet. Returns words for the job."""
    lost = await office.write(balance_questions.give_up, None)
    words = "A question about the balance was lost. " if lost else ""
    if not await office.read(_clock_may_ask, None):
        return f"{words}Nothing to ask."
    await ask(office, "clock", CLOCK)
    return f"{words}M-Pesa was asked for the balance."


async def _wait(office: Office, question_id: int) -> None:
    await wait_for_first(office, partial(_is_over, office, question_id), office.balance_seconds)


async def _is_over(office: Office, question_id: int) -> bool:
    return await office.read(balance_questions.is_over, question_id)


def _needs_no_asking(work: Work, _nothing: None) -> bool:
    return utility_float.current(work).is_fresh or queue_stops.is_user_refused(work)


def _clock_may_ask(work: Work, _nothing: None) -> bool:
    try:
        mpesa_connections.current(work)
    except NotFound:
        return False
    return balance_questions.due_by_clock(work)
