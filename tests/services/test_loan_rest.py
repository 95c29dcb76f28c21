"""A loan of which one part is paid and the rest is not wanted: it becomes what was paid, or the rest is saved."""

from datetime import date

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SamePerson, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.services.lending import loans
from sacco_desktop.services.payouts import loan_payouts, loan_rest, payout_holds, payouts
from sacco_desktop.services.payouts.loan_rest import RestNotWanted
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from tests import make, make_payments
from tests.make import PracticeOffice

GROSS, NET, PAID, FEES = 40_000_000, 39_400_000, 25_000_000, 600_000


def _given(office: PracticeOffice, row: PayoutRow, reason: str = "It is enough.") -> RestNotWanted:
    loan_id = row.loan_id or 0
    return RestNotWanted(loan_id, office.read(loans.row_of, loan_id).version, reason)


def _ask(office: PracticeOffice, row: PayoutRow) -> int:
    office.write(loan_rest.ask, _given(office, row), office.grace)
    return make.waiting_request(office, ApprovalKind.REST_NOT_WANTED, row.loan_id or 0)


def _second(office: PracticeOffice, first: PayoutRow) -> PayoutRow:
    rows = office.read(payouts.list_payouts, None)
    return next(row for row in rows if row.loan_id == first.loan_id and row.part == 2)


def test_the_loan_becomes_what_was_paid_and_its_schedule_begins_today(
    office: PracticeOffice,
) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    shown = office.read(loan_rest.look, row.loan_id or 0, office.grace)
    assert (shown.agreed_cents, shown.paid_cents, shown.rest_cents) == (GROSS, PAID, NET - PAID)
    assert (shown.amount_cents, shown.fees_cents, shown.to_deposits) == (PAID + FEES, FEES, False)
    request_id = _ask(office, row)
    assert _second(office, row).status is PayoutStatus.DRAFT
    office.clock.advance(days=3)
    assert make.decide(office, request_id, office.lucy).status is ApprovalStatus.APPROVED
    detail = office.read(loans.detail, row.loan_id or 0)
    assert (detail.row.status, detail.row.amount_cents) == ("active", PAID + FEES)
    assert (detail.row.net_cents, detail.row.disbursed_on) == (PAID, date(2026, 3, 19))
    assert detail.is_final
    assert detail.schedule == make_schedule(shown.terms, date(2026, 3, 19))
    assert sum(line.principal_cents for line in detail.schedule) == PAID + FEES
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", row.loan_id)[0][0]
    assert office.balance(f"{control}.{detail.row.number}") == PAID + FEES
    assert _second(office, row).status is PayoutStatus.CANCELLED


def test_a_part_that_was_paid_meanwhile_makes_the_request_void(office: PracticeOffice) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    request_id = _ask(office, row)
    order = make.accepted(
        office, make_payments.approved_part(office, _second(office, row)), make.route(office, 1)
    )
    with pytest.raises(WrongState, match="is on its way and may be paid"):
        make.decide(office, request_id, office.lucy)
    make.arrive(office, 1, (order.tag, make.paid_news(order)))
    assert make.decide(office, request_id, office.lucy).status is ApprovalStatus.VOID
    assert office.read(loans.row_of, row.loan_id or 0).amount_cents == GROSS


def test_the_part_that_was_left_is_never_asked_for_again(office: PracticeOffice) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    make.decide(office, _ask(office, row), office.lucy)
    # As if a payment of it had come back: nothing of the smaller loan is missing beside its one part.
    office.without_guards("UPDATE loan SET status = 'disbursement_pending'")
    assert not office.read(
        lambda work, loan_id: loan_payouts.may_be_asked(work, loans.load(work, loan_id)),
        row.loan_id or 0,
    )


def test_a_part_on_hold_that_is_left_is_held_by_nobody(office: PracticeOffice) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    second = make_payments.approved_part(office, _second(office, row))
    stop = PayoutChange(second.payout_id, second.version, "The member is abroad.")
    office.write(payout_holds.hold, stop, office.lucy)
    make.decide(office, _ask(office, row), office.lucy)
    assert _second(office, row).status is PayoutStatus.CANCELLED
    assert office.sql("SELECT released_by FROM payout_hold") == [(office.lucy.user_id,)]


def test_by_a_setting_the_rest_goes_to_deposits(office: PracticeOffice) -> None:
    make.setting(office, "loan.rest_not_wanted", "to_deposits")
    row = make_payments.loan_with_one_part_paid(office)
    shown = office.read(loan_rest.look, row.loan_id or 0, office.grace)
    assert (shown.to_deposits, shown.amount_cents) == (True, GROSS)
    office.write(loan_rest.ask, _given(office, row), office.grace)
    asked = max(
        (each for each in office.read(payouts.list_payouts, None) if each.part == 2),
        key=lambda each: each.payout_id,
    )
    assert (asked.mpesa_cents, asked.deposits_cents) == (0, NET - PAID)
    before = office.balance(f"2010.{row.member_number}")
    make.begin(office, make_payments.approved_part(office, asked), make.route(office, 1))
    assert make.payout_now(office, asked).status is PayoutStatus.PAID
    assert office.balance(f"2010.{row.member_number}") == before + NET - PAID
    loan = office.read(loans.row_of, row.loan_id or 0)
    assert (loan.status, loan.amount_cents) == ("active", GROSS)


def test_nothing_is_left_of_a_loan_of_which_nothing_is_paid_or_all(office: PracticeOffice) -> None:
    first, _second_part = make_payments.parts_of_loan(office)
    with pytest.raises(WrongState, match="Nothing of L-0001 is paid yet"):
        office.write(loan_rest.ask, _given(office, first), office.grace)


def test_one_person_alone_changes_no_loan(office: PracticeOffice) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    with pytest.raises(NotAllowed):
        office.write(loan_rest.ask, _given(office, row), office.peter)
    with pytest.raises(InvalidInput, match="Write why"):
        office.write(loan_rest.ask, _given(office, row, " "), office.grace)
    request_id = _ask(office, row)
    with pytest.raises(SamePerson):
        make.decide(office, request_id, office.grace)
    assert office.read(loans.row_of, row.loan_id or 0).amount_cents == GROSS


def test_a_part_that_was_taken_back_may_be_left_too(office: PracticeOffice) -> None:
    row = make_payments.loan_with_one_part_paid(office)
    second = _second(office, row)
    office.write(payouts.take_back, PayoutChange(second.payout_id, second.version), office.grace)
    make.decide(office, _ask(office, row), office.lucy)
    assert office.read(loans.row_of, row.loan_id or 0).amount_cents == PAID + FEES
