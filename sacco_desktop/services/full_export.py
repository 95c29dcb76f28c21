"""Everything that stands in the books, in open forms: each table, and lists that an import takes in."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member, Table
from sacco_desktop.domain.money import CENTS_PER_SHILLING
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import audit, ledger, members
from sacco_desktop.services.work import Work

Value = str | int | bool | None

# What lets somebody in belongs to nobody else, so it stays in the books.
SECRET = frozenset({("user_account", "password_hash")})
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table or list with its columns; `rows` can be read once. Moments and days are ISO, bytes Base64."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Value, ...]]


Take = Callable[[ExportedTable], None]


def note_export(work: Work, place: str) -> None:
    """Write down who takes all books out, before it happens. Raises NotAllowed."""
    work.allow(Act.EXPORT_BOOKS)
    audit.record(work, "exported all books", place)


def read_tables(work: Work, take: Take) -> None:
    """Hand over every table, personal columns in clear, on one state of the books. Raises NotAllowed."""
    work.allow(Act.EXPORT_BOOKS)
    for table in Table.metadata.sorted_tables:
        columns = [column for column in table.columns if (table.name, column.name) not in SECRET]
        found = work.session.execute(
            select(*columns).order_by(*table.primary_key.columns),
            execution_options={"yield_per": _AT_ONCE},
        )
        names = tuple(column.name for column in columns)
        take(ExportedTable(table.name, names, (tuple(map(_plain, row)) for row in found)))


def read_lists(work: Work, take: Take) -> None:
    """Hand over the members, the loans that owe something, and the trial balance, as an import takes them in again."""
    work.allow(Act.EXPORT_BOOKS)
    take(ExportedTable("members", MEMBER_COLUMNS, _members(work)))
    take(ExportedTable("loans", LOAN_COLUMNS, _loans(work)))
    take(ExportedTable("trial_balance", ACCOUNT_COLUMNS, _accounts(work)))


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


def _accounts(work: Work) -> Iterator[tuple[Value, ...]]:
    for row in ledger.trial_balance(work).rows:
        left = row.debit_cents - row.credit_cents
        debit, credit = (left, 0) if left > 0 else (0, -left)
        yield row.code, row.name, shillings(debit), shillings(credit)


def shillings(cents: int) -> str:
    """`1234.50`: an amount as every program reads it."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), CENTS_PER_SHILLING)
    return f"{sign}{whole}.{rest:02d}"


def _plain(value: object) -> Value:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert value is None or isinstance(value, str | int), (
        "a column of the books holds no other kind"
    )
    return value
