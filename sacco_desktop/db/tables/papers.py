"""Printed papers: which, by whom, when, and the fingerprint of what they say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class PaperPrint(Table):
    """One print of one paper; the second print of the same subject is a copy and says so."""

    __tablename__ = "paper_print"
    __table_args__ = strict(Index("ix_paper_print_subject", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    fingerprint: Mapped[str]
    copy_number: Mapped[int]
    printed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    printed_at: Mapped[datetime]
