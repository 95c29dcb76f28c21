"""The receipts of money taken at the counter, read from the ledger and from what was kept with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Contribution,
    ContributionPart,
    Entry,
    Loan,
    LoanFeeReceipt,
    Member,
    MembershipApplication,
    Repayment,
    RepaymentPart,
)
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.chart import BANK_CURRENT, UNALLOCATED_RECEIPTS, sub_account_code
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.loan_entries import LOAN_REPAYMENT, WRITTEN_OFF_RECOVERED
from sacco_desktop.domain.savings_entries import PAID_IN_KINDS, PaidBy
from sacco_desktop.domain.savings_words import PAID_BY_WORDS
from sacco_desktop.services.books import ledger, paper_stamps
from sacco_desktop.services.books.papers import Receipt
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import write_offs
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users
from sacco_desktop.services.office.society import letterhead
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import contribution_rows, savings_products
from sacco_desktop.services.savings.savings_products import Product

# The entries whose reference is the number of a receipt.
_KINDS = (
    posting_rules.CASH_DEPOSIT,
    LOAN_REPAYMENT,
    WRITTEN_OFF_RECOVERED,
    posting_rules.REGISTRATION_FEE,
    posting_rules.LOAN_FEES,
    *PAID_IN_KINDS,
)
# What came out of the unallocated receipts had come by M-Pesa before, unless its paper names a check-off list.
_MODES = {
    "cash": "Cash",
    "bank": "Bank slip",
    "check_off": "Check-off",
    "unallocated": "Payment",
    "deposits": "From the deposits",
    "guarantor": "From the guarantor",
}
_SHARE_WORDS = {
    Component.RECOVERY_COST: "Cost of recovery",
    Component.PENALTY: "Penalty",
    Component.FEE: "Fees",
    Component.INTEREST: "Interest",
    Component.PRINCIPAL: "Principal",
}


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """The receipt with which number is to be printed."""

    receipt: str


def receipt_paper(work: Work, request: ReceiptRequest) -> Receipt:
    """The data of a receipt. Each call counts as a print: from the second on it says COPY. Raises NotFound."""
    entry = _entry_of(work, request.receipt)
    stamp = paper_stamps.stamp(work, f"receipt {request.receipt}", {"entry": entry.hash or ""})
    make = _SLIPS.get(entry.kind)
    slip = make(work, entry) if make else _contribution(work, request.receipt)
    return Receipt(
        letterhead=letterhead(work),
        stamp=stamp,
        receipt_number=request.receipt,
        member_name=slip.name,
        member_number=slip.number,
        amount_cents=slip.amount_cents,
        mode=slip.mode,
        balance_after_cents=slip.after_cents,
        value_date=entry.value_date,
        cashier=users.full_name_of(work, entry.posted_by),
        entry_number=entry.number,
        title=slip.title,
        after_words=slip.after_words,
        shares=slip.shares,
    )


def _entry_of(work: Work, receipt: str) -> Entry:
    """The entry behind a receipt. That of a check-off list stands behind the receipts of all its members."""
    named = select(Entry).where(Entry.reference == receipt, Entry.kind.in_(_KINDS))
    shared = (
        select(Entry)
        .join(Contribution, Contribution.entry_number == Entry.number)
        .where(Contribution.receipt == receipt)
    )
    entry = work.session.scalar(named) or work.session.scalar(shared)
    if entry is None:
        raise NotFound(f"There is no receipt {receipt}.")
    return entry


@dataclass(frozen=True, slots=True)
class _Slip:
    """What differs from receipt to receipt: from whom, how much, how it came, what it paid and what is left; cents."""

    title: str
    name: str
    number: str
    amount_cents: int
    mode: str
    after_words: str
    after_cents: int
    shares: tuple[tuple[str, int], ...] = ()


def _mode_of(account_code: str) -> str:
    """How money came that was debited to this account."""
    ways = {BANK_CURRENT: "bank", UNALLOCATED_RECEIPTS: "unallocated"}
    return _MODES[ways.get(account_code, "cash")]


def _fee(work: Work, entry: Entry) -> _Slip:
    row = work.session.scalars(
        select(MembershipApplication).where(MembershipApplication.fee_entry == entry.number)
    ).one()
    return _Slip(
        title="Registration fee receipt",
        name=row.full_name,
        number=row.number,
        amount_cents=row.fee_cents,
        mode=_mode_of(ledger.read_entry(work, entry.number).postings[0].account_code),
        after_words="Fee left to pay",
        after_cents=0,
    )


def _loan_fees(work: Work, entry: Entry) -> _Slip:
    row = work.session.scalars(
        select(LoanFeeReceipt).where(LoanFeeReceipt.entry_number == entry.number)
    ).one()
    loan = work.session.get_one(Loan, row.loan_id)
    member = members.load(work, loan.member_id)
    came, *lines = ledger.read_entry(work, entry.number).postings
    return _Slip(
        title="Loan fee receipt",
        name=member.full_name,
        number=member.number,
        amount_cents=row.cents,
        mode=f"{_mode_of(came.account_code)} {row.slip}".rstrip(),
        after_words=f"Fees of {loan.number} left",
        after_cents=0,
        shares=tuple((line.memo, line.credit_cents) for line in lines),
    )


def _deposit(work: Work, entry: Entry) -> _Slip:
    line = ledger.read_entry(work, entry.number).postings[1]
    number = line.account_code.split(".", 1)[1]
    member = work.session.scalars(select(Member).where(Member.number == number)).one()
    return _Slip(
        title="Deposit receipt",
        name=member.full_name,
        number=member.number,
        amount_cents=line.credit_cents,
        mode=_MODES["cash"],
        after_words="Deposits after",
        after_cents=ledger.balance_after(work, line.account_code, entry.number),
    )


def _contribution(work: Work, receipt: str) -> _Slip:
    row = work.session.scalars(select(Contribution).where(Contribution.receipt == receipt)).one()
    member = members.load(work, row.member_id)
    products = {one.product_id: one for one in savings_products.products_on(work, work.today)}
    parts = [
        (products[product_id], cents)
        for product_id, _code, cents in contribution_rows.parts_of(work, [row.id])[row.id]
    ]
    paper = f" {row.reference}" if row.reference else f", till {row.till}" if row.till else ""
    fines = row.amount_cents - sum(cents for _product, cents in parts)
    after_words, after_cents = _after(work, row, member, parts)
    return _Slip(
        title="Cheque receipt" if row.source == PaidBy.CHEQUE.value else "Receipt",
        name=member.full_name,
        number=member.number,
        amount_cents=row.amount_cents,
        mode=PAID_BY_WORDS[PaidBy(row.source)] + paper,
        after_words=after_words,
        after_cents=after_cents,
        shares=(
            *((product.terms.name, cents) for product, cents in parts),
            *((("Fines", fines),) if fines else ()),
        ),
    )


def _after(
    work: Work, row: Contribution, member: Member, parts: list[tuple[Product, int]]
) -> tuple[str, int]:
    """What the member has afterwards of the first product that is the member's own; of a cheque what waits."""
    if row.source == PaidBy.CHEQUE.value:
        return "Counts when cleared", row.amount_cents
    for product, _cents in parts:
        if product.is_owned:
            code = sub_account_code(product.account_code, member.number)
            after = ledger.balance_after(work, code, row.entry_number)
            return f"{product.terms.name} after", after
    if not parts:
        return "Fines left", penalty_rows.fines_of(work, member.id)
    product = parts[0][0]
    paid = work.session.scalar(
        select(func.coalesce(func.sum(ContributionPart.cents), 0))
        .join(Contribution, Contribution.id == ContributionPart.contribution_id)
        .where(
            Contribution.member_id == member.id,
            Contribution.entry_number <= row.entry_number,
            ContributionPart.product_id == product.product_id,
            contribution_rows.counts(),
        )
    )
    return f"{product.terms.name} so far", int(paid or 0)


