"""Repayments of loans, and what each of them paid."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PREPAID = ("2165", "Loan instalments paid before they fall due", "liability")
# Rules that books begin with from now on. Interest of older books was never booked when it fell due, so they stay on
# the cash basis until the society decides.
_SETTINGS = {"loan.basis": "cash", "loan.overpayment": "hold"}
_OLDEST_UNPAID = """
UPDATE loan SET unpaid_since =
    (SELECT min(i.due_on) FROM loan_instalment i WHERE i.loan_id = loan.id)
WHERE status = 'active'
"""


def upgrade() -> None:
    """Give a loan the day since which it is unpaid and versions of its schedule; make room for repayments."""
    _widen_loan()
    _widen_instalment()
    _make_repayment()
    _make_part()
    _make_accrual()
    _open_account()
    _write_settings()


def _widen_loan() -> None:
    op.add_column("loan", sa.Column("schedule", types.WideInteger(), nullable=True))
    op.add_column("loan", sa.Column("unpaid_since", types.IsoDate(), nullable=True))
    op.execute("UPDATE loan SET schedule = 1")
    op.execute(_OLDEST_UNPAID)
    with op.batch_alter_table("loan") as batch:
        batch.alter_column("schedule", nullable=False)
    op.create_index("ix_loan_unpaid_since", "loan", ["unpaid_since"], unique=False)


def _widen_instalment() -> None:
    op.add_column("loan_instalment", sa.Column("schedule", types.WideInteger(), nullable=True))
    op.execute("UPDATE loan_instalment SET schedule = 1")
    with op.batch_alter_table("loan_instalment") as batch:
        batch.alter_column("schedule", nullable=False)
        batch.drop_constraint(op.f("uq_loan_instalment_loan_id_number"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_loan_instalment_loan_id_schedule_number"), ["loan_id", "schedule", "number"]
        )


def _make_repayment() -> None:
    checks = {
        "amount_above_zero": "amount_cents > 0",
        "rest_not_negative": "prepaid_cents >= 0 AND deposits_cents >= 0",
        "use_is_known": "use IN ('payment', 'prepayment', 'settlement')",
        "source_is_known": (
            "source IN ('cash', 'bank', 'paybill', 'check_off', 'deposits', 'unallocated', 'prepaid')"
        ),
    }
    op.create_table(
        "repayment",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("value_date", types.IsoDate(), nullable=False),
        sa.Column("amount_cents", types.WideInteger(), nullable=False),
        sa.Column("prepaid_cents", types.WideInteger(), nullable=False),
        sa.Column("deposits_cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.Column("taken_by", types.WideInteger(), nullable=False),
        sa.Column("taken_at", types.UtcMoment(), nullable=False),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_repayment_{name}"))
            for name, words in checks.items()
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_repayment_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["user_account.id"], name=op.f("fk_repayment_taken_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayment")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_repayment_entry_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_repayment_receipt")),
        sqlite_strict=True,
    )
    op.create_index("ix_repayment_loan_id", "repayment", ["loan_id"], unique=False)


def _make_part() -> None:
    op.create_table(
        "repayment_part",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("repayment_id", types.WideInteger(), nullable=False),
        sa.Column("instalment", types.WideInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_repayment_part_cents_above_zero")),
        sa.CheckConstraint(
            "component IN ('recovery_cost', 'penalty', 'fee', 'interest', 'principal')",
            name=op.f("ck_repayment_part_component_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["repayment_id"],
            ["repayment.id"],
            name=op.f("fk_repayment_part_repayment_id_repayment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayment_part")),
        sa.UniqueConstraint(
            "repayment_id",
            "instalment",
            "component",
            name=op.f("uq_repayment_part_repayment_id_instalment_component"),
        ),
        sqlite_strict=True,
    )


def _make_accrual() -> None:
    op.create_table(
        "loan_accrual",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("schedule", types.WideInteger(), nullable=False),
        sa.Column("instalment", types.WideInteger(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_loan_accrual_cents_above_zero")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_loan_accrual_loan_id_loan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_accrual")),
        sa.UniqueConstraint("entry_number", name=op.f("uq_loan_accrual_entry_number")),
        sa.UniqueConstraint(
            "loan_id",
            "schedule",
            "instalment",
            name=op.f("uq_loan_accrual_loan_id_schedule_instalment"),
        ),
        sqlite_strict=True,
    )


def _open_account() -> None:
    """Only into books that have a chart; new ones get all accounts when they are set up."""
    bind = op.get_bind()
    if not bind.scalar(sa.text("SELECT count(*) FROM account")):
        return
    code, name, kind = _PREPAID
    account = sa.table(
        "account",
        sa.column("code"),
        sa.column("name"),
        sa.column("type"),
        sa.column("is_control", types.Flag()),
    )
    row = {"code": code, "name": name, "type": kind, "is_control": True}
    bind.execute(sa.insert(account), [row])


def _write_settings() -> None:
    """Only into books that belong to a society; new ones get all settings when they are set up."""
    bind = op.get_bind()
    if not bind.scalar(sa.text("SELECT count(*) FROM society")):
        return
    setting = sa.table("setting", sa.column("name"), sa.column("effective_on"), sa.column("value"))
    rows = [
        {"name": name, "effective_on": "2000-01-01", "value": value}
        for name, value in _SETTINGS.items()
    ]
    bind.execute(sa.insert(setting), rows)
