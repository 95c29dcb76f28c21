"""What the clock did: one row for each run of a job."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
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
