"""A loan up to the committee: what may be applied for, appraised, and how much the deposits carry."""

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, SaccoError, WrongState
from sacco_desktop.services.lending import loans, schedule_papers
from sacco_desktop.services.lending.loans import Appraisal, LoanRow
from sacco_desktop.services.loan_figures.loan_offers import LoanQuestion
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import loan_steps
from tests import make, make_members
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
    office.without_guards("UPDATE member SET status = 'exited'")
    with pytest.raises(WrongState, match="has left the society"):
        office.write(loans.apply, make.application(member), office.peter)


@pytest.mark.parametrize(
    ("status", "words"),
    [("dormant", "dormant"), ("suspended", "suspended"), ("notice_given", "notice given")],
)
def test_who_is_a_member_but_not_active_borrows_nothing(
    office: PracticeOffice, status: str, words: str
) -> None:
    member = make.member(office, deposits_kes=40_000)
    office.without_guards(f"UPDATE member SET status = '{status}'")
    with pytest.raises(WrongState, match=f"not active \\({words}\\), and only active members"):
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


def _paid_out(office: PracticeOffice, **changes: Any) -> LoanRow:
    """A loan that M-Pesa paid, of a member who joined 200 days before."""
    member = make.member(office, deposits_kes=100_000)
    office.clock.advance(days=200)
    via = make.route(office, make.relay(office))
    row = make.approved_payout(office, member, **changes)
    order = make.accepted(office, row, via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    return office.read(loans.row_of, row.loan_id or 0)


def test_fees_lent_with_a_loan_and_fees_in_its_instalments(office: PracticeOffice) -> None:
    row = _paid_out(office, product_code="group", amount_cents=10_000_000, instalments=52)
    # 1.5 % was lent on top of what was asked, and the member got all that was asked.
    assert (row.asked_cents, row.amount_cents, row.net_cents) == (
        10_000_000,
        10_150_000,
        10_000_000,
    )
    assert office.balance(f"1113.{row.number}") == 10_150_000
    assert office.balance("4020") == 150_000
    detail = office.read(loans.detail, row.loan_id, office.peter)
    assert [line.fee_cents for line in detail.schedule] == [2_000] * 52
    assert [line.amount_cents for line in detail.instalment_fees] == [2_000]
    assert [line.principal_cents for line in detail.schedule[:2]] == [0, 0]
    assert sum(line.principal_cents for line in detail.schedule) == 10_150_000
    assert detail.cost.fees_cents == 150_000 + 52 * 2_000
    assert detail.cost.to_repay_cents == sum(line.total_cents for line in detail.schedule)


def test_interest_in_advance_is_taken_off_at_the_payout_and_is_income(
    office: PracticeOffice,
) -> None:
    row = _paid_out(office, product_code="instant", amount_cents=1_000_000, instalments=2)
    assert row.net_cents == 850_000
    assert office.balance("4010") == 150_000
    detail = office.read(loans.detail, row.loan_id, office.peter)
    assert [line.total_cents for line in detail.schedule] == [500_000, 500_000]
    assert (detail.cost.interest_cents, detail.cost.fees_cents) == (150_000, 0)


def test_a_schedule_by_days_is_counted_from_the_day_of_the_payout(office: PracticeOffice) -> None:
    row = _paid_out(office, product_code="school_fees", amount_cents=10_000_000, instalments=3)
    detail = office.read(loans.detail, row.loan_id, office.peter)
    # Paid on 2 Oct 2026: 59 days to the end of November at 12 %, then December, then January.
    assert [line.due_on.isoformat() for line in detail.schedule] == [
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
    ]
    assert [line.interest_cents for line in detail.schedule] == [193_973, 67_945, 33_973]


def test_who_has_not_been_a_member_for_long_enough_is_told_from_when(
    office: PracticeOffice,
) -> None:
    member = make.member(office, deposits_kes=50_000)
    new = make.application(member, 20_000, product_code="school_fees", instalments=3)
    row = office.write(loans.apply, new, office.peter)
    with pytest.raises(SaccoError, match=r"6 months are asked for, so from 16 Sep 2026 on"):
        _appraise(office, row)
    office.clock.advance(days=184)
    assert _appraise(office, row).status == "appraised"


def test_deposits_below_the_least_of_a_product_are_named_with_both_figures(
    office: PracticeOffice,
) -> None:
    member = make.member(office, deposits_kes=4_999)
    office.clock.advance(days=200)
    new = make.application(member, 10_000, product_code="school_fees", instalments=3)
    row = office.write(loans.apply, new, office.peter)
    with pytest.raises(SaccoError, match=r"Deposits KES 4,999\.00; KES 5,000\.00 is asked for"):
        _appraise(office, row)


def test_the_committee_is_shown_every_unusual_term(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=100_000)
    office.clock.advance(days=200)
    row = make.appraised_loan(
        office, member, product_code="group", amount_cents=10_000_000, instalments=52
    )
    content = office.read(loans.approval_content, row.loan_id)
    assert "The first 2 instalments have no principal" in str(content["all_terms"])
    assert content["asked_cents"] == 10_000_000
    assert content["instalment_fees"] == [["Loan insurance", 2_000, "2160"]]
    plain = make.appraised_loan(office, make.member(office, deposits_kes=50_000))
    assert "all_terms" not in office.read(loans.approval_content, plain.loan_id)


def test_an_offer_on_paper_before_anything_is_written(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=50_000)
    asked = LoanQuestion("group", 10_000_000, 52, make.day(office), member.member_id)
    paper = office.write(schedule_papers.offer_paper, asked, office.peter)
    assert (paper.loan_number, paper.member_number) == ("", member.number)
    assert (paper.asked_cents, paper.amount_cents) == (10_000_000, 10_150_000)
    assert paper.total_fee_cents == 104_000
    assert office.count("loan") == 0
    again = office.write(schedule_papers.offer_paper, asked, office.peter)
    assert (paper.stamp.copy_number, again.stamp.copy_number) == (1, 2)
    assert again.stamp.fingerprint == paper.stamp.fingerprint
    nobody = replace(asked, member_id=None)
    assert office.write(schedule_papers.offer_paper, nobody, office.peter).member_name == ""


def test_a_loan_whose_request_became_void_is_appraised_again(office: PracticeOffice) -> None:
    row = make.appraised_loan(office, make.member(office, deposits_kes=50_000))
    request = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make_members.renamed(office, "Wafula")
    assert make.decide(office, request, office.daniel).status is ApprovalStatus.VOID
    step = office.read(loan_steps.sheet, row.loan_id, office.peter).next_step
    assert step is not None
    assert step.is_mine
    assert step.words.startswith("appraise it again")
    again = _appraise(office, office.read(loans.row_of, row.loan_id))
    make.decide(office, make.waiting_request(office, ApprovalKind.LOAN, row.loan_id), office.daniel)
    assert office.read(loans.row_of, again.loan_id).status == "approved"


def test_share_capital_that_is_missing_is_taken_off_a_loan_once(office: PracticeOffice) -> None:
    least = SettingChange("share_capital.minimum_cents", "200000", make.day(office))
    make.agreed(office, setting_changes.change_setting, least)
    member = make.member(office, deposits_kes=100_000)
    via = make.route(office, make.relay(office))
    row = make.approved_payout(office, member)
    # 100,000 less fees of 1,500 and less the 2,000 that are missing.
    assert row.net_cents == 9_650_000
    detail = office.read(loans.detail, row.loan_id or 0, office.peter)
    assert detail.cost.fees_cents == 150_000
    other = office.write(loans.apply, make.application(member, 20_000), office.peter)
    assert other.net_cents == 1_940_000
    order = make.accepted(office, row, via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.balance(f"3010.{member.number}") == 200_000
    last = office.write(loans.apply, make.application(member, 20_000), office.peter)
    assert last.net_cents == 1_940_000
    nobody = make.member(office, deposits_kes=50_000)
    assert (
        office.write(loans.apply, make.application(nobody, 20_000), office.peter).net_cents
        == 1_740_000
    )
