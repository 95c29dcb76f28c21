"""Sums of debits and credits for each account, as of a day or between days: the only place where reports add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from sacco_desktop.db.tables import Account, AccountBalance, Entry, PostingRow
from sacco_desktop.domain.chart import AccountType, family_of, read_chart
from sacco_desktop.services.books.work import Work
from sacco_desktop.settings import resources_dir

_ACCOUNT = (Account.id, Account.code, Account.name, Account.type, Account.is_control)


@dataclass(frozen=True, slots=True)
class AccountSums:
    """An account with the cents of its debits and credits; a control account has those of all accounts under it."""

    code: str
    name: str
    type: AccountType
    is_control: bool
    debit_cents: int
    credit_cents: int

    @property
    def net_cents(self) -> int:
        """Debits less credits."""
        return self.debit_cents - self.credit_cents


def sums_at(work: Work, day: date, control: Account | None = None) -> tuple[AccountSums, ...]:
    """Every account of the chart, or every account under `control`, as of the end of `day`.

    The running balances less what came after the day: today costs no reading of history, a late day little.
    """
    after = _moved(work, Entry.value_date > day, control)
    found = work.session.execute(
        select(*_ACCOUNT, AccountBalance.debit_cents, AccountBalance.credit_cents)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(_of(control))
        .order_by(Account.code)
    )
    sums = []
    for account_id, *account, debit, credit in found:
        later_debit, later_credit = after.get(account_id, (0, 0))
        sums.append(_sums(account, (debit or 0) - later_debit, (credit or 0) - later_credit))
    return tuple(sums)


def sums_between(
    work: Work, first: date, last: date, control: Account | None = None
) -> tuple[AccountSums, ...]:
    """The same accounts with what moved on the days from `first` to `last`, both included."""
    moved = _moved(work, and_(Entry.value_date >= first, Entry.value_date <= last), control)
    found = work.session.execute(select(*_ACCOUNT).where(_of(control)).order_by(Account.code))
    return tuple(_sums(account, *moved.get(account_id, (0, 0))) for account_id, *account in found)


def balances_around(work: Work, account: Account, first: date, last: date) -> tuple[int, int]:
    """Debits less credits of one ordinary account before `first` and as of the end of `last`, in cents."""
    balance = work.session.get(AccountBalance, account.id)
    now = balance.debit_cents - balance.credit_cents if balance is not None else 0
    net = PostingRow.debit_cents - PostingRow.credit_cents
    since_first, since_last = work.session.execute(
        select(
            func.coalesce(func.sum(net), 0),
            func.coalesce(func.sum(case((Entry.value_date > last, net), else_=0)), 0),
        )
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.account_id == account.id,
            Entry.posted_at.is_not(None),
            Entry.value_date >= first,
        )
    ).one()
    return now - int(since_first), now - int(since_last)


def form_line_of(code: str) -> str:
    """The line of the statutory forms that an account of the chart belongs to, empty for an account of one's own."""
    return _form_lines().get(family_of(code), "")


def _moved(
    work: Work, days: ColumnElement[bool], control: Account | None
) -> dict[int, tuple[int, int]]:
    """Debits and credits on those days by account; without `control` what is under one counts for the control."""
    owner = func.coalesce(Account.control_id, Account.id) if control is None else Account.id
    # By way of the entries, so that the index on value dates decides how much is read; coalesce keeps the database from
    # going by way of the accounts, which would look for each of thousands of accounts in each of thousands of entries.
    under = () if control is None else (func.coalesce(Account.control_id, 0) == control.id,)
    entries = select(Entry.id).where(days, Entry.posted_at.is_not(None))
    found = work.session.execute(
        select(owner, func.sum(PostingRow.debit_cents), func.sum(PostingRow.credit_cents))
        .select_from(PostingRow)
        .join(Account, Account.id == PostingRow.account_id)
        .where(
            PostingRow.entry_id.in_(entries),
            *under,
        )
        .group_by(owner)
    )
    return {account_id: (int(debit), int(credit)) for account_id, debit, credit in found}


def _of(control: Account | None) -> ColumnElement[bool]:
    return Account.control_id.is_(None) if control is None else Account.control_id == control.id


def _sums(account: Sequence[Any], debit: int, credit: int) -> AccountSums:
    code, name, kind, is_control = account
    return AccountSums(code, name, AccountType(kind), is_control, debit, credit)


@cache
def _form_lines() -> dict[str, str]:
    text = (resources_dir() / "chart_of_accounts.csv").read_text(encoding="utf-8")
    return {account.code: account.form_line for account in read_chart(text)}
