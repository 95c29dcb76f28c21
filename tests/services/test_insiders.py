"""Insiders: written down by one and ended by another, flagged on their loans, which more people must agree to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, SaccoError, SamePerson
from sacco_desktop.domain.insiders import Kin, TieDays, TieKind
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import application_sheets, eligibility, loans
from sacco_desktop.services.lending.eligibility import LoanWish
from sacco_desktop.services.lending.insider_rules import MOST
from sacco_desktop.services.membership import insider_ties, members
from sacco_desktop.services.membership.insider_ties import InsiderSheet, NewTie, TieEnd
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.people import member_links
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import ReportKind, ReportRequest
from tests import make, make_loans
from tests.make import PracticeOffice

BOARD = "Member of the board since 16 Mar 2026"


def tied(office: PracticeOffice, of: MemberRow, by: Actor, **changes: object) -> InsiderSheet:
    tie = TieDays(**{"kind": TieKind.BOARD, "from_on": make.day(office), **changes})  # type: ignore[arg-type]
    return office.write(insider_ties.record, NewTie(of.member_id, tie, "AGM 3/2026"), by)


def related(office: PracticeOffice, of: MemberRow, to: MemberRow) -> InsiderSheet:
    return tied(office, of, office.peter, kind=TieKind.RELATION, of_id=to.member_id, kin=Kin.SPOUSE)


def test_one_writes_an_insider_down_and_another_ends_it(office: PracticeOffice) -> None:
    of, wife = make.member(office), make.member(office)
    with pytest.raises(InvalidInput, match="is no insider; write that down first"):
        related(office, wife, of)
    sheet = tied(office, of, office.peter)
    assert sheet.words == BOARD
    with pytest.raises(InvalidInput, match="written down already"):
        tied(office, of, office.daniel)
    name = f"{of.full_name} ({of.number})"
    assert related(office, wife, of).words == f"Husband or wife of {name} since 16 Mar 2026"

    over = TieEnd(sheet.ties[0].tie_id, make.day(office), "AGM 4/2026")
    with pytest.raises(SamePerson, match="Who wrote this down"):
        office.write(insider_ties.end, over, office.peter)
    make.agreed(office, member_links.link, MemberLink(office.daniel.user_id, wife.member_id))
    ended = office.write(insider_ties.end, over, office.daniel)
    assert (ended.ties[0].ended_by, ended.words) == (
        "Daniel Omondi",
        f"{BOARD} until 16 Mar 2026",
    )
    office.clock.advance(days=1)
    # The board is over, and so is being a relation of it; but the wife works in the office.
    assert office.read(insider_ties.look, of.member_id, office.daniel).words == ""
    assert office.read(insider_ties.look, wife.member_id, office.daniel).words == (
        "Works in this office"
    )


def test_the_loan_of_an_insider_is_flagged_everywhere_and_needs_another_office(
    office: PracticeOffice,
) -> None:
    of, wife = make.member(office, deposits_kes=100_000), make.member(office)
    tied(office, of, office.peter)
    related(office, wife, of)
    mary = make.person(office, "Mary Wangui", Role.CHAIRPERSON)
    ruth = make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    make.agreed(office, member_links.link, MemberLink(ruth.user_id, wife.member_id))
    wish = LoanWish(of.member_id, "development", 100_000_00, 12)
    words = f"{BOARD}. Needs what loans of insiders need."
    checks = office.read(eligibility.preview, wish, office.peter)
    assert [one.words for one in checks if one.rule == "insider"] == [words]

    row = make.appraised_loan(office, of)
    assert office.read(loans.detail, row.loan_id, office.peter).insider == BOARD
    sheet = office.write(application_sheets.application_sheet, row.loan_id, office.peter)
    assert sheet.insider == BOARD
    assert words in [one.words for one in sheet.checks]
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    [shown] = office.read(decisions.list_waiting, None, office.daniel)
    assert (shown.insider_words, shown.content["insider"]) == (BOARD, BOARD)
    assert [one.roles for one in shown.needs] == [
        {Role.COMMITTEE},
        {Role.CHAIRPERSON, Role.SECRETARY},
    ]
    assert shown.who_can == ("Daniel Omondi",)
    with pytest.raises(SamePerson, match="You are a near relation of this member"):
        make.decide(office, request_id, ruth)
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.WAITING
    assert make.decide(office, request_id, mary).status is ApprovalStatus.APPROVED


def test_what_insiders_may_owe_has_a_limit_where_the_society_sets_one(
    office: PracticeOffice,
) -> None:
    of = make.member(office, deposits_kes=100_000)
    row = make.appraised_loan(office, of)
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    tied(office, of, office.peter)
    # What was asked for was asked of somebody who was no insider, so it is void.
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.VOID
    make.setting(office, MOST, "9000000")
    fresh = office.read(loans.row_of, row.loan_id)
    with pytest.raises(
        SaccoError, match=r"KES 100,000.00, of at most KES 90,000.00 for an insider"
    ):
        office.write(
            loans.appraise,
            loans.Appraisal(fresh.loan_id, fresh.version, "Good."),
            office.peter,
        )


def test_the_register_names_who_owes_why_and_who_approved(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    other = make.member(office)
    request = ReportRequest(ReportKind.INSIDER_LOANS, make.day(office), make.day(office))
    assert office.read(read_report, request, office.grace).lines == ()
    of = office.read(loans.row_of, loan.loan_id)
    tie = TieDays(TieKind.SUPERVISORY, make.day(office) - timedelta(days=400))
    office.write(insider_ties.record, NewTie(of.member_id, tie), office.peter)
    tied(office, other, office.peter)
    [line] = office.read(read_report, request, office.grace).lines
    assert line.cells[0] == of.number
    assert str(line.cells[2]).startswith("Supervisory committee since ")
    assert line.cells[5:] == (of.amount_cents, of.amount_cents, 0, "Daniel Omondi (committee)")
    # What was agreed and has not left is a promise to an insider too, and says so.
    yesterday = make.day(office)
    office.clock.advance(days=1)
    agreed = make.approved_loan(office)
    tied(office, office.read(members.row_of, agreed.member_id), office.peter)
    request = replace(request, first=make.day(office), last=make.day(office))
    lines = office.read(read_report, request, office.grace).lines
    assert [(one.cells[0], one.cells[4], one.cells[6]) for one in lines] == [
        (of.number, yesterday, of.amount_cents),
        (agreed.number, "Not yet", 0),
    ]
    request = replace(request, first=yesterday, last=yesterday)
    assert len(office.read(read_report, request, office.grace).lines) == 1
