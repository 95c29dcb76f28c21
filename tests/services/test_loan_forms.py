"""What a loan's form states: begun from the member's file, changed until the appraisal, read by the committee, and
printed with the rules as the appraisal found them.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_desktop.domain.application_form import NOTHING_STATED, StatedForm
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, WrongState
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import application_sheets, loan_forms, loans
from sacco_desktop.services.lending.loan_forms import NewForm
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.membership import member_files
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.payouts import loan_steps
from tests import make
from tests.make import PracticeOffice

STATED = StatedForm("TSC 44", "County  school", "Permanent", "Box 1", 62_500_00, "None", "Logbook")


def test_a_form_begins_with_the_members_file_and_is_fixed_by_the_appraisal(
    office: PracticeOffice,
) -> None:
    of = make.member(office, deposits_kes=100_000)
    known = (("employer", "County school"), ("postal_address", "Box 44"), ("town", "Kiambu"))
    change = FileChange(Holder(member_id=of.member_id), 0, known, 0)
    office.write(member_files.change, change, office.peter)
    begun = office.read(loan_forms.known_of, of.member_id, office.peter)
    assert (begun.employer, begun.address) == ("County school", "Box 44 Kiambu")

    row = office.write(loans.apply, make.application(of, form=begun), office.peter)
    assert office.read(loan_forms.read, row.loan_id, office.peter) == begun
    office.write(loan_forms.record, NewForm(row.loan_id, STATED), office.peter)
    office.write(loan_forms.record, NewForm(row.loan_id, STATED), office.peter)
    assert office.count("loan_form") == 2
    form = office.read(loan_steps.sheet, row.loan_id, office.grace).form
    assert form == replace(STATED, employer="County school")
    # Whoever manages the program does not read what members earn.
    assert office.read(loan_steps.sheet, row.loan_id, office.admin).form == NOTHING_STATED
    with pytest.raises(NotAllowed):
        office.read(loan_forms.read, row.loan_id, office.admin)

    office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)
    with pytest.raises(WrongState, match="its form was judged"):
        office.write(loan_forms.record, NewForm(row.loan_id, STATED), office.peter)
    request = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    listed = next(
        one
        for one in office.read(decisions.list_requests, None, office.daniel)
        if one.request_id == request
    )
    assert listed.content["form"] == [["Loans elsewhere", "None"], ["Security", "Logbook"]]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (StatedForm(security="x" * 401), "security"),
        (StatedForm(employer="x" * 121), "employer"),
        (StatedForm(net_pay_cents=-1), "net_pay"),
    ],
)
def test_what_cannot_be_stated_is_refused_under_its_field(
    office: PracticeOffice, form: StatedForm, field: str
) -> None:
    of = make.member(office, deposits_kes=100_000)
    with pytest.raises(InvalidInput) as refused:
        office.write(loans.apply, make.application(of, form=form), office.peter)
    assert refused.value.field == field
    assert office.count("loan") == 0


def test_a_declaration_is_not_signed_tomorrow(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=100_000)
    form = StatedForm(declared_on=make.day(office) + timedelta(days=1))
    with pytest.raises(InvalidInput):
        office.write(loans.apply, make.application(of, form=form), office.peter)


def test_the_sheet_shows_the_rules_of_the_appraisal_and_not_those_of_today(
    office: PracticeOffice,
) -> None:
    of = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(of, form=STATED), office.peter)
    before = office.write(application_sheets.application_sheet, row.loan_id, office.peter)
    assert (before.decided.words, before.decided.approved_cents) == ("", None)
    assert [line.full_name for line in before.signatures] == ["", "", ""]
    office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)
    judged = office.clock.now()
    office.clock.advance(days=1)
    make.deposit(office, of, 50_000)
    asked = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.decide(office, asked, office.daniel)
    sheet = office.write(application_sheets.application_sheet, row.loan_id, office.peter)
    ceiling = next(check for check in sheet.checks if check.rule == "ceiling")
    assert "3 × 100,000.00" in ceiling.words
    assert sheet.judged_at == judged
    assert (sheet.decided.words, sheet.decided.approved_cents) == ("Approved", 100_000_00)
    assert [line.full_name for line in sheet.signatures] == ["Peter Kamau", "Daniel Omondi", ""]
    assert sheet.stamp.copy_number == 2
