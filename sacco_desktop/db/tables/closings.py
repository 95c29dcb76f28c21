"""Days that were closed: how the checks stood, which entry was the last, and the two people who signed; and which of
them two people opened again.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class DayClosing(Table):
    """One business date, closed and signed. `checks` is JSON: each check with its finding and its reason.

    `head_number` and `head_hash` are the last posted entry at that moment; without any they are 0 and the hash before
    the first one. It stands until a DayReopening names it.
    """

    __tablename__ = "day_closing"
    __table_args__ = strict(
        CheckConstraint("closed_by <> signed_by", "signed_by_another"),
        Index("ix_day_closing_business_date", "business_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    business_date: Mapped[date]
    closed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime]
    head_number: Mapped[int]
    head_hash: Mapped[str]
    checks: Mapped[str] = mapped_column(PersonalText("day_closing.checks"))


class DayReopening(Table):
    """A closing that counts no more, by whom and why. The day can then be closed again."""

    __tablename__ = "day_reopening"
    __table_args__ = strict(CheckConstraint("reopened_by <> signed_by", "signed_by_another"))

    id: Mapped[int] = mapped_column(primary_key=True)
    closing_id: Mapped[int] = mapped_column(ForeignKey("day_closing.id"), unique=True)
    reopened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reopened_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(PersonalText("day_reopening.reason"))
