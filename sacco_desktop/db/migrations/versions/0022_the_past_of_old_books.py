"""What old books tell of the past: guarantors by import, repayments and months of deposits kept as history."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('members', 'balances', 'loans', 'accounts', 'guarantors', 'repayments', 'deposit_months')"


def upgrade() -> None:
    """Let promises say by which import they came, and make room for the past; nothing that is there changes."""
    with op.batch_alter_table("book_import", recreate=_rebuilt()) as batch:
        batch.drop_constraint(op.f("ck_book_import_kind_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_book_import_kind_is_known"), _KINDS)
    with op.batch_alter_table("guarantee", recreate=_rebuilt()) as batch:
        batch.add_column(sa.Column("import_id", types.WideInteger(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_guarantee_import_id_book_import"), "book_import", ["import_id"], ["id"]
        )
    op.create_index("ix_guarantee_import_id", "guarantee", ["import_id"], unique=False)
    _make_old_repayment()
    _make_old_deposit()


def _make_old_repayment() -> None:
    op.create_table(
        "old_repayment",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("import_id", types.WideInteger(), nullable=False),
        sa.Column("loan_id", types.WideInteger(), nullable=False),
        sa.Column("paid_on", types.IsoDate(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("paid_cents", types.WideInteger(), nullable=False),
        sa.Column("principal_cents", types.WideInteger(), nullable=True),
        sa.Column("interest_cents", types.WideInteger(), nullable=True),
        sa.CheckConstraint("paid_cents > 0", name=op.f("ck_old_repayment_paid_above_zero")),
        sa.CheckConstraint(
            "principal_cents >= 0 AND interest_cents >= 0",
            name=op.f("ck_old_repayment_parts_not_negative"),
        ),
        *_of_import("old_repayment", "loan"),
        sqlite_strict=True,
    )
    op.create_index("ix_old_repayment_loan_id", "old_repayment", ["loan_id"], unique=False)
    op.create_index("ix_old_repayment_import_id", "old_repayment", ["import_id"], unique=False)


def _make_old_deposit() -> None:
    op.create_table(
        "old_deposit",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("import_id", types.WideInteger(), nullable=False),
        sa.Column("member_id", types.WideInteger(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("cents", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "month = 'b/f' OR length(month) = 7", name=op.f("ck_old_deposit_month_is_iso")
        ),
        *_of_import("old_deposit", "member"),
        sa.UniqueConstraint("member_id", "month", name=op.f("uq_old_deposit_member_id_month")),
        sqlite_strict=True,
    )
    op.create_index("ix_old_deposit_import_id", "old_deposit", ["import_id"], unique=False)


def _of_import(table: str, owner: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["import_id"], ["book_import.id"], name=op.f(f"fk_{table}_import_id_book_import")
        ),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{table}_{owner}_id_{owner}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _rebuilt() -> Literal["always", "never"]:
    """SQLite keeps the text of a table, which stays that of the models only when the table is made anew."""
    return "always" if op.get_context().dialect.name == "sqlite" else "never"
