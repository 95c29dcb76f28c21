"""M-Pesa paid after the attempt was booked as failed: never a second payment, never a payment without an entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SamePerson, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Retry
from sacco_desktop.services.lending import loans
from sacco_desktop.services.payouts import late_payments, payouts, vouchers
from sacco_desktop.services.payouts.late_payments import FailureDoubted, SecondPayment
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.people import member_links
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.services.sending import payout_questions, payout_sending, queue_stops
from sacco_desktop.services.sending.payout_sending import AnswerKind, Route, SendOrder
from sacco_desktop.services.sending.queue_stops import Clearing
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE = 1


def _row(office: PracticeOffice, payout_id: int = 1) -> PayoutRow:
    return office.read(payouts.row_of, payout_id)


def _status(office: PracticeOffice) -> tuple[PayoutStatus, AttemptStatus | None]:
    row = _row(office)
    return row.status, row.attempt_status


def _version(office: PracticeOffice, order: SendOrder) -> int:
    return int(
        office.sql("SELECT version FROM payout_attempt WHERE id = ?", order.attempt_id)[0][0]
    )


@pytest.fixture
def order(office: PracticeOffice) -> SendOrder:
    """Payout 1, sent and refused at once, so that it is booked as failed; then M-Pesa's notice says paid."""
    order = make.begin(office, _row(office), make.route(office, ONE))
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)
    return order


def _ask(office: PracticeOffice, order: SendOrder) -> int:
    given = FailureDoubted(
        order.attempt_id or 0, _version(office, order), "The notice of 16 March says paid."
    )
    return office.write(late_payments.ask_take_back_failure, given, office.grace)


def _retry_parked(office: PracticeOffice, order: SendOrder) -> str:
    [entry] = office.read(relay_feed.list_parked, None)
    return office.write(
        relay_feed.retry, Retry(entry.entry_id, make.paid_news(order)), office.grace
    )


def _let_go_on(office: PracticeOffice) -> None:
    """The notice that did not fit has stopped sending; a treasurer has looked."""
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    office.write(queue_stops.clear, Clearing(stop.stop_id, "I have seen it."), office.grace)


def _send_anew(
    office: PracticeOffice,
    send: Callable[[PracticeOffice, PayoutRow, Route], SendOrder] = make.accepted,
    by: Actor | None = None,
) -> SendOrder:
    _let_go_on(office)
    row = office.write(payouts.ask_again, PayoutChange(1, _row(office).version), office.grace)
    make.approve_payout(office, row, by or office.lucy)
    return send(office, row, make.route(office, ONE))


def test_the_parked_notice_names_the_failed_attempt(
    office: PracticeOffice, order: SendOrder
) -> None:
    [entry] = office.read(relay_feed.list_parked, None)
    assert entry.failed_attempt_id == order.attempt_id
    facts = office.read(late_payments.look, order.attempt_id or 0)
    assert (facts.payout_number, facts.sent_anew) == ("PO-2026-0001", False)
    assert facts.amount_cents == _row(office).mpesa_cents


def test_two_people_make_it_a_doubt_again_and_the_notice_then_books_it(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.decide(office, _ask(office, order), office.lucy)
    assert _status(office) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
    # M-Pesa is asked at once, and nothing can be sent in its place.
    _let_go_on(office)
    assert office.read(payout_questions.due, None) == (order.attempt_id,)
    with pytest.raises(WrongState, match="cannot be sent"):
        make.begin(office, _row(office), make.route(office, ONE))
    assert "Paid, receipt" in _retry_parked(office, order)
    assert _status(office) == (PayoutStatus.PAID, AttemptStatus.PAID)
    assert office.read(loans.row_of, _row(office).loan_id or 0).status == "active"
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 1
    # It went out under Lucy's approval, which the failure had ended.
    paper = office.write(vouchers.voucher, 1, office.grace)
    assert ("Payout approved by", "Lucy Chebet") in [
        (signature.act, signature.full_name) for signature in paper.signatures
    ]


def test_one_person_is_not_enough_and_a_no_changes_nothing(
    office: PracticeOffice, order: SendOrder
) -> None:
    given = FailureDoubted(order.attempt_id or 0, _version(office, order), "It says paid.")
    for person in (office.peter, office.daniel, office.admin):
        with pytest.raises(NotAllowed):
            office.write(late_payments.ask_take_back_failure, given, person)
    asked = _ask(office, order)
    make.decide(office, asked, office.daniel, Decision.REJECT, "The statement shows nothing.")
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)
    blank = FailureDoubted(order.attempt_id or 0, _version(office, order), " ")
    with pytest.raises(InvalidInput):
        office.write(late_payments.ask_take_back_failure, blank, office.grace)


