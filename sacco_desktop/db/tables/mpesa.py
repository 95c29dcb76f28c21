"""The M-Pesa connection of each environment, what is known of the accounts there, and stops of the sending queue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class MpesaConnection(Table):
    """Everything about one environment that is no secret; key, secret and password lie in the keyring."""

    __tablename__ = "mpesa_connection"
    __table_args__ = strict(
        CheckConstraint(
            "environment IN ('practice', 'sandbox', 'production')", "environment_is_known"
        ),
        CheckConstraint("b2c_version IN ('v1', 'v3')", "version_is_known"),
        CheckConstraint("c2b_version IN ('v1', 'v2')", "c2b_version_is_known"),
    )

    environment: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    shortcode: Mapped[str]
    initiator: Mapped[str]
    certificate: Mapped[str]
    b2c_version: Mapped[str] = mapped_column(default="v3")
    # Safaricom has enabled payments that are checked against the receiver's identity paper.
    has_id_check: Mapped[bool] = mapped_column(default=False)
    # In which version the addresses for payments to the paybill are registered; the app has one of the two.
    c2b_version: Mapped[str] = mapped_column(default="v2")


class CollectingShortcode(Table):
    """A further paybill or till of the society that takes payments, with its own account in the ledger; the first one
    is that of the connection.
    """

    __tablename__ = "collecting_shortcode"
    __table_args__ = strict(
        CheckConstraint("kind IN ('paybill', 'till')", "kind_is_known"),
        CheckConstraint("c2b_version IN ('v1', 'v2')", "c2b_version_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcode: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    account_code: Mapped[str] = mapped_column(unique=True)
    c2b_version: Mapped[str]
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]


class ShortcodeRegistration(Table):
    """What M-Pesa answered when it was told where payments to a shortcode are reported; a row is never changed."""

    __tablename__ = "shortcode_registration"
    __table_args__ = strict(Index("ix_shortcode_registration_shortcode", "shortcode"))

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcode: Mapped[str]
    version: Mapped[str]
    is_done: Mapped[bool]
    words: Mapped[str] = mapped_column(PersonalText("shortcode_registration.words"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]


class FloatReading(Table):
    """What M-Pesa said an account of ours holds, in cents, and where that was said.

    `account` is utility, working, charges, or the name that M-Pesa gave any other one. `books_cents` is what our ledger
    said of it at the same moment.
    """

    __tablename__ = "float_reading"
    __table_args__ = strict(Index("ix_float_reading_account_at", "account", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    at: Mapped[datetime]
    available_cents: Mapped[int]
    source: Mapped[str]
    current_cents: Mapped[int | None]
    reserved_cents: Mapped[int | None]
    uncleared_cents: Mapped[int | None]
    books_cents: Mapped[int | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("balance_question.id"))


_WAITS = text("status IN ('asking', 'accepted')")


class BalanceQuestion(Table):
    """A question about what our M-Pesa accounts hold: written before it is asked, answered by a callback, or never.

    There is one open question at most. `http_status` and `answer` are M-Pesa's immediate answer as it was.
    """

    __tablename__ = "balance_question"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('asking', 'accepted', 'answered', 'refused', 'unanswered')",
            "status_is_known",
        ),
        CheckConstraint("reason IN ('person', 'clock', 'run')", "reason_is_known"),
        Index(
            "uq_balance_question_shortcode_open",
            "shortcode",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str] = mapped_column(unique=True)
    shortcode: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    status: Mapped[str]
    conversation_id: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(PersonalText("balance_question.words"), default="")
    http_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(PersonalText("balance_question.answer"), default="")


class QueueStop(Table):
    """The sending queue stood still from `stopped_at` until a person looked and let it go on."""

    __tablename__ = "queue_stop"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]
    code: Mapped[str]
    reason: Mapped[str] = mapped_column(PersonalText("queue_stop.reason"))
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[int | None]
    clearing_words: Mapped[str] = mapped_column(default="")
