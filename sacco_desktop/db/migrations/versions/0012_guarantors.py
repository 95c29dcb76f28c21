"""Guarantors of loans: what they promised, agreed to and paid; and the papers of an application."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATES = "('requested', 'accepted', 'declined', 'released', 'substituted', 'called_upon')"
_SINCE_EVER = "2000-01-01"
_BANDS = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'
_SOURCES = "source IN ('cash', 'bank', 'paybill', 'check_off', 'deposits', 'unallocated', 'guarantor', 'prepaid')"


def upgrade() -> None:
    """Make room for promises, words and recoveries, pay slips and credit reports; a guarantor can repay."""
    _make_guarantee()
    _make_word()
    _make_recovery()
    _make_pay_slip()
    _make_credit_report()
    with op.batch_alter_table("repayment") as batch:
        batch.drop_constraint(op.f("ck_repayment_source_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_repayment_source_is_known"), _SOURCES)
    # Only for books that belong to a society: new ones get their levels when it is set up.
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
            " SELECT 'guarantors_called', :since, :bands, created_at FROM society"
        ),
        {"since": _SINCE_EVER, "bands": _BANDS},
    )


def _make_guarantee() -> None:
    op.create_table(
        "guarantee",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("pledge_cents", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", types.WideInteger(), nullable=False),
        sa.Column("asked_at", types.UtcMoment(), nullable=False),
        sa.Column("replaced_by", types.WideInteger(), nullable=True),
        sa.CheckConstraint("pledge_cents > 0", name=op.f("ck_guarantee_pledge_above_zero")),
        sa.CheckConstraint(f"status IN {_STATES}", name=op.f("ck_guarantee_status_is_known")),
        sa.CheckConstraint(
            "(status = 'substituted') = (replaced_by IS NOT NULL)",
            name=op.f("ck_guarantee_somebody_replaces"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_guarantee_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_guarantee_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_guarantee_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["guarantee.id"], name=op.f("fk_guarantee_replaced_by_guarantee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
        sqlite_strict=True,
    )
    op.create_index("ix_guarantee_loan_id", "guarantee", ["loan_id"], unique=False)
    op.create_index("ix_guarantee_member_id", "guarantee", ["member_id"], unique=False)


def _make_word() -> None:
    op.create_table(
        "guarantee_word",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("guarantee_id", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("evidence", types.PersonalText("guarantee_word.evidence"), nullable=False),
        sa.Column("said_on", types.IsoDate(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(f"status IN {_STATES}", name=op.f("ck_guarantee_word_status_is_known")),
        sa.CheckConstraint(
            "way IN ('signed_form', 'phone_call', 'in_person', 'rule')",
            name=op.f("ck_guarantee_word_way_is_known"),
        ),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_guarantee_word_evidence_is_there")),
        sa.ForeignKeyConstraint(
            ["guarantee_id"],
            ["guarantee.id"],
            name=op.f("fk_guarantee_word_guarantee_id_guarantee"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_guarantee_word_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_word")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_guarantee_word_guarantee_id", "guarantee_word", ["guarantee_id"], unique=False
    )


def _make_recovery() -> None:
    op.create_table(
        "guarantor_recovery",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("guarantee_id", types.WideInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_guarantor_recovery_cents_above_zero")),
        sa.CheckConstraint(
            "kind IN ('taken', 'repaid')", name=op.f("ck_guarantor_recovery_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["guarantee_id"],
            ["guarantee.id"],
            name=op.f("fk_guarantor_recovery_guarantee_id_guarantee"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_guarantor_recovery_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantor_recovery")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_guarantor_recovery_guarantee_id", "guarantor_recovery", ["guarantee_id"], unique=False
    )
    op.create_index(
        "uq_guarantor_recovery_entry",
        "guarantor_recovery",
        ["entry_number", "guarantee_id"],
        unique=True,
    )


def _make_pay_slip() -> None:
    op.create_table(
        "pay_slip",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("basic_cents", types.WideInteger(), nullable=False),
        sa.Column("gross_cents", types.WideInteger(), nullable=False),
        sa.Column("deductions_cents", types.WideInteger(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint(
            "basic_cents > 0 AND gross_cents >= basic_cents",
            name=op.f("ck_pay_slip_gross_holds_basic"),
        ),
        sa.CheckConstraint(
            "deductions_cents BETWEEN 0 AND gross_cents",
            name=op.f("ck_pay_slip_deductions_within_gross"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_pay_slip_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_pay_slip_recorded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_slip")),
        sqlite_strict=True,
    )
    op.create_index("ix_pay_slip_loan_id", "pay_slip", ["loan_id"], unique=False)


def _make_credit_report() -> None:
    op.create_table(
        "credit_report",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("reported_on", types.IsoDate(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_credit_report_reference_is_there")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_credit_report_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_credit_report_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_report")),
        sqlite_strict=True,
    )
    op.create_index("ix_credit_report_member_id", "credit_report", ["member_id"], unique=False)
