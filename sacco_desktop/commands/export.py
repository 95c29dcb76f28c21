"""`sacco-desktop export FOLDER`: all books in open forms, for whoever leaves this program or reckons elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sacco_desktop.documents.open_files import write_table
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.services import full_export
from sacco_desktop.services.full_export import ExportedTable
from sacco_desktop.services.work import Actor, Books

WARNING = (
    "These files are not encrypted, and names, ID numbers and phone numbers stand in them in clear. Keep them as you"
    " keep the books, and delete them when they are not needed any more."
)
_READ_ME = f"""All books of the society, in open forms.

lists/   members, loans and the trial balance, as an import of old books takes them in
tables/  every table of the books: .csv for spreadsheets, .jsonl for programs (one JSON object a line)

Amounts that end in _cents are whole cents. Days and moments are ISO 8601, moments in UTC. Passwords are left out.
In .csv an apostrophe stands before text that a spreadsheet would run as a formula; .jsonl holds every text as it is.

{WARNING}
"""


def export(books: Books, folder: Path, actor: Actor) -> dict[str, int]:
    """Write all books into `folder`; returns how many rows each file has.

    Raises InvalidInput when the folder holds something, and SaccoError when it cannot be written.
    """
    _check_empty(folder)
    books.write(full_export.note_export, str(folder), actor=actor)
    counts: dict[str, int] = {}
    try:
        (folder / "tables").mkdir(parents=True)
        (folder / "lists").mkdir()
        _only_for_this_person(folder)
        for name, service in (
            ("lists", full_export.read_lists),
            ("tables", full_export.read_tables),
        ):
            books.read(service, _taker(folder / name, counts), actor=actor)
        (folder / "README.txt").write_text(_READ_ME, encoding="utf-8")
    except OSError as error:
        raise SaccoError(
            f"The export is not whole: {folder} cannot be written ({error.strerror}). Delete what is there and choose"
            " another folder."
        ) from error
    return counts


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} is not empty. Name a new folder.", "folder")


def _only_for_this_person(folder: Path) -> None:
    if os.name != "nt":
        folder.chmod(0o700)


def _taker(folder: Path, counts: dict[str, int]) -> Callable[[ExportedTable], None]:
    def take(table: ExportedTable) -> None:
        counts[f"{folder.name}/{table.name}"] = write_table(
            folder, table.name, table.columns, table.rows
        )

    return take


def run(books: Books, folder: Path, actor: Actor) -> int:
    """Export, and say what was written and what it means."""
    counts = export(books, folder, actor)
    print(f"{sum(counts.values()):,} rows in {len(counts)} files each of CSV and JSON lines.")
    print(WARNING)
    return 0
