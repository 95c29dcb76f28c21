"""Days that two people close and sign, and open again."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for closed days; none is closed yet."""
    op.create_table(
        "day_closing",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("business_date", types.IsoDate(), nullable=False),
        sa.Column("closed_by", types.WideInteger(), nullable=False),
        sa.Column("signed_by", types.WideInteger(), nullable=False),
        sa.Column("closed_at", types.UtcMoment(), nullable=False),
        sa.Column("head_number", types.WideInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("checks", types.PersonalText("day_closing.checks"), nullable=False),
        sa.CheckConstraint("closed_by <> signed_by", name=op.f("ck_day_closing_signed_by_another")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["user_account.id"], name=op.f("fk_day_closing_closed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["user_account.id"], name=op.f("fk_day_closing_signed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_closing")),
        sqlite_strict=True,
    )
    op.create_index("ix_day_closing_business_date", "day_closing", ["business_date"], unique=False)
    op.create_table(
        "day_reopening",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("closing_id", types.WideInteger(), nullable=False),
        sa.Column("reopened_by", types.WideInteger(), nullable=False),
        sa.Column("signed_by", types.WideInteger(), nullable=False),
        sa.Column("reopened_at", types.UtcMoment(), nullable=False),
        sa.Column("reason", types.PersonalText("day_reopening.reason"), nullable=False),
        sa.CheckConstraint(
            "reopened_by <> signed_by", name=op.f("ck_day_reopening_signed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["closing_id"], ["day_closing.id"], name=op.f("fk_day_reopening_closing_id_day_closing")
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"],
            ["user_account.id"],
            name=op.f("fk_day_reopening_reopened_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["user_account.id"], name=op.f("fk_day_reopening_signed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_reopening")),
        sa.UniqueConstraint("closing_id", name=op.f("uq_day_reopening_closing_id")),
        sqlite_strict=True,
    )
