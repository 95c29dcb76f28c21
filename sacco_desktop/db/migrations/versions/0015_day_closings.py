"""Days that two people close and sign."""

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
        sa.UniqueConstraint("business_date", name=op.f("uq_day_closing_business_date")),
        sqlite_strict=True,
    )
