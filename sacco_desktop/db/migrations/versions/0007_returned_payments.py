"""Marks bank transfers and cheques that came back after they were confirmed."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CHECKS = {
    "paid_is_posted": "outcome <> 'paid' OR paid_entry IS NOT NULL",
    "return_is_whole": (
        "(return_entry IS NULL) = (returned_on IS NULL)"
        " AND (return_entry IS NULL) = (return_paper IS NULL)"
        " AND (return_entry IS NULL OR (outcome = 'returned' AND paid_entry IS NOT NULL))"
    ),
}


def upgrade() -> None:
    """Make room for returns of what was confirmed."""
    _widen_hand_over()


def _widen_hand_over() -> None:
    """What was paid by hand before keeps the entry that booked it, which its payout names."""
    with op.batch_alter_table("hand_over") as hand_over:
        hand_over.add_column(sa.Column("paid_entry", types.WideInteger(), nullable=True))
        hand_over.add_column(sa.Column("returned_on", types.IsoDate(), nullable=True))
        hand_over.add_column(sa.Column("return_paper", sa.Text(), nullable=True))
        hand_over.add_column(sa.Column("return_entry", types.WideInteger(), nullable=True))
    op.execute(
        "UPDATE hand_over SET paid_entry = (SELECT p.entry_number FROM payout p"
        " WHERE p.id = hand_over.payout_id) WHERE outcome = 'paid'"
    )
    with op.batch_alter_table("hand_over") as hand_over:
        for name in ("paid_entry", "return_entry"):
            hand_over.create_unique_constraint(op.f(f"uq_hand_over_{name}"), [name])
        for name, words in _CHECKS.items():
            hand_over.create_check_constraint(op.f(f"ck_hand_over_{name}"), words)
