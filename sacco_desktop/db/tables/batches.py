"""Runs of payouts that a person sends with one password: what was shown to that person, and what of it still waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_WAITS = text("status = 'waiting'")


class PayoutBatch(Table):
    """A list of payouts as it was shown, with its count and sum. `moved_at` is its last sign of life."""

    __tablename__ = "payout_batch"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('open', 'sending', 'paused', 'done', 'void')", "status_is_known"
        ),
        CheckConstraint("payouts > 0", "is_not_empty"),
        Index("ix_payout_batch_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    payouts: Mapped[int]
    sum_cents: Mapped[int]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    pc_name: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(PersonalText("payout_batch.words"), default="")
    moved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BatchLine(Table):
    """One payout of a batch, bound to what was approved of it. A payout waits in one batch at most."""

    __tablename__ = "batch_line"
    __table_args__ = strict(
        CheckConstraint("status IN ('waiting', 'gone', 'left')", "status_is_known"),
        UniqueConstraint("batch_id", "payout_id"),
        Index(
            "uq_batch_line_payout_id_waiting",
            "payout_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"))
    place: Mapped[int]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    amount_cents: Mapped[int]
    fingerprint: Mapped[str]
    status: Mapped[str]
    words: Mapped[str] = mapped_column(PersonalText("batch_line.words"), default="")
