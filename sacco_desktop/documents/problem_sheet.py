"""The rows of an import that have problems as a workbook: the cells as read, and behind them what is wrong."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from sacco_desktop.documents.report_cells import clean_text


def write_problems(headings: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> bytes:
    """Each row as its cells and its problems. It can be corrected and read again: the last column means nothing."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Problems")
    for cells, words in ((headings, "What is wrong"), *rows):
        width = len(headings)
        padded = [*cells[:width], *[""] * (width - len(cells)), words]
        line = []
        for text in padded:
            cell = WriteOnlyCell(sheet, value=clean_text(text))
            # Everything is text, so that nothing can run and no number loses its zeros once more.
            cell.data_type = "s"
            line.append(cell)
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
