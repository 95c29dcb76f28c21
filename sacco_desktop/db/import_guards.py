"""What the database refuses about imports of old books: by whom, what may change afterwards, what may be taken back."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, approved_request, changed, moves

_MOVES = (
    ("draft", "asked"),
    ("asked", "draft"),
    ("draft", "dropped"),
    ("asked", "imported"),
    ("imported", "undone"),
)
_WHAT_IS_APPROVED = (
    "kind", "file_name", "made_of", "fingerprint", "sheet", "first_row", "shape", "cells", "lines", "plan",
    "corrections", "old_totals", "explanation", "started_by", "started_at",
)  # fmt: skip


def _is(status: str, row: str, column: str = "import_id") -> str:
    return f"EXISTS (SELECT 1 FROM book_import i WHERE i.id = {row}.{column} AND i.status = '{status}')"


# A row that came by an import goes only when that import is undone, and nothing else points to it.
UNDONE_WITH_ITS_IMPORT = _is("undone", "OLD")
IMPORTED = _is("imported", "NEW")


def of_undone_import(owner: str) -> str:
    """What belongs to a loan or a member goes when the import that brought this owner is undone."""
    return (
        f"EXISTS (SELECT 1 FROM {owner} o JOIN book_import i ON i.id = o.import_id"
        f" WHERE o.id = OLD.{owner}_id AND i.status = 'undone')"
    )


# A loan that an import has just brought, with its terms and before its schedule.
LOAN_BEING_BROUGHT = (
    "EXISTS (SELECT 1 FROM loan o JOIN book_import i ON i.id = o.import_id WHERE o.id = NEW.loan_id"
    " AND i.status = 'imported' AND NOT EXISTS (SELECT 1 FROM loan_instalment n WHERE n.loan_id = o.id))"
)


def kept_with(table: str, owner: str) -> list[Guard]:
    """Guards of a table that is only ever appended to, but goes when the import is undone that brought its owner."""
    return [
        Guard(f"{table}_is_final_update", table, "update", "1 = 1"),
        Guard(f"{table}_is_final_delete", table, "delete", f"NOT {of_undone_import(owner)}"),
    ]


def _of_the_past(table: str) -> list[Guard]:
    """Rows of the past come with an import that was agreed to, never change, and go when it is undone."""
    return [
        Guard(f"{table}_of_no_import", table, "insert", f"NOT {IMPORTED}"),
        Guard(f"{table}_edited", table, "update", "1 = 1"),
        Guard(f"{table}_is_kept", table, "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"),
    ]


IMPORT_GUARDS = [
    Guard("import_is_kept", "book_import", "delete", "1 = 1"),
    Guard("import_born_late", "book_import", "insert", "NEW.status <> 'draft'"),
    Guard("import_moves", "book_import", "update", moves(_MOVES)),
    Guard(
        "import_by_nobody",
        "book_import",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'imported'"
        f" AND NOT {approved_request('book_import')})",
    ),
    Guard(
        "import_edited",
        "book_import",
        "update",
        f"OLD.status <> 'draft' AND {changed(*_WHAT_IS_APPROVED)}",
    ),
    Guard(
        "import_undone_unposted",
        "book_import",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'undone' AND NEW.entry_number IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.posted_at IS NOT NULL"
        " AND e.reverses_number = NEW.entry_number AND e.number = NEW.undo_entry)",
    ),
    Guard("member_is_kept", "member", "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"),
    Guard(
        "member_of_no_import",
        "member",
        "insert",
        f"NEW.import_id IS NOT NULL AND NOT {IMPORTED}",
    ),
    Guard(
        "loan_agreed_anew_elsewhere",
        "loan_change",
        "insert",
        f"NEW.kind = 'brought' AND NOT {LOAN_BEING_BROUGHT}",
    ),
    Guard("member_import_edited", "member", "update", changed("import_id")),
    Guard("loan_import_edited", "loan", "update", changed("import_id")),
    *_of_the_past("old_repayment"),
    *_of_the_past("old_deposit"),
]
