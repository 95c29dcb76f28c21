"""Asking M-Pesa back: the question is a row first, and only an answer that fits it moves anything."""

from datetime import timedelta

import pytest

from sacco_desktop.domain.errors import NotAllowed, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import payout_questions, payout_sending, queue_stops
from sacco_desktop.services.sending.payout_questions import Asking, QuestionAnswered, QuestionOrder
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendOrder
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2
IN_DOUBT = (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
UNDER_WAY = (PayoutStatus.IN_FLIGHT, AttemptStatus.ACCEPTED)
DONE = (PayoutStatus.PAID, AttemptStatus.PAID)


def _row(office: PracticeOffice) -> PayoutRow:
    return office.read(payouts.row_of, 1)


def _status(office: PracticeOffice) -> tuple[PayoutStatus, AttemptStatus | None]:
    row = _row(office)
    return row.status, row.attempt_status


def _reasons(office: PracticeOffice) -> list[str]:
    return [entry.reason for entry in office.read(relay_feed.list_parked, None)]


def _kept(office: PracticeOffice, columns: str) -> tuple[object, ...]:
    return office.sql(f"SELECT {columns} FROM payout_attempt")[0]


@pytest.fixture
def order(office: PracticeOffice) -> SendOrder:
    """Payout 1, sent, and nobody knows what became of it; its result would come by relay one."""
    return make.doubtful(office, _row(office), make.route(office, ONE))


def _ask(office: PracticeOffice, order: SendOrder, relay: int = ONE) -> QuestionOrder:
    office.clock.advance(minutes=5)
    return make.ask(office, order, make.route(office, relay))


def _answer(
    office: PracticeOffice,
    question: QuestionOrder,
    order: SendOrder,
    outcome: str,
    **changes: object,
) -> None:
    (relay,) = office.sql(
        "SELECT relay_id FROM status_question WHERE id = ?", question.question_id
    )[0]
    office.clock.advance(minutes=1)
    news = make.status_news(question, order, outcome, **changes)
    make.arrive(office, relay, (question.tag, news))


def _told(office: PracticeOffice, order: SendOrder, outcome: str, relay: int = ONE) -> None:
    """Ask by a relay, and this is the answer."""
    _answer(office, _ask(office, order, relay), order, outcome)


# Asking.


def test_the_question_stands_in_the_books_before_it_goes_out(
    office: PracticeOffice, order: SendOrder
) -> None:
    asking = Asking(order.attempt_id or 0, make.route(office, TWO))
    question = office.write(payout_questions.begin, asking, office.grace)
    assert question.asked_id == order.originator_conversation_id
    assert question.tag != order.tag
    assert office.sql("SELECT state, relay_id FROM status_question") == [("asking", TWO)]


def test_each_question_has_an_address_of_its_own(office: PracticeOffice, order: SendOrder) -> None:
    tags = {_ask(office, order).tag for _ in range(3)} | {_ask(office, order, TWO).tag}
    assert len(tags) == 4


def test_on_v1_m_pesa_is_asked_by_its_own_id(office: PracticeOffice) -> None:
    order = make.accepted(office, _row(office), make.route(office, ONE, b2c_version="v1"))
    assert _ask(office, order).asked_id == make.conversation_id(order)


def test_on_v1_without_an_id_of_m_pesa_only_the_statement_can_tell(office: PracticeOffice) -> None:
    order = make.doubtful(office, _row(office), make.route(office, ONE, b2c_version="v1"))
    with pytest.raises(WrongState, match="only the statement can tell"):
        _ask(office, order)


def test_the_clock_and_a_treasurer_may_ask_and_nobody_else(
    office: PracticeOffice, order: SendOrder
) -> None:
    asking = Asking(order.attempt_id or 0, make.route(office, ONE))
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(payout_questions.begin, asking, person)
    office.write(payout_questions.begin, asking, office.grace)
    office.write(payout_questions.begin, asking)


def test_m_pesa_is_asked_after_1_2_5_15_60_minutes_and_then_every_hour(
    office: PracticeOffice, order: SendOrder
) -> None:
    """No last question: only news or a person ends the doubt (planted mistake "age = failed")."""
    start, gaps = office.clock.now(), []
    for _ in range(8):
        while not office.read(payout_questions.due, None):
            office.clock.advance(minutes=1)
        gaps.append((office.clock.now() - start) / timedelta(minutes=1))
        make.ask(office, order, make.route(office, ONE))
    assert gaps == [1, 2, 5, 15, 60, 120, 180, 240]
    office.clock.advance(days=400)
    assert office.read(payout_questions.due, None) == (order.attempt_id,)
    assert _status(office) == IN_DOUBT


def test_nothing_is_asked_about_what_is_settled_or_has_not_left(office: PracticeOffice) -> None:
    order = make.unsent(office, _row(office), make.route(office, ONE))
    office.clock.advance(hours=2)
    assert office.read(payout_questions.due, None) == ()
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    office.clock.advance(hours=2)
    assert office.read(payout_questions.due, None) == ()


def test_a_question_that_stays_without_an_answer_counts_as_lost(
    office: PracticeOffice, order: SendOrder
) -> None:
    _ask(office, order)
    office.clock.advance(minutes=31)
    _ask(office, order)
    states = office.sql("SELECT state FROM status_question ORDER BY id")
    assert states == [("unanswered",), ("accepted",)]


def test_a_lost_question_that_is_answered_after_all_counts(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order)
    office.clock.advance(minutes=31)
    _ask(office, order)
    _answer(office, question, order, "completed")
    assert _status(office) == DONE


def test_a_question_that_m_pesa_refuses_says_nothing_about_the_payment(
    office: PracticeOffice, order: SendOrder
) -> None:
    asking = Asking(order.attempt_id or 0, make.route(office, ONE))
    question = office.write(payout_questions.begin, asking)
    refused = make.answer(
        order, AnswerKind.REFUSED, code="2001", words="Bad user.", stop_queue=True
    )
    office.write(payout_questions.record_answer, QuestionAnswered(question.question_id, refused))
    assert _status(office) == IN_DOUBT
    assert office.read(queue_stops.standing, None) is not None
    answered = QuestionAnswered(question.question_id, refused)
    for person in (office.peter, office.daniel):
        with pytest.raises(NotAllowed):
            office.write(payout_questions.record_answer, answered, person)


def test_the_answer_may_be_quicker_than_m_pesas_receipt_of_the_question(
    office: PracticeOffice, order: SendOrder
) -> None:
    asking = Asking(order.attempt_id or 0, make.route(office, ONE))
    question = office.write(payout_questions.begin, asking)
    _answer(office, question, order, "completed")
    taken = QuestionAnswered(question.question_id, make.answer(order))
    office.write(payout_questions.record_answer, taken)
    assert _status(office) == DONE
    assert office.sql("SELECT state FROM status_question") == [("answered",)]


# What an answer does.


def test_completed_is_paid_on_a_claim_through_the_same_relay(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The planted mistake "no status query": the result was lost, the question finds it."""
    _told(office, order, "completed")
    assert (_status(office), _row(office).evidence) == (DONE, Evidence.CLAIMED)


def test_completed_through_another_relay_alone_is_a_claim_too(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The result by relay one was lost, so relay two is the only one that speaks, and it could lie."""
    _told(office, order, "completed", TWO)
    assert (_status(office), _row(office).evidence) == (DONE, Evidence.CLAIMED)
    _told(office, order, "completed", ONE)
    assert _row(office).evidence is Evidence.VERIFIED


def test_a_late_result_through_the_other_relay_is_the_second_proof(
    office: PracticeOffice, order: SendOrder
) -> None:
    _told(office, order, "completed", TWO)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert _row(office).evidence is Evidence.VERIFIED
    words = office.read(payouts.row_of, 1).proven_by
    assert words == "M-Pesa says so through two relays, relay one and relay two."


def test_completed_without_the_id_of_the_question_is_no_second_proof(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    _answer(office, _ask(office, order, TWO), order, "completed", query_conversation_id="")
    assert _row(office).evidence is Evidence.CLAIMED
    assert office.read(payouts.row_of, 1).proven_by == ""


def test_a_claim_becomes_proof_through_another_relay_only(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    _told(office, order, "completed", ONE)
    assert _row(office).evidence is Evidence.CLAIMED
    _told(office, order, "completed", TWO)
    assert _row(office).evidence is Evidence.VERIFIED
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1


def test_still_open_may_still_be_paid(office: PracticeOffice, order: SendOrder) -> None:
    _told(office, order, "open")
    assert _status(office) == UNDER_WAY


def test_a_failed_result_and_ended_through_another_relay_prove_the_failure(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    assert _status(office) == IN_DOUBT
    _told(office, order, "ended", TWO)
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)
    assert _row(office).approved_by == ""


def test_ended_through_one_relay_alone_proves_nothing_whichever_it_is(
    office: PracticeOffice, order: SendOrder
) -> None:
    _told(office, order, "ended", TWO)
    assert (_status(office), _row(office).claim) == (IN_DOUBT, "failed")
    _told(office, order, "ended", TWO)
    assert _status(office) == IN_DOUBT
    _told(office, order, "ended", ONE)
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)


def test_a_failed_notice_from_before_m_pesa_called_it_open_is_no_half_of_a_proof(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "open", TWO)
    _told(office, order, "ended", TWO)
    assert _status(office) == IN_DOUBT


def test_relays_that_say_different_things_stop_the_queue(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    _told(office, order, "ended", TWO)
    assert _status(office) == DONE
    assert "Two relays say different things" in _reasons(office)[0]
    assert office.read(queue_stops.standing, None) is not None


def test_ended_through_the_same_relay_is_only_a_claim(
    office: PracticeOffice, order: SendOrder
) -> None:
    _told(office, order, "ended")
    assert (_status(office), _row(office).claim) == (IN_DOUBT, "failed")
    _told(office, order, "ended")
    assert _status(office) == IN_DOUBT
    assert _kept(office, "agreed_at IS NOT NULL") == (1,)


def test_ended_proves_nothing_while_m_pesas_id_of_the_question_is_not_known(
    office: PracticeOffice, order: SendOrder
) -> None:
    """Whoever knows the address but not the id that M-Pesa gave the question cannot unlock a second payment."""
    asking = Asking(order.attempt_id or 0, make.route(office, TWO))
    question = office.write(payout_questions.begin, asking)
    _answer(office, question, order, "ended")
    assert _status(office) == IN_DOUBT


def test_ended_without_the_id_of_the_question_proves_nothing(
    office: PracticeOffice, order: SendOrder
) -> None:
    _answer(office, _ask(office, order, TWO), order, "ended", query_conversation_id="")
    assert _status(office) == IN_DOUBT


@pytest.mark.parametrize("relay", [ONE, TWO])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_not_found_is_no_failure_through_any_relay(
    office: PracticeOffice, order: SendOrder, relay: int, times: int
) -> None:
    for _ in range(times):
        _told(office, order, "not_found", relay)
    assert _status(office) == IN_DOUBT
    assert _kept(office, "not_found_answers") == (times,)


def test_not_found_does_not_agree_with_a_failed_notice(
    office: PracticeOffice, order: SendOrder
) -> None:
    """A forged notice, and M-Pesa not having the request from its queue yet: together they must unlock nothing."""
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "not_found")
    _told(office, order, "not_found", TWO)
    assert _kept(office, "agreed_at") == (None,)


def test_one_question_counts_once_whatever_answers_come_to_it(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order)
    for outcome in ("not_found", "unclear", "not_found", "ended", "not_found"):
        _answer(office, question, order, outcome)
    assert _kept(office, "not_found_answers, agreed_at") == (1, None)


def test_ended_twice_to_one_question_does_not_agree_with_itself(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order)
    for outcome in ("ended", "unclear", "ended"):
        _answer(office, question, order, outcome)
    assert _kept(office, "claim, agreed_at") == ("failed", None)


def test_an_answer_to_a_question_from_before_the_notice_does_not_agree_with_it(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order)
    office.clock.advance(minutes=1)
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _answer(office, question, order, "ended")
    assert _kept(office, "agreed_at") == (None,)
    _told(office, order, "ended")
    assert _kept(office, "agreed_at IS NOT NULL") == (1,)


def test_still_open_takes_back_what_looked_like_a_failure(
    office: PracticeOffice, order: SendOrder
) -> None:
    """Otherwise older answers and one later time-out together would count as a failure."""
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "ended")
    _told(office, order, "not_found")
    _told(office, order, "not_found")
    _told(office, order, "open")
    make.arrive(office, ONE, (order.tag, make.timeout_news()))
    assert _status(office) == IN_DOUBT
    assert _kept(office, "agreed_at, not_found_answers, first_not_found_at") == (None, 0, None)


def test_an_answer_from_before_the_second_sending_is_not_counted(
    office: PracticeOffice, order: SendOrder
) -> None:
    old = _ask(office, order)
    for _ in range(2):
        _told(office, order, "not_found")
    sending = payout_sending.Sending(order.payout_id, make.route(office, ONE))
    again = office.write(payout_sending.begin_resend, sending, office.grace)
    office.write(
        payout_sending.record_answer, make.answer(again, AnswerKind.DOUBTFUL), office.grace
    )
    _answer(office, old, order, "not_found")
    assert _kept(office, "not_found_answers") == (0,)


def test_an_unclear_answer_moves_nothing(office: PracticeOffice, order: SendOrder) -> None:
    _told(office, order, "unclear")
    assert _status(office) == IN_DOUBT


def test_a_stop_code_in_an_answer_stops_the_queue(office: PracticeOffice, order: SendOrder) -> None:
    _answer(office, _ask(office, order), order, "unclear", stops_queue=True, words="Bad user.")
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    assert stop.reason == "Bad user."


# What does not fit.


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_cents": 1}, "and we sent KES 98,500"),
        ({"amount_cents": None}, "does not say how much"),
        ({"receiver_phone": "254799999999"}, "and we sent to"),
        ({"receipt": None}, "carries no receipt"),
        (
            {"originator_conversation_id": "PO-X", "conversation_id": "AG_X"},
            "speaks of another payment",
        ),
    ],
    ids=["amount", "no amount", "receiver", "no receipt", "ids"],
)
def test_an_answer_that_does_not_fit_is_parked_and_stops_the_queue(
    office: PracticeOffice, order: SendOrder, changes: dict[str, object], words: str
) -> None:
    _answer(office, _ask(office, order), order, "completed", **changes)
    assert words in _reasons(office)[0]
    assert _status(office) == IN_DOUBT
    assert office.read(queue_stops.standing, None) is not None


