"""Drafts of old books that are taken in, and what became of them."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SINCE_EVER = "2000-01-01"
_BANDS = '[{"steps":[{"quorum":1,"roles":["chairperson","committee","secretary","treasurer"]}],"up_to_cents":null}]'


def upgrade() -> None:
    """Make room for imports, and let members and loans say by which of them they came."""
    _add_imports()
    for table in ("member", "loan"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("import_id", types.WideInteger(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_import_id_book_import"), "book_import", ["import_id"], ["id"]
            )
        op.create_index(f"ix_{table}_import_id", table, ["import_id"], unique=False)
    # Only for books that belong to a society: new ones get their levels when it is set up.
    op.get_bind().execute(
        sa.text(
            "INSERT INTO approval_levels (kind, effective_on, bands, written_at)"
            " SELECT 'book_import', :since, :bands, created_at FROM society"
        ),
        {"since": _SINCE_EVER, "bands": _BANDS},
    )


def _add_imports() -> None:
    op.create_table(
        "book_import",
        sa.Column("id", types.WideInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("first_row", types.WideInteger(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("cells", types.PersonalBytes("book_import.cells"), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("lines", types.PersonalBytes("book_import.lines"), nullable=True),
        sa.Column("corrections", types.PersonalText("book_import.corrections"), nullable=False),
        sa.Column("old_totals", sa.Text(), nullable=False),
        sa.Column("explanation", types.PersonalText("book_import.explanation"), nullable=False),
        sa.Column("started_by", types.WideInteger(), nullable=False),
        sa.Column("started_at", types.UtcMoment(), nullable=False),
        sa.Column("imported_at", types.UtcMoment(), nullable=True),
        sa.Column("taken", types.WideInteger(), nullable=False),
        sa.Column("entry_number", types.WideInteger(), nullable=True),
        sa.Column("undo_entry", types.WideInteger(), nullable=True),
        sa.Column("version", types.WideInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'asked', 'imported', 'undone', 'dropped')",
            name=op.f("ck_book_import_status_is_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('members', 'balances', 'loans', 'accounts', 'guarantors')",
            name=op.f("ck_book_import_kind_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["user_account.id"], name=op.f("fk_book_import_started_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_import")),
        sqlite_strict=True,
    )
    op.create_index("ix_book_import_fingerprint", "book_import", ["fingerprint"], unique=False)
    op.create_table(
        "import_mapping",
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("used_by", types.WideInteger(), nullable=False),
        sa.Column("used_at", types.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["used_by"], ["user_account.id"], name=op.f("fk_import_mapping_used_by_user_account")
        ),
        sa.PrimaryKeyConstraint("shape", name=op.f("pk_import_mapping")),
        sqlite_strict=True,
    )