def test_a_payout_that_was_taken_back_is_on_its_way_again(
    office: PracticeOffice, order: SendOrder
) -> None:
    office.write(payouts.take_back, PayoutChange(1, _row(office).version, "No"), office.grace)
    make.decide(office, _ask(office, order), office.lucy)
    assert _status(office) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
    assert office.read(loans.row_of, _row(office).loan_id or 0).status == "disbursement_pending"
    _retry_parked(office, order)
    assert _status(office) == (PayoutStatus.PAID, AttemptStatus.PAID)


def test_it_can_fail_again_like_every_doubt(office: PracticeOffice, order: SendOrder) -> None:
    make.decide(office, _ask(office, order), office.lucy)
    for hours in (1, 25):
        office.clock.advance(hours=hours)
        question = make.ask(office, order, make.route(office, ONE))
        make.arrive(office, ONE, (question.tag, make.status_news(question, order, "not_found")))
    assert _status(office) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)


def test_what_was_sent_anew_before_the_second_yes_is_not_taken_back(
    office: PracticeOffice, order: SendOrder
) -> None:
    asked = _ask(office, order)
    _send_anew(office)
    with pytest.raises(WrongState, match="newer news"):
        make.decide(office, asked, office.daniel)


def _second(office: PracticeOffice, order: SendOrder, **changes: object) -> SecondPayment:
    values: dict[str, object] = {
        "attempt_id": order.attempt_id,
        "version": _version(office, order),
        "receipt": make.receipt(order),
        "paid_at": office.clock.now(),
        "reason": "Both payments are on the statement.",
    }
    return SecondPayment(**{**values, **changes})  # type: ignore[arg-type]


def test_a_member_who_was_paid_twice_owes_the_second_payment(
    office: PracticeOffice, order: SendOrder
) -> None:
    anew = _send_anew(office)
    make.arrive(office, ONE, (anew.tag, make.paid_news(anew)))
    assert _status(office) == (PayoutStatus.PAID, AttemptStatus.PAID)
    assert office.read(late_payments.look, order.attempt_id or 0).sent_anew
    utility = office.read(ledger.balance, "1031")
    asked = office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    make.decide(office, asked, office.lucy)
    row = _row(office)
    assert office.read(ledger.balance, "1210") == row.mpesa_cents
    assert office.read(ledger.balance, "1031") == utility - row.mpesa_cents
    # The notice settles itself now, and the same receipt is not booked a second time.
    assert "owed by the member" in _retry_parked(office, order)
    with pytest.raises(InvalidInput, match="in the books already"):
        office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)


def test_a_second_payment_needs_a_second_sending_and_a_receipt_of_its_own(
    office: PracticeOffice, order: SendOrder
) -> None:
    with pytest.raises(WrongState, match="Take the failure back"):
        office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    anew = _send_anew(office)
    make.arrive(office, ONE, (anew.tag, make.paid_news(anew)))
    wrong: tuple[tuple[str, object], ...] = (
        ("receipt", "short"),
        ("receipt", make.receipt(anew)),
        ("paid_at", office.clock.now() + timedelta(days=1)),
        ("paid_at", office.clock.now() - timedelta(days=9)),
        ("reason", ""),
    )
    for field, value in wrong:
        given = _second(office, order, **{field: value})
        with pytest.raises(InvalidInput) as refused:
            office.write(late_payments.ask_paid_twice, given, office.grace)
        assert refused.value.field == field


def test_a_loan_that_is_paid_out_by_another_payout_meanwhile_is_paid_twice(
    office: PracticeOffice, order: SendOrder
) -> None:
    row = office.write(payouts.take_back, PayoutChange(1, _row(office).version, "No"), office.grace)
    other = office.write(payouts.request, NewPayout(make.key(), row.loan_id or 0), office.grace)
    assert office.read(late_payments.look, order.attempt_id or 0).sent_anew
    assert other.status is PayoutStatus.DRAFT


def test_whoever_has_the_money_decides_nothing_about_it(
    office: PracticeOffice, order: SendOrder
) -> None:
    link = MemberLink(office.lucy.user_id, _row(office).member_id or 0)
    make.agreed(office, member_links.link, link)
    asked = _ask(office, order)
    with pytest.raises(SamePerson, match="You are the member"):
        make.decide(office, asked, office.lucy)
    _send_anew(office, by=office.daniel)
    twice = office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    with pytest.raises(SamePerson, match="You are the member"):
        make.decide(office, twice, office.lucy)


