"""`sacco-desktop export FILE`: all books in open forms, for whoever leaves this program or reckons elsewhere."""

from __future__ import annotations

from pathlib import Path

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.operations.export_books import WARNING, export_books, written_words
from sacco_desktop.services.books.work import Actor, Books


def run(books: Books, path: Path, actor: Actor) -> int:
    """Export, and say what was written and what it means. Raises InvalidInput when the file is there."""
    if path.exists():
        raise InvalidInput(f"{path} is there already. Name a new file.", "file")
    written = export_books(books, path.resolve(), actor)
    print(f"{written_words(written)}, packed in {path}.")
    print(WARNING)
    return 0
