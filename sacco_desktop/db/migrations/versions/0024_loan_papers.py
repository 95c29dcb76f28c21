"""The checklist of a loan's papers: who has seen which paper, and where it is kept."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Loans that are there have no paper ticked."""
    links = {"loan_id": "loan", "document_id": "member_document", "recorded_by": "user_account"}
    op.create_table(
        "loan_paper",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_there", types.Flag(), nullable=False),
        sa.Column("document_id", types.WideInteger(), nullable=True),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_loan_paper_code_is_there")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_loan_paper_{column}_{table}")
            )
            for column, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_paper")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_paper_loan_id", "loan_paper", ["loan_id"], unique=False)
