"""A report as CSV for other programs: one head, the rows, plain figures; texts can never run as formulas."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from sacco_desktop.documents.report_cells import clean_text, exact, starts_like_formula
from sacco_desktop.services.reports.report import Cell, ColumnKind, Report


def write_csv(report: Report) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it, every cell quoted, an ASCII minus, ISO dates."""
    target = StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_text(column.title) for column in report.columns])
    for row in report.rows:
        writer.writerow(
            [
                _written(cell, column.kind)
                for cell, column in zip(row.cells, report.columns, strict=True)
            ]
        )
    return target.getvalue().encode("utf-8-sig")


def _written(cell: Cell, kind: ColumnKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return f"{exact(cell):.2f}" if kind is ColumnKind.MONEY else str(cell)
    return _text(cell)


def _text(text: str) -> str:
    """With an apostrophe before whatever a spreadsheet would run; CSV has no other way to say that it is text."""
    clean = clean_text(text)
    return f"'{clean}" if starts_like_formula(text) or starts_like_formula(clean) else clean
