"""Sending: the intent is committed before the call, the answer moves the attempt only by what it proves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sacco_desktop.domain.errors import (
    InvalidInput,
    NotAllowed,
    QueueStopped,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import crash_recovery, payout_sending, queue_stops
from sacco_desktop.services.sending.payout_sending import AnswerKind, Sending, SendOrder
from sacco_desktop.services.sending.queue_stops import Clearing
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2


def _answer(office: PracticeOffice, order: SendOrder, kind: AnswerKind) -> AttemptStatus:
    return office.write(payout_sending.record_answer, make.answer(order, kind), office.grace)


def _row(office: PracticeOffice) -> PayoutRow:
    """Payout 1: KES 98,500, approved by Lucy, with KES 500,000 on the utility account."""
    return office.read(payouts.row_of, 1)


def _set(office: PracticeOffice, name: str, value: str) -> None:
    change = SettingChange(name, value, date(2026, 3, 16))
    make.agreed(office, setting_changes.change_setting, change)


def _ids(office: PracticeOffice) -> list[str]:
    rows = office.sql("SELECT originator_conversation_id FROM payout_attempt ORDER BY id")
    return [row[0] for row in rows]


def test_the_intent_stands_in_the_books_before_anything_goes_out(office: PracticeOffice) -> None:
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
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
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
    assert _answer(office, order, kind) is attempt
    now = make.payout_now(office, row)
    assert (now.attempt_status, now.status) == (attempt, payout)
    assert office.count("mpesa_exchange") == 1
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 0


def test_an_answer_after_the_result_moves_nothing(office: PracticeOffice) -> None:
    """The planted mistake "late HTTP answer overwrites": the callback was quicker than the answer."""
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    for kind in AnswerKind:
        assert _answer(office, order, kind) is AttemptStatus.PAID
    assert make.payout_now(office, row).status is PayoutStatus.PAID
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1


def test_a_refusal_after_a_failed_notice_leaves_the_doubt(office: PracticeOffice) -> None:
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    assert _answer(office, order, AnswerKind.REFUSED) is AttemptStatus.UNKNOWN


def test_what_never_left_goes_out_again_under_the_same_id(office: PracticeOffice) -> None:
    row = _row(office)
    via = make.route(office, ONE)
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
    row = _row(office)
    via = make.route(office, ONE)
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
    row = _row(office)
    via = make.route(office, ONE)
    order = make.begin(office, row, via)
    for kind in (AnswerKind.ACCEPTED, AnswerKind.DOUBTFUL):
        with pytest.raises(WrongState, match="in_flight and cannot be sent"):
            make.begin(office, row, via)
        _answer(office, order, kind)
    assert len(_ids(office)) == 1


def test_whoever_approved_does_not_send(office: PracticeOffice) -> None:
    row = _row(office)
    via = make.route(office, ONE)
    with pytest.raises(SamePerson, match="someone else must send it"):
        make.begin(office, row, via, by=office.lucy)
    make.unsent(office, row, via)
    with pytest.raises(SamePerson):
        make.begin(office, row, via, by=office.lucy)


# The queue.


@pytest.mark.parametrize("code", ["2001", "8006", "18", "21"])
def test_a_refused_credential_stops_the_queue_until_a_person_has_looked(
    office: PracticeOffice, code: str
) -> None:
    via = make.route(office, ONE)
    order = make.begin(office, _row(office), via)
    said = make.answer(order, AnswerKind.REFUSED, code=code, words="Bad user.", stop_queue=True)
    office.write(payout_sending.record_answer, said, office.grace)
    other = make.approved_payout(office)
    with pytest.raises(QueueStopped, match="Bad user"):
        make.begin(office, other, via)
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    assert stop.code == code
    assert office.read(queue_stops.is_user_refused, None)
    with pytest.raises(InvalidInput):
        office.write(queue_stops.clear, Clearing(stop.stop_id, " "), office.grace)
    with pytest.raises(NotAllowed):
        office.write(queue_stops.clear, Clearing(stop.stop_id, "Fixed."), office.peter)
    office.write(queue_stops.clear, Clearing(stop.stop_id, "A new password."), office.grace)
    make.begin(office, other, via)


def test_a_stop_code_in_a_result_stops_the_queue_too(office: PracticeOffice) -> None:
    via = make.route(office, ONE)
    order = make.accepted(office, _row(office), via)
    news = make.failed_news(order, code="2001", kind="failed_stop_queue", stops_queue=True)
    make.arrive(office, via.relay_id, (order.tag, news))
    with pytest.raises(QueueStopped):
        make.begin(office, _row(office), via)


# After a crash.


def test_a_crash_while_sending_is_a_doubt_and_never_a_failure(office: PracticeOffice) -> None:
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
    sent_at = office.clock.now()
    office.clock.advance(minutes=3)
    recovery = office.write(crash_recovery.recover, None)
    assert (recovery.under_way, recovery.stopped_at) == (1, sent_at)
    now = make.payout_now(office, row)
    assert (now.status, now.attempt_status) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
    assert now.originator_conversation_id == order.originator_conversation_id
    assert office.write(crash_recovery.recover, None).under_way == 0


def test_a_crash_between_the_call_and_its_answer_keeps_what_the_result_said(
    office: PracticeOffice,
) -> None:
    row = _row(office)
    order = make.begin(office, row, make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert office.write(crash_recovery.recover, None).under_way == 0
    assert make.payout_now(office, row).status is PayoutStatus.PAID


# Once more under the same id.


def _not_found_twice(office: PracticeOffice, order: SendOrder) -> None:
    via = make.route(office, ONE)
    for _ in range(2):
        office.clock.advance(minutes=5)
        question = make.ask(office, order, via)
        news = make.status_news(question, order, "not_found")
        make.arrive(office, ONE, (question.tag, news))


def _resend(office: PracticeOffice, order: SendOrder, by: Actor) -> SendOrder:
    sending = Sending(order.payout_id, make.route(office, ONE))
    return office.write(payout_sending.begin_resend, sending, by)


def test_twice_not_found_lets_a_person_send_once_more_under_the_same_id(
    office: PracticeOffice,
) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    with pytest.raises(WrongState, match="Ask M-Pesa about it first; nothing was sent"):
        _resend(office, order, office.grace)
    _not_found_twice(office, order)
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
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    again = _resend(office, order, office.grace)
    assert _answer(office, again, kind) is AttemptStatus.UNKNOWN


def test_after_the_second_sending_not_found_is_counted_anew(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    _answer(office, _resend(office, order, office.grace), AnswerKind.DOUBTFUL)
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)
    counted = "not_found_answers, first_not_found_at, last_not_found_at"
    assert office.sql(f"SELECT {counted} FROM payout_attempt") == [(0, None, None)]


def test_the_window_for_sending_once_more_closes(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    office.clock.advance(minutes=111)
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_on_v1_nothing_is_ever_sent_twice(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE, b2c_version="v1"))
    office.sql("UPDATE payout_attempt SET not_found_answers = 2")
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_what_was_begun_on_v3_is_not_sent_again_on_v1(office: PracticeOffice) -> None:
    """The connection was switched meanwhile; v1 would pay the same id twice."""
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    on_v1 = Sending(order.payout_id, make.route(office, ONE, b2c_version="v1"))
    with pytest.raises(WrongState):
        office.write(payout_sending.begin_resend, on_v1, office.grace)
    row = make.approved_payout(office, float_kes=0)
    make.unsent(office, row, make.route(office, ONE))
    with pytest.raises(WrongState, match="Take this payout back"):
        make.begin(office, row, make.route(office, ONE, b2c_version="v1"))


def test_after_a_failed_notice_nothing_is_sent_again(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    with pytest.raises(WrongState):
        _resend(office, order, office.grace)


def test_the_clock_sends_again_only_where_the_society_chose_so(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    with pytest.raises(NotAllowed):
        _resend(office, order, CLOCK)
    with pytest.raises(NotAllowed):
        _resend(office, order, office.peter)
    _set(office, "payout.resend_by_clock", "yes")
    _resend(office, order, CLOCK)


def test_a_stopped_queue_stops_the_second_sending_too(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE))
    _not_found_twice(office, order)
    office.write(lambda work, code: queue_stops.stop(work, code, "Bad user."), "2001")
    with pytest.raises(QueueStopped):
        _resend(office, order, office.grace)


def test_the_order_names_the_relay_through_which_its_result_comes(office: PracticeOffice) -> None:
    """Its tag fits that relay's address only, whichever relay is at hand when it is sent again."""
    row = _row(office)
    first = make.unsent(office, row, make.route(office, ONE))
    again = make.begin(office, row, make.route(office, TWO))
    assert (first.relay_id, again.relay_id, again.tag) == (ONE, ONE, first.tag)


