"""Sends payouts: commit the intent, lay it down at the relay, call M-Pesa once, keep the answer. Never two at
a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sacco_desktop.domain.errors import (
    InvalidInput,
    OnHold,
    OutsideUnavailable,
    SaccoError,
    WrongState,
)
from sacco_desktop.domain.payouts import AttemptStatus
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.exchange import B2CRequest
from sacco_desktop.gateways.relay.client import RelayClient
from sacco_desktop.gateways.relay.errors import RelayRefused
from sacco_desktop.operations.listen import wait_for_first
from sacco_desktop.operations.news_reading import read_answer
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.services.books.work import CLOCK, Actor, Work
from sacco_desktop.services.office import mpesa_connections, society
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.relays.relays import RelayRow
from sacco_desktop.services.sending import payout_intents, payout_sending, queue_stops
from sacco_desktop.services.sending.payout_sending import (
    AnswerKind,
    Route,
    SendAnswer,
    Sending,
    SendOrder,
    WireTrace,
)

# M-Pesa publishes no rate; one payment a second at the most keeps clear of its spike arrest.
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one payout of a list. `refusal` is the sentence why nothing was sent, or empty.

    `is_held` says that a person stopped this one alone, which speaks against none of the others.
    """

    payout_id: int
    row: PayoutRow
    refusal: str
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """The way out and the way back: M-Pesa's client, the relay by which the result comes, and its route."""

    mpesa: DarajaClient
    relay: RelayClient
    row: RelayRow
    route: Route


async def send_payouts(
    office: Office,
    payout_ids: Sequence[int],
    actor: Actor,
    *,
    progress: Callable[[Sent], None] = lambda _sent: None,
    may_go_on: Callable[[], bool] = lambda: True,
    pause_seconds: float = PAUSE_SECONDS,
) -> tuple[Sent, ...]:
    """Send approved payouts one after the other, as `actor`, who proved who he is just before.

    Stops at the first refusal that speaks against all of them, and when `may_go_on` says so. Raises OutsideUnavailable
    when no relay can be reached, and QueueStopped; nothing is sent then.
    """
    await office.read(_check_going, None)
    await _read_feeds_to_their_heads(office)
    done: list[Sent] = []
    for payout_id in payout_ids:
        if done and not await _may_follow(office, done, pause_seconds):
            break
        if done and not may_go_on():
            break
        sent = await _send_one(office, payout_id, actor)
        done.append(sent)
        progress(sent)
    return tuple(done)


async def _may_follow(office: Office, done: Sequence[Sent], pause_seconds: float) -> bool:
    """Whether the next payment of a run may go out: pause, read what came meanwhile, and look for a stop.

    After the first that M-Pesa took, its result is waited for: with a wrong password M-Pesa takes each request, says no
    in the result, and locks our user after a few.
    """
    if await office.read(queue_stops.standing, None) is not None:
        return False
    await asyncio.sleep(pause_seconds)
    taken = [sent for sent in done if sent.row.attempt_status is AttemptStatus.ACCEPTED]
    if taken == [done[-1]]:
        await wait_for_first(office, partial(_has_result, office, done[-1].payout_id))
    else:
        await sync_all(office)
    return await office.read(queue_stops.standing, None) is None


async def _has_result(office: Office, payout_id: int) -> bool:
    row = await office.read(payouts.row_of, payout_id)
    return row.attempt_status is not AttemptStatus.ACCEPTED


def _check_going(work: Work, _nothing: None) -> None:
    queue_stops.check_going(work)


async def _read_feeds_to_their_heads(office: Office) -> None:
    """What a relay holds may say that a payout is settled, or that these books forgot one; so it is read first."""
    outcome = await sync_all(office)
    rows = [row for row in await office.relays() if row.is_used]
    unread = [row.name for row in rows if row.relay_id not in office.read_to_head]
    if rows and not unread:
        return
    if await office.read(_without_relay, None):
        return
    words = "No relay can be reached, so M-Pesa's results could be lost. Nothing was sent."
    if len(unread) < len(rows):
        # One of them may hold what restored books forgot, so no program decides that it does not count.
        words = (
            f"{' and '.join(unread)} cannot be read, and may hold what these books do not know. Nothing was sent."
            " A treasurer can let it rest in Settings, under Relays."
        )
    raise OutsideUnavailable("relay", f"{words} {outcome.trouble}".strip(), office.now())


def _without_relay(work: Work, _nothing: None) -> bool:
    return society.yes_setting(work, "payout.send_without_relay")


