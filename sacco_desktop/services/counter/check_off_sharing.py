"""Shares what an employer paid for one member: what is due first, in the order of the society, then the deposits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member, Repayment
from sacco_desktop.domain.allocation import AllocationRule
from sacco_desktop.domain.check_off import LOAN, PRODUCT, Due, Order, divide
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.loan_position import Overpayment
from sacco_desktop.domain.loan_position import divide as divide_repayment
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn
from sacco_desktop.services.books import numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import due_instalments
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows
from sacco_desktop.services.office import society
from sacco_desktop.services.savings import (
    contribution_rows,
    deposits,
    obligations,
    savings_products,
)
from sacco_desktop.services.savings.contribution_rows import Received
from sacco_desktop.services.savings.obligations import ObligationQuestion
from sacco_desktop.services.savings.savings_products import Product

ORDER = "savings.check_off_order"


@dataclass(frozen=True, slots=True)
class Slip:
    """The paper that the money came by, where it lies until it is shared, and the day that its entries bear."""

    number: str
    source: Source
    on: date


@dataclass(frozen=True, slots=True)
class SharingDesk:
    """What is read once for all members: the order, what each has not paid of the products, and the products."""

    order: Order
    dues: dict[int, list[Due]]
    products: dict[int, Product]
    rest_goes_to: Product


def order_of(work: Work) -> Order:
    """What of a member a check-off pays first; a setting."""
    return Order(society.setting(work, ORDER))


def desk(work: Work, as_of: date, member_id: int | None = None) -> SharingDesk:
    """Read what sharing needs, by what was due on a day; of one member where one is named."""
    order = order_of(work)
    dues: dict[int, list[Due]] = {}
    if order is not Order.DEPOSITS_ONLY:
        for one in obligations.list_obligations(work, ObligationQuestion(as_of, member_id)):
            if one.stand.overdue_cents and one.product.terms.is_open:
                due = Due(PRODUCT, one.product.product_id, one.stand.overdue_cents)
                dues.setdefault(one.member_id, []).append(due)
    products = {one.product_id: one for one in savings_products.products_on(work, work.today)}
    rest = savings_products.product_named(work, deposits.DEPOSITS)
    return SharingDesk(order, dues, products, rest)


def share(
    work: Work, at: SharingDesk, member: Member, cents: int, slip: Slip
) -> tuple[Received | None, int]:
    """Repay the loans that are due, each by an entry of its own; returns what goes to products, for the caller to post,
    and what the loans had, in cents.
    """
    due = [*_loan_dues(work, member.id, slip.on, at.order), *at.dues.get(member.id, [])]
    paid, left = divide(cents, due, at.order)
    parts: dict[int, int] = {}
    loans_cents = 0
    for one in paid:
        if one.what == LOAN:
            _repay(work, one, slip)
            loans_cents += one.cents
        else:
            parts[one.subject_id] = parts.get(one.subject_id, 0) + one.cents
    if left:
        rest = at.rest_goes_to.product_id
        parts[rest] = parts.get(rest, 0) + left
    if not parts:
        return None, loans_cents
    told = tuple((at.products[product_id], part) for product_id, part in parts.items())
    receipt = _receipt(work, slip.on)
    return Received(PaidBy.CHECK_OFF, slip.number, receipt, slip.on, told), loans_cents


def paid_in(work: Work, member: Member, came: Received) -> PaidIn:
    """The same as its entry needs it; the member's accounts are opened where they are not."""
    contribution_rows.open_accounts(work, member, came.parts)
    return contribution_rows.paid_in(member, came)


def repaid_by(work: Work, slip_number: str, source: Source) -> list[Repayment]:
    """What repaid loans by this paper and was not taken back, the newest first."""
    found = work.session.scalars(
        select(Repayment)
        .where(Repayment.source == source.value, Repayment.reference == slip_number)
        .order_by(Repayment.id.desc())
    ).all()
    gone = loan_positions.reversed_entries(work, [one.entry_number for one in found])
    return [one for one in found if one.entry_number not in gone]


def _receipt(work: Work, on: date) -> str:
    return receipt_number(on.year, numbering.next_in(work, f"receipt/{on.year}"))


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
        due_instalments.catch_up(work, loan, paid_on=on)
        cents = loan_positions.position_of(work, loan).due_cents(on)
        if cents > 0:
            found.append(Due(LOAN, loan.id, cents))
    return found


def _repay(work: Work, due: Due, slip: Slip) -> None:
    loan = work.session.get_one(Loan, due.subject_id)
    found = loan_positions.position_of(work, loan)
    divided = divide_repayment(due.cents, found, slip.on, AllocationRule(), Overpayment.HOLD)
    taken = repayment_rows.Taken(
        repayment_rows.PAYMENT,
        slip.source,
        _receipt(work, slip.on),
        slip.number,
        slip.on,
        divided.parts,
        divided.prepaid_cents,
        divided.deposits_cents,
    )
    repayment_rows.keep(work, loan, found, taken)
    due_instalments.catch_up(work, loan)
