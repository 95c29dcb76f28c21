"""What the clock did, one row for each run of a job, and which jobs people have stopped for a while."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class JobRun(Table):
    """A run of a job for a business date: begun, ended, how it went and in which words."""

    __tablename__ = "job_run"
    __table_args__ = strict(
        CheckConstraint("outcome IN ('running', 'done', 'failed')", "outcome_is_known"),
        Index("ix_job_run_job_started_at", "job", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    business_date: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str]
    words: Mapped[str] = mapped_column(default="")


class JobPause(Table):
    """A job was stopped for a while, or let run again: the newest row of a job counts."""

    __tablename__ = "job_pause"
    __table_args__ = strict(Index("ix_job_pause_job", "job"))

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    is_paused: Mapped[bool]
    why: Mapped[str]
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
