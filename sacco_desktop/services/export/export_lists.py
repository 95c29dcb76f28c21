"""Lists of an export for people: accounts, entries, loans, schedules, repayments, payouts, in words and shillings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    Entry,
    Loan,
    LoanInstalment,
    Member,
    Payout,
    PostingRow,
    Repayment,
    User,
)
from sacco_desktop.domain.money import CENTS_PER_SHILLING
from sacco_desktop.services.books.work import Work

Value = str | int | bool | None
Query = Select[*tuple[Any, ...]]
Rows = Callable[[Work], Iterator[tuple[Value, ...]]]
_AT_ONCE = 5_000
# The end of a heading above amounts, which the books keep in cents.
_IN_SHILLINGS = "(KES)"


def shillings(cents: int) -> str:
    """`1234.50`: an amount as every program reads it."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), CENTS_PER_SHILLING)
    return f"{sign}{whole}.{rest:02d}"


def _accounts() -> Query:
    control = aliased(Account)
    return (
        select(
            Account.code.label("Account number"),
            Account.name.label("Account name"),
            Account.type.label("Kind"),
            control.code.label("Under"),
            AccountBalance.debit_cents.label("Debited (KES)"),
            AccountBalance.credit_cents.label("Credited (KES)"),
        )
        .select_from(Account)
        .outerjoin(control, control.id == Account.control_id)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .order_by(Account.code)
    )


def _entries() -> Query:
    return (
        select(
            Entry.number.label("Entry"),
            Entry.value_date.label("Value date"),
            Entry.kind.label("Kind"),
            Entry.narration.label("Narration"),
            Entry.reference.label("Reference"),
            Entry.reverses_number.label("Reverses entry"),
            User.full_name.label("Posted by"),
            Entry.posted_at.label("Posted at"),
        )
        .select_from(Entry)
        .join(User, User.id == Entry.posted_by)
        .where(Entry.posted_at.is_not(None))
        .order_by(Entry.number)
    )


def _postings() -> Query:
    return (
        select(
            Entry.number.label("Entry"),
            PostingRow.line.label("Line"),
            Account.code.label("Account number"),
            PostingRow.debit_cents.label("Debit (KES)"),
            PostingRow.credit_cents.label("Credit (KES)"),
            PostingRow.memo.label("Memo"),
        )
        .select_from(PostingRow)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Entry.posted_at.is_not(None))
        .order_by(Entry.number, PostingRow.line)
    )


def _all_loans() -> Query:
    return (
        select(
            Loan.number.label("Loan number"),
            Member.number.label("Member number"),
            Loan.product_name.label("Product"),
            Loan.status.label("Status"),
            Loan.asked_cents.label("Asked for (KES)"),
            Loan.amount_cents.label("Amount granted (KES)"),
            Loan.net_cents.label("Paid to the member (KES)"),
            Loan.method.label("Method"),
            Loan.rate.label("Rate"),
            Loan.rate_per.label("Rate per"),
            Loan.instalments.label("Instalments"),
            Loan.frequency.label("Frequency"),
            Loan.purpose.label("Purpose"),
            Loan.applied_on.label("Applied on"),
            Loan.disbursed_on.label("Paid out on"),
            Loan.unpaid_since.label("Oldest instalment not paid"),
        )
        .select_from(Loan)
        .join(Member, Member.id == Loan.member_id)
        .order_by(Loan.number)
    )


def _schedules() -> Query:
    return (
        select(
            Loan.number.label("Loan number"),
            LoanInstalment.schedule.label("Version"),
            LoanInstalment.number.label("Instalment"),
            LoanInstalment.due_on.label("Due on"),
            LoanInstalment.principal_cents.label("Principal (KES)"),
            LoanInstalment.interest_cents.label("Interest (KES)"),
            LoanInstalment.fee_cents.label("Fee (KES)"),
            LoanInstalment.balance_cents.label("Balance after (KES)"),
        )
        .select_from(LoanInstalment)
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .order_by(Loan.number, LoanInstalment.schedule, LoanInstalment.number)
    )


def _repayments() -> Query:
    return (
        select(
            Repayment.receipt.label("Receipt"),
            Loan.number.label("Loan number"),
            Repayment.value_date.label("Paid on"),
            Repayment.source.label("Came by"),
            Repayment.reference.label("Reference"),
            Repayment.amount_cents.label("Amount (KES)"),
            Repayment.prepaid_cents.label("Kept for later (KES)"),
            Repayment.deposits_cents.label("To deposits (KES)"),
            Repayment.entry_number.label("Entry"),
        )
        .select_from(Repayment)
        .join(Loan, Loan.id == Repayment.loan_id)
        .order_by(Repayment.id)
    )


def _payouts() -> Query:
    return (
        select(
            Payout.number.label("Payout"),
            Payout.purpose.label("Purpose"),
            Loan.number.label("Loan number"),
            Member.number.label("Member number"),
            Payout.payee.label("Paid to"),
            Payout.phone.label("Phone"),
            Payout.way.label("Way"),
            Payout.net_cents.label("Amount (KES)"),
            Payout.mpesa_cents.label("By M-Pesa (KES)"),
            Payout.handed_cents.label("By hand or bank (KES)"),
            Payout.deposits_cents.label("To deposits (KES)"),
            Payout.status.label("Status"),
            Payout.evidence.label("Evidence"),
            Payout.receipt.label("Receipt"),
            Payout.paid_at.label("Paid at"),
            Payout.entry_number.label("Entry"),
        )
        .select_from(Payout)
        .outerjoin(Loan, Loan.id == Payout.loan_id)
        .outerjoin(Member, Member.id == Payout.member_id)
        .order_by(Payout.id)
    )


def _columns(query: Query) -> tuple[str, ...]:
    return tuple(query.selected_columns.keys())


def _rows(query: Query, work: Work) -> Iterator[tuple[Value, ...]]:
    is_amount = [heading.endswith(_IN_SHILLINGS) for heading in _columns(query)]
    for row in work.session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield tuple(map(_plain, row, is_amount))


def _plain(value: Any, is_amount: bool) -> Value:
    if is_amount and value is not None:
        return shillings(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    found: Value = value
    return found


_QUERIES: dict[str, Query] = {
    "accounts": _accounts(),
    "entries": _entries(),
    "postings": _postings(),
    "all_loans": _all_loans(),
    "schedules": _schedules(),
    "repayments": _repayments(),
    "payouts": _payouts(),
}
LISTS: dict[str, tuple[tuple[str, ...], Rows]] = {
    name: (_columns(query), partial(_rows, query)) for name, query in _QUERIES.items()
}
