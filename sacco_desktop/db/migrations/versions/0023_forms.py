"""What an applicant states on the form of a loan, and the rules as they stood at its appraisal."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_STATED = (
    "payroll_number",
    "employer",
    "employment_terms",
    "address",
    "other_loans",
    "security",
)


def upgrade() -> None:
    """Loans that are there have no form in the books, and of their appraisal the note alone."""
    _make_form()
    _make_check()


def _make_form() -> None:
    op.create_table(
        "loan_form",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        *(
            sa.Column(name, types.PersonalText(f"loan_form.{name}"), nullable=False)
            for name in _STATED
        ),
        sa.Column("net_pay_cents", types.WideInteger(), nullable=True),
        sa.Column("declared_on", types.IsoDate(), nullable=True),
        sa.Column("recorded_by", types.WideInteger(), nullable=False),
        sa.Column("recorded_at", types.UtcMoment(), nullable=False),
        sa.CheckConstraint("net_pay_cents >= 0", name=op.f("ck_loan_form_net_pay_not_negative")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_form_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_loan_form_recorded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_form")),
        sqlite_strict=True,
    )
    op.create_index("ix_loan_form_loan_id", "loan_form", ["loan_id"], unique=False)


def _make_check() -> None:
    op.create_table(
        "appraisal_check",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("appraised_at", types.UtcMoment(), nullable=False),
        sa.Column("line", types.WideInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("passed", types.Flag(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_appraisal_check_loan_id_loan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_check")),
        sa.UniqueConstraint(
            "loan_id",
            "appraised_at",
            "line",
            name=op.f("uq_appraisal_check_loan_id_appraised_at_line"),
        ),
        sqlite_strict=True,
    )
