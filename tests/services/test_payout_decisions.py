"""What only people decide about an uncertain payout, and what each decision needs before it is offered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SaccoError, SamePerson, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import payout_decisions
from sacco_desktop.services.sending.payout_decisions import (
    FailureConfirmed,
    NotOnStatement,
    SeenOnStatement,
)
from sacco_desktop.services.sending.payout_sending import SendOrder
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE = 1


def _row(office: PracticeOffice) -> PayoutRow:
    return office.read(payouts.row_of, 1)


def _status(office: PracticeOffice) -> tuple[PayoutStatus, AttemptStatus | None]:
    row = _row(office)
    return row.status, row.attempt_status


IN_DOUBT = (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
FAILED = (PayoutStatus.DRAFT, AttemptStatus.FAILED)
DONE = (PayoutStatus.PAID, AttemptStatus.PAID)


@pytest.fixture
def order(office: PracticeOffice) -> SendOrder:
    """Payout 1, sent, and nobody knows what became of it."""
    return make.doubtful(office, _row(office), make.route(office, ONE))


def _version(office: PracticeOffice) -> int:
    return int(office.sql("SELECT version FROM payout_attempt ORDER BY id DESC")[0][0])


def _told(office: PracticeOffice, order: SendOrder, outcome: str) -> None:
    office.clock.advance(minutes=2)
    question = make.ask(office, order, make.route(office, ONE))
    office.clock.advance(minutes=1)
    make.arrive(office, ONE, (question.tag, make.status_news(question, order, outcome)))


# One relay: a notice, a later answer that agrees, and a person.


def _confirm_failure(office: PracticeOffice, by: Actor, reason: str = "I agree.") -> None:
    attempt_id = office.sql("SELECT max(id) FROM payout_attempt")[0][0]
    given = FailureConfirmed(attempt_id, _version(office), reason)
    office.write(payout_decisions.confirm_failure, given, by)


def test_with_one_relay_a_failure_needs_a_notice_an_agreeing_answer_and_a_person(
    office: PracticeOffice, order: SendOrder
) -> None:
    with pytest.raises(WrongState, match="Ask M-Pesa first"):
        _confirm_failure(office, office.grace)
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    with pytest.raises(WrongState, match="Ask M-Pesa first"):
        _confirm_failure(office, office.grace)
    _told(office, order, "ended")
    assert _status(office) == IN_DOUBT
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            _confirm_failure(office, person)
    with pytest.raises(InvalidInput):
        _confirm_failure(office, office.grace, " ")
    _confirm_failure(office, office.grace)
    assert _status(office) == FAILED
    assert "Confirmed by Grace Wanjiru" in _row(office).reason


def test_notices_alone_unlock_nothing_however_often_they_come(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The planted mistake "forged failure": whoever can forge notices cannot make us pay twice."""
    for _ in range(3):
        make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    with pytest.raises(WrongState):
        _confirm_failure(office, office.grace)
    with pytest.raises(WrongState, match="cannot be sent"):
        make.begin(office, _row(office), make.route(office, ONE))


@pytest.mark.parametrize("later", ["completed", "open"])
def test_later_news_of_m_pesa_takes_the_decision_away(
    office: PracticeOffice, order: SendOrder, later: str
) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "ended")
    looked_at = _version(office)
    _told(office, order, later)
    stale = FailureConfirmed(order.attempt_id or 0, looked_at, "I agree.")
    with pytest.raises(WrongState, match="newer news"):
        office.write(payout_decisions.confirm_failure, stale, office.grace)
    with pytest.raises(WrongState):
        _confirm_failure(office, office.grace)