def test_one_payment_is_not_both_taken_back_and_owed(
    office: PracticeOffice, order: SendOrder
) -> None:
    """Both were asked for rightly, one while the payout was on its way anew and one after that had failed, too."""
    anew = _send_anew(office, make.begin)
    twice = office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    office.write(payout_sending.record_answer, make.answer(anew, AnswerKind.REFUSED), office.grace)
    make.decide(office, _ask(office, order), office.lucy)
    with pytest.raises(WrongState, match="newer news"):
        make.decide(office, twice, office.lucy)
    assert office.count("journal_entry", "kind = 'paid_twice'") == 0


def test_what_is_booked_as_owed_is_neither_taken_back_nor_owed_again(
    office: PracticeOffice, order: SendOrder
) -> None:
    anew = _send_anew(office, make.begin)
    twice = office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    make.decide(office, twice, office.lucy)
    other = _second(office, order, receipt="UKN4OTHER1")
    with pytest.raises(WrongState, match="booked as owed"):
        office.write(late_payments.ask_paid_twice, other, office.grace)
    office.write(payout_sending.record_answer, make.answer(anew, AnswerKind.REFUSED), office.grace)
    with pytest.raises(WrongState, match="booked as owed"):
        _ask(office, order)


def test_a_receipt_that_is_booked_as_owed_pays_nothing_else(
    office: PracticeOffice, order: SendOrder
) -> None:
    anew = _send_anew(office)
    twice = office.write(late_payments.ask_paid_twice, _second(office, order), office.grace)
    make.decide(office, twice, office.lucy)
    said = make.paid_news(anew, receipt=make.receipt(order))
    make.arrive(office, ONE, (anew.tag, said))
    assert _row(office).status is PayoutStatus.IN_FLIGHT
    assert office.count("journal_entry", "kind = 'loan_disbursement'") == 0


@pytest.fixture
def let_go(office: PracticeOffice) -> SendOrder:
    """Payout 1, written down but never sent, and taken back; then M-Pesa's notice says that it was paid."""
    order = make.unsent(office, _row(office), make.route(office, ONE))
    office.write(payouts.take_back, PayoutChange(1, _row(office).version), office.grace)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert _status(office) == (PayoutStatus.CANCELLED, AttemptStatus.UNSENT)
    return order


def test_what_was_let_go_unsent_and_paid_is_a_doubt_for_two_people(
    office: PracticeOffice, let_go: SendOrder
) -> None:
    [entry] = office.read(relay_feed.list_parked, None)
    assert entry.failed_attempt_id == let_go.attempt_id
    facts = office.read(late_payments.look, let_go.attempt_id or 0)
    assert (facts.was_never_sent, facts.sent_anew) == (True, False)
    request_id = _ask(office, let_go)
    with pytest.raises(SamePerson):
        make.decide(office, request_id, office.grace)
    make.decide(office, request_id, office.lucy)
    assert _status(office) == (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
    assert office.read(loans.row_of, _row(office).loan_id or 0).status == "disbursement_pending"
    assert _retry_parked(office, let_go).startswith("Paid, receipt")
    assert _status(office) == (PayoutStatus.PAID, AttemptStatus.PAID)
    assert office.read(loans.row_of, _row(office).loan_id or 0).status == "active"


def test_what_was_let_go_unsent_and_paid_beside_another_is_owed(
    office: PracticeOffice, let_go: SendOrder
) -> None:
    _let_go_on(office)
    new = NewPayout(make.key(), _row(office).loan_id or 0)
    again = office.write(payouts.request, new, office.grace)
    make.approve_payout(office, again, office.lucy)
    other = make.accepted(office, make.payout_now(office, again), make.route(office, ONE))
    make.arrive(office, ONE, (other.tag, make.paid_news(other)))
    with pytest.raises(WrongState, match="the member may have it twice"):
        _ask(office, let_go)
    seen = SecondPayment(
        let_go.attempt_id or 0,
        _version(office, let_go),
        make.receipt(let_go),
        office.clock.now(),
        "The notice says paid.",
    )
    make.decide(office, office.write(late_payments.ask_paid_twice, seen, office.grace), office.lucy)
    assert office.balance("1210") == let_go.amount_shillings * 100
    assert "owed by the member" in _retry_parked(office, let_go)


def test_an_unsent_payment_that_may_still_go_out_is_nobodys_doubt(office: PracticeOffice) -> None:
    order = make.unsent(office, _row(office), make.route(office, ONE))
    with pytest.raises(WrongState, match="nothing to take back"):
        _ask(office, order)
