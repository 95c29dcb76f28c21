"""What the Approvals page reads: every request, of a payout that waits whether its number was just changed,
and of a loan that waits whether it keeps the rules of its product."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.lending import eligibility, loans
from sacco_desktop.services.membership import fresh_numbers
from sacco_desktop.services.membership.fresh_numbers import FreshNumber
from sacco_desktop.services.payouts import payouts


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


# How many requests that were decided a page begins with; older ones come when a person asks for them.
NEWEST = 200


@dataclass(frozen=True, slots=True)
class Requests:
    """What the page lists, the waiting ones first; `closed_count` is of all that do not wait, listed or not."""

    rows: tuple[Request, ...]
    closed_count: int


def read_requests(work: Work, newest: int = NEWEST) -> Requests:
    """The requests that wait, the oldest on top, and the newest of the others."""
    rows = tuple(_request(work, row) for row in decisions.list_requests(work, newest))
    return Requests(rows, decisions.count_closed(work))


def read_waiting(work: Work) -> tuple[Request, ...]:
    """The requests that wait, the oldest on top."""
    return tuple(_request(work, row) for row in decisions.list_waiting(work))


def _request(work: Work, row: ApprovalRow) -> Request:
    change = None
    if row.kind is ApprovalKind.PAYOUT and row.status is ApprovalStatus.WAITING:
        change = fresh_numbers.fresh_number(work, payouts.row_of(work, row.subject_id).member_id)
    checks: tuple[Check, ...] = ()
    if row.kind is ApprovalKind.LOAN and row.status is ApprovalStatus.WAITING:
        checks = eligibility.checks_of(work, loans.load(work, row.subject_id))
    return Request(row, change, checks)
