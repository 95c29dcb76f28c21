"""The lists of an export that an import of old books takes in again: with them other books stand as these do."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member
from sacco_desktop.domain.old_books.reading_rows import TOLD_WITH_OWNERS
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export.export_lists import Rows, Value, shillings
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.membership import members

MEMBER_COLUMNS = (
    "Member number",
    "First name",
    "Other names",
    "Last name",
    "ID number",
    "Phone",
    "Date joined",
    "Deposits",
    "Share capital",
    "Status",
)
LOAN_COLUMNS = (
    "Loan number",
    "Member number",
    "Name",
    "Product",
    "Date paid out",
    "Amount granted",
    "Instalments",
    "Outstanding balance",
)
GUARANTOR_COLUMNS = ("Loan number", "Guarantor", "Guarantor name", "Amount guaranteed", "State")
ACCOUNT_COLUMNS = ("Account number", "Account name", "Debit", "Credit")


def _members(work: Work) -> Iterator[tuple[Value, ...]]:
    names = {one.number: one for one in work.session.scalars(select(Member))}
    for row in members.list_members(work):
        one = names[row.number]
        yield (
            row.number,
            one.first_name,
            one.other_names,
            one.last_name,
            row.national_id,
            row.phone,
            row.joined_on.isoformat(),
            shillings(row.deposits_cents),
            shillings(row.shares_cents),
            row.status.replace("_", " "),
        )


def _loans(work: Work) -> Iterator[tuple[Value, ...]]:
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    found = work.session.execute(
        select(Loan, Member, owed)
        .join(Member, Member.id == Loan.member_id)
        .join(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(owed > 0)
        .order_by(Loan.number)
    )
    for loan, member, owed_cents in found:
        granted_on = loan.disbursed_on or loan.applied_on
        yield (
            loan.number,
            member.number,
            member.full_name,
            loan.product_name,
            granted_on.isoformat(),
            shillings(loan.amount_cents),
            loan.instalments,
            shillings(owed_cents),
        )


def _guarantors(work: Work) -> Iterator[tuple[Value, ...]]:
    """Promises that still bind, of loans that still owe something."""
    for pledge in guarantor_pledges.binding(work):
        if pledge.loan_owed_cents and pledge.loan_status == "active":
            yield (
                pledge.loan_number,
                pledge.guarantor_number,
                pledge.guarantor_name,
                shillings(pledge.pledge_cents),
                pledge.status.replace("_", " "),
            )


def _other_balances(work: Work) -> Iterator[tuple[Value, ...]]:
    """What members and loans have on other accounts of their own: savings, refunds, instalments paid early."""
    control = aliased(Account)
    found = work.session.execute(
        select(Account.code, control.name, AccountBalance.debit_cents, AccountBalance.credit_cents)
        .join(control, control.id == Account.control_id)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(
            control.code.not_in(TOLD_WITH_OWNERS),
            AccountBalance.debit_cents != AccountBalance.credit_cents,
        )
        .order_by(Account.code)
    )
    for code, name, debit_cents, credit_cents in found:
        yield code, name, *_sides(debit_cents - credit_cents)


def _accounts(work: Work) -> Iterator[tuple[Value, ...]]:
    for row in ledger.trial_balance(work).rows:
        yield row.code, row.name, *_sides(row.debit_cents - row.credit_cents)


def _sides(left_cents: int) -> tuple[str, str]:
    debit, credit = (left_cents, 0) if left_cents > 0 else (0, -left_cents)
    return shillings(debit), shillings(credit)


# In the order in which they are taken in.
LISTS: dict[str, tuple[tuple[str, ...], Rows]] = {
    "members": (MEMBER_COLUMNS, _members),
    "loans": (LOAN_COLUMNS, _loans),
    "guarantors": (GUARANTOR_COLUMNS, _guarantors),
    "other_balances": (ACCOUNT_COLUMNS, _other_balances),
    "trial_balance": (ACCOUNT_COLUMNS, _accounts),
}
