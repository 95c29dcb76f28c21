"""Who stands near to the society: offices held, and near relations, from a day until a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class InsiderTie(Table):
    """What makes a member an insider, from a day on. `of_member_id` is the insider to whom a relation is near.

    `ended_by` is set once, when somebody else than who wrote it says that it is over.
    """

    __tablename__ = "insider_tie"
    __table_args__ = strict(
        CheckConstraint(
            "kind IN ('board', 'committee', 'supervisory', 'officer', 'employee', 'relation')",
            "kind_is_known",
        ),
        CheckConstraint("(kind = 'relation') = (of_member_id IS NOT NULL)", "relation_of_somebody"),
        CheckConstraint("of_member_id IS NULL OR of_member_id <> member_id", "of_another"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", "ends_after_it_begins"),
        CheckConstraint(
            "ended_by IS NULL OR (ended_at IS NOT NULL AND until_on IS NOT NULL)", "end_is_whole"
        ),
        Index("ix_insider_tie_member_id", "member_id"),
        Index("ix_insider_tie_of_member_id", "of_member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str]
    kin: Mapped[str] = mapped_column(default="")
    of_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(PersonalText("insider_tie.note"), default="")
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(PersonalText("insider_tie.ended_why"), default="")
