"""Posts a check-off list that two people agreed to, and takes a posted one back, each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import CheckOffLine, CheckOffList, Loan, Member, Repayment
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.allocation import AllocationRule
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.check_off import LOAN, PRODUCT, Due, Order, divide
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.loan_position import Overpayment
from sacco_desktop.domain.loan_position import divide as divide_repayment
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn
from sacco_desktop.services.books import audit, ledger, numbering, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import due_instalments, repayment_undoing
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society
from sacco_desktop.services.savings import (
    contribution_rows,
    deposit_floor,
    deposits,
    obligations,
    savings_products,
)
from sacco_desktop.services.savings.contribution_rows import Received
from sacco_desktop.services.savings.obligations import ObligationQuestion
from sacco_desktop.services.savings.savings_products import Product

ORDER = "savings.check_off_order"


@dataclass(slots=True)
class _Shared:
    """What was shared so far: the contributions to post together, and what the loans had, in cents."""

    came: list[tuple[CheckOffLine, Member, Received]] = field(default_factory=list)
    loans_cents: int = 0

    @property
    def cents(self) -> int:
        """Everything that has an owner."""
        parts = (cents for _line, _member, one in self.came for _product, cents in one.parts)
        return self.loans_cents + sum(parts)


def order_of(work: Work) -> Order:
    """What of a member a check-off pays first; a setting."""
    return Order(society.setting(work, ORDER))


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
        paid = [_paid_in(work, member, one) for _line, member, one in shared.came]
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


def _paid_in(work: Work, member: Member, came: Received) -> PaidIn:
    contribution_rows.open_accounts(work, member, came.parts)
    return contribution_rows.paid_in(member, came)


def _share(work: Work, row: CheckOffList, on: date) -> _Shared:
    order, shared = order_of(work), _Shared()
    dues = _product_dues(work, row.value_date) if order is not Order.DEPOSITS_ONLY else {}
    products = {one.product_id: one for one in savings_products.products_on(work, work.today)}
    rest_goes_to = savings_products.product_named(work, deposits.DEPOSITS)
    for line in lines_of(work, row.id):
        if line.member_id is None:
            continue
        member = members.load(work, line.member_id)
        if not belongs(member.status):
            raise WrongState(
                f"{member.number} has left since the list was made. Reject it, and read the list again."
            )
        due = [*_loan_dues(work, member.id, on, order), *dues.get(member.id, [])]
        paid, left = divide(line.cents, due, order)
        parts: dict[int, int] = {}
        for one in paid:
            if one.what == LOAN:
                _repay(work, row, one, on)
                shared.loans_cents += one.cents
            else:
                parts[one.subject_id] = parts.get(one.subject_id, 0) + one.cents
        if left:
            parts[rest_goes_to.product_id] = parts.get(rest_goes_to.product_id, 0) + left
        if parts:
            shared.came.append((line, member, _received(work, row, on, parts, products)))
    return shared


def _received(
    work: Work, row: CheckOffList, on: date, parts: dict[int, int], products: dict[int, Product]
) -> Received:
    told = tuple((products[product_id], cents) for product_id, cents in parts.items())
    return Received(PaidBy.CHECK_OFF, row.number, _receipt(work, on), on, told)


def _receipt(work: Work, on: date) -> str:
    return receipt_number(on.year, numbering.next_in(work, f"receipt/{on.year}"))


def _product_dues(work: Work, as_of: date) -> dict[int, list[Due]]:
    """What each member has not paid of the products by that day."""
    found: dict[int, list[Due]] = {}
    for one in obligations.list_obligations(work, ObligationQuestion(as_of)):
        if one.stand.overdue_cents and one.product.terms.is_open:
            due = Due(PRODUCT, one.product.product_id, one.stand.overdue_cents)
            found.setdefault(one.member_id, []).append(due)
    return found


def _loan_dues(work: Work, member_id: int, on: date, order: Order) -> list[Due]:
    """What is due of each running loan, the oldest first."""
    if order is Order.DEPOSITS_ONLY:
        return []
    running = work.session.scalars(
        select(Loan).where(Loan.member_id == member_id, Loan.status == "active").order_by(Loan.id)
    ).all()
    found = []
    for loan in running:
        if loan.disbursed_on is not None and on < loan.disbursed_on:
            continue
        due_instalments.catch_up(work, loan)
        cents = loan_positions.position_of(work, loan).due_cents(on)
        if cents > 0:
            found.append(Due(LOAN, loan.id, cents))
    return found


def _repay(work: Work, row: CheckOffList, due: Due, on: date) -> None:
    loan = work.session.get_one(Loan, due.subject_id)
    found = loan_positions.position_of(work, loan)
    divided = divide_repayment(due.cents, found, (), on, AllocationRule(), Overpayment.HOLD)
    taken = repayment_rows.Taken(
        repayment_rows.PAYMENT,
        Source.CHECK_OFF,
        _receipt(work, on),
        row.number,
        on,
        divided.parts,
        divided.prepaid_cents,
        divided.deposits_cents,
    )
    repayment_rows.keep(work, loan, found, taken)
    due_instalments.catch_up(work, loan)


def check_can_be_undone(work: Work, row: CheckOffList) -> None:
    """Raise WrongState, with the figures, when members have had money of it since, or what had no owner was used."""
    if row.status != "posted":
        raise WrongState(f"{row.number} is not in the books.")
    if row.entry_number is not None:
        deposit_floor.check_can_be_reversed(work, row.entry_number)
        entry = ledger.read_entry(work, row.entry_number)
        kept = sum(
            line.credit_cents
            for line in entry.postings
            if line.account_code == UNALLOCATED_RECEIPTS
        )
        left = ledger.balance(work, UNALLOCATED_RECEIPTS)
        if kept > left:
            raise WrongState(
                f"Of this list {format_kes(kept)} had no owner, and {format_kes(max(left, 0))} of unallocated receipts"
                " is left. Take back first what was paid of it."
            )
    for repaid in _repayments(work, row):
        repayment_undoing.check_can_be_reversed(work, repaid.entry_number)


def _repayments(work: Work, row: CheckOffList) -> list[Repayment]:
    """What of the list repaid loans and was not taken back, the newest first."""
    found = work.session.scalars(
        select(Repayment)
        .where(Repayment.source == Source.CHECK_OFF.value, Repayment.reference == row.number)
        .order_by(Repayment.id.desc())
    ).all()
    gone = loan_positions.reversed_entries(work, [one.entry_number for one in found])
    return [one for one in found if one.entry_number not in gone]


def undo(work: Work, row: CheckOffList, why: str) -> None:
    """Take everything of a list back: what it repaid, what members had of it, and the sum itself. Raises WrongState."""
    check_can_be_undone(work, row)
    for repaid in _repayments(work, row):
        repayment_undoing.reverse_entry(work, repaid.entry_number, why)
    assert row.lump_entry is not None, "a posted list has its sum in the books"
    numbers = [number for number in (row.entry_number, row.lump_entry) if number is not None]
    posted = [ledger.reverse(work, number, why).number for number in numbers]
    row.status, row.undo_entry = "undone", posted[0]
    row.version += 1
    work.session.flush()
    audit.record(work, "took back a check-off list", row.number, {"why": why})
    work.changed(Topic.SAVINGS, Topic.MEMBERS, Topic.LOANS, Topic.LEDGER)
