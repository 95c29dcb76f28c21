"""Posts a check-off list that two people agreed to, and takes a posted one back, each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import CheckOffLine, CheckOffList, Member
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.counter import (
    check_off_keeping,
    check_off_sharing,
    found_owners,
    unowned_money,
)
from sacco_desktop.services.counter.check_off_sharing import Slip
from sacco_desktop.services.lending import repayment_undoing
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import (
    contribution_rows,
    deposit_floor,
    unproven_payments,
)
from sacco_desktop.services.savings.contribution_rows import Received


@dataclass(slots=True)
class _Shared:
    """What was shared so far: the contributions to post together, and what the loans had, in cents."""

    came: list[tuple[CheckOffLine, Member, Received]] = field(default_factory=list)
    loans_cents: int = 0

    @property
    def cents(self) -> int:
        """Everything that has an owner."""
        return self.loans_cents + sum(one.cents for _line, _member, one in self.came)


def lines_of(work: Work, list_id: int) -> Sequence[CheckOffLine]:
    """The lines of a list in the order of the file."""
    return work.session.scalars(
        select(CheckOffLine).where(CheckOffLine.list_id == list_id).order_by(CheckOffLine.line)
    ).all()


def post(work: Work, row: CheckOffList) -> None:
    """Book what the employer paid, share it among the members, and keep what nobody owns as unallocated receipts.

    Raises WrongState when a member of the list has left since, PeriodClosed.
    """
    on = open_days.open_day(work, row.value_date)
    lump = ledger.post(
        work, savings_entries.check_off_received(row.total_cents, row.employer, row.number, on)
    )
    shared = _share(work, row, on)
    rest = row.total_cents - shared.cents
    entry_number = None
    if shared.came or rest:
        paid = [check_off_sharing.paid_in(work, member, one) for _line, member, one in shared.came]
        entry = savings_entries.check_off_shared(paid, row.employer, row.number, on, rest)
        entry_number = ledger.post(work, entry).number
    for line, member, one in shared.came:
        assert entry_number is not None, "what came is in the entry"
        line.contribution_id = contribution_rows.keep(work, member, one, entry_number).id
    row.status, row.posted_at = "posted", work.now
    row.lump_entry, row.entry_number = lump.number, entry_number
    row.version += 1
    work.session.flush()
    detail: audit.Detail = {"cents": row.total_cents, "unallocated": rest}
    audit.record(work, "posted a check-off list", row.number, detail)
    work.changed(Topic.SAVINGS, Topic.MEMBERS, Topic.LOANS, Topic.LEDGER)


def _share(work: Work, row: CheckOffList, on: date) -> _Shared:
    shared = _Shared()
    desk = check_off_sharing.desk(work, row.value_date)
    slip = Slip(row.number, Source.CHECK_OFF, on)
    for line in lines_of(work, row.id):
        if line.member_id is None:
            continue
        member = members.load(work, line.member_id)
        if not belongs(member.status):
            raise WrongState(
                f"{member.number} has left since the list was made. Reject it, and read the list again."
            )
        received, loans_cents = check_off_sharing.share(work, desk, member, line.cents, slip)
        shared.loans_cents += loans_cents
        if received is not None:
            shared.came.append((line, member, received))
    return shared


def check_can_be_undone(work: Work, row: CheckOffList) -> None:
    """Raise WrongState, with the figures, when members have had money of it since, or what had no owner was used."""
    if row.status != "posted":
        raise WrongState(f"{row.number} is not in the books.")
    given = unowned_money.given_of(work, row.id)
    if given:
        raise WrongState(
            f"Money of {row.number} without owner was given to a member, by {', '.join(given)}. Take that back first,"
            " under No owner."
        )
    if row.entry_number is not None:
        deposit_floor.check_can_be_reversed(work, row.entry_number)
        _check_unallocated(work, row)
    check_off_keeping.check_can_be_undone(work, row.number)
    for repaid in check_off_sharing.repaid_by(work, row.number, Source.CHECK_OFF):
        repayment_undoing.check_can_be_reversed(work, repaid.entry_number)


def _check_unallocated(work: Work, row: CheckOffList) -> None:
    """What of the list had no owner must lie there still, beside what waits of other lists and of the paybill."""
    kept, others = unowned_money.kept_of(work, row), unowned_money.waits_of_others(work, row.id)
    others += unproven_payments.waiting_cents(work)
    left = ledger.balance(work, UNALLOCATED_RECEIPTS)
    if kept and kept > left - others:
        more = (
            f", of which {format_kes(others)} is of other lists or came to the paybill"
            if others
            else ""
        )
        raise WrongState(
            f"Of this list {format_kes(kept)} had no owner, and {format_kes(max(left, 0))} of unallocated receipts"
            f" is left{more}. Take back first what was paid of it."
        )


def undo(work: Work, row: CheckOffList, why: str) -> None:
    """Take everything of a list back: what it repaid, what members had of it, and the sum itself. Raises WrongState."""
    check_can_be_undone(work, row)
    for repaid in check_off_sharing.repaid_by(work, row.number, Source.CHECK_OFF):
        repayment_undoing.reverse_entry(work, repaid.entry_number, why)
    check_off_keeping.undo(work, row.number, why)
    assert row.lump_entry is not None, "a posted list has its sum in the books"
    numbers = [number for number in (row.entry_number, row.lump_entry) if number is not None]
    posted = [ledger.reverse(work, number, why).number for number in numbers]
    found_owners.drop_of_list(work, row.id, f"{row.number} was taken back.")
    row.status, row.undo_entry = "undone", posted[0]
    row.version += 1
    work.session.flush()
    audit.record(work, "took back a check-off list", row.number, {"why": why})
    work.changed(Topic.SAVINGS, Topic.MEMBERS, Topic.LOANS, Topic.LEDGER)
