"""The society itself, its dated settings, and the counters that number its papers without gaps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class Society(Table):
    """The one society whose books these are. `books_id` is drawn once and goes into every id that leaves the house.

    From `two_people_since` on nobody alone changes who works here; it is set when a second person can agree.
    """

    __tablename__ = "society"
    __table_args__ = strict(CheckConstraint("id = 1", "one_row"))

    id: Mapped[int] = mapped_column(primary_key=True)
    books_id: Mapped[str]
    name: Mapped[str]
    registration_number: Mapped[str]
    postal_address: Mapped[str]
    phone: Mapped[str]
    environment: Mapped[str]
    created_at: Mapped[datetime]
    two_people_since: Mapped[datetime | None]


class Setting(Table):
    """A business rule that differs between societies, from a date on; the newest row not in the future counts.

    `request_id` is the request that another person approved; a rule that guards money has one but for its first row.
    """

    __tablename__ = "setting"
    __table_args__ = strict(UniqueConstraint("name", "effective_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    effective_on: Mapped[date]
    value: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))


class Counter(Table):
    """The last number given out of a series; moved in the transaction that uses the number, so a series has no gaps."""

    __tablename__ = "counter"
    __table_args__ = strict()

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