def test_m_pesa_is_asked_a_little_after_each_doubt(office: PracticeOffice) -> None:
    make.doubtful(office, _row(office), make.route(office, ONE))
    (asked_at,) = office.sql("SELECT next_question_at FROM payout_attempt")[0]
    assert asked_at == (office.clock.now() + timedelta(minutes=1)).isoformat(
        timespec="microseconds"
    )


def test_a_stranger_to_the_answer_is_refused(office: PracticeOffice) -> None:
    """A refusal books a failure, so not everybody may bring one."""
    order = make.begin(office, _row(office), make.route(office, ONE))
    said = make.answer(order, AnswerKind.REFUSED)
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(payout_sending.record_answer, said, person)
    office.write(payout_sending.record_answer, replace(said, kind=AnswerKind.DOUBTFUL), CLOCK)


def test_a_pc_that_starts_leaves_alone_what_another_one_sends(office: PracticeOffice) -> None:
    row = _row(office)
    make.begin(office, row, make.route(office, ONE))
    here = office.books
    other = Books(office.database, now=office.clock.now, pc_name="BACK-PC")
    assert other.write(crash_recovery.recover_of_this_pc, None, actor=CLOCK).under_way == 0
    assert make.payout_now(office, row).attempt_status is AttemptStatus.SENDING
    assert here.write(crash_recovery.recover_of_this_pc, None, actor=CLOCK).under_way == 1
    assert make.payout_now(office, row).attempt_status is AttemptStatus.UNKNOWN
