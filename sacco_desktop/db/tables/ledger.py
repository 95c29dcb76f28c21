"""The double-entry ledger: accounts, entries, postings, running balances, closed months and money commands."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class Account(Table):
    """An account of the chart, or a member's or loan's own account under its control account.

    Postings go only to accounts without others under them, so a control account is always the sum of its members.
    """

    __tablename__ = "account"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[str]
    is_control: Mapped[bool] = mapped_column(default=False)
    control_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class AccountBalance(Table):
    """The sum of an account's posted debits and credits in cents, moved by the database with each entry."""

    __tablename__ = "account_balance"
    __table_args__ = strict()

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    debit_cents: Mapped[int]
    credit_cents: Mapped[int]


class Entry(Table):
    """A journal entry. It is written unposted with its postings; setting `posted_at` makes it final for ever."""

    __tablename__ = "journal_entry"
    __table_args__ = strict(
        CheckConstraint("(posted_at IS NULL) = (hash IS NULL)", "posted_has_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    value_date: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str]
    narration: Mapped[str]
    reference: Mapped[str] = mapped_column(index=True)
    reverses_number: Mapped[int | None] = mapped_column(unique=True)
    posted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    posted_at: Mapped[datetime | None]
    previous_hash: Mapped[str]
    hash: Mapped[str | None] = mapped_column(unique=True)


class PostingRow(Table):
    """One line of an entry: exactly one of debit and credit is above zero, in cents."""

    __tablename__ = "posting"
    __table_args__ = strict(
        CheckConstraint("debit_cents >= 0 AND credit_cents >= 0", "not_negative"),
        CheckConstraint("(debit_cents > 0) <> (credit_cents > 0)", "one_side"),
        UniqueConstraint("entry_id", "line"),
        Index("ix_posting_account_id_entry_id", "account_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"))
    line: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    debit_cents: Mapped[int]
    credit_cents: Mapped[int]
    memo: Mapped[str] = mapped_column(default="")


class ClosedMonth(Table):
    """A month ("2026-01") that takes no more entries."""

    __tablename__ = "closed_month"
    __table_args__ = strict(CheckConstraint("length(month) = 7", "month_is_iso"))

    month: Mapped[str] = mapped_column(primary_key=True)
    closed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime]


class Command(Table):
    """A money command that was carried out: its key, the fingerprint of its input and the answer it gave."""

    __tablename__ = "money_command"
    __table_args__ = strict()

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    input_hash: Mapped[str]
    answer: Mapped[str]
    done_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime]
