"""Statements of M-Pesa and of the bank, what of them is matched to which posting, and the days that were signed at
zero. Nothing here is ever changed or deleted: a match that was wrong is undone by a row of its own.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class AccountStatement(Table):
    """One file that was taken in, in cents. `row_count` rows stood in it, `new_rows` of them were not known before."""

    __tablename__ = "account_statement"
    __table_args__ = strict(
        CheckConstraint("source IN ('mpesa', 'bank')", "source_is_known"),
        CheckConstraint("first_day <= last_day", "days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    source: Mapped[str]
    shortcode: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    opening_cents: Mapped[int]
    closing_cents: Mapped[int]
    row_count: Mapped[int]
    new_rows: Mapped[int]
    file_name: Mapped[str]
    made_of: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime]


class StatementLine(Table):
    """One row of a statement, in cents above zero for what came in. `identity` is the SHA-256 of what makes it this row
    in whatever export it stands; `file_row` and `file_page` count as the file does.
    """

    __tablename__ = "statement_line"
    __table_args__ = strict(
        UniqueConstraint("account_id", "identity"),
        CheckConstraint("cents <> 0", "moves_money"),
        Index("ix_statement_line_account_id_day", "account_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("account_statement.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    file_page: Mapped[int]
    file_row: Mapped[int]
    identity: Mapped[str]
    receipt: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    day: Mapped[date]
    cents: Mapped[int]
    balance_cents: Mapped[int]
    kind: Mapped[str]
    reason: Mapped[str]
    linked: Mapped[str]
    details: Mapped[str] = mapped_column(PersonalText("statement_line.details"))
    party: Mapped[str] = mapped_column(PersonalText("statement_line.party"))
    typed: Mapped[str] = mapped_column(PersonalText("statement_line.typed"))


class StatementMatch(Table):
    """Lines and postings that are the same money. Its sides are written first; with `sealed_at` it stands.

    `how` is receipt, person or entry; `entry_number` names the entry that was made to settle a line.
    """

    __tablename__ = "statement_match"
    __table_args__ = strict(
        CheckConstraint("how IN ('receipt', 'person', 'entry')", "how_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    line_class: Mapped[str]
    how: Mapped[str]
    reason: Mapped[str] = mapped_column(PersonalText("statement_match.reason"), default="")
    entry_number: Mapped[int | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sealed_at: Mapped[datetime | None]


class MatchSide(Table):
    """A line or a posting of a match: `cents` is what the line moved, or what the posting moved the other way."""

    __tablename__ = "match_side"
    __table_args__ = strict(
        CheckConstraint("(line_id IS NULL) <> (posting_id IS NULL)", "one_side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("statement_match.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("statement_line.id"), index=True)
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("posting.id"), index=True)
    cents: Mapped[int]


class MatchUndoing(Table):
    """A match that counts no more, by whom and why."""

    __tablename__ = "match_undoing"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("statement_match.id"), unique=True)
    undone_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(PersonalText("match_undoing.reason"))


class Reconciliation(Table):
    """An account at zero up to a day, in cents, signed by two people. `told` is JSON: what was shown to them.

    What both know and have on different days is `other_day_cents`.
    """

    __tablename__ = "reconciliation"
    __table_args__ = strict(
        CheckConstraint("made_by <> signed_by", "signed_by_another"),
        CheckConstraint("statement_cents = books_cents + other_day_cents", "at_zero"),
        Index("ix_reconciliation_account_id_until", "account_id", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    until: Mapped[date]
    statement_cents: Mapped[int]
    books_cents: Mapped[int]
    other_day_cents: Mapped[int]
    told: Mapped[str] = mapped_column(PersonalText("reconciliation.told"))
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime]


class ReconciliationReopening(Table):
    """A signed reconciliation that counts no more, by whom and why."""

    __tablename__ = "reconciliation_reopening"
    __table_args__ = strict(CheckConstraint("reopened_by <> signed_by", "signed_by_another"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reconciliation_id: Mapped[int] = mapped_column(ForeignKey("reconciliation.id"), unique=True)
    reopened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reopened_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(PersonalText("reconciliation_reopening.reason"))
