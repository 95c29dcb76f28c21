"""Rules that guard money, and who works in the office, change by two people, who may also skip a damaged entry."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Books in which a second person could agree already need two people from their first day with this program.
_TWO_ARE_THERE = """
UPDATE society SET two_people_since = created_at WHERE 2 <= (
    SELECT count(DISTINCT u.id) FROM user_account u JOIN user_role r ON r.user_id = u.id
    WHERE u.is_active AND r.role IN ('administrator', 'committee', 'secretary', 'chairperson'))
"""


def upgrade() -> None:
    """Give rules, roles, accounts and deputies the approval they rest on; those from before have none."""
    with op.batch_alter_table("society", recreate=_rebuilt()) as batch:
        batch.add_column(sa.Column("two_people_since", types.UtcMoment(), nullable=True))
    op.execute(_TWO_ARE_THERE)
    # People point to requests and requests to people, so this column is no link of its own.
    with op.batch_alter_table("user_account", recreate=_rebuilt()) as batch:
        batch.add_column(sa.Column("request_id", types.WideInteger(), nullable=True))
    for table in ("setting", "user_role", "deputy"):
        with op.batch_alter_table(table, recreate=_rebuilt()) as batch:
            batch.add_column(sa.Column("request_id", types.WideInteger(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_request_id_approval_request"),
                "approval_request",
                ["request_id"],
                ["id"],
            )
    _add_damaged_entries()


def _rebuilt() -> Literal["always", "never"]:
    """SQLite keeps the text of a table, which stays that of the models only when the table is made anew."""
    return "always" if op.get_context().dialect.name == "sqlite" else "never"


def _add_damaged_entries() -> None:
    op.create_table(
        "damaged_entry",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("relay_id", types.WideInteger(), nullable=False),
        sa.Column("epoch", types.WideInteger(), nullable=False),
        sa.Column("sequence", types.WideInteger(), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("found_at", types.UtcMoment(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.Column("skipped_at", types.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["relay_id"], ["relay.id"], name=op.f("fk_damaged_entry_relay_id_relay")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_damaged_entry_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damaged_entry")),
        sa.UniqueConstraint(
            "relay_id",
            "epoch",
            "sequence",
            "chain_hash",
            name=op.f("uq_damaged_entry_relay_id_epoch_sequence_chain_hash"),
        ),
        sqlite_strict=True,
    )
