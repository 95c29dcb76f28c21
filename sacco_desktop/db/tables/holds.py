"""Payouts that a person stopped before they left: who, when and why, and who let them go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_STANDS = text("released_at IS NULL")


class PayoutHold(Table):
    """One hold of one payout. While `released_at` is empty nothing of the payout can leave."""

    __tablename__ = "payout_hold"
    __table_args__ = strict(
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", "somebody_released_it"),
        Index(
            "uq_payout_hold_standing",
            "payout_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    held_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    held_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(PersonalText("payout_hold.why"))
    released_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None]
    release_why: Mapped[str] = mapped_column(PersonalText("payout_hold.release_why"), default="")
