"""Money in is for fines, fees and applications too, and may be of somebody who is no member yet."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_SOMEBODYS = "member_id IS NOT NULL OR application_id IS NOT NULL"
_FEE = "(purpose = 'registration-fee') = (application_id IS NOT NULL)"
_HOW = "how IN ('prompt', 'reference', 'alias', 'person')"
_LOAN = "(purpose IN ('loan', 'loan-fees')) = (loan_id IS NOT NULL)"


def upgrade() -> None:
    """What is there is all of members and for none of the new purposes."""
    for table, check, rule in (
        ("receipt_allocation", "how_is_known", _HOW),
        ("mpesa_prompt", "loan_has_its_number", _LOAN),
    ):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("application_id", types.WideInteger(), nullable=True))
            batch.alter_column("member_id", existing_type=types.WideInteger(), nullable=True)
            batch.create_foreign_key(
                op.f(f"fk_{table}_application_id_membership_application"),
                "membership_application",
                ["application_id"],
                ["id"],
            )
            batch.drop_constraint(op.f(f"ck_{table}_{check}"), type_="check")
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_{check}"), rule)
            batch.create_check_constraint(op.f(f"ck_{table}_it_is_somebodys"), _SOMEBODYS)
            batch.create_check_constraint(op.f(f"ck_{table}_fee_names_application"), _FEE)
