"""Mistakes that others have made with payouts, as doubles of our own functions, each with the day on which it shows.

Our program must pass each of these days, and each mistake must be caught by the same checks: a check that catches no
planted mistake proves nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from unittest.mock import patch

import httpx
from sqlalchemy import select, update

from sacco_desktop.db.tables import MpesaConnection, PayoutAttempt
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.operations import run_jobs, send_payouts
from sacco_desktop.operations.news_reading import read_answer
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.send_payouts import Sent
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payout_moves import load_payout, move_attempt, move_payout
from sacco_desktop.services.payouts.payout_settling import settle_failed
from sacco_desktop.services.relays import relays
from sacco_desktop.services.sending import crash_recovery, payout_news, payout_sending
from sacco_desktop.services.sending.crash_recovery import Recovery
from sacco_desktop.services.sending.payout_sending import (
    AnswerKind,
    SendAnswer,
    Sending,
    SendOrder,
)
from tests.faults import probe
from tests.faults.desk import Desk
from tests.faults.histories import Died
from tests.faults.people import settle
from tests.faults.town import Day
from tests.faults.truth import check, check_end

PAYOUT = 1


# The days.


def dies_after_the_call(day: Day, version: str = "v3") -> None:
    """The program dies when M-Pesa has answered, nothing of the answer is written, and the result is lost."""
    day.safaricom.arm("result_lost")
    with day.desk() as desk:
        desk.write(use_version, version)
        probe.install(desk.office, _dies_at(f"/b2c/{version}/paymentrequest answer read"))
        with suppress(Died):
            desk.send(PAYOUT)
    with day.desk() as desk:
        day.quiet()
        check(desk)
        _send_what_is_ready(desk)
        settle(desk, PAYOUT)
        check_end(desk)


def dies_after_the_call_on_v1(day: Day) -> None:
    """The same where M-Pesa does not know our ids, so that nothing on its side protects the member."""
    dies_after_the_call(day, "v1")


def hangs_and_pays(day: Day) -> None:
    """M-Pesa pays, its answer does not come in time, its result is lost, and the office is in a hurry."""
    day.safaricom.arm("hang_after_taking")
    day.safaricom.arm("result_lost")
    _send_in_a_hurry(day)


def times_out_in_the_queue_and_pays(day: Day) -> None:
    """M-Pesa tells of a time-out in its queue, and pays all the same a little later."""
    day.safaricom.arm("timeout_original", paid_later=True)
    _send_in_a_hurry(day)


def _send_in_a_hurry(day: Day) -> None:
    with day.desk() as desk:
        desk.send(PAYOUT)
        desk.news()
        if desk.row(PAYOUT).status is PayoutStatus.DRAFT:
            desk.approve_anew(PAYOUT)
        _send_what_is_ready(desk)
        day.safaricom.release_callbacks()
        assert day.safaricom.wait_for(lambda: day.safaricom.held_back == 0)
        day.quiet()
        check(desk)
        settle(desk, PAYOUT)
        check_end(desk)


def _send_what_is_ready(desk: Desk) -> None:
    if desk.row(PAYOUT).status is PayoutStatus.APPROVED:
        desk.send(PAYOUT)


def is_forged_elsewhere(day: Day) -> None:
    """Somebody who knows our token, the ids and the sum says “paid”, at an address that is not the payment's."""
    _is_forged(day, lambda desk: (secrets.token_hex(16), desk.row(PAYOUT).mpesa_cents // 100))


def is_forged_with_another_sum(day: Day) -> None:
    """Somebody even knows the payment's own address, but not its sum."""
    _is_forged(day, lambda desk: (desk.attempt(PAYOUT).tag, 1))


def _is_forged(day: Day, address_and_sum: Callable[[Desk], tuple[str, int]]) -> None:
    day.safaricom.arm("settles_late")
    with day.desk() as desk:
        desk.send(PAYOUT)
        _post_payment(desk, *address_and_sum(desk))
        desk.sync()
        check(desk)


def _post_payment(desk: Desk, tag: str, shillings: int) -> None:
    relay, facts = desk.read(relays.list_relays, None)[0], desk.attempt(PAYOUT)
    items = {"TransactionAmount": shillings, "TransactionReceipt": "FORGED0001"}
    rows = [{"Key": key, "Value": value} for key, value in items.items()]
    result = {
        "ResultType": 0,
        "ResultCode": 0,
        "OriginatorConversationID": facts.originator_id,
        "ConversationID": facts.conversation_id,
        "ResultParameters": {"ResultParameter": rows},
    }
    address = f"{relay.callback_url}/c/{relay.token}/b2c-result/{tag}"
    with httpx.Client(trust_env=False) as http:
        assert http.post(address, content=json.dumps({"Result": result})).status_code == 200


def hears_the_result_first(day: Day) -> None:
    """Another PC reads the result while the call still hangs; then the call ends without an answer."""
    day.safaricom.arm("result_early")
    day.safaricom.arm("hang_after_taking")
    with day.desk() as desk, day.second_pc(desk) as reader:
        grace = desk.people["grace"]
        sending = desk.office.lanes.submit_async(
            lambda: send_payouts.send_payouts(desk.office, [PAYOUT], grace)
        )
        assert day.safaricom.wait_for(
            lambda: any(message.kind == "callback" for message in day.safaricom.messages)
        )
        reader.sync()
        sending.result(30)
        check(desk)
        settle(desk, PAYOUT)
        check_end(desk)


def loses_the_result(day: Day) -> None:
    """M-Pesa pays and nobody hears of it."""
    day.safaricom.arm("result_lost")
    with day.desk() as desk:
        desk.send(PAYOUT)
        settle(desk, PAYOUT)
        check_end(desk)


def _dies_at(end: str) -> Callable[[str], None]:
    state = {"is_dead": False}

    def on_point(point: str) -> None:
        state["is_dead"] = state["is_dead"] or point.endswith(end)
        if state["is_dead"]:
            raise Died

    return on_point


def use_version(work: Work, version: str) -> None:
    """Set the version of the payout interface, as an administrator would."""
    work.session.execute(update(MpesaConnection).values(b2c_version=version))


DAYS = (
    dies_after_the_call,
    dies_after_the_call_on_v1,
    hangs_and_pays,
    times_out_in_the_queue_and_pays,
    is_forged_elsewhere,
    is_forged_with_another_sum,
    hears_the_result_first,
    loses_the_result,
)


# The mistakes.


class _TakenBack(Exception):
    """Ends a transaction whose answer is wanted without its writing."""


async def _send_then_write(office: Office, payout_id: int, actor: Actor) -> Sent:
    line = await send_payouts._line(office)
    orders: list[SendOrder] = []

    def look(work: Work, sending: Sending) -> None:
        orders.append(payout_sending.begin(work, sending))
        raise _TakenBack

    with suppress(_TakenBack):
        await office.write(look, Sending(payout_id, line.route), actor)
    heard = await line.mpesa.pay_out(send_payouts._request(line, orders[0]))
    order = await office.write(payout_sending.begin, Sending(payout_id, line.route), actor)
    answer = read_answer(order.attempt_id or 0, heard)
    await office.write(payout_sending.record_answer, answer, actor)
    return Sent(payout_id, await office.read(payouts.row_of, payout_id), "")


def _fail(work: Work, attempt: PayoutAttempt, answer: SendAnswer) -> None:
    settle_failed(work, attempt, answer.words)


def _free_a_new_id(work: Work, attempt: PayoutAttempt, _answer: SendAnswer) -> None:
    """Ready again under an id that nobody has used."""
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.UNSENT, "No answer came in time.")
    move_payout(work, payout, PayoutStatus.APPROVED, "No answer came in time.")
    move_attempt(work, attempt, AttemptStatus.SENDING, "Tried again.")
    move_attempt(work, attempt, AttemptStatus.FAILED, "Tried again.")


def _fail_at_time_out(work: Work, address: payout_news.Address, _news: object) -> str:
    settle_failed(work, payout_news.attempt_at(work, address), "It timed out in the queue.")
    return "Failed."


def _send_again_after_a_crash(work: Work, _nothing: None = None) -> Recovery:
    rows = work.session.scalars(
        select(PayoutAttempt).where(PayoutAttempt.status == AttemptStatus.SENDING.value)
    ).all()
    for attempt in rows:
        move_attempt(work, attempt, AttemptStatus.UNSENT, "The program stopped while sending.")
        payout = load_payout(work, attempt.payout_id)
        move_payout(work, payout, PayoutStatus.APPROVED, "The program stopped while sending.")
    return Recovery(len(rows), None)


def _whatever_the_address(work: Work, _address: object) -> PayoutAttempt:
    return work.session.scalars(select(PayoutAttempt).order_by(PayoutAttempt.id.desc())).all()[0]


def _whatever_the_sum(*_arguments: object) -> None:
    return None


def _have_the_last_word(work: Work, answer: SendAnswer) -> AttemptStatus:
    status = AttemptStatus.ACCEPTED if answer.kind is AnswerKind.ACCEPTED else AttemptStatus.UNKNOWN
    work.session.execute(
        update(PayoutAttempt)
        .where(PayoutAttempt.id == answer.attempt_id)
        .values(status=status.value)
    )
    return status


async def _ask_nobody(_office: Office) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """One planted mistake, and the day on which it must be caught."""

    name: str
    day: Callable[[Day], None]
    plant: Callable[[], AbstractContextManager[object]]


def _move(
    kind: AnswerKind, double: Callable[..., None]
) -> Callable[[], AbstractContextManager[object]]:
    return lambda: patch.dict(payout_sending._MOVES, {kind: double})


MISTAKES = (
    Mistake(
        "send recorded after the call",
        dies_after_the_call,
        lambda: patch.object(send_payouts, "_send_one", _send_then_write),
    ),
    Mistake(
        "retry on time-out with a new id",
        hangs_and_pays,
        _move(AnswerKind.DOUBTFUL, _free_a_new_id),
    ),
    Mistake("time-out means failed", hangs_and_pays, _move(AnswerKind.DOUBTFUL, _fail)),
    Mistake(
        "queue time-out means failed",
        times_out_in_the_queue_and_pays,
        lambda: patch.object(payout_news, "apply_timeout", _fail_at_time_out),
    ),
    Mistake(
        "resend after a crash",
        dies_after_the_call_on_v1,
        lambda: patch.object(crash_recovery, "recover", _send_again_after_a_crash),
    ),
    Mistake(
        "no tag check",
        is_forged_elsewhere,
        lambda: patch.object(payout_news, "attempt_at", _whatever_the_address),
    ),
    Mistake(
        "amount and receiver not compared",
        is_forged_with_another_sum,
        lambda: patch.object(payout_news, "check_fits", _whatever_the_sum),
    ),
    Mistake(
        "late answer overwrites",
        hears_the_result_first,
        lambda: patch.object(payout_sending, "record_answer", _have_the_last_word),
    ),
    Mistake(
        "no status query",
        loses_the_result,
        lambda: patch.object(run_jobs, "ask_due", _ask_nobody),
    ),
)
