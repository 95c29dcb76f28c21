"""File › Export all books: warns what such a file is, asks where it shall lie, and writes it beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import NotAllowed
from sacco_desktop.domain.permissions import Act, check
from sacco_desktop.operations.export_books import (
    WARNING,
    WrittenFile,
    write_export,
    written_words,
)
from sacco_desktop.services.export import full_export
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.messages import Question
from sacco_desktop.ui.save_file import ask_where

_KIND = "Packed files (*.zip)"
_WARNED = Question(
    "Export all books",
    "Members, balances, entries, loans, guarantors and payouts are written into one packed file that any program"
    f" opens.\n\n{WARNING}",
    "Choose where…",
    "Do not export",
)


def ask_and_export(desk: Desk, owner: QWidget) -> None:
    """Warn, then let the person choose a file and write all books into it."""
    try:
        check(desk.actor.roles, Act.EXPORT_BOOKS)
    except NotAllowed as refusal:
        desk.show(refusal, owner)
        return
    name = f"all-books-{business_date(desk.now()).isoformat()}.zip"

    def decided(goes_on: bool) -> None:
        if goes_on:
            ask_where(
                owner, "Export all books", name, _KIND, lambda path: _export(desk, owner, path)
            )

    desk.messages.ask(owner, _WARNED, decided)


def _export(desk: Desk, owner: QWidget, path: Path) -> None:
    """What is about to go out is written down first; then the file is made beside everything else."""
    books, actor = desk.office.books, desk.actor

    def made(written: tuple[WrittenFile, ...]) -> None:
        desk.toast(f"Exported {written_words(written)}. They lie packed in {path}.")

    def noted(_: None) -> None:
        desk.background.render(lambda: write_export(books, path, actor), owner=owner, done=made)

    desk.background.write(full_export.note_export, str(path), owner=owner, done=noted)
