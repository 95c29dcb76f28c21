"""Loans that clear older ones, loans written off and what is recovered of them, and the allowance for losses."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_ONE = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'
_COMMITTEE = (
    '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary"]}],"up_to_cents":null}]'
)
_KINDS = {"loan_reschedule": _COMMITTEE, "loan_write_off": _COMMITTEE, "provisioning": _ONE}
_STATUS = (
    "status IN ('submitted', 'appraised', 'approved', 'rejected', 'disbursement_pending', 'active', 'closed',"
    " 'written_off')"
)
_USES = "use IN ('payment', 'prepayment', 'settlement', 'recovery')"


def upgrade() -> None:
    """Make room for them; a loan can be written off, and a repayment can be a recovery."""
    _make_loan_top_up()
    _make_loan_write_off()
    _make_provisioning()
    _make_provisioning_line()
    with op.batch_alter_table("loan") as batch:
        batch.drop_constraint(op.f("ck_loan_status_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_loan_status_is_known"), _STATUS)
    with op.batch_alter_table("repayment") as batch:
        batch.drop_constraint(op.f("ck_repayment_use_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_repayment_use_is_known"), _USES)
    # Only for books that belong to a society: new ones get their levels when it is set up.
    for kind, bands in _KINDS.items():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
                " SELECT :kind, :since, :bands, created_at FROM society"
            ),
            {"kind": kind, "since": _SINCE_EVER, "bands": bands},
        )


def _make_loan_top_up() -> None:
    op.create_table(
        "loan_top_up",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("clears_id", types.WideInteger(), nullable=False),
        sa.Column("principal_cents", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("valid_until", types.IsoDate(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.CheckConstraint(
            "cents > 0 AND principal_cents > 0", name=op.f("ck_loan_top_up_amounts_above_zero")
        ),
        sa.CheckConstraint("loan_id <> clears_id", name=op.f("ck_loan_top_up_clears_another")),
        sa.ForeignKeyConstraint(
            ["clears_id"], ["loan.id"], name=op.f("fk_loan_top_up_clears_id_loan")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_top_up_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_top_up")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_loan_top_up_loan_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_top_up_clears_id", "loan_top_up", ["clears_id"], unique=False)


def _make_loan_write_off() -> None:
    op.create_table(
        "loan_write_off",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("written_off_on", types.IsoDate(), nullable=False),
        sa.Column("principal_cents", types.WideInteger(), nullable=False),
        sa.Column("interest_cents", types.WideInteger(), nullable=False),
        sa.Column("fee_cents", types.WideInteger(), nullable=False),
        sa.Column("covered_cents", types.WideInteger(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "principal_cents > 0", name=op.f("ck_loan_write_off_principal_above_zero")
        ),
        sa.CheckConstraint("resolution <> ''", name=op.f("ck_loan_write_off_resolution_is_there")),
        sa.CheckConstraint(
            "interest_cents >= 0 AND fee_cents >= 0",
            name=op.f("ck_loan_write_off_rest_not_negative"),
        ),
        sa.CheckConstraint(
            "covered_cents BETWEEN 0 AND principal_cents",
            name=op.f("ck_loan_write_off_covered_within_principal"),
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_loan_write_off_loan_id_loan")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_loan_write_off_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_loan_write_off_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_write_off")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_loan_write_off_entry_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_write_off_loan_id", "loan_write_off", ["loan_id"], unique=False)


def _make_provisioning() -> None:
    op.create_table(
        "provisioning",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("as_of", types.IsoDate(), nullable=False),
        sa.Column("request_id", types.WideInteger(), nullable=False),
        sa.Column("wanted_cents", types.WideInteger(), nullable=False),
        sa.Column("held_cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("made_by", types.WideInteger(), nullable=False),
        sa.Column("made_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("wanted_cents >= 0", name=op.f("ck_provisioning_wanted_not_negative")),
        sa.CheckConstraint(
            "(entry_number IS NULL) = (wanted_cents = held_cents)",
            name=op.f("ck_provisioning_entry_moves_it"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_provisioning_made_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["approval_request.id"],
            name=op.f("fk_provisioning_request_id_approval_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioning")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_provisioning_entry_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_provisioning_as_of", "provisioning", ["as_of"], unique=False)


def _make_provisioning_line() -> None:
    op.create_table(
        "provisioning_line",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("provisioning_id", types.WideInteger(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("percent", sa.Text(), nullable=False),
        sa.Column("loans", types.WideInteger(), nullable=False),
        sa.Column("outstanding_cents", types.WideInteger(), nullable=False),
        sa.Column("opening_cents", types.WideInteger(), nullable=False),
        sa.Column("closing_cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "closing_cents >= 0", name=op.f("ck_provisioning_line_closing_not_negative")
        ),
        sa.CheckConstraint(
            "loans >= 0 AND outstanding_cents >= 0",
            name=op.f("ck_provisioning_line_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["provisioning_id"],
            ["provisioning.id"],
            name=op.f("fk_provisioning_line_provisioning_id_provisioning"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioning_line")),
        sa.UniqueConstraint(
            "provisioning_id", "line", name=op.f("uq_provisioning_line_provisioning_id_line")
        ),
        sqlite_strict=True,
    )
