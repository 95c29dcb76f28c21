"""The lists of an export that an import of old books takes in again: with them other books stand as these do."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Account, AccountBalance
from sacco_desktop.domain.old_books.reading_rows import TOLD_WITH_OWNERS
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export import (
    export_loans,
    export_members,
    export_past,
    export_products,
)
from sacco_desktop.services.export.export_lists import Rows, Value, shillings
from sacco_desktop.services.guarantors import guarantor_pledges

GUARANTOR_COLUMNS = ("Loan number", "Guarantor", "Guarantor name", "Amount guaranteed")
ACCOUNT_COLUMNS = ("Account number", "Account name", "Debit", "Credit")


def _guarantors(work: Work) -> Iterator[tuple[Value, ...]]:
    """Promises that still bind, of loans that still owe something."""
    for pledge in guarantor_pledges.binding(work):
        if pledge.live_cents and pledge.loan_status in ("active", "written_off"):
            # What was taken of a promise cannot be taken again.
            left = pledge.pledge_cents - pledge.taken_cents
            yield (
                pledge.loan_number,
                pledge.guarantor_number,
                pledge.guarantor_name,
                shillings(left),
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
    "products": (export_products.COLUMNS, export_products.rows),
    "members": (export_members.COLUMNS, export_members.rows),
    "loans": (export_loans.COLUMNS, export_loans.rows),
    "past_repayments": (export_past.COLUMNS, export_past.rows),
    "guarantors": (GUARANTOR_COLUMNS, _guarantors),
    "other_balances": (ACCOUNT_COLUMNS, _other_balances),
    "trial_balance": (ACCOUNT_COLUMNS, _accounts),
}
