"""Requests for approval, bound to a fingerprint of their content, and the decisions on them."""

from __future__ import annotations

from datetime import datetime

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


class ApprovalDecision(Table):
    """One person's decision, on exactly the content whose fingerprint it carries."""

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
