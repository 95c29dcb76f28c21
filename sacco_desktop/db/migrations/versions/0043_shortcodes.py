"""Further paybills and tills of a society, and what M-Pesa answered when they were registered."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is only the shortcode of the connection yet."""
    op.create_table(
        "collecting_shortcode",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("c2b_version", sa.Text(), nullable=False),
        sa.Column("added_by", types.WideInteger(), nullable=False),
        sa.Column("added_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('paybill', 'till')", name=op.f("ck_collecting_shortcode_kind_is_known")
        ),
        sa.CheckConstraint(
            "c2b_version IN ('v1', 'v2')",
            name=op.f("ck_collecting_shortcode_c2b_version_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["user_account.id"],
            name=op.f("fk_collecting_shortcode_added_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collecting_shortcode")),
        sa.UniqueConstraint("shortcode", name=op.f("uq_collecting_shortcode_shortcode")),
        sa.UniqueConstraint("account_code", name=op.f("uq_collecting_shortcode_account_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "shortcode_registration",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("shortcode", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("is_done", types.Flag(), nullable=False),
        sa.Column("words", types.PersonalText("shortcode_registration.words"), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_shortcode_registration_asked_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortcode_registration")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_shortcode_registration_shortcode", "shortcode_registration", ["shortcode"], unique=False
    )
