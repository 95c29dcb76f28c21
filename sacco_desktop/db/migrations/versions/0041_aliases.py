"""What payers type and whom it meant once, learned from payments that a person gave their purpose."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_LINKS = {
    "member_id": "member",
    "learned_from": "mpesa_receipt",
    "learned_by": "user_account",
    "forgotten_by": "user_account",
}


def upgrade() -> None:
    """Nothing has been learned yet."""
    op.create_table(
        "receipt_alias",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("typed", types.PersonalText("receipt_alias.typed"), nullable=False),
        sa.Column("payer", types.PersonalText("receipt_alias.payer"), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("learned_from", types.WideInteger(), nullable=False),
        sa.Column("learned_by", types.WideInteger(), nullable=False),
        sa.Column("learned_at", types.UtcMoment(), nullable=False),
        sa.Column("forgotten_by", types.WideInteger(), nullable=True),
        sa.Column("forgotten_at", types.UtcMoment(), nullable=True),
        sa.CheckConstraint(
            "(forgotten_at IS NULL) = (forgotten_by IS NULL)",
            name=op.f("ck_receipt_alias_forgotten_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_receipt_alias_{column}_{table}")
            )
            for column, table in _LINKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_alias")),
        sa.UniqueConstraint("learned_from", name=op.f("uq_receipt_alias_learned_from")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_alias_typed", "receipt_alias", ["typed"], unique=False)
    op.create_index("ix_receipt_alias_payer", "receipt_alias", ["payer"], unique=False)
