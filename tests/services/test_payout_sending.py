"""Sending: the intent is committed before the call, the answer moves the attempt only by what it proves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sacco_desktop.domain.errors import (
    InsufficientFloat,
    InvalidInput,
    NotAllowed,
    QueueStopped,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services import payout_sending, payouts, queue_stops, society
from sacco_desktop.services.payout_sending import AnswerKind, Sending, SendOrder
from sacco_desktop.services.payouts import PayoutChange
from sacco_desktop.services.queue_stops import Clearing
from sacco_desktop.services.society import SettingChange
from sacco_desktop.services.work import CLOCK, Actor
from tests import make
from tests.make import PracticeOffice


def _answer(office: PracticeOffice, order: SendOrder, kind: AnswerKind) -> AttemptStatus:
    return office.write(payout_sending.record_answer, make.answer(order, kind), office.grace)


def _set(office: PracticeOffice, name: str, value: str) -> None:
    change = SettingChange(name, value, date(2026, 3, 16))
    office.write(society.change_setting, change, office.admin)


def _ids(office: PracticeOffice) -> list[str]:
    rows = office.sql("SELECT originator_conversation_id FROM payout_attempt ORDER BY id")
    return [row[0] for row in rows]


def test_the_intent_stands_in_the_books_before_anything_goes_out(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    order = make.begin(office, row)
    now = make.payout_now(office, row)
    assert (now.status, now.attempt_status) == (PayoutStatus.IN_FLIGHT, AttemptStatus.SENDING)
    assert (order.phone, order.amount_shillings) == (row.phone, 98_500)
    assert order.originator_conversation_id == now.originator_conversation_id
    assert len(order.tag) == 32


@pytest.mark.parametrize(
    ("kind", "attempt", "payout"),
    [
        (AnswerKind.ACCEPTED, AttemptStatus.ACCEPTED, PayoutStatus.IN_FLIGHT),
        (AnswerKind.DOUBTFUL, AttemptStatus.UNKNOWN, PayoutStatus.IN_FLIGHT),
        (AnswerKind.REFUSED, AttemptStatus.FAILED, PayoutStatus.DRAFT),
        (AnswerKind.NOT_SENT, AttemptStatus.UNSENT, PayoutStatus.APPROVED),
    ],
)
def test_an_answer_moves_the_attempt_by_what_it_proves(
    office: PracticeOffice, kind: AnswerKind, attempt: AttemptStatus, payout: PayoutStatus
) -> None:
    row = make.approved_payout(office)
    order = make.begin(office, row)
    assert _answer(office, order, kind) is attempt
    now = make.payout_now(office, row)
    assert (now.attempt_status, now.status) == (attempt, payout)
    assert office.count("mpesa_exchange") == 1
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 0


def test_an_answer_after_the_result_moves_nothing(office: PracticeOffice) -> None:
    """The planted mistake "late HTTP answer overwrites": the callback was quicker than the answer."""
    row = make.approved_payout(office)
    relay = make.relay(office)
    order = make.begin(office, row, make.route(office, relay))
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    for kind in AnswerKind:
        assert _answer(office, order, kind) is AttemptStatus.PAID
    assert make.payout_now(office, row).status is PayoutStatus.PAID
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1


def test_a_refusal_after_a_failed_notice_leaves_the_doubt(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    relay = make.relay(office)
    order = make.begin(office, row, make.route(office, relay))
    make.arrive(office, relay, (order.tag, make.failed_news(order)))
    assert _answer(office, order, AnswerKind.REFUSED) is AttemptStatus.UNKNOWN


def test_what_never_left_goes_out_again_under_the_same_id(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    first = make.unsent(office, row, via)
    office.clock.advance(minutes=10)
    second = make.begin(office, row, via)
    assert second.originator_conversation_id == first.originator_conversation_id
    assert (second.tag, second.attempt_id) == (first.tag, first.attempt_id)
    assert office.count("payout_attempt") == 1
    assert _answer(office, second, AnswerKind.ACCEPTED) is AttemptStatus.ACCEPTED


def test_a_definite_failure_needs_two_eyes_anew_and_then_another_id(
    office: PracticeOffice,
) -> None:
    row = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    first = make.begin(office, row, via)
    _answer(office, first, AnswerKind.REFUSED)
    failed = make.payout_now(office, row)
    assert (failed.status, failed.approved_by) == (PayoutStatus.DRAFT, "")
    with pytest.raises(WrongState, match="draft and cannot be sent"):
        make.begin(office, failed, via)
    change = PayoutChange(failed.payout_id, failed.version)
    again = office.write(payouts.ask_again, change, office.grace)
    make.approve_payout(office, again, office.lucy)
    second = make.begin(office, again, via)
    assert second.originator_conversation_id != first.originator_conversation_id
    assert _ids(office) == [first.originator_conversation_id, second.originator_conversation_id]


def test_an_open_attempt_lets_no_second_one_begin(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    order = make.begin(office, row, via)
    for kind in (AnswerKind.ACCEPTED, AnswerKind.DOUBTFUL):
        with pytest.raises(WrongState, match="in_flight and cannot be sent"):
            make.begin(office, row, via)
        _answer(office, order, kind)
    assert len(_ids(office)) == 1


def test_whoever_approved_does_not_send(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    with pytest.raises(SamePerson, match="someone else must send it"):
        make.begin(office, row, via, by=office.lucy)
    make.unsent(office, row, via)
    with pytest.raises(SamePerson):
        make.begin(office, row, via, by=office.lucy)


# The gate.


def test_a_payout_above_the_float_is_refused_with_what_is_missing(office: PracticeOffice) -> None:
    row = make.approved_payout(office, float_kes=98_000)
    with pytest.raises(InsufficientFloat, match="short by KES 500") as refused:
        make.begin(office, row)
    assert "Nothing was sent" in refused.value.message
    assert office.count("payout_attempt") == 0


def test_money_in_flight_is_not_promised_twice(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    first = make.approved_payout(office, float_kes=150_000)
    second = make.approved_payout(office, float_kes=0)
    order = make.begin(office, first, via)
    with pytest.raises(InsufficientFloat, match="free 51,500"):
        make.begin(office, second, via)
    _answer(office, order, AnswerKind.DOUBTFUL)
    with pytest.raises(InsufficientFloat):
        make.begin(office, second, via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    with pytest.raises(InsufficientFloat, match="free 51,500"):
        make.begin(office, second, via)


def test_a_failure_gives_the_promised_money_free_again(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    first = make.approved_payout(office, float_kes=150_000)
    second = make.approved_payout(office, float_kes=0)
    _answer(office, make.begin(office, first, via), AnswerKind.REFUSED)
    make.begin(office, second, via)


# The queue.


@pytest.mark.parametrize("code", ["2001", "8006", "18", "21"])
def test_a_refused_credential_stops_the_queue_until_a_person_has_looked(
    office: PracticeOffice, code: str
) -> None:
    via = make.route(office, make.relay(office))
    order = make.begin(office, make.approved_payout(office), via)
    said = make.answer(order, AnswerKind.REFUSED, code=code, words="Bad user.", stop_queue=True)
    office.write(payout_sending.record_answer, said, office.grace)
    other = make.approved_payout(office)
    with pytest.raises(QueueStopped, match="Bad user"):
        make.begin(office, other, via)
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    assert (stop.code, queue_stops.is_about_our_user(stop)) == (code, True)
    with pytest.raises(InvalidInput):
        office.write(queue_stops.clear, Clearing(stop.stop_id, " "), office.grace)
    with pytest.raises(NotAllowed):
        office.write(queue_stops.clear, Clearing(stop.stop_id, "Fixed."), office.peter)
    office.write(queue_stops.clear, Clearing(stop.stop_id, "A new password."), office.grace)
    make.begin(office, other, via)


def test_a_stop_code_in_a_result_stops_the_queue_too(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    order = make.accepted(office, via=via)
    news = make.failed_news(order, code="2001", kind="failed_stop_queue", stops_queue=True)
    make.arrive(office, via.relay_id, (order.tag, news))
    with pytest.raises(QueueStopped):
        make.begin(office, make.approved_payout(office), via)


# Too small for M-Pesa.


def test_a_payout_too_small_for_m_pesa_is_booked_without_it(office: PracticeOffice) -> None:
    _set(office, "payout.minimum_cents", "9850100")
    row = make.approved_payout(office)
    before = office.balance(f"2010.{row.member_number}")
    order = make.begin(office, row)
    assert (order.attempt_id, order.amount_shillings) == (None, 0)
    now = make.payout_now(office, row)
    assert (now.status, now.evidence) == (PayoutStatus.PAID, Evidence.VERIFIED)
    assert now.receipt is None
    assert office.balance(f"2010.{row.member_number}") == before + 9_850_000
    assert office.balance("1031") == 500_000_00
    assert office.count("payout_attempt") == 0


def test_that_is_not_done_by_the_approver_either(office: PracticeOffice) -> None:
    _set(office, "payout.minimum_cents", "9850100")
    row = make.approved_payout(office)
    with pytest.raises(SamePerson):
        make.begin(office, row, by=office.lucy)


# After a crash.


def test_a_crash_while_sending_is_a_doubt_and_never_a_failure(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    order = make.begin(office, row)
    sent_at = office.clock.now()
    office.clock.advance(minutes=3)
    recovery = office.write(payout_sending.recover, None)
    assert (recovery.under_way, recovery.stopped_at) == (1, sent_at)
    now = make.payout_now(office, row)
    assert (now.status, now.attempt_status) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
    assert now.originator_conversation_id == order.originator_conversation_id
    assert office.write(payout_sending.recover, None).under_way == 0


def test_a_crash_between_the_call_and_its_answer_keeps_what_the_result_said(
    office: PracticeOffice,
) -> None:
    row = make.approved_payout(office)
    relay = make.relay(office)
    order = make.begin(office, row, make.route(office, relay))
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    assert office.write(payout_sending.recover, None).under_way == 0
    assert make.payout_now(office, row).status is PayoutStatus.PAID


# Once more under the same id.


def _not_found_twice(office: PracticeOffice, order: SendOrder, relay_id: int) -> None:
    via = make.route(office, relay_id)
    for _ in range(2):
        office.clock.advance(minutes=5)
        question = make.ask(office, order, via)
        news = make.status_news(question, order, "not_found")
        make.arrive(office, relay_id, (question.tag, news))


def _resend(office: PracticeOffice, order: SendOrder, by: Actor) -> SendOrder:
    relay_id = office.sql("SELECT min(id) FROM relay")[0][0]
    sending = Sending(order.payout_id, make.route(office, relay_id))
    return office.write(payout_sending.begin_resend, sending, by)


def test_twice_not_found_lets_a_person_send_once_more_under_the_same_id(
    office: PracticeOffice,
) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    with pytest.raises(WrongState, match="Ask M-Pesa about it first; nothing was sent"):
        _resend(office, order, office.grace)
    _not_found_twice(office, order, relay)
    again = _resend(office, order, office.grace)
    assert (again.originator_conversation_id, again.tag, again.attempt_id) == (
        order.originator_conversation_id,
        order.tag,
        order.attempt_id,
    )
    assert _ids(office) == [order.originator_conversation_id]
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


@pytest.mark.parametrize("kind", [AnswerKind.REFUSED, AnswerKind.NOT_SENT, AnswerKind.DOUBTFUL])
def test_a_refusal_of_the_second_sending_says_nothing_of_the_first(
    office: PracticeOffice, kind: AnswerKind
) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    again = _resend(office, order, office.grace)
    assert _answer(office, again, kind) is AttemptStatus.UNKNOWN


def test_after_the_second_sending_not_found_is_counted_anew(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    _answer(office, _resend(office, order, office.grace), AnswerKind.DOUBTFUL)
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)
    counted = "not_found_answers, first_not_found_at, last_not_found_at"
    assert office.sql(f"SELECT {counted} FROM payout_attempt") == [(0, None, None)]


def test_the_window_for_sending_once_more_closes(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    office.clock.advance(minutes=111)
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_on_v1_nothing_is_ever_sent_twice(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay, b2c_version="v1"))
    office.sql("UPDATE payout_attempt SET not_found_answers = 2")
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_what_was_begun_on_v3_is_not_sent_again_on_v1(office: PracticeOffice) -> None:
    """The connection was switched meanwhile; v1 would pay the same id twice."""
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    on_v1 = Sending(order.payout_id, make.route(office, relay, b2c_version="v1"))
    with pytest.raises(WrongState):
        office.write(payout_sending.begin_resend, on_v1, office.grace)
    row = make.approved_payout(office)
    make.unsent(office, row, make.route(office, relay))
    with pytest.raises(WrongState, match="Take this payout back"):
        make.begin(office, row, make.route(office, relay, b2c_version="v1"))


def test_after_a_failed_notice_nothing_is_sent_again(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    make.arrive(office, relay, (order.tag, make.failed_news(order)))
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_the_clock_sends_again_only_where_the_society_chose_so(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    with pytest.raises(NotAllowed):
        _resend(office, order, CLOCK)
    with pytest.raises(NotAllowed):
        _resend(office, order, office.peter)
    _set(office, "payout.resend_by_clock", "yes")
    _resend(office, order, CLOCK)


def test_a_stopped_queue_stops_the_second_sending_too(office: PracticeOffice) -> None:
    relay = make.relay(office)
    order = make.doubtful(office, via=make.route(office, relay))
    _not_found_twice(office, order, relay)
    office.write(lambda work, code: queue_stops.stop(work, code, "Bad user."), "2001")
    with pytest.raises(QueueStopped):
        _resend(office, order, office.grace)


def test_the_order_names_the_relay_through_which_its_result_comes(office: PracticeOffice) -> None:
    """Its tag fits that relay's address only, whichever relay is at hand when it is sent again."""
    one, two = make.relay(office, "relay one"), make.relay(office, "relay two")
    row = make.approved_payout(office)
    first = make.unsent(office, row, make.route(office, one))
    again = make.begin(office, row, make.route(office, two))
    assert (first.relay_id, again.relay_id, again.tag) == (one, one, first.tag)


def test_m_pesa_is_asked_a_little_after_each_doubt(office: PracticeOffice) -> None:
    order = make.doubtful(office)
    (asked_at,) = office.sql("SELECT next_question_at FROM payout_attempt")[0]
    assert asked_at == (office.clock.now() + timedelta(minutes=1)).isoformat(
        timespec="microseconds"
    )
    assert office.read(payout_sending.open_attempts, None) == (order.attempt_id,)


def test_a_stranger_to_the_answer_is_refused(office: PracticeOffice) -> None:
    """A refusal books a failure, so not everybody may bring one."""
    order = make.begin(office, make.approved_payout(office))
    said = make.answer(order, AnswerKind.REFUSED)
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(payout_sending.record_answer, said, person)
    office.write(payout_sending.record_answer, replace(said, kind=AnswerKind.DOUBTFUL), CLOCK)
