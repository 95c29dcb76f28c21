"""Check-off lists of employers: what was read of each, and who owns what had no owner when it was posted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class CheckOffList(Table):
    """What an employer took off salaries for a month, in cents: as it was read, until two people have posted it.

    `lump_entry` books the sum, `entry_number` shares it among the members; `undo_entry` takes the latter back.
    `month` is "2026-03".
    """

    __tablename__ = "check_off_list"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('draft', 'asked', 'posted', 'undone', 'dropped')", "status_is_known"
        ),
        CheckConstraint("total_cents > 0", "total_above_zero"),
        CheckConstraint("length(month) = 7", "month_is_iso"),
        CheckConstraint(
            "(lump_entry IS NOT NULL) = (status IN ('posted', 'undone'))", "posted_has_entry"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    employer: Mapped[str]
    month: Mapped[str]
    file_name: Mapped[str]
    fingerprint: Mapped[str]
    reference: Mapped[str]
    value_date: Mapped[date]
    total_cents: Mapped[int]
    status: Mapped[str]
    started_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]
    lump_entry: Mapped[int | None] = mapped_column(unique=True)
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    undo_entry: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class CheckOffLine(Table):
    """One amount of a check-off list, in cents: whom the employer named, and which member and product it is for.

    Without a member it is unmatched, and `problem` says why; its money stays on the clearing account.
    """

    __tablename__ = "check_off_line"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("(member_id IS NULL) = (problem <> '')", "unmatched_says_why"),
        UniqueConstraint("list_id", "line", "product_id"),
        Index("ix_check_off_line_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("check_off_list.id"))
    line: Mapped[int]
    named: Mapped[str] = mapped_column(PersonalText("check_off_line.named"))
    name: Mapped[str] = mapped_column(PersonalText("check_off_line.name"))
    product_id: Mapped[int] = mapped_column(ForeignKey("savings_product.id"))
    cents: Mapped[int]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    problem: Mapped[str]
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))


class CheckOffOwner(Table):
    """Money of a check-off list that had no owner, in cents, and the member whose it turned out to be: asked for by one
    person and given when another agreed. Without a line it is of what was paid beyond the lines.
    """

    __tablename__ = "check_off_owner"
    __table_args__ = strict(
        CheckConstraint("status IN ('asked', 'given', 'undone', 'dropped')", "status_is_known"),
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("known_by <> ''", "known_by_is_there"),
        CheckConstraint(
            "(given_on IS NOT NULL) = (status IN ('given', 'undone'))", "given_on_a_day"
        ),
        Index("ix_check_off_owner_list_id", "list_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("check_off_list.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("check_off_line.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    cents: Mapped[int]
    known_by: Mapped[str] = mapped_column(PersonalText("check_off_owner.known_by"))
    status: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    given_on: Mapped[date | None]
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    version: Mapped[int] = mapped_column(default=1)


class CheckOffColumns(Table):
    """Which columns the lists of an employer have, as a person chose them; the newest row of an employer counts.

    `employer` is the name in plain words, `columns` text (JSON): what each says, its place, and the heading above it.
    `first_row` is the row of the first line.
    """

    __tablename__ = "check_off_columns"
    __table_args__ = strict(
        CheckConstraint("first_row >= 1", "first_row_is_a_row"),
        Index("ix_check_off_columns_employer", "employer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer: Mapped[str]
    first_row: Mapped[int]
    columns: Mapped[str]
    chosen_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime]
