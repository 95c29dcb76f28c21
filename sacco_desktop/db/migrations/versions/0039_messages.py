"""Messages to members: the outbox, calls to gateways, what members want, and the gateways; nothing is sent before a
society says so.
"""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them; there were no messages before."""
    _make_message()
    _make_message_paper()
    _make_message_attempt()
    _make_message_wish()
    _make_message_gateway()
    _make_message_stop()


def _make_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("address", types.PersonalText("message.address"), nullable=False),
        sa.Column("heading", types.PersonalText("message.heading"), nullable=False),
        sa.Column("text", types.PersonalText("message.text"), nullable=False),
        sa.Column("parts", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("message.words"), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.Column("not_before", types.UtcMoment(), nullable=False),
        sa.Column("sent_at", types.UtcMoment(), nullable=True),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("tries", types.WideInteger(), nullable=False),
        sa.Column("decided_by", types.WideInteger(), nullable=True),
        sa.Column("decided_at", types.UtcMoment(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'email')", name=op.f("ck_message_channel_is_known")),
        sa.CheckConstraint("language IN ('en', 'sw')", name=op.f("ck_message_language_is_known")),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dropped')",
            name=op.f("ck_message_status_is_known"),
        ),
        sa.CheckConstraint(
            "parts >= 0 AND tries >= 0", name=op.f("ck_message_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_message_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_message_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "event",
            "subject",
            "period",
            "channel",
            name=op.f("uq_message_event_subject_period_channel"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_message_member_id", "message", ["member_id", "sent_at"], unique=False)
    op.create_index("ix_message_status", "message", ["status", "not_before"], unique=False)


def _make_message_paper() -> None:
    op.create_table(
        "message_paper",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("message_id", types.WideInteger(), nullable=False),
        sa.Column("name", types.PersonalText("message_paper.name"), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("content", types.PersonalBytes("message_paper.content"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_paper_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_paper")),
        sqlite_strict=True,
    )
    op.create_index("ix_message_paper_message_id", "message_paper", ["message_id"], unique=False)


def _make_message_attempt() -> None:
    op.create_table(
        "message_attempt",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("message_id", types.WideInteger(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("gateway_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("words", types.PersonalText("message_attempt.words"), nullable=False),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", types.PersonalText("message_attempt.answer"), nullable=False),
        sa.Column("pc_name", sa.Text(), nullable=False),
        sa.Column("begun_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.Column("decided_by", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "gateway IN ('africas_talking', 'twilio', 'smtp')",
            name=op.f("ck_message_attempt_gateway_is_known"),
        ),
        sa.CheckConstraint(
            "status IN ('sending', 'taken', 'refused', 'not_sent', 'unknown')",
            name=op.f("ck_message_attempt_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_message_attempt_decided_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_message_attempt_gateway_id", "message_attempt", ["gateway", "gateway_id"], unique=False
    )
    op.create_index(
        "ix_message_attempt_message_id", "message_attempt", ["message_id"], unique=False
    )
    op.create_index("ix_message_attempt_status", "message_attempt", ["status"], unique=False)
    op.create_index(
        "uq_message_attempt_message_id_open",
        "message_attempt",
        ["message_id"],
        unique=True,
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )


def _make_message_wish() -> None:
    op.create_table(
        "message_wish",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("said", types.PersonalText("message_wish.said"), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "language IN ('', 'en', 'sw')", name=op.f("ck_message_wish_language_is_known")
        ),
        sa.CheckConstraint(
            "wish IN ('all', 'no_reminders', 'none')", name=op.f("ck_message_wish_wish_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_message_wish_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_message_wish_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_wish")),
        sqlite_strict=True,
    )
    op.create_index("ix_message_wish_member_id", "message_wish", ["member_id", "id"], unique=False)


def _make_message_gateway() -> None:
    op.create_table(
        "message_gateway",
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("balance", sa.Text(), nullable=False),
        sa.Column("balance_at", types.UtcMoment(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "gateway IN ('africas_talking', 'twilio', 'smtp')",
            name=op.f("ck_message_gateway_gateway_is_known"),
        ),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_message_gateway")),
        sqlite_strict=True,
    )


def _make_message_stop() -> None:
    op.create_table(
        "message_stop",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", types.PersonalText("message_stop.reason"), nullable=False),
        sa.Column("stopped_at", types.UtcMoment(), nullable=False),
        sa.Column("cleared_at", types.UtcMoment(), nullable=True),
        sa.Column("cleared_by", types.WideInteger(), nullable=True),
        sa.Column("clearing_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "gateway IN ('', 'africas_talking', 'twilio', 'smtp')",
            name=op.f("ck_message_stop_gateway_is_known"),
        ),
        sa.CheckConstraint(
            "(cleared_at IS NULL) = (cleared_by IS NULL)",
            name=op.f("ck_message_stop_cleared_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by"],
            ["user_account.id"],
            name=op.f("fk_message_stop_cleared_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_stop")),
        sqlite_strict=True,
    )
    op.create_index("ix_message_stop_cleared_at", "message_stop", ["cleared_at"], unique=False)
