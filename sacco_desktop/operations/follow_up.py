"""Asks M-Pesa about payments whose outcome is open, by the schedule or because a person wants to know now."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError
from sacco_desktop.gateways.daraja.exchange import StatusRequest
from sacco_desktop.operations.listen import wait_for_first
from sacco_desktop.operations.news_reading import read_answer
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.payouts import evidence
from sacco_desktop.services.sending import (
    crash_recovery,
    payout_batches,
    payout_intents,
    payout_questions,
    queue_stops,
)
from sacco_desktop.services.sending.payout_questions import Asking, Offered, QuestionAnswered
from sacco_desktop.services.sending.payout_sending import Route


async def ask_due(office: Office) -> int:
    """Ask about every payment whose time has come, the open ones first, then those that lack a second proof; returns
    how many.
    """
    await office.write(crash_recovery.recover_stale, None)
    await office.write(payout_batches.recover_stale, None)
    await _lay_down_what_is_missing(office)
    due = await office.read(payout_questions.due, None)
    return await ask_all(office, due + await office.read(evidence.to_prove, None), CLOCK)


async def _lay_down_what_is_missing(office: Office) -> None:
    """Lay down at the relays what the program was about to lay down when it died; it is read back as any note is."""
    orders = await office.read(payout_intents.missing, None)
    for order in orders:
        note = payout_intents.note_id(order), payout_intents.intent_of(order)
        for row in await office.relays():
            if row.is_used:
                # One that is away gets it when it is back: until it is read back somewhere, it stays missing.
                with suppress(SaccoError):
                    await office.relay(row).lay_down_note(*note)


async def ask(office: Office, attempt_id: int, actor: Actor = CLOCK) -> int:
    """Ask what became of one payment; returns the question's id. Asking moves no money; the answer comes through
    a relay or never.

    Raises OutsideUnavailable when no relay is known, WrongState when there is no id to ask by.
    """
    mpesa = await office.mpesa()
    rows = [row for row in await office.relays() if row.is_used]
    if not rows:
        raise OutsideUnavailable("relay", "This office is enrolled at no relay yet.", office.now())
    # An answer through a relay that is away would be lost, and asking costs M-Pesa's patience.
    well = [row for row in rows if not row.trouble] or rows
    offered = Offered(attempt_id, tuple(row.relay_id for row in well))
    chosen = await office.read(payout_questions.relay_to_ask, offered)
    row = next(row for row in well if row.relay_id == chosen)
    client = office.relay(row)
    route = Route(row.relay_id, row.host, client.connection.society.tag_key)
    order = await office.write(payout_questions.begin, Asking(attempt_id, route), actor)
    answer = await mpesa.ask_status(
        StatusRequest(
            result_url=client.callback_address("status-result", row.token, order.tag),
            timeout_url=client.callback_address("status-timeout", row.token, order.tag),
            originator_conversation_id=order.asked_id,
        )
    )
    await office.write(
        payout_questions.record_answer,
        QuestionAnswered(order.question_id, read_answer(attempt_id, answer)),
        actor,
    )
    return order.question_id


async def ask_all(office: Office, attempt_ids: tuple[int, ...], actor: Actor) -> int:
    """Ask about these payments now; one that cannot be asked about does not hold back the others.

    Stops where M-Pesa has refused our user: it would be refused again with each question, and that locks it. So the
    second question waits for the answer to the first.
    """
    asked: list[int] = []
    for attempt_id in attempt_ids:
        if len(asked) == 1:
            await wait_for_first(office, partial(_is_answered, office, asked[0]))
        if await office.read(queue_stops.is_user_refused, None):
            break
        try:
            asked.append(await ask(office, attempt_id, actor))
        except SaccoError:
            continue
    return len(asked)


async def _is_answered(office: Office, question_id: int) -> bool:
    return await office.read(payout_questions.is_over, question_id)
