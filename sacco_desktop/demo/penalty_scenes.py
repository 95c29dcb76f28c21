"""Penalties of a practice office: rules that are on, fines of a meeting, one paid in part, one waived, one asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.penalties import meetings, penalty_rules, waivers
from sacco_desktop.services.penalties.meetings import Attendance
from sacco_desktop.services.penalties.penalty_rules import RuleChange
from sacco_desktop.services.penalties.waivers import WaiverWish
from sacco_desktop.services.savings import contributions
from sacco_desktop.services.savings.contributions import NewContribution

_ON = ("late_instalment", "missed_contribution", "late_1h", "absent", "misconduct")
_MARKS = (
    ("M-0001", "late_1h"),
    ("M-0002", "absent"),
    ("M-0003", "misconduct"),
    ("M-0004", "absent"),
    ("M-0002", "late_1h"),
)


def members_are_fined(practice: PracticeOffice) -> None:
    """A monthly meeting with five fines; the rules of loans and contributions charge from today on."""
    books, peter = practice.office.books, practice.person("peter")
    today = business_date(practice.office.now())
    for row in books.read(penalty_rules.list_rules, None, actor=peter):
        if row.code in _ON:
            change = RuleChange(row.code, row.about, replace(row.terms, is_on=True), today)
            asked = books.write(penalty_rules.ask_terms, change, actor=practice.person("ruth"))
            _agree(practice, asked)
    ids = {
        number: books.read(members.find, number, actor=peter)[0].member_id
        for number, _code in _MARKS
    }
    marks = tuple((ids[number], code) for number, code in _MARKS)
    noted = Attendance(uuid4().hex, today, "Monthly meeting", marks)
    books.write(meetings.record, noted, actor=peter)
    paid = NewContribution(
        uuid4().hex, ids["M-0003"], (), PaidBy.CASH, "", today, fines_cents=300_00
    )
    books.write(contributions.take, paid, actor=peter)
    for number, charge in (("M-0002", 2), ("M-0004", 4)):
        wish = WaiverWish(((charge, 200_00),), "Was in hospital; the letter is in the file.")
        books.write(waivers.ask, wish, actor=peter)
        if number == "M-0002":
            _agree(practice, books.read(_asked, ids[number], actor=peter))


def _asked(work: Work, member_id: int) -> int:
    request = approvals.waiting_for(work, ApprovalKind.PENALTY_WAIVER, member_id)
    assert request is not None, "it was asked for just now"
    return request.id


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def _agree(practice: PracticeOffice, request_id: int) -> None:
    books, daniel = practice.office.books, practice.person("daniel")
    print_of = books.read(_fingerprint, request_id, actor=daniel)
    books.write(decisions.decide, Verdict(request_id, print_of, Decision.APPROVE), actor=daniel)
