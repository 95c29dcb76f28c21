"""Statements of M-Pesa and of the bank, their lines, what is matched to what, and days that were signed at zero."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for statements; none is there yet."""
    _make_account_statement()
    _make_statement_line()
    _make_statement_match()
    _make_match_side()
    _make_match_undoing()
    _make_reconciliation()
    _make_reconciliation_reopening()


def _make_account_statement() -> None:
    op.create_table(
        "account_statement",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("first_day", types.IsoDate(), nullable=False),
        sa.Column("last_day", types.IsoDate(), nullable=False),
        sa.Column("opening_cents", types.WideInteger(), nullable=False),
        sa.Column("closing_cents", types.WideInteger(), nullable=False),
        sa.Column("row_count", types.WideInteger(), nullable=False),
        sa.Column("new_rows", types.WideInteger(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("taken_by", types.WideInteger(), nullable=False),
        sa.Column("taken_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "source IN ('mpesa', 'bank')", name=op.f("ck_account_statement_source_is_known")
        ),
        sa.CheckConstraint(
            "first_day <= last_day", name=op.f("ck_account_statement_days_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_statement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"],
            ["user_account.id"],
            name=op.f("fk_account_statement_taken_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_statement")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_account_statement_fingerprint")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_account_statement_account_id"), "account_statement", ["account_id"], unique=False
    )


def _make_statement_line() -> None:
    op.create_table(
        "statement_line",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("statement_id", types.WideInteger(), nullable=False),
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("file_page", types.WideInteger(), nullable=False),
        sa.Column("file_row", types.WideInteger(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("at", types.UtcMoment(), nullable=False),
        sa.Column("day", types.IsoDate(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("balance_cents", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("linked", sa.Text(), nullable=False),
        sa.Column("details", types.PersonalText("statement_line.details"), nullable=False),
        sa.Column("party", types.PersonalText("statement_line.party"), nullable=False),
        sa.Column("typed", types.PersonalText("statement_line.typed"), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_statement_line_moves_money")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_statement_line_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["account_statement.id"],
            name=op.f("fk_statement_line_statement_id_account_statement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint(
            "account_id", "identity", name=op.f("uq_statement_line_account_id_identity")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_statement_line_account_id_day", "statement_line", ["account_id", "day"], unique=False
    )
    op.create_index(op.f("ix_statement_line_receipt"), "statement_line", ["receipt"], unique=False)
    op.create_index(
        op.f("ix_statement_line_statement_id"), "statement_line", ["statement_id"], unique=False
    )


def _make_statement_match() -> None:
    op.create_table(
        "statement_match",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("line_class", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reason", types.PersonalText("statement_match.reason"), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("sealed_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "how IN ('receipt', 'person', 'entry')", name=op.f("ck_statement_match_how_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_statement_match_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_statement_match_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_match")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_statement_match_account_id"), "statement_match", ["account_id"], unique=False
    )


def _make_match_side() -> None:
    op.create_table(
        "match_side",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("match_id", types.WideInteger(), nullable=False),
        sa.Column("line_id", types.WideInteger(), nullable=True),
        sa.Column("posting_id", types.WideInteger(), nullable=True),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "(line_id IS NULL) <> (posting_id IS NULL)", name=op.f("ck_match_side_one_side")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["statement_line.id"], name=op.f("fk_match_side_line_id_statement_line")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["statement_match.id"],
            name=op.f("fk_match_side_match_id_statement_match"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_match_side_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_side")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_match_side_line_id"), "match_side", ["line_id"], unique=False)
    op.create_index(op.f("ix_match_side_match_id"), "match_side", ["match_id"], unique=False)
    op.create_index(op.f("ix_match_side_posting_id"), "match_side", ["posting_id"], unique=False)


def _make_match_undoing() -> None:
    op.create_table(
        "match_undoing",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("match_id", types.WideInteger(), nullable=False),
        sa.Column("undone_by", types.WideInteger(), nullable=False),
        sa.Column("undone_at", types.UtcMoment(), nullable=False),
        sa.Column("reason", types.PersonalText("match_undoing.reason"), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["statement_match.id"],
            name=op.f("fk_match_undoing_match_id_statement_match"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["user_account.id"], name=op.f("fk_match_undoing_undone_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_undoing")),
        sa.UniqueConstraint("match_id", name=op.f("uq_match_undoing_match_id")),
        sqlite_strict=True,
    )


def _make_reconciliation() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("account_id", types.WideInteger(), nullable=False),
        sa.Column("until", types.IsoDate(), nullable=False),
        sa.Column("statement_cents", types.WideInteger(), nullable=False),
        sa.Column("books_cents", types.WideInteger(), nullable=False),
        sa.Column("other_day_cents", types.WideInteger(), nullable=False),
        sa.Column("told", types.PersonalText("reconciliation.told"), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("signed_by", types.WideInteger(), nullable=False),
        sa.Column("signed_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "made_by <> signed_by", name=op.f("ck_reconciliation_signed_by_another")
        ),
        sa.CheckConstraint(
            "statement_cents = books_cents + other_day_cents",
            name=op.f("ck_reconciliation_at_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reconciliation_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_reconciliation_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"],
            ["user_account.id"],
            name=op.f("fk_reconciliation_signed_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_reconciliation_account_id_until",
        "reconciliation",
        ["account_id", "until"],
        unique=False,
    )


def _make_reconciliation_reopening() -> None:
    op.create_table(
        "reconciliation_reopening",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("reconciliation_id", types.WideInteger(), nullable=False),
        sa.Column("reopened_by", types.WideInteger(), nullable=False),
        sa.Column("signed_by", types.WideInteger(), nullable=False),
        sa.Column("reopened_at", types.UtcMoment(), nullable=False),
        sa.Column("reason", types.PersonalText("reconciliation_reopening.reason"), nullable=False),
        sa.CheckConstraint(
            "reopened_by <> signed_by", name=op.f("ck_reconciliation_reopening_signed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["reconciliation.id"],
            name=op.f("fk_reconciliation_reopening_reconciliation_id_reconciliation"),
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"],
            ["user_account.id"],
            name=op.f("fk_reconciliation_reopening_reopened_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"],
            ["user_account.id"],
            name=op.f("fk_reconciliation_reopening_signed_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_reopening")),
        sa.UniqueConstraint(
            "reconciliation_id", name=op.f("uq_reconciliation_reopening_reconciliation_id")
        ),
        sqlite_strict=True,
    )
