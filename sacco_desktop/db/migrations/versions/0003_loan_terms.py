"""What a loan copies of its product: rounding, day count, grace, due dates; and fees that are paid with instalments."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The values by which a loan from before gets the schedule that it was shown: whole units were reached by rounding up.
_AS_IT_WAS = """
UPDATE loan SET asked_cents = amount_cents,
    rounding = CASE WHEN rounding_unit_cents = 1 THEN 'half_up' ELSE 'up' END,
    day_count = 'per_period', principal_grace = 0, interest_grace = 0, first_due = 'one_period',
    broken_period = 'ignored', interest_on = 'schedule'
"""


def upgrade() -> None:
    """Give each loan the rest of its terms."""
    _widen_loan()
    _widen_instalment()
    op.create_table(
        "loan_instalment_fee",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount_cents > 0", name=op.f("ck_loan_instalment_fee_amount_above_zero")
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_loan_instalment_fee_loan_id_loan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_instalment_fee")),
        sa.UniqueConstraint("loan_id", "line", name=op.f("uq_loan_instalment_fee_loan_id_line")),
        sqlite_strict=True,
    )


def _widen_loan() -> None:
    figures = ("asked_cents", "principal_grace", "interest_grace")
    choices = ("rounding", "day_count", "first_due", "broken_period", "interest_on")
    for name in figures:
        op.add_column("loan", sa.Column(name, types.WideInteger(), nullable=True))
    for name in choices:
        op.add_column("loan", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("loan", sa.Column("first_due_day", types.WideInteger(), nullable=True))
    op.execute(_AS_IT_WAS)
    with op.batch_alter_table("loan") as batch:
        for name in (*figures, *choices):
            batch.alter_column(name, nullable=False)
        batch.create_check_constraint(
            op.f("ck_loan_asked_within_amount"), "asked_cents BETWEEN 1 AND amount_cents"
        )
        batch.create_check_constraint(
            op.f("ck_loan_grace_within_term"),
            "principal_grace >= 0 AND principal_grace < instalments"
            " AND interest_grace >= 0 AND interest_grace < instalments",
        )
        batch.create_check_constraint(
            op.f("ck_loan_day_of_first_due"),
            "(first_due = 'day_of_next_month') = (first_due_day IS NOT NULL)",
        )


def _widen_instalment() -> None:
    op.add_column("loan_instalment", sa.Column("fee_cents", types.WideInteger(), nullable=True))
    op.execute("UPDATE loan_instalment SET fee_cents = 0")
    with op.batch_alter_table("loan_instalment") as batch:
        batch.alter_column("fee_cents", nullable=False)
        batch.create_check_constraint(op.f("ck_loan_instalment_fee_not_negative"), "fee_cents >= 0")
