"""Payouts that a person stops before they leave."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for holds; none stands yet."""
    stands = sa.text("released_at IS NULL")
    op.create_table(
        "payout_hold",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("payout_id", types.WideInteger(), nullable=False),
        sa.Column("held_by", types.WideInteger(), nullable=False),
        sa.Column("held_at", types.UtcMoment(), nullable=False),
        sa.Column("why", types.PersonalText("payout_hold.why"), nullable=False),
        sa.Column("released_by", types.WideInteger(), nullable=True),
        sa.Column("released_at", types.UtcMoment(), nullable=True),
        sa.Column("release_why", types.PersonalText("payout_hold.release_why"), nullable=False),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL)",
            name=op.f("ck_payout_hold_somebody_released_it"),
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name=op.f("fk_payout_hold_payout_id_payout")
        ),
        sa.ForeignKeyConstraint(
            ["held_by"], ["user_account.id"], name=op.f("fk_payout_hold_held_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"],
            ["user_account.id"],
            name=op.f("fk_payout_hold_released_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_hold")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_payout_hold_standing",
        "payout_hold",
        ["payout_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
