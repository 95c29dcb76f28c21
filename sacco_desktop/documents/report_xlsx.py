"""A report as a spreadsheet with typed cells: amounts are numbers, days are dates, and no text is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from sacco_desktop.documents.report_cells import clean_text, exact, starts_like_formula
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.services.reports.report import (
    Cell,
    ColumnKind,
    Report,
    ReportColumn,
    ReportRow,
    RowKind,
)

MONEY_FORMAT = "#,##0.00"
DATE_FORMAT = "d mmm yyyy"
PRACTICE = "PRACTICE – these figures are not real and no money moved"
_WIDTHS = {ColumnKind.TEXT: 14, ColumnKind.DATE: 13, ColumnKind.NUMBER: 9, ColumnKind.MONEY: 18}
_WIDE = 46
_A4 = 9  # as spreadsheets number the sizes of paper
_STRONG = Font(bold=True)
_PLAIN = Font()
_SUM = Border(top=Side(style="thin"))
_CLOSED = Border(top=Side(style="thin"), bottom=Side(style="double"))
_NO_BORDER = Border()
_BORDERS = {RowKind.SUBTOTAL: _SUM, RowKind.TOTAL: _CLOSED}


def write_xlsx(report: Report) -> bytes:
    """One sheet: whose report of which days, then the head of the table and its rows. The head stays in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(report.title))
    tops = list(_top_lines(report))
    for place, column in enumerate(report.columns, start=1):
        width = _WIDE if column.is_wide else _WIDTHS[column.kind]
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{len(tops) + 2}"
    sheet.print_title_rows = f"{len(tops) + 1}:{len(tops) + 1}"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for words, font in tops:
        sheet.append([_text(sheet, words, font)])
    sheet.append([_head(sheet, column) for column in report.columns])
    for row in report.rows:
        sheet.append(_cells(sheet, report, row))
    for note in report.notes:
        sheet.append([_text(sheet, note, _PLAIN)])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _top_lines(report: Report) -> Iterator[tuple[str, Font]]:
    if report.letterhead.is_practice:
        yield PRACTICE, _STRONG
    yield report.letterhead.name, _STRONG
    yield f"{report.title}, {report.when}", _STRONG
    if report.subject:
        yield report.subject, _STRONG
    for name, words in report.facts:
        yield f"{name}: {words}", _PLAIN
    read = moment_words(report.read_at)
    yield f"Read from the books on {read}, up to entry no. {report.last_entry}", _PLAIN
    yield "", _PLAIN


def _head(sheet: Any, column: ReportColumn) -> Any:
    cell = _text(sheet, column.title, _STRONG)
    cell.border = Border(bottom=Side(style="thin"))
    is_right = column.kind in {ColumnKind.MONEY, ColumnKind.NUMBER}
    cell.alignment = Alignment(horizontal="right" if is_right else "left", wrap_text=True)
    return cell


def _cells(sheet: Any, report: Report, row: ReportRow) -> list[Any]:
    font = _PLAIN if row.kind is RowKind.LINE else _STRONG
    border = _BORDERS.get(row.kind, _NO_BORDER)
    cells = []
    for value, column in zip(row.cells, report.columns, strict=True):
        cell = _typed(sheet, value, column.kind, font)
        if border is not _NO_BORDER:
            cell.border = border
        cells.append(cell)
    return cells


def _typed(sheet: Any, value: Cell, kind: ColumnKind, font: Font) -> Any:
    if value is None:
        return WriteOnlyCell(sheet)
    if isinstance(value, str):
        return _text(sheet, value, font)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DATE_FORMAT
    elif kind is ColumnKind.MONEY:
        cell = WriteOnlyCell(sheet, exact(value))
        cell.number_format = MONEY_FORMAT
    else:
        cell = WriteOnlyCell(sheet, value)
    if font is not _PLAIN:
        cell.font = font
    return cell


def _text(sheet: Any, text: str, font: Font) -> Any:
    """A text cell that says so itself: openpyxl would make a formula of whatever begins with an equals sign."""
    clean = clean_text(text)
    cell = WriteOnlyCell(sheet)
    cell.value = clean or None
    if clean:
        cell.data_type = "s"
    if starts_like_formula(clean):
        # Keeps it a text also when somebody edits the cell or saves the sheet as CSV with its apostrophes.
        cell.quotePrefix = True
    if font is not _PLAIN:
        cell.font = font
    return cell


def _sheet_name(title: str) -> str:
    return title[:31]
