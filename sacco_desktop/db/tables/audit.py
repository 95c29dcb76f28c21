"""The audit rows: who did what, when, on which PC; appended, chained, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class AuditRow(Table):
    """One act. `detail` is JSON without secrets; `hash` covers the row and the hash of the row before."""

    __tablename__ = "audit_row"
    __table_args__ = strict(Index("ix_audit_row_subject", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int]
    full_name: Mapped[str]
    pc_name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(PersonalText("audit_row.subject"))
    detail: Mapped[str] = mapped_column(PersonalText("audit_row.detail"))
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
