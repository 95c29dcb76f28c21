"""What becomes of loans that were paid out: one is agreed anew and is to be cleared by another, one is written off.
Losses are set aside for, and deposits may pay a loan.
"""

from __future__ import annotations

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import (
    from_deposits,
    loans,
    provisioning,
    reschedules,
    write_offs,
)
from sacco_desktop.services.lending.loans import LoanRow, NewApplication
from sacco_desktop.services.lending.provisioning import ProvisioningWish
from sacco_desktop.services.lending.reschedules import RescheduleWish
from sacco_desktop.services.lending.write_offs import WriteOffWish
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange


def loans_go_on(practice: PracticeOffice) -> None:
    """The first loan that runs is agreed anew and another application clears it; the last one is written off."""
    books, peter = practice.office.books, practice.person("peter")
    running = [row for row in reversed(_loans(practice)) if row.status == "active"]
    first, last = running[0], running[-1]
    wish = RescheduleWish(first.loan_id, first.version, 18, "The shop was closed for two months.")
    books.write(reschedules.ask, wish, actor=peter)
    _agree(practice, ApprovalKind.LOAN_RESCHEDULE)
    asked = first.amount_cents + 20_000_00
    new = NewApplication(
        "scene/top-up", first.member_id, "development", asked, 18, "A second shop", first.loan_id
    )
    books.write(loans.apply, new, actor=peter)
    if last.loan_id == first.loan_id:
        return
    loss = WriteOffWish(last.loan_id, last.version, "Board 7/2026")
    books.write(write_offs.ask, loss, actor=practice.person("grace"))
    _agree(practice, ApprovalKind.LOAN_WRITE_OFF)
    today = business_date(practice.office.now())
    books.write(provisioning.ask, ProvisioningWish(today), actor=practice.person("grace"))
    _agree(practice, ApprovalKind.PROVISIONING)
    rule = SettingChange(from_deposits.RULE, "yes", today)
    books.write(setting_changes.change_setting, rule, actor=practice.person("ruth"))
    _agree(practice, ApprovalKind.SETTING)


def _loans(practice: PracticeOffice) -> tuple[LoanRow, ...]:
    return practice.office.books.read(loans.list_loans, None, actor=practice.person("peter"))


def _agree(practice: PracticeOffice, kind: ApprovalKind) -> None:
    books, daniel = practice.office.books, practice.person("daniel")
    found = books.read(decisions.list_waiting, None, actor=daniel)
    row = next(each for each in found if each.kind is kind)
    verdict = Verdict(row.request_id, row.fingerprint, Decision.APPROVE)
    books.write(decisions.decide, verdict, actor=daniel)
