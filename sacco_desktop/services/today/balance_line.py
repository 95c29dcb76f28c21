"""Utility and bank together over the last days, and where the payments that are known already would take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, Entry, Loan, LoanInstalment, PostingRow
from sacco_desktop.domain.chart import BANK_CURRENT, MPESA_UTILITY
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.today.cash_position import leaving_cents

DAYS_BACK, DAYS_ON = 9, 4
_ACCOUNTS = (MPESA_UTILITY, BANK_CURRENT)


@dataclass(frozen=True, slots=True)
class BalanceDay:
    """A day's end in cents. On a day to come `is_known` is False, and the balance is what it would be if all that is
    due comes in (`due_in_cents`) and all that is promised goes out (`due_out_cents`).
    """

    day: date
    balance_cents: int
    is_known: bool
    due_in_cents: int = 0
    due_out_cents: int = 0


def balance_line(work: Work, _nothing: None = None) -> tuple[BalanceDay, ...]:
    """The days in their order: nine ends of days from the ledger, today, and four days on."""
    work.allow(Act.LOOK)
    now = sum(ledger.balance(work, code) for code in _ACCOUNTS)
    return (*_days_back(work, now), *_days_on(work, now))


def _days_back(work: Work, now_cents: int) -> list[BalanceDay]:
    """Today's balance less what moved after each day: only the entries of these days are read."""
    moved = _moved(work, work.today - timedelta(days=DAYS_BACK))
    balance, day, days = now_cents, work.today, []
    for _ in range(DAYS_BACK + 1):
        days.append(BalanceDay(day, balance, is_known=True))
        balance -= moved.get(day, 0)
        day -= timedelta(days=1)
    return days[::-1]


def _moved(work: Work, after: date) -> dict[date, int]:
    """What the two accounts gained on each day after `after`; a day to come counts as today, as in its balance."""
    entries = select(Entry.id).where(Entry.value_date > after, Entry.posted_at.is_not(None))
    accounts = select(Account.id).where(Account.code.in_(_ACCOUNTS))
    found = work.session.execute(
        select(Entry.value_date, func.sum(PostingRow.debit_cents - PostingRow.credit_cents))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.entry_id.in_(entries),
            # coalesce keeps the database from going by way of the accounts, which hold all of history.
            func.coalesce(PostingRow.account_id, 0).in_(accounts),
        )
        .group_by(Entry.value_date)
    )
    moved: dict[date, int] = {}
    for day, cents in found:
        day = min(day, work.today)
        moved[day] = moved.get(day, 0) + int(cents)
    return moved


def _days_on(work: Work, now_cents: int) -> list[BalanceDay]:
    due_in = _due_in(work)
    # What is approved or under way can leave at any moment, so it is gone tomorrow.
    out = sum(
        leaving_cents(work, status) for status in (PayoutStatus.APPROVED, PayoutStatus.IN_FLIGHT)
    )
    balance, days = now_cents, []
    for step in range(1, DAYS_ON + 1):
        day = work.today + timedelta(days=step)
        comes, goes = due_in.get(day, 0), out if step == 1 else 0
        balance += comes - goes
        days.append(
            BalanceDay(day, balance, is_known=False, due_in_cents=comes, due_out_cents=goes)
        )
    return days


def _due_in(work: Work) -> dict[date, int]:
    """Instalments of active loans that fall due on the days to come."""
    found = work.session.execute(
        select(
            LoanInstalment.due_on,
            func.sum(
                LoanInstalment.principal_cents
                + LoanInstalment.interest_cents
                + LoanInstalment.fee_cents
            ),
        )
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .where(
            LoanInstalment.due_on > work.today,
            LoanInstalment.due_on <= work.today + timedelta(days=DAYS_ON),
            Loan.status == "active",
        )
        .group_by(LoanInstalment.due_on)
    )
    return {day: int(cents) for day, cents in found}
