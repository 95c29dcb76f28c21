"""Owners of check-off money that had none, the columns of an employer's lists, and the levels of four more requests."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_ONE = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'
_COMMITTEE = (
    '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary"]}],"up_to_cents":null}]'
)
_KINDS = {
    "check_off_owner": _ONE,
    "check_off_owner_undone": _ONE,
    "reschedule_undone": _COMMITTEE,
    "loan_from_deposits": _ONE,
}


def upgrade() -> None:
    """Nobody has been found yet, and no columns were chosen."""
    _make_check_off_owner()
    _make_check_off_columns()
    # Only for books that belong to a society: new ones get their levels when it is set up.
    for kind, bands in _KINDS.items():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
                " SELECT :kind, :since, :bands, created_at FROM society"
            ),
            {"kind": kind, "since": _SINCE_EVER, "bands": bands},
        )


def _make_check_off_owner() -> None:
    links = {
        "list_id": "check_off_list",
        "line_id": "check_off_line",
        "member_id": "member",
        "asked_by": "user_account",
        "contribution_id": "contribution",
    }
    op.create_table(
        "check_off_owner",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("list_id", types.WideInteger(), nullable=False),
        sa.Column("line_id", types.WideInteger(), nullable=True),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("known_by", types.PersonalText("check_off_owner.known_by"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("given_on", types.IsoDate(), nullable=True),
        sa.Column("contribution_id", types.WideInteger(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'given', 'undone', 'dropped')",
            name=op.f("ck_check_off_owner_status_is_known"),
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_check_off_owner_cents_above_zero")),
        sa.CheckConstraint("known_by <> ''", name=op.f("ck_check_off_owner_known_by_is_there")),
        sa.CheckConstraint(
            "(given_on IS NOT NULL) = (status IN ('given', 'undone'))",
            name=op.f("ck_check_off_owner_given_on_a_day"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_check_off_owner_{column}_{table}")
            )
            for column, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_off_owner")),
        sa.UniqueConstraint("number", name=op.f("uq_check_off_owner_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_check_off_owner_list_id", "check_off_owner", ["list_id"], unique=False)


def _make_check_off_columns() -> None:
    op.create_table(
        "check_off_columns",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("first_row", types.WideInteger(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("chosen_by", types.WideInteger(), nullable=False),
        sa.Column("chosen_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("first_row >= 1", name=op.f("ck_check_off_columns_first_row_is_a_row")),
        sa.ForeignKeyConstraint(
            ["chosen_by"],
            ["user_account.id"],
            name=op.f("fk_check_off_columns_chosen_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_off_columns")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_check_off_columns_employer", "check_off_columns", ["employer"], unique=False
    )