def test_a_failed_payout_is_paid_by_two_people_anew_under_another_id(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    _told(office, order, "ended")
    _confirm_failure(office, office.grace)
    row = _row(office)
    row = office.write(payouts.ask_again, PayoutChange(1, row.version), office.grace)
    with pytest.raises(SamePerson):
        make.approve_payout(office, row, office.grace)
    make.approve_payout(office, row, office.lucy)
    second = make.accepted(office, row, make.route(office, ONE))
    assert second.originator_conversation_id != order.originator_conversation_id
    make.arrive(office, ONE, (second.tag, make.paid_news(second)))
    assert _status(office) == DONE


# Safaricom's statement shows it.


def _seen(office: PracticeOffice, order: SendOrder, **changes: object) -> SeenOnStatement:
    values = {
        "attempt_id": order.attempt_id,
        "version": _version(office),
        "receipt": make.receipt(order),
        "paid_at": office.clock.now(),
        "reason": "Statement of 16 March, page 2.",
    }
    return SeenOnStatement(**{**values, **changes})  # type: ignore[arg-type]


def test_a_payment_on_the_statement_is_booked_and_proven(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The planted mistake "no statement": every notice and answer was lost for good."""
    words = office.write(payout_decisions.confirm_paid, _seen(office, order), office.grace)
    assert words == f"Paid, receipt {make.receipt(order)}."
    assert (_status(office), _row(office).evidence) == (DONE, Evidence.VERIFIED)


def test_a_payment_booked_on_a_claim_is_proven_by_the_statement(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    office.write(payout_decisions.confirm_paid, _seen(office, order), office.grace)
    assert _row(office).evidence is Evidence.VERIFIED
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1


def test_the_notice_may_come_after_the_statement(office: PracticeOffice, order: SendOrder) -> None:
    office.write(payout_decisions.confirm_paid, _seen(office, order), office.grace)
    taken = make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert (taken.applied, _row(office).evidence) == (1, Evidence.VERIFIED)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("receipt", "ABC"), ("receipt", "ABCDEF-123"), ("reason", " ")],
)
def test_what_was_typed_wrong_is_said_under_its_field(
    office: PracticeOffice, order: SendOrder, field: str, wrong: str
) -> None:
    given = _seen(office, order, **{field: wrong})
    with pytest.raises(InvalidInput) as refused:
        office.write(payout_decisions.confirm_paid, given, office.grace)
    assert refused.value.field == field


@pytest.mark.parametrize("days", [1, -1, -365])
def test_a_payment_lies_between_its_sending_and_now(
    office: PracticeOffice, order: SendOrder, days: int
) -> None:
    paid_at = office.clock.now() + timedelta(days=days)
    given = _seen(office, order, paid_at=paid_at)
    with pytest.raises(InvalidInput) as refused:
        office.write(payout_decisions.confirm_paid, given, office.grace)
    assert refused.value.field == "paid_at"


def test_a_receipt_is_taken_as_people_type_it(office: PracticeOffice, order: SendOrder) -> None:
    given = _seen(office, order, receipt=f" {make.receipt(order).lower()} ")
    office.write(payout_decisions.confirm_paid, given, office.grace)
    assert _row(office).receipt == make.receipt(order)


def test_a_receipt_of_another_payment_is_refused(office: PracticeOffice, order: SendOrder) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    other = make.doubtful(office, make.approved_payout(office), make.route(office, ONE))
    given = _seen(office, other, receipt=make.receipt(order))
    with pytest.raises(SaccoError, match="is that of PO-2026-0001 already"):
        office.write(payout_decisions.confirm_paid, given, office.grace)


def test_what_never_left_is_on_no_statement(office: PracticeOffice) -> None:
    order = make.unsent(office, _row(office), make.route(office, ONE))
    with pytest.raises(WrongState, match="never reached M-Pesa"):
        office.write(payout_decisions.confirm_paid, _seen(office, order), office.grace)


def test_only_a_treasurer_brings_the_statement(office: PracticeOffice, order: SendOrder) -> None:
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(payout_decisions.confirm_paid, _seen(office, order), person)


# Safaricom's statement does not show it: two people, after a day of not found.


def _not_on_statement(office: PracticeOffice, order: SendOrder) -> int:
    given = NotOnStatement(order.attempt_id or 0, _version(office), "Statement to 18 March.")
    return office.write(payout_decisions.ask_not_paid, given, office.grace)


def test_not_found_for_a_day_and_two_people_end_the_doubt(
    office: PracticeOffice, order: SendOrder
) -> None:
    _told(office, order, "not_found")
    office.clock.advance(hours=25)
    _told(office, order, "not_found")
    asked = _not_on_statement(office, order)
    assert _status(office) == IN_DOUBT
    with pytest.raises(SamePerson):
        make.decide(office, asked, office.grace)
    with pytest.raises(NotAllowed):
        make.decide(office, asked, office.peter)
    assert make.decide(office, asked, office.daniel).status is ApprovalStatus.APPROVED
    assert _status(office) == FAILED


def test_not_found_twice_in_the_first_hour_is_not_a_day_of_not_found(
    office: PracticeOffice, order: SendOrder
) -> None:
    """How soon a not-found can be believed is not published, so the answers must lie a day apart."""
    _told(office, order, "not_found")
    _told(office, order, "not_found")
    office.clock.advance(hours=25)
    with pytest.raises(WrongState, match="twice over 24 hours"):
        _not_on_statement(office, order)
    _told(office, order, "not_found")
    _not_on_statement(office, order)


def test_a_day_alone_ends_no_doubt(office: PracticeOffice, order: SendOrder) -> None:
    """The planted mistake "timeout = failed, age = failed"."""
    office.clock.advance(days=30)
    with pytest.raises(WrongState, match="twice over 24 hours"):
        _not_on_statement(office, order)
    _told(office, order, "not_found")
    with pytest.raises(WrongState, match="twice over 24 hours"):
        _not_on_statement(office, order)


@pytest.mark.parametrize("later", ["completed", "open"])
def test_news_between_the_two_people_is_not_overruled(
    office: PracticeOffice, order: SendOrder, later: str
) -> None:
    _told(office, order, "not_found")
    office.clock.advance(hours=25)
    _told(office, order, "not_found")
    asked = _not_on_statement(office, order)
    _told(office, order, later)
    with pytest.raises(WrongState, match="newer news"):
        make.decide(office, asked, office.daniel)
    assert _status(office) in (DONE, (PayoutStatus.IN_FLIGHT, AttemptStatus.ACCEPTED))


def test_the_second_person_may_say_no(office: PracticeOffice, order: SendOrder) -> None:
    _told(office, order, "not_found")
    office.clock.advance(hours=25)
    _told(office, order, "not_found")
    asked = _not_on_statement(office, order)
    make.decide(office, asked, office.daniel, Decision.REJECT, "The statement ends too early.")
    assert _status(office) == IN_DOUBT


def test_a_clock_that_jumps_makes_no_day_of_an_hour(
    office: PracticeOffice, order: SendOrder
) -> None:
    """Somebody sets the PC ahead between two answers; by the relay's clock an hour lies between them."""
    _told(office, order, "not_found")
    relays_clock = office.clock.now()
    office.clock.advance(hours=30)
    question = make.ask(office, order, make.route(office, ONE))
    news = make.status_news(question, order, "not_found")
    piece = make.next_slice(office, ONE, [(question.tag, news)])
    told = replace(piece.entries[0], received_at=relays_clock + timedelta(hours=1))
    office.write(relay_feed.take_in, replace(piece, entries=(told,)))
    with pytest.raises(WrongState, match="over 24 hours"):
        _not_on_statement(office, order)


def test_whoever_looked_at_an_older_state_looks_again_first(
    office: PracticeOffice, order: SendOrder
) -> None:
    looked_at = _version(office)
    _told(office, order, "not_found")
    seen = _seen(office, order, version=looked_at)
    not_seen = NotOnStatement(order.attempt_id or 0, looked_at, "Not there.")
    with pytest.raises(WrongState, match="newer news"):
        office.write(payout_decisions.confirm_paid, seen, office.grace)
    with pytest.raises(WrongState, match="newer news"):
        office.write(payout_decisions.ask_not_paid, not_seen, office.grace)
