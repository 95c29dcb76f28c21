"""Whether a member may have a loan: each rule by the books, and an appraisal that names all that are not kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.eligibility import Check, EligibilityTerms, GuarantorBand, PayReading
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import application_papers, eligibility, loans, repayments
from sacco_desktop.services.lending.application_papers import NewCreditReport, NewPaySlip
from sacco_desktop.services.lending.eligibility import LoanWish
from sacco_desktop.services.lending.loans import Appraisal, LoanRow
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.membership import members
from tests import make, make_guarantors, make_loans
from tests.make import PracticeOffice


def applied(office: PracticeOffice, kes: int = 100_000, deposits_kes: int = 100_000) -> LoanRow:
    of = make.member(office, deposits_kes=deposits_kes)
    return office.write(loans.apply, make.application(of, kes), office.peter)


def checks(
    office: PracticeOffice, loan_id: int, rules: EligibilityTerms | None = None
) -> dict[str, Check]:
    """Each rule by its name; with `rules` those instead of the product's own."""

    def read(work: Work, key: int) -> tuple[Check, ...]:
        loan = loans.load(work, key)
        product = loan_offers.product(work, loan.product_code, loan.applied_on)
        if rules is not None:
            product = replace(product, eligibility=rules)
        return eligibility.checks_by(work, loan, product)

    return {check.rule: check for check in office.read(read, loan_id)}


def test_the_worked_ceiling(office: PracticeOffice) -> None:
    """Deposits 120,000 three times less another loan of 75,000 leave 285,000."""
    of = make.member(office, deposits_kes=120_000)
    office.write(loans.apply, make.application(of, 75_000), office.peter)
    row = office.write(loans.apply, make.application(of, 285_000), office.peter)
    found = checks(office, row.loan_id)["ceiling"]
    assert found.passed
    assert found.words == (
        "3 × 120,000.00 − other loans 75,000.00 leaves KES 285,000.00, and KES 285,000.00 is asked."
    )
    more = office.write(loans.apply, make.application(of, 5_000), office.peter)
    assert not checks(office, more.loan_id)["ceiling"].passed


def test_an_appraisal_is_refused_with_every_rule_that_is_not_kept(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=4_999)
    new = make.application(of, 20_000, product_code="school_fees", instalments=3)
    row = office.write(loans.apply, new, office.peter)
    note = Appraisal(row.loan_id, row.version, "Good.")
    with pytest.raises(SaccoError) as refused:
        office.write(loans.appraise, note, office.peter)
    for title in ("Membership: ", "Deposits: ", "Ceiling: "):
        assert title in refused.value.message
    assert "Status" not in refused.value.message
    assert office.read(loans.row_of, row.loan_id).status == "submitted"


def test_a_yes_is_refused_when_a_rule_was_broken_meanwhile_and_a_no_is_not(
    office: PracticeOffice,
) -> None:
    running = make_loans.active_loan(office)
    of = office.read(members.row_of, running.member_id)
    loan = make.appraised_loan(office, of, product_code="emergency", kes=50_000)
    asked = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    office.clock.advance(days=40)
    with pytest.raises(SaccoError) as refused:
        make.decide(office, asked, office.daniel)
    assert refused.value.message == (
        f"{loan.number} cannot be approved. Own loans in time: An own loan is 9 days late; at most 0 days are"
        " allowed. Nothing was changed."
    )
    assert office.read(loans.row_of, loan.loan_id).status == "appraised"
    make.decide(office, asked, office.daniel, Decision.REJECT)
    assert office.read(loans.row_of, loan.loan_id).status == "rejected"


def test_a_member_has_one_loan_at_once_of_a_product_that_says_so(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=100_000)
    first = make.application(of, 20_000, product_code="emergency")
    row = office.write(loans.apply, first, office.peter)
    wish = LoanWish(of.member_id, "emergency", 10_000_00, 6)
    found = {check.rule: check for check in office.read(eligibility.preview, wish)}
    assert not found["at_once"].passed
    assert found["at_once"].words == f"One Emergency loan at a time: {row.number} open."
    assert found["ceiling"].passed


def test_what_was_repaid_of_other_loans_carries_again(office: PracticeOffice) -> None:
    running = make_loans.active_loan(office)
    office.clock.advance(days=31)
    paid = NewRepayment(make.key(), running.loan_id, 50_000_00, Source.CASH, "", make.day(office))
    office.write(repayments.take, paid, office.grace)
    wish = LoanWish(running.member_id, "development", 10_000_00, 6)
    found = {check.rule: check.words for check in office.read(eligibility.preview, wish)}
    left = office.read(loans.row_of, running.loan_id).balance_cents
    assert left < 100_000_00
    assert f"other loans {format_amount(left)} leaves" in found["ceiling"]


def test_guarantors_count_from_their_consent(office: PracticeOffice) -> None:
    rules = EligibilityTerms(
        "development",
        "Development loan",
        membership_months=0,
        bands=(GuarantorBand(100_000_00, 1),),
        must_be_secured=True,
    )
    row = applied(office, kes=60_000, deposits_kes=40_000)
    mary = make_guarantors.guarantor(office, 20_000)
    pledge = make_guarantors.asked(office, row.loan_id, mary, 20_000)
    found = checks(office, row.loan_id, rules)
    assert not found["guarantors"].passed
    assert not found["secured"].passed
    make_guarantors.says(office, pledge)
    found = checks(office, row.loan_id, rules)
    assert found["guarantors"].passed
    assert found["secured"].passed


def test_the_worked_third_of_the_pay(office: PracticeOffice) -> None:
    """Basic 60,000, gross 85,000, deductions 38,000: room for 18,666.66 by the stricter reading."""
    rules = EligibilityTerms(
        "development", "Development loan", membership_months=0, pay_reading=PayReading.STRICTER
    )
    row = applied(office)
    assert checks(office, row.loan_id, rules)["pay"].words == "No pay slip is entered."
    slip = NewPaySlip(row.loan_id, 60_000_00, 85_000_00, 38_000_00)
    office.write(application_papers.record_pay_slip, slip, office.peter)
    found = checks(office, row.loan_id, rules)["pay"]
    assert found.passed
    assert "KES 18,666.66 a month, and the instalment is KES 8,885.00" in found.words
    with pytest.raises(InvalidInput) as refused:
        office.write(application_papers.record_pay_slip, replace(slip, gross_cents=1), office.peter)
    assert refused.value.field == "gross"


def test_a_lump_counts_only_later_and_a_report_goes_stale(office: PracticeOffice) -> None:
    rules = EligibilityTerms(
        "development",
        "Development loan",
        membership_months=0,
        lump_months=3,
        lump_from_cents=50_000_00,
        credit_report_above_cents=10_000_00,
        credit_report_days=30,
    )
    row = applied(office, deposits_kes=50_000)
    report = NewCreditReport(row.member_id, make.day(office), "CRB-7")
    office.write(application_papers.record_credit_report, report, office.peter)
    found = checks(office, row.loan_id, rules)
    assert not found["ceiling"].passed
    assert found["credit_report"].passed
    office.clock.advance(days=100)
    found = checks(office, row.loan_id, rules)
    assert found["ceiling"].passed
    assert not found["credit_report"].passed
    future = replace(report, reported_on=make.day(office) + timedelta(days=1))
    with pytest.raises(InvalidInput, match="future"):
        office.write(application_papers.record_credit_report, future, office.peter)
