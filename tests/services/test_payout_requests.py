"""From the approved loan to the approved payout: who asks, what would be paid, and what makes an approval void."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    InvalidInput,
    KeyReused,
    SaccoError,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import loan_payouts, payouts, phone_changes
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Sending
from tests import make, make_members
from tests.make import PracticeOffice


def _set(office: PracticeOffice, name: str, value: str) -> None:
    change = SettingChange(name, value, date(2026, 3, 16))
    make.agreed(office, setting_changes.change_setting, change)


def _change_phone(
    office: PracticeOffice, member_id: int | None, phone: str = "0722 999 888"
) -> None:
    version = office.read(members.row_of, member_id or 0).version
    office.write(
        phone_changes.change_phone, PhoneChange(member_id or 0, version, phone), office.peter
    )


def _change(row: PayoutRow, reason: str = "") -> PayoutChange:
    return PayoutChange(row.payout_id, row.version, reason)


def _loan_status(office: PracticeOffice, row: PayoutRow) -> str:
    return office.read(loans.row_of, row.loan_id or 0).status


def test_a_payout_is_a_draft_for_exactly_the_net_of_the_loan(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    assert (row.number, row.status) == ("PO-2026-0001", PayoutStatus.DRAFT)
    assert (row.net_cents, row.mpesa_cents, row.deposits_cents) == (9_850_000, 9_850_000, 0)
    assert row.charge_cents == 1_300
    assert _loan_status(office, row) == "disbursement_pending"


def test_cents_go_to_the_deposits_because_m_pesa_pays_whole_shillings(
    office: PracticeOffice,
) -> None:
    row = make.requested_payout(office, amount_cents=10_003_352)
    assert row.mpesa_cents % 100 == 0
    assert 0 < row.deposits_cents < 100
    assert row.mpesa_cents + row.deposits_cents == row.net_cents


def test_a_sum_under_ten_shillings_goes_to_the_deposits_as_a_whole(office: PracticeOffice) -> None:
    _set(office, "payout.minimum_cents", "9850100")
    row = make.requested_payout(office)
    assert (row.mpesa_cents, row.deposits_cents, row.charge_cents) == (0, 9_850_000, 0)


def test_a_sum_above_the_limit_is_refused_where_the_society_does_not_split(
    office: PracticeOffice,
) -> None:
    _set(office, "payout.above_limit", "refuse")
    member = make.member(office, deposits_kes=200_000)
    loan = make.approved_loan(office, member, amount_cents=30_000_000)
    with pytest.raises(InvalidInput, match="above the M-Pesa limit of 250,000") as refused:
        office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    assert refused.value.field == "amount"
    assert office.read(loans.row_of, loan.loan_id).status == "approved"


def test_two_clicks_ask_for_one_payout(office: PracticeOffice) -> None:
    loan = make.approved_loan(office)
    new = NewPayout("one dialog", loan.loan_id)
    first = office.write(payouts.request, new, office.grace)
    assert office.write(payouts.request, new, office.grace) == first
    with pytest.raises(KeyReused):
        office.write(payouts.request, replace(new, loan_id=99), office.grace)
    with pytest.raises(WrongState, match="disbursement_pending"):
        office.write(payouts.request, replace(new, key="another dialog"), office.grace)


@pytest.mark.parametrize("status", ["submitted", "appraised"])
def test_a_loan_that_nobody_has_approved_is_not_paid_out(
    office: PracticeOffice, status: str
) -> None:
    member = make.member(office, deposits_kes=100_000)
    loan = (
        make.appraised_loan(office, member)
        if status == "appraised"
        else office.write(loans.apply, make.application(member), office.peter)
    )
    with pytest.raises(WrongState, match=f"is {status}"):
        office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)


def test_a_yes_approves_and_a_no_takes_the_payout_back(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    make.approve_payout(office, row, office.lucy)
    approved = make.payout_now(office, row)
    assert (approved.status, approved.approved_by) == (PayoutStatus.APPROVED, "Lucy Chebet")

    other = make.requested_payout(office)
    asked = make.waiting_request(office, ApprovalKind.PAYOUT, other.payout_id)
    make.decide(office, asked, office.lucy, Decision.REJECT, "The member has asked to wait.")
    assert make.payout_now(office, other).status is PayoutStatus.CANCELLED
    assert _loan_status(office, other) == "approved"


def test_a_payout_taken_back_leaves_the_loan_free_for_a_new_one(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    row = office.write(payouts.take_back, _change(row, "The member waits."), office.grace)
    assert row.status is PayoutStatus.CANCELLED
    new = office.write(payouts.request, NewPayout(make.key(), row.loan_id or 0), office.grace)
    assert new.number == "PO-2026-0002"
    with pytest.raises(WrongState, match="cancelled"):
        office.write(payouts.take_back, _change(row), office.grace)


def test_a_payout_under_way_is_not_taken_back(office: PracticeOffice) -> None:
    order = make.accepted(office)
    row = make.payout_now(office, order)
    with pytest.raises(WrongState, match="in_flight and cannot be taken back"):
        office.write(payouts.take_back, _change(row), office.grace)


def test_whoever_looked_at_an_older_state_looks_again_first(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    make.approve_payout(office, row, office.lucy)
    for act in (payouts.take_back, payouts.ask_again):
        with pytest.raises(WrongState, match="Look at it again"):
            office.write(act, _change(row), office.grace)


# What an approval is bound to.


def test_another_phone_makes_a_waiting_request_void(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    asked = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    _change_phone(office, row.member_id)
    decided = make.decide(office, asked, office.lucy)
    assert decided.status is ApprovalStatus.VOID
    assert make.payout_now(office, row).status is PayoutStatus.DRAFT


def test_another_phone_makes_a_given_approval_void(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    _change_phone(office, row.member_id)
    now = make.payout_now(office, row)
    assert (now.status, now.approved_by) == (PayoutStatus.DRAFT, "")
    with pytest.raises(WrongState, match="draft and cannot be sent"):
        make.begin(office, now)
    with pytest.raises(WrongState, match="Take this payout back and ask for a new one"):
        office.write(payouts.ask_again, _change(now), office.grace)


def test_a_phone_changed_there_and_back_needs_two_eyes_again_all_the_same(
    office: PracticeOffice,
) -> None:
    row = make.approved_payout(office)
    _change_phone(office, row.member_id)
    _change_phone(office, row.member_id, row.phone)
    now = make.payout_now(office, row)
    assert now.status is PayoutStatus.DRAFT
    now = office.write(payouts.ask_again, _change(now), office.grace)
    make.approve_payout(office, now, office.daniel)
    assert make.payout_now(office, row).status is PayoutStatus.APPROVED


def test_another_phone_does_not_touch_what_is_under_way(office: PracticeOffice) -> None:
    order = make.accepted(office)
    row = make.payout_now(office, order)
    _change_phone(office, row.member_id)
    assert make.payout_now(office, order).status is PayoutStatus.IN_FLIGHT


# What no service can change after the approval is changed here past the guards.
TAMPERED: dict[str, tuple[str, str]] = {
    "the receiver": ("payout_content_fixed", "UPDATE payout SET phone = '{payout.phone}'"),
    "the sum": (
        "payout_content_fixed",
        "UPDATE payout SET net_cents = net_cents + 100, mpesa_cents = mpesa_cents + 100",
    ),
    "the parts": (
        "payout_content_fixed",
        "UPDATE payout SET mpesa_cents = mpesa_cents - 100, deposits_cents = deposits_cents + 100",
    ),
    "a deduction": (
        "deduction_edited_late",
        "UPDATE loan_deduction SET amount_cents = amount_cents - 1",
    ),
    "where a deduction goes": (
        "deduction_edited_late",
        "UPDATE loan_deduction SET account_code = '4900'",
    ),
    "the loan": ("loan_terms_fixed", "UPDATE loan SET amount_cents = amount_cents + 1"),
    "the name": ("", "UPDATE member SET last_name = 'Another'"),
    "the number of the member": ("", "UPDATE member SET phone = '{member.phone}'"),
}


def _tamper(office: PracticeOffice, what: str) -> None:
    guard, statement = TAMPERED[what]
    for place in ("payout.phone", "member.phone"):
        statement = statement.replace(f"{{{place}}}", office.as_kept(place, "254799999999"))
    if guard:
        office.without_guards(statement, only=f"guard_{guard}")
    else:
        office.sql(statement)
        make_members.found_anew(office)


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_before_the_second_yes_is_not_approved(
    office: PracticeOffice, what: str
) -> None:
    row = make.requested_payout(office)
    asked = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    _tamper(office, what)
    assert make.decide(office, asked, office.lucy).status is ApprovalStatus.VOID
    assert make.payout_now(office, row).status is PayoutStatus.DRAFT


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_after_the_approval_is_not_sent(office: PracticeOffice, what: str) -> None:
    row = make.approved_payout(office)
    _tamper(office, what)
    with pytest.raises(WrongState, match="has changed since"):
        make.begin(office, row)
    assert office.count("payout_attempt") == 0


def test_the_second_person_must_have_seen_what_is_there_now(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    asked = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    stale = Verdict(asked, "0" * 64, Decision.APPROVE, "Fine.")
    with pytest.raises(SaccoError, match="Read it again"):
        office.write(decisions.decide, stale, office.lucy)


def test_asking_again_makes_the_first_request_void(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    first = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    office.write(payouts.ask_again, _change(row), office.lucy)
    with pytest.raises(SaccoError, match="This request is void: It was asked for again"):
        make.decide(office, first, office.daniel)
    second = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    make.decide(office, second, office.daniel)
    assert make.payout_now(office, row).status is PayoutStatus.APPROVED


def test_asking_again_takes_a_given_approval_away(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    row = office.write(payouts.ask_again, _change(row), office.grace)
    assert (row.status, row.approved_by) == (PayoutStatus.DRAFT, "")


def test_what_m_pesa_pays_and_what_goes_to_the_deposits_are_shown_before_asking(
    office: PracticeOffice,
) -> None:
    loan = make.approved_loan(office, amount_cents=10_003_352)
    shown = office.read(loan_payouts.preview, loan.loan_id, office.grace)
    row = office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    ((_one, part),) = shown.by(Way.MPESA).parts
    assert (part.paid_cents, part.deposits_cents) == (row.mpesa_cents, row.deposits_cents)
    assert part.charge_cents == row.charge_cents == 1_300
    assert shown.approvers == ("Daniel Omondi", "Lucy Chebet")


def test_a_payout_that_is_not_there_is_not_found(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    cases: tuple[tuple[Any, Any], ...] = (
        (payouts.take_back, PayoutChange(99, 1)),
        (payouts.request, NewPayout(make.key(), 99)),
        (payout_sending.begin, Sending(99, via)),
    )
    for service, given in cases:
        with pytest.raises(SaccoError, match="There is no such"):
            office.write(service, given, office.grace)


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