def test_an_answer_to_another_question_is_parked(office: PracticeOffice, order: SendOrder) -> None:
    question = _ask(office, order)
    _answer(office, question, order, "completed", query_conversation_id="AG_other")
    assert _reasons(office) == [
        "It answers another question than the one that this address was made for."
    ]
    assert _status(office) == IN_DOUBT


def test_an_answer_at_an_address_of_nobody_or_by_another_relay_is_parked(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order, TWO)
    news = make.status_news(question, order, "ended")
    make.arrive(office, ONE, (question.tag, news), ("0" * 32, news), (order.tag, news))
    assert _reasons(office) == ["It came to an address that belongs to no question of ours."] * 3
    assert _status(office) == IN_DOUBT


@pytest.mark.parametrize("outcome", ["ended", "not_found"])
@pytest.mark.parametrize("relay", [ONE, TWO])
def test_nothing_leaves_paid_whatever_a_later_answer_says(
    office: PracticeOffice, order: SendOrder, outcome: str, relay: int
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    _told(office, order, outcome, relay)
    assert _status(office) == DONE
    assert "booked as paid. Compare with the statement" in _reasons(office)[0]


def test_completed_after_a_proven_failure_stops_everything(
    office: PracticeOffice, order: SendOrder
) -> None:
    question = _ask(office, order)
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "ended", TWO)
    _answer(office, question, order, "completed")
    assert "booked as failed" in _reasons(office)[0]
    assert office.read(queue_stops.standing, None) is not None
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)
