"""Reads a file of old books, or a statement, that a person chose. It may take a minute, so it belongs on the lane of
papers.
"""

from __future__ import annotations

from pathlib import Path

from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.gateways.old_books.reader import read_file


def read_old_books(path: Path) -> OldFile:
    """The file as plain cells, read by a process of its own. Raises InvalidInput under `file`."""
    return read_file(path)


def read_statement_file(path: Path) -> OldFile:
    """The same for a statement of M-Pesa or of the bank, with the times of its rows; it may be a PDF with text."""
    return read_file(path, is_statement=True)
