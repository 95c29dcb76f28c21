"""Requests for approval, bound to a fingerprint of their content, what each needs, and the decisions on them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class ApprovalRequest(Table):
    """Somebody asks for something; `content` is what is shown, `fingerprint` its SHA-256."""

    __tablename__ = "approval_request"
    __table_args__ = strict(
        CheckConstraint("status IN ('waiting', 'approved', 'rejected', 'void')", "status_is_known"),
        Index("ix_approval_request_subject", "kind", "subject_id"),
        Index("ix_approval_request_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    about: Mapped[str] = mapped_column(PersonalText("approval_request.about"))
    amount_cents: Mapped[int]
    content: Mapped[str] = mapped_column(PersonalText("approval_request.content"))
    fingerprint: Mapped[str]
    status: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closing_words: Mapped[str] = mapped_column(default="")


class ApprovalNeed(Table):
    """One step that a request needs, copied from the levels when it was asked, so that no later change rewrites it.

    `roles` is a list with commas, in the order of the alphabet; `ceiling_cents` that of the band, None without one.
    A step with `members_vote` says yes to the vote of a general meeting that somebody else has recorded.
    """

    __tablename__ = "approval_need"
    __table_args__ = strict(CheckConstraint("quorum >= 1 AND step >= 1", "somebody_is_needed"))

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    roles: Mapped[str]
    quorum: Mapped[int]
    ceiling_cents: Mapped[int | None]
    members_vote: Mapped[bool] = mapped_column(default=False)


class ApprovalDecision(Table):
    """One person's decision, on exactly the content whose fingerprint it carries.

    `roles` are all that the person held then, `role` the one that counted; `deputy_of` whom it was held for, and
    `limit_cents` what the person could decide on in that role, None without a limit.
    """

    __tablename__ = "approval_decision"
    __table_args__ = strict(
        CheckConstraint("decision IN ('approve', 'reject')", "decision_is_known"),
        UniqueConstraint("request_id", "decided_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    roles: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str]
    fingerprint: Mapped[str]
    decided_at: Mapped[datetime]
    step: Mapped[int]
    role: Mapped[str]
    deputy_of: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    limit_cents: Mapped[int | None]
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))


class ApprovalNote(Table):
    """Words on a request that decide nothing."""

    __tablename__ = "approval_note"
    __table_args__ = strict(Index("ix_approval_note_request_id", "request_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(PersonalText("approval_note.words"))


class ApprovalLevels(Table):
    """The levels of one kind of request from a day on, as text; the newest row not in the future counts.

    Only the first row of a kind has no `request_id`: every later one was approved by another person.
    """

    __tablename__ = "approval_levels"
    __table_args__ = strict(Index("ix_approval_levels_kind", "kind", "effective_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    bands: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    written_at: Mapped[datetime]


class AmountLimit(Table):
    """The most that a person may do in a role by one act and in one business day, from a day on; None is no limit."""

    __tablename__ = "amount_limit"
    __table_args__ = strict(
        CheckConstraint("single_cents >= 0 AND day_cents >= 0", "not_below_zero"),
        Index("ix_amount_limit_act", "act", "role", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    act: Mapped[str]
    single_cents: Mapped[int | None]
    day_cents: Mapped[int | None]
    effective_on: Mapped[date]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    written_at: Mapped[datetime]


class LimitUse(Table):
    """What a person did by an act on a business day; added up against the limit of that day."""

    __tablename__ = "limit_use"
    __table_args__ = strict(UniqueConstraint("user_id", "act", "used_on", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    act: Mapped[str]
    used_on: Mapped[date]
    subject: Mapped[str]
    cents: Mapped[int]
    used_at: Mapped[datetime]


class Sitting(Table):
    """A sitting of the committee on one PC, from its opening to its minutes."""

    __tablename__ = "sitting"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    minute_number: Mapped[str] = mapped_column(unique=True)
    held_on: Mapped[date]
    place: Mapped[str]
    chair_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]


class SittingPresence(Table):
    """Somebody who sat in a sitting."""

    __tablename__ = "sitting_presence"
    __table_args__ = strict()

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Abstention(Table):
    """Somebody present who was asked and would not vote."""

    __tablename__ = "sitting_abstention"
    __table_args__ = strict()

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    said_at: Mapped[datetime]