async def _send_one(office: Office, payout_id: int, actor: Actor) -> Sent:
    line = await _line(office)
    try:
        order = await office.write(payout_sending.begin, Sending(payout_id, line.route), actor)
    except SaccoError as refusal:
        row = await office.read(payouts.row_of, payout_id, actor)
        return Sent(payout_id, row, refusal.message, isinstance(refusal, OnHold))
    await _go_out(office, line, order, actor)
    return Sent(payout_id, await office.read(payouts.row_of, payout_id, actor), "")


async def resend(office: Office, payout_id: int, actor: Actor) -> PayoutRow:
    """Send an uncertain payout once more under the same id, where the rules allow it. Raises WrongState."""
    await _read_feeds_to_their_heads(office)
    line = await _line(office)
    order = await office.write(payout_sending.begin_resend, Sending(payout_id, line.route), actor)
    await _go_out(office, line, order, actor)
    return await office.read(payouts.row_of, payout_id, actor)


async def resend_for_the_clock(office: Office) -> int:
    """Send again, under its old id, what the society lets the clock send again; returns how many went out."""
    sent = 0
    for payout_id in await office.read(payout_sending.for_the_clock, None):
        try:
            await resend(office, payout_id, CLOCK)
        except WrongState:
            # News or a person was quicker, so there is nothing left to send.
            continue
        sent += 1
    return sent


async def _line(office: Office) -> _Line:
    mpesa = await office.mpesa()
    version = await office.read(mpesa_connections.payout_version, None)
    rows = tuple(row for row in await office.relays() if row.is_used)
    if not rows:
        raise OutsideUnavailable(
            "relay", "This office is enrolled at no relay yet. Nothing was sent.", office.now()
        )
    row = next((row for row in rows if row.relay_id in office.read_to_head), rows[0])
    relay = office.relay(row)
    tag_key = relay.connection.society.tag_key
    return _Line(mpesa, relay, row, Route(row.relay_id, row.host, tag_key, version))


async def _go_out(office: Office, line: _Line, order: SendOrder, actor: Actor) -> None:
    """From the committed intent to the kept answer. Whatever breaks off here leaves SENDING, never a loss."""
    if order.attempt_id is None:
        return
    own = await _line_of(office, line, order)
    if own is None:
        words = "The relay through which its result would come is not in use."
        answer = _not_called(order, words)
    else:
        answer = await _lay_down(office, order) or await _call(own, order)
    await office.write(payout_sending.record_answer, answer, actor)


async def _line_of(office: Office, line: _Line, order: SendOrder) -> _Line | None:
    """The line of the relay that the order's tag fits: an old attempt keeps the relay of its first sending."""
    if order.relay_id == line.row.relay_id:
        return line
    row = next((row for row in await office.relays() if row.relay_id == order.relay_id), None)
    return None if row is None else replace(line, row=row, relay=office.relay(row))


async def _call(line: _Line, order: SendOrder) -> SendAnswer:
    try:
        request = _request(line, order)
    except InvalidInput as fault:
        # M-Pesa would refuse it; the intent is committed already, so it must be told apart from a doubt.
        return _not_called(order, f"The request could not be written: {fault.message}")
    return read_answer(order.attempt_id or 0, await line.mpesa.pay_out(request))


def _not_called(order: SendOrder, words: str) -> SendAnswer:
    trace = WireTrace("(not called)", "", 0, "")
    return SendAnswer(order.attempt_id or 0, AnswerKind.NOT_SENT, "", words, "", False, trace)


async def _lay_down(office: Office, order: SendOrder) -> SendAnswer | None:
    """Lay the intent down at every relay in use, so that any one of them remembers it; if that fails, M-Pesa is not
    called and nothing has left.
    """
    note = payout_intents.note_id(order), payout_intents.intent_of(order)
    relays = [office.relay(row) for row in await office.relays() if row.is_used]
    done = await asyncio.gather(
        *(relay.lay_down_note(*note) for relay in relays), return_exceptions=True
    )
    for trouble in done:
        if isinstance(trouble, OutsideUnavailable | RelayRefused):
            if await office.read(_without_relay, None):
                continue
            return _not_called(
                order, f"The intent could not be laid down at the relay: {trouble.message}"
            )
        if isinstance(trouble, BaseException):
            raise trouble
    return None


def _request(line: _Line, order: SendOrder) -> B2CRequest:
    token = line.row.token
    return B2CRequest(
        originator_conversation_id=order.originator_conversation_id,
        phone=order.phone,
        amount_shillings=order.amount_shillings,
        remarks=f"{order.narration} payout {order.payout_number}",
        occasion=order.payout_number,
        result_url=line.relay.callback_address("b2c-result", token, order.tag),
        timeout_url=line.relay.callback_address("b2c-timeout", token, order.tag),
        command_id=order.command,
        id_number=order.id_number,
    )