def _repayment(work: Work, entry: Entry) -> _Slip:
    row = work.session.scalars(
        select(Repayment).where(Repayment.entry_number == entry.number)
    ).one()
    loan = work.session.get_one(Loan, row.loan_id)
    member = members.load(work, loan.member_id)
    account = loan_positions.accounts_of(work, loan).loan
    paper = f" {row.reference}" if row.reference else ""
    return _Slip(
        title=(
            "Loan payoff receipt"
            if row.use == repayment_rows.SETTLEMENT
            else "Loan repayment receipt"
        ),
        name=member.full_name,
        number=member.number,
        amount_cents=row.amount_cents,
        mode=_MODES.get(row.source, row.source) + paper,
        after_words=f"{loan.number} after",
        after_cents=ledger.balance_after(work, account, entry.number),
        shares=_shares(work, row),
    )


def _recovery(work: Work, entry: Entry) -> _Slip:
    row = work.session.scalars(
        select(Repayment).where(Repayment.entry_number == entry.number)
    ).one()
    return replace(
        _repayment(work, entry),
        title="Receipt for a loan written off",
        after_words="Still owed",
        after_cents=write_offs.left_cents(work, row.loan_id),
    )


def _shares(work: Work, row: Repayment) -> tuple[tuple[str, int], ...]:
    parts = work.session.execute(
        select(RepaymentPart.component, RepaymentPart.cents).where(
            RepaymentPart.repayment_id == row.id
        )
    ).all()
    sums = dict.fromkeys(Component, 0)
    for component, cents in parts:
        sums[Component(component)] += cents
    named = [
        *((_SHARE_WORDS[component], cents) for component, cents in sums.items()),
        ("Kept for later instalments", row.prepaid_cents),
        ("To the deposits", row.deposits_cents),
    ]
    return tuple((words, cents) for words, cents in named if cents)


# Everything else that is paid in is a contribution.
_SLIPS: dict[str, Callable[[Work, Entry], _Slip]] = {
    LOAN_REPAYMENT: _repayment,
    WRITTEN_OFF_RECOVERED: _recovery,
    posting_rules.REGISTRATION_FEE: _fee,
    posting_rules.LOAN_FEES: _loan_fees,
    posting_rules.CASH_DEPOSIT: _deposit,
}
