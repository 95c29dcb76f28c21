"""A loan up to the committee: what may be applied for, appraised, and how much the deposits carry."""

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, SaccoError, WrongState
from sacco_desktop.services import loans
from sacco_desktop.services.loans import Appraisal, LoanRow
from tests import make
from tests.make import PracticeOffice


def _apply(office: PracticeOffice, kes: int = 100_000, deposits_kes: int = 40_000) -> LoanRow:
    member = make.member(office, deposits_kes=deposits_kes)
    return office.write(loans.apply, make.application(member, kes), office.peter)


def _appraise(office: PracticeOffice, row: LoanRow, note: str = "Good.") -> LoanRow:
    return office.write(loans.appraise, Appraisal(row.loan_id, row.version, note), office.peter)


def test_the_terms_are_the_loans_own_from_the_application_on(office: PracticeOffice) -> None:
    row = _apply(office)
    detail = office.read(loans.detail, row.loan_id, office.peter)
    assert (row.status, row.number, row.net_cents) == ("submitted", "L-0001", 9_850_000)
    assert (detail.terms.principal_cents, detail.is_final) == (10_000_000, False)
    assert [line.amount_cents for line in detail.deductions] == [100_000, 50_000]
    assert sum(line.principal_cents for line in detail.schedule) == 10_000_000


def test_an_appraisal_asks_the_committee(office: PracticeOffice) -> None:
    row = _appraise(office, _apply(office))
    assert row.status == "appraised"
    assert office.count("approval_request", "kind = 'loan' AND status = 'waiting'") == 1


def test_a_loan_above_three_times_the_deposits_is_refused_with_what_they_carry(
    office: PracticeOffice,
) -> None:
    row = _apply(office, kes=100_000, deposits_kes=30_000)
    with pytest.raises(SaccoError, match="90,000"):
        _appraise(office, row)
    assert office.read(loans.row_of, row.loan_id).status == "submitted"


def test_two_loans_share_the_same_deposits(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=40_000)
    make.appraised_loan(office, member, amount_cents=10_000_000)
    second = office.write(loans.apply, make.application(member, 30_000), office.peter)
    with pytest.raises(SaccoError):
        _appraise(office, second)


def test_an_appraisal_of_something_older_or_already_done_is_refused(
    office: PracticeOffice,
) -> None:
    row = _apply(office)
    with pytest.raises(InvalidInput):
        _appraise(office, row, " ")
    done = _appraise(office, row)
    with pytest.raises(ChangedMeanwhile):
        _appraise(office, row)
    with pytest.raises(WrongState, match="appraised"):
        _appraise(office, done)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"amount_cents": 0}, "principal"),
        ({"amount_cents": 499_999}, "principal"),
        ({"instalments": 2}, "instalments"),
        ({"instalments": 73}, "instalments"),
    ],
)
def test_what_the_product_does_not_allow_is_said_under_its_field(
    office: PracticeOffice, change: dict[str, Any], field: str
) -> None:
    member = make.member(office, deposits_kes=100_000)
    with pytest.raises(InvalidInput) as refused:
        office.write(loans.apply, replace(make.application(member), **change), office.peter)
    assert refused.value.field == field
    assert office.count("loan") == 0


def test_a_member_who_has_left_borrows_nothing(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=40_000)
    office.sql("UPDATE member SET status = 'exited'")
    with pytest.raises(WrongState, match="has left the society"):
        office.write(loans.apply, make.application(member), office.peter)


def test_two_clicks_are_one_application(office: PracticeOffice) -> None:
    new = make.application(make.member(office, deposits_kes=40_000))
    assert office.write(loans.apply, new, office.peter) == office.write(
        loans.apply, new, office.peter
    )
    assert office.count("loan") == 1


@pytest.mark.parametrize(
    ("product", "kes", "instalments", "control"),
    [("emergency", 10_000, 6, "1111"), ("weekly", 20_000, 26, "1113")],
)
def test_flat_and_weekly_loans_are_paid_out_to_their_own_accounts(
    office: PracticeOffice, product: str, kes: int, instalments: int, control: str
) -> None:
    member = make.member(office, deposits_kes=50_000)
    via = make.route(office, make.relay(office))
    row = make.approved_payout(
        office, member, product_code=product, amount_cents=kes * 100, instalments=instalments
    )
    order = make.accepted(office, row, via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.balance(f"{control}.L-0001") == kes * 100
    detail = office.read(loans.detail, row.loan_id or 0, office.peter)
    assert (detail.is_final, len(detail.schedule)) == (True, instalments)
