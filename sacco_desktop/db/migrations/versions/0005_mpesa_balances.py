"""Questions about M-Pesa accounts, and batches of payouts."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for balances and batches, for relays at rest, and for payments that are checked by identity paper."""
    _add_questions()
    _widen_readings()
    _add_batches()
    _add_rests()
    _widen_connection()


def _add_questions() -> None:
    waits = sa.text("status IN ('asking', 'accepted')")
    op.create_table(
        "balance_question",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("answered_at", types.UtcMoment(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("http_status", types.WideInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asking', 'accepted', 'answered', 'refused', 'unanswered')",
            name=op.f("ck_balance_question_status_is_known"),
        ),
        sa.CheckConstraint(
            "reason IN ('person', 'clock', 'run')", name=op.f("ck_balance_question_reason_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_balance_question_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_balance_question_asked_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_question")),
        sa.UniqueConstraint("tag", name=op.f("uq_balance_question_tag")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_balance_question_shortcode_open",
        "balance_question",
        ["shortcode"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _widen_readings() -> None:
    """What was read before tells only what was available, and is compared with nothing."""
    with op.batch_alter_table("float_reading") as readings:
        for name in ("current_cents", "reserved_cents", "uncleared_cents", "books_cents"):
            readings.add_column(sa.Column(name, types.WideInteger(), nullable=True))
        readings.add_column(sa.Column("question_id", types.WideInteger(), nullable=True))
        readings.create_foreign_key(
            op.f("fk_float_reading_question_id_balance_question"),
            "balance_question",
            ["question_id"],
            ["id"],
        )


def _add_batches() -> None:
    op.create_table(
        "payout_batch",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.Column("payouts", types.WideInteger(), nullable=False),
        sa.Column("sum_cents", types.WideInteger(), nullable=False),
        sa.Column("sent_by", types.WideInteger(), nullable=True),
        sa.Column("pc_name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("moved_at", types.UtcMoment(), nullable=False),
        sa.Column("ended_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'sending', 'paused', 'done', 'void')",
            name=op.f("ck_payout_batch_status_is_known"),
        ),
        sa.CheckConstraint("payouts > 0", name=op.f("ck_payout_batch_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_payout_batch_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_payout_batch_sent_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_batch_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_payout_batch_status", "payout_batch", ["status"], unique=False)
    _add_lines()


def _add_lines() -> None:
    waits = sa.text("status = 'waiting'")
    op.create_table(
        "batch_line",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("batch_id", types.WideInteger(), nullable=False),
        sa.Column("place", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'gone', 'left')", name=op.f("ck_batch_line_status_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batch.id"], name=op.f("fk_batch_line_batch_id_payout_batch")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_batch_line_payout_id_payout")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_line")),
        sa.UniqueConstraint("batch_id", "payout_id", name=op.f("uq_batch_line_batch_id_payout_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batch_line_payout_id"), "batch_line", ["payout_id"], unique=False)
    op.create_index(
        "uq_batch_line_payout_id_waiting",
        "batch_line",
        ["payout_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _add_rests() -> None:
    lasts = sa.text("until IS NULL")
    op.create_table(
        "relay_rest",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("since", types.UtcMoment(), nullable=False),
        sa.Column("rested_by", types.WideInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", types.UtcMoment(), nullable=True),
        sa.Column("woken_by", types.WideInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_relay_rest_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["rested_by"], ["user_account.id"], name=op.f("fk_relay_rest_rested_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["woken_by"], ["user_account.id"], name=op.f("fk_relay_rest_woken_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_rest")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_relay_rest_relay_id_lasting",
        "relay_rest",
        ["relay_id"],
        unique=True,
        sqlite_where=lasts,
        postgresql_where=lasts,
    )


def _widen_connection() -> None:
    """No connection that is there already has the check until somebody says that Safaricom enabled it."""
    with op.batch_alter_table("mpesa_connection") as connection:
        connection.add_column(
            sa.Column("has_id_check", types.Flag(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("mpesa_connection") as connection:
        connection.alter_column("has_id_check", server_default=None)
