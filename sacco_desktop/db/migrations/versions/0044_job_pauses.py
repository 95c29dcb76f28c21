"""Jobs of the clock that people have stopped for a while; so far none."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every job runs."""
    op.create_table(
        "job_pause",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("is_paused", types.Flag(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_by", types.WideInteger(), nullable=False),
        sa.Column("changed_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_job_pause_changed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_pause")),
        sqlite_strict=True,
    )
    op.create_index("ix_job_pause_job", "job_pause", ["job"], unique=False)
