"""Messages to members: the outbox, each call to a gateway, what members want, and the gateways themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalBytes, PersonalText

_OPEN = text("status = 'sending'")


class Message(Table):
    """One message to one member, written with the event that it tells of. Event, subject, period and channel are its
    key, so that nobody is told twice of one thing by one road.

    `not_before` is when it may leave, or be asked about again once it was sent; `decided_by` is who wants it sent
    again although it may have gone out.
    """

    __tablename__ = "message"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dropped')",
            "status_is_known",
        ),
        CheckConstraint("channel IN ('sms', 'email')", "channel_is_known"),
        CheckConstraint("language IN ('en', 'sw')", "language_is_known"),
        CheckConstraint("parts >= 0 AND tries >= 0", "counts_not_negative"),
        UniqueConstraint("event", "subject", "period", "channel"),
        Index("ix_message_status", "status", "not_before"),
        Index("ix_message_member_id", "member_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    subject: Mapped[str]
    period: Mapped[str]
    channel: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    language: Mapped[str]
    address: Mapped[str] = mapped_column(PersonalText("message.address"))
    heading: Mapped[str] = mapped_column(PersonalText("message.heading"))
    text: Mapped[str] = mapped_column(PersonalText("message.text"))
    parts: Mapped[int]
    status: Mapped[str]
    words: Mapped[str] = mapped_column(PersonalText("message.words"))
    cost: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    not_before: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class MessagePaper(Table):
    """A paper that goes with an e-mail."""

    __tablename__ = "message_paper"
    __table_args__ = strict(Index("ix_message_paper_message_id", "message_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    name: Mapped[str] = mapped_column(PersonalText("message_paper.name"))
    media: Mapped[str]
    content: Mapped[bytes] = mapped_column(PersonalBytes("message_paper.content"))


class MessageAttempt(Table):
    """One call to a gateway for a message, committed before it is made; at most one is open for a message."""

    __tablename__ = "message_attempt"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('sending', 'taken', 'refused', 'not_sent', 'unknown')", "status_is_known"
        ),
        CheckConstraint("gateway IN ('africas_talking', 'twilio', 'smtp')", "gateway_is_known"),
        Index(
            "uq_message_attempt_message_id_open",
            "message_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_message_attempt_message_id", "message_id"),
        Index("ix_message_attempt_gateway_id", "gateway", "gateway_id"),
        Index("ix_message_attempt_status", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    gateway: Mapped[str]
    status: Mapped[str]
    # What the gateway calls the message.
    gateway_id: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(PersonalText("message_attempt.words"))
    http_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(PersonalText("message_attempt.answer"), default="")
    pc_name: Mapped[str]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class MessageWish(Table):
    """Which messages a member wants and in which language, as the member said; the newest row counts."""

    __tablename__ = "message_wish"
    __table_args__ = strict(
        CheckConstraint("wish IN ('all', 'no_reminders', 'none')", "wish_is_known"),
        CheckConstraint("language IN ('', 'en', 'sw')", "language_is_known"),
        Index("ix_message_wish_member_id", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    wish: Mapped[str]
    language: Mapped[str]
    said: Mapped[str] = mapped_column(PersonalText("message_wish.said"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class MessageGateway(Table):
    """Where a gateway is and who we are to it, without its secret; and what it last said of our balance and price.

    `address` is used for the practice office and for e-mail only: the real hosts of the others are fixed.
    """

    __tablename__ = "message_gateway"
    __table_args__ = strict(
        CheckConstraint("gateway IN ('africas_talking', 'twilio', 'smtp')", "gateway_is_known")
    )

    gateway: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    account: Mapped[str]
    sender: Mapped[str]
    balance: Mapped[str] = mapped_column(default="")
    balance_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class MessageStop(Table):
    """A gateway that refuses us stands still until a person has put it right; what waits for it stays in the outbox."""

    __tablename__ = "message_stop"
    __table_args__ = strict(
        CheckConstraint("gateway IN ('', 'africas_talking', 'twilio', 'smtp')", "gateway_is_known"),
        CheckConstraint("(cleared_at IS NULL) = (cleared_by IS NULL)", "cleared_by_somebody"),
        Index("ix_message_stop_cleared_at", "cleared_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Empty when a person stopped all messages.
    gateway: Mapped[str]
    code: Mapped[str]
    reason: Mapped[str] = mapped_column(PersonalText("message_stop.reason"))
    stopped_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    clearing_words: Mapped[str] = mapped_column(default="")
