"""What the Approvals page reads: every request, of a payout that waits whether its number was just changed,
and of a loan that waits whether it keeps the rules of its product."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.services import decisions, eligibility, fresh_numbers, loans, payouts
from sacco_desktop.services.decisions import ApprovalRow
from sacco_desktop.services.fresh_numbers import FreshNumber
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class Request:
    """A request with what an approver must be told besides its content; `checks` are the rules of a loan's product."""

    row: ApprovalRow
    phone_change: FreshNumber | None
    checks: tuple[Check, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided yet."""
        return self.row.status is ApprovalStatus.WAITING


def read_requests(work: Work, _nothing: None = None) -> tuple[Request, ...]:
    """All requests, the waiting ones first and the oldest of them on top."""
    return tuple(_request(work, row) for row in decisions.list_requests(work))


def _request(work: Work, row: ApprovalRow) -> Request:
    change = None
    if row.kind is ApprovalKind.PAYOUT and row.status is ApprovalStatus.WAITING:
        change = fresh_numbers.fresh_number(work, payouts.row_of(work, row.subject_id).member_id)
    checks: tuple[Check, ...] = ()
    if row.kind is ApprovalKind.LOAN and row.status is ApprovalStatus.WAITING:
        checks = eligibility.checks_of(work, loans.load(work, row.subject_id))
    return Request(row, change, checks)
