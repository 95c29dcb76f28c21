"""Days that were closed: how the checks stood, which entry was the last, and the two people who signed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class DayClosing(Table):
    """One business date, closed once and for good. `checks` is JSON: each check with its finding and its reason.

    `head_number` and `head_hash` are the last posted entry at that moment; without any they are 0 and the hash before
    the first one.
    """

    __tablename__ = "day_closing"
    __table_args__ = strict(CheckConstraint("closed_by <> signed_by", "signed_by_another"))

    id: Mapped[int] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(unique=True)
    closed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime]
    head_number: Mapped[int]
    head_hash: Mapped[str]
    checks: Mapped[str] = mapped_column(PersonalText("day_closing.checks"))
