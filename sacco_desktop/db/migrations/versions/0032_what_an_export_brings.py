"""What an export of other books brings: products, loans that were agreed anew or written off there, booked interest."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_IMPORTS = (
    "kind IN ('members', 'balances', 'loans', 'accounts', 'guarantors', 'repayments', 'deposit_months',"
    " 'products')"
)
_CHANGES = "kind IN ('prepayment', 'settlement', 'reschedule', 'restored', 'brought')"


def upgrade() -> None:
    """Widen what may stand in four tables; every row that is there stays as it is."""
    with op.batch_alter_table("book_import", recreate=_rebuilt()) as batch:
        batch.drop_constraint(op.f("ck_book_import_kind_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_book_import_kind_is_known"), _IMPORTS)
    with op.batch_alter_table("loan_change", recreate=_rebuilt()) as batch:
        batch.drop_constraint(op.f("ck_loan_change_kind_is_known"), type_="check")
        batch.create_check_constraint(op.f("ck_loan_change_kind_is_known"), _CHANGES)
    with op.batch_alter_table("loan_write_off", recreate=_rebuilt()) as batch:
        batch.alter_column("entry_number", existing_type=types.WideInteger(), nullable=True)
    with op.batch_alter_table("loan_accrual", recreate=_rebuilt()) as batch:
        batch.drop_constraint(op.f("uq_loan_accrual_entry_number"), type_="unique")
    op.create_index(op.f("ix_loan_accrual_entry_number"), "loan_accrual", ["entry_number"])
    for table in ("savings_terms", "member_file"):
        with op.batch_alter_table(table, recreate=_rebuilt()) as batch:
            batch.add_column(sa.Column("import_id", types.WideInteger(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_import_id_book_import"), "book_import", ["import_id"], ["id"]
            )
        op.create_index(f"ix_{table}_import_id", table, ["import_id"])


def _rebuilt() -> Literal["always", "never"]:
    """SQLite keeps the text of a table, which stays that of the models only when the table is made anew."""
    return "always" if op.get_context().dialect.name == "sqlite" else "never"
