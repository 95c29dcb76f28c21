"""Any report as a paper: head, days and moment, table with sums carried, proof, notes, lines to sign."""

from __future__ import annotations

from datetime import date

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_framed,
    draw_note,
    draw_pen_lines,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.documents.wording import NOTHING, moment_words
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.reports.frame import AS_OF
from sacco_desktop.services.reports.report import (
    Cell,
    ColumnKind,
    Report,
    ReportKind,
    ReportPaper,
    ReportRow,
    RowKind,
)

# Some 150 sheets and five seconds of drawing. Nobody reads more on paper, and every other paper would have to wait.
MOST_ROWS = 6_000
SIGNED = {ReportKind.TRIAL_BALANCE, ReportKind.MOVEMENTS, ReportKind.INCOME, ReportKind.POSITION}
_STRONG = {RowKind.HEADING, RowKind.SUBTOTAL, RowKind.TOTAL, RowKind.BALANCE}
_FIGURES = {ColumnKind.MONEY, ColumnKind.NUMBER}


def draw_report(paper: ReportPaper) -> bytes:
    """The PDF of the report. Raises BooksDamaged when its figures contradict each other, and InvalidInput when it is
    too long for paper.
    """
    report = paper.report
    for check in report.checks:
        require_equal(
            report.title,
            check.first_words,
            check.first_cents,
            check.second_words,
            check.second_cents,
        )
    if len(report.rows) > MOST_ROWS:
        raise InvalidInput(
            f"{len(report.rows):,} lines are too many for paper. Choose fewer, or save a spreadsheet.",
            "first",
        )
    heading = Heading(report.letterhead, paper.stamp, report.title)
    sheet = open_sheet(heading)
    _draw_facts(sheet, report)
    draw_table(sheet, _table(report), keep_after=_height_after(report))
    _draw_end(sheet, paper)
    return close_sheet(sheet, heading)


def _draw_facts(sheet: Sheet, report: Report) -> None:
    sheet.y += 4
    read = f"{moment_words(report.read_at)}, up to entry no. {report.last_entry}"
    facts = []
    if report.subject:
        about = "Entry" if report.request.kind is ReportKind.ENTRY else "Account"
        facts.append(Fact(about, report.subject, is_wide=True, is_strong=True))
    if report.when.startswith(AS_OF):
        facts.append(Fact("As of", report.when.removeprefix(AS_OF), is_wide=True, is_strong=True))
    elif report.request.kind is not ReportKind.ENTRY:
        facts.append(Fact("Period", report.when, is_wide=True, is_strong=True))
    facts += [Fact(name, words) for name, words in report.facts]
    facts.append(Fact("Books read", read, is_wide=True))
    draw_facts(sheet, facts)
    sheet.y += 6


def _table(report: Report) -> Table:
    columns = tuple(
        Column(column.title, is_figures=column.kind in _FIGURES, stretches=column.is_wide)
        for column in report.columns
    )
    rows = tuple(_row(report, row) for row in report.rows)
    has_sums = any(column.is_added for column in report.columns)
    carried = _Carried(report).row if has_sums else None
    return Table(columns, rows, carried)


class _Carried:
    """Sums of the lines above a page break, added up once for the whole report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._places = [place for place, each in enumerate(report.columns) if each.is_added]
        self._words_at = next(place for place, each in enumerate(report.columns) if each.is_wide)
        self._sums = [[0] * len(self._places)]
        for row in report.rows:
            self._sums.append(
                [
                    before + (cell if row.kind is RowKind.LINE and isinstance(cell, int) else 0)
                    for before, cell in zip(
                        self._sums[-1], (row.cells[place] for place in self._places), strict=True
                    )
                ]
            )

    def row(self, count: int, words: str) -> Row:
        """What the first `count` rows come to."""
        cells = [""] * len(self._report.columns)
        cells[self._words_at] = words
        for place, cents in zip(self._places, self._sums[count], strict=True):
            cells[place] = format_amount(cents)
        return Row(tuple(cells), is_strong=True)


def _row(report: Report, row: ReportRow) -> Row:
    cells = tuple(
        cell_words(cell, column.kind)
        for cell, column in zip(row.cells, report.columns, strict=True)
    )
    return Row(
        cells,
        is_strong=row.kind in _STRONG,
        closes=row.kind is RowKind.TOTAL,
        is_heading=row.kind is RowKind.HEADING,
    )


def cell_words(cell: Cell, kind: ColumnKind) -> str:
    """The cell as it is printed: amounts with two decimals and the true minus, a dash where there is no figure."""
    if cell is None:
        return NOTHING
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, int):
        return format_amount(cell) if kind is ColumnKind.MONEY else str(cell)
    return cell


def _height_after(report: Report) -> float:
    """Points for what must stay with the last rows."""
    return 52.0 + (pen_lines_height(3) if report.request.kind in SIGNED else 0.0)


def _draw_end(sheet: Sheet, paper: ReportPaper) -> None:
    report = paper.report
    sheet.y += 6
    if report.checks:
        check = report.checks[0]
        words = (
            f"{_sentence(check.first_words)} {format_amount(check.first_cents)}"
            f" = {check.second_words} {format_amount(check.second_cents)}"
        )
        draw_framed(sheet, "Proof", words)
    for note in report.notes:
        draw_note(sheet, note)
    if report.request.kind in SIGNED:
        sheet.y += 8
        lines = (
            PenLine("Prepared by", paper.stamp.printed_by, "Date:"),
            PenLine("Checked by", "", "Name and date:"),
            PenLine("Approved by", "", "Name and date:"),
        )
        draw_pen_lines(sheet, lines)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
