"""What becomes of a loan's schedule after the payout: why each later version took the place of another."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHECKS = {
    "kind_is_known": "kind IN ('prepayment', 'settlement', 'reschedule', 'restored')",
    "follows_another": "schedule > replaced",
    "payment_is_there": "(kind IN ('prepayment', 'settlement')) = (entry_number IS NOT NULL)",
    "agreed_anew": (
        "(kind = 'reschedule') = (principal_cents IS NOT NULL AND instalments IS NOT NULL"
        " AND begun_on IS NOT NULL AND before IS NOT NULL AND request_id IS NOT NULL)"
    ),
    "restores_a_version": "(kind = 'restored') = (restores IS NOT NULL)",
    "terms_above_zero": "principal_cents > 0 AND instalments > 0",
    "days_not_negative": "days_late >= 0",
}


def upgrade() -> None:
    """Make room for changes of schedules; loans of before have none."""
    op.create_table(
        "loan_change",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("schedule", types.WideInteger(), nullable=False),
        sa.Column("replaced", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", types.IsoDate(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("principal_cents", types.WideInteger(), nullable=True),
        sa.Column("instalments", types.WideInteger(), nullable=True),
        sa.Column("begun_on", types.IsoDate(), nullable=True),
        sa.Column("before", types.WideInteger(), nullable=True),
        sa.Column("restores", types.WideInteger(), nullable=True),
        sa.Column("request_id", types.WideInteger(), nullable=True),
        sa.Column("days_late", types.WideInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_loan_change_{name}"))
            for name, words in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_change_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_loan_change_request_id_approval_request"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_loan_change_made_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_change")),
        sa.UniqueConstraint("loan_id", "schedule", name=op.f("uq_loan_change_loan_id_schedule")),
        sqlite_strict=True,
    )
