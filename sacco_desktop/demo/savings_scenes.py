"""Savings of a practice office: a notice that runs, a claim and a list of an employer that wait for their approval."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.counter import check_offs, found_owners, unowned_money
from sacco_desktop.services.counter.check_offs import NewCheckOff
from sacco_desktop.services.counter.found_owners import NewOwner
from sacco_desktop.services.member_payouts import fund_claims
from sacco_desktop.services.member_payouts.fund_claims import NewFundClaim
from sacco_desktop.services.membership import members
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.savings import contributions, withdrawal_notices
from sacco_desktop.services.savings.contributions import NewContribution
from sacco_desktop.services.savings.withdrawal_notices import NewWithdrawalNotice


def savings_go_out(practice: PracticeOffice) -> None:
    """Two members save and pay into welfare; one gives notice, the other claims."""
    books, peter = practice.office.books, practice.person("peter")
    today = business_date(practice.office.now())
    ids = {
        number: books.read(members.find, number, actor=peter)[0].member_id
        for number in ("M-0001", "M-0002")
    }
    for number, parts in (
        ("M-0001", (("special_savings", 30_000_00), ("welfare", 6_000_00))),
        ("M-0002", (("special_savings", 12_000_00), ("welfare", 9_000_00))),
    ):
        new = NewContribution(uuid4().hex, ids[number], parts, PaidBy.CASH, "", today)
        books.write(contributions.take, new, actor=peter)
    notice = NewWithdrawalNotice(uuid4().hex, ids["M-0001"], "special_savings", 20_000_00, today)
    books.write(withdrawal_notices.give, notice, actor=peter)
    claim = NewFundClaim(
        uuid4().hex,
        ids["M-0002"],
        "welfare",
        "Hospital",
        "child",
        "Brian Kiplagat",
        today,
        8_000_00,
        Way.CHEQUE,
        Destination("Voi County Hospital"),
    )
    books.write(fund_claims.ask, claim, actor=practice.person("grace"))
    _employer_paid_before(practice)
    _employer_pays(practice)


def _employer_paid_before(practice: PracticeOffice) -> None:
    """A list of the month before: two lines had no owner, and one of them was found since."""
    books, grace, lucy = practice.office.books, practice.person("grace"), practice.person("lucy")
    today = business_date(practice.office.now())
    before = today.replace(day=1) - timedelta(days=2)
    rows: tuple[Row, ...] = (
        ("Payroll No", "Name", "Member No", "Total"),
        ("4471", "Jane Wanjiku", "M-0001", 4_500),
        ("4488", "Otieno O.", None, 1_800),
        ("4490", "Samuel Mwakio", None, 2_500),
    )
    file = OldFile("check-off-before.xlsx", "before", "workbook", (Sheet("Salaries", rows),))
    new = NewCheckOff(
        uuid4().hex,
        file,
        "Salaries",
        "Voi Primary School",
        f"{before:%Y-%m}",
        "FT26047VPS",
        before,
        9_000_00,
    )
    books.write(check_offs.ask, new, actor=grace)
    _agree(practice, lucy)
    row = next(one for one in books.read(unowned_money.list_unowned, None, actor=grace) if one.row)
    owner = books.read(members.find, "M-0002", actor=grace)[0]
    known_by = "The school's bursar rang on Monday."
    named = NewOwner(uuid4().hex, row.list_id, row.line_id, owner.member_id, row.cents, known_by)
    books.write(found_owners.ask, named, actor=grace)
    _agree(practice, lucy)


def _agree(practice: PracticeOffice, who: Actor) -> None:
    """The last request is agreed to."""
    books = practice.office.books
    last = books.read(decisions.list_waiting, None, actor=who)[-1]
    verdict = Verdict(last.request_id, last.fingerprint, Decision.APPROVE, "")
    books.write(decisions.decide, verdict, actor=who)


def _employer_pays(practice: PracticeOffice) -> None:
    """A list with a payroll number that nobody has; it waits for another person."""
    books, grace = practice.office.books, practice.person("grace")
    rows: tuple[Row, ...] = (
        ("Payroll No", "Name", "Member No", "Total"),
        ("4471", "Jane Wanjiku", "M-0001", 4_500),
        ("4473", "Amina Hassan", "M-0002", 6_000),
        ("4490", "Samuel Mwakio", None, 2_500),
    )
    file = OldFile("check-off.xlsx", "practice", "workbook", (Sheet("Salaries", rows),))
    today = business_date(practice.office.now())
    new = NewCheckOff(
        uuid4().hex,
        file,
        "Salaries",
        "Voi Primary School",
        f"{today:%Y-%m}",
        "FT26075VPS",
        today,
        13_000_00,
    )
    books.write(check_offs.ask, new, actor=grace)
