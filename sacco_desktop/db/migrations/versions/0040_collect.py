"""What one person asks another to agree to of a payment by M-Pesa, and the level of such a request."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_ONE = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'


def upgrade() -> None:
    """Nobody has asked yet."""
    links = {
        "request_id": "approval_request",
        "receipt_id": "mpesa_receipt",
        "member_id": "member",
        "loan_id": "loan",
        "application_id": "membership_application",
    }
    op.create_table(
        "allocation_wish",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("receipt_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=True),
        sa.Column("loan_id", types.WideInteger(), nullable=True),
        sa.Column("application_id", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "member_id IS NOT NULL OR application_id IS NOT NULL",
            name=op.f("ck_allocation_wish_it_is_somebodys"),
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_allocation_wish_cents_above_zero")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_allocation_wish_{column}_{table}")
            )
            for column, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_wish")),
        sqlite_strict=True,
    )
    for column in ("request_id", "receipt_id"):
        op.create_index(f"ix_allocation_wish_{column}", "allocation_wish", [column], unique=False)
    # Only for books that belong to a society: new ones get their levels when it is set up.
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
            " SELECT :kind, :since, :bands, created_at FROM society"
        ),
        {"kind": "receipt_allocation", "since": _SINCE_EVER, "bands": _ONE},
    )
