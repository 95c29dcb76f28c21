"""The M-Pesa connection of each environment, what is known of the accounts there, and stops of the sending queue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class MpesaConnection(Table):
    """Everything about one environment that is no secret; key, secret and password lie in the keyring."""

    __tablename__ = "mpesa_connection"
    __table_args__ = strict(
        CheckConstraint(
            "environment IN ('practice', 'sandbox', 'production')", "environment_is_known"
        ),
        CheckConstraint("b2c_version IN ('v1', 'v3')", "version_is_known"),
    )

    environment: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    shortcode: Mapped[str]
    initiator: Mapped[str]
    certificate: Mapped[str]
    b2c_version: Mapped[str] = mapped_column(default="v3")


class FloatReading(Table):
    """What M-Pesa said an account of ours holds, in cents, and where that was said."""

    __tablename__ = "float_reading"
    __table_args__ = strict(Index("ix_float_reading_account_at", "account", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    at: Mapped[datetime]
    available_cents: Mapped[int]
    source: Mapped[str]


class QueueStop(Table):
    """The sending queue stood still from `stopped_at` until a person looked and let it go on."""

    __tablename__ = "queue_stop"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]
    code: Mapped[str]
    reason: Mapped[str]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[int | None]
    clearing_words: Mapped[str] = mapped_column(default="")
