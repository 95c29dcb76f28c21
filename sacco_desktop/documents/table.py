"""Tables: the head repeats on each page, figures stand under each other, sums are carried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sacco_desktop.documents.fonts import Face, Style, text_width
from sacco_desktop.documents.plain_text import PlainText, plain, wrap
from sacco_desktop.documents.sheet import LEFT, RIGHT, Sheet

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0)
GAP = 14.0  # points between two columns
EDGE = 3.0
LEAST_FOR_TEXT = 90.0
# Where more than a few columns hold text, each is narrower, or the letters would be too small to read.
FEW_TEXTS, LEAST_OF_MANY = 2, 56.0
MOST_FOR_SHORT_TEXT = 110.0
HAIR = 0.1
CELL_LINES = 3
# The last rows stay with what follows them: a signature on a page without figures is worth little.
ROWS_KEPT_WITH_THE_END = 5


@dataclass(frozen=True, slots=True)
class Column:
    """Figures end at the right edge, never broken; what `stretches` takes the rest and wraps."""

    head: str
    is_figures: bool = False
    stretches: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `is_strong` is for sums; `closes` draws the accountants' double line below it.

    `is_heading` names the rows that follow: it stands clear of what is above and never ends a page.
    """

    cells: tuple[str, ...]
    is_strong: bool = False
    closes: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows.

    `carried(count, words)` gives the row of sums over the first `count` rows, for a page break.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    carried: Callable[[int, str], Row] | None = None


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns of one table lie: for each its left and right edge."""

    columns: tuple[Column, ...]
    edges: tuple[tuple[float, float], ...]
    size: float

    @property
    def line_height(self) -> float:
        return self.size * 1.3

    def style(self, is_strong: bool) -> Style:
        return Style(Face.STRONG if is_strong else Face.REGULAR, self.size)

    def cell_lines(self, row: Row) -> list[list[PlainText]]:
        """The lines of each cell. A figure is always one line: `_grid` made room for it."""
        style = self.style(row.is_strong)
        return [
            [plain(cell)] if column.is_figures else wrap(cell, style, right - left, CELL_LINES)
            for cell, column, (left, right) in zip(row.cells, self.columns, self.edges, strict=True)
        ]

    def height(self, row: Row) -> float:
        lines = max(len(cell) for cell in self.cell_lines(row))
        return lines * self.line_height + (7.6 if row.closes else 3.6) + self.air(row)

    def air(self, row: Row) -> float:
        """The space above a heading."""
        return self.line_height * 0.7 if row.is_heading else 0.0


def draw_table(sheet: Sheet, table: Table, keep_after: float = 0.0) -> None:
    """Draw the table from `sheet.y`.

    `keep_after` are points that what follows needs on the page of the last rows.
    """
    grid = _grid(table)
    head = Row(tuple(column.head for column in table.columns), is_strong=True)
    heights = [grid.height(row) for row in table.rows]
    sheet.need(grid.height(head) + sum(heights[:2]))
    _draw_head(sheet, grid, head)
    for number, row in enumerate(table.rows):
        needed = _needed(heights, number, keep_after)
        if row.is_heading and number + 1 < len(heights):
            needed = heights[number] + _needed(heights, number + 1, keep_after)
        if sheet.room < needed:
            _break_page(sheet, grid, head, table, number)
        _draw_row(sheet, grid, row)


def table_height(table: Table) -> float:
    """The height in points of the whole table on one page."""
    grid = _grid(table)
    head = Row(tuple(column.head for column in table.columns), is_strong=True)
    return grid.height(head) + sum(grid.height(row) for row in table.rows)


def _needed(heights: list[float], number: int, keep_after: float) -> float:
    """Points that must be left on the page for the row to be drawn there."""
    if number >= len(heights) - ROWS_KEPT_WITH_THE_END:
        return sum(heights[number:]) + keep_after
    carried = heights[number]
    return heights[number] + carried


def _break_page(sheet: Sheet, grid: _Grid, head: Row, table: Table, done: int) -> None:
    has_sums = table.carried is not None and done > 0
    if table.carried and has_sums:
        sheet.rule(sheet.y)
        _draw_row(sheet, grid, table.carried(done, "Carried forward"))
    sheet.new_page()
    _draw_head(sheet, grid, head)
    if table.carried and has_sums:
        _draw_row(sheet, grid, table.carried(done, "Brought forward"))


def _draw_head(sheet: Sheet, grid: _Grid, head: Row) -> None:
    _draw_cells(sheet, grid, head)
    sheet.y += grid.height(head)
    sheet.rule(sheet.y)


def _draw_row(sheet: Sheet, grid: _Grid, row: Row) -> None:
    if row.is_strong and not row.is_heading:
        sheet.rule(sheet.y, 0.6)
    _draw_cells(sheet, grid, row)
    sheet.y += grid.height(row)
    if row.closes:
        sheet.rule(sheet.y - 3.5, 0.6)
        sheet.rule(sheet.y - 1.5, 0.6)
    else:
        sheet.hairline(sheet.y)


def _draw_cells(sheet: Sheet, grid: _Grid, row: Row) -> None:
    style = grid.style(row.is_strong)
    first = sheet.y + grid.air(row) + 1.8 + grid.size * 0.98
    for lines, column, (left, right) in zip(
        grid.cell_lines(row), grid.columns, grid.edges, strict=True
    ):
        for count, line in enumerate(lines):
            baseline = first + count * grid.line_height
            if column.is_figures:
                sheet.put_right(right, baseline, line, style)
            else:
                sheet.put(left, baseline, line, style)


def _grid(table: Table) -> _Grid:
    """The places of columns at the largest size at which figures are whole and text has room."""
    available = RIGHT - LEFT - 2 * EDGE - GAP * (len(table.columns) - 1)
    widths: list[float] = []
    for size in SIZES:
        widths = _natural_widths(table, size)
        rest = available - sum(widths)
        stretching = [i for i, column in enumerate(table.columns) if column.stretches]
        # In the smallest letters what is left is shared all the same: narrow text is better than none.
        least = LEAST_FOR_TEXT if len(stretching) <= FEW_TEXTS else LEAST_OF_MANY
        if rest >= least * len(stretching) or (size == SIZES[-1] and rest > 0):
            # Where nothing stretches, all but the first column share what is left.
            growing = stretching or range(1, len(widths))
            for i in growing:
                widths[i] += rest / len(growing)
            break
    edges: list[tuple[float, float]] = []
    left = LEFT + EDGE
    for width in widths:
        edges.append((left, left + width))
        left += width + GAP
    return _Grid(table.columns, tuple(edges), size)


def _natural_widths(table: Table, size: float) -> list[float]:
    """The widest cell of each column, nothing for those that stretch."""
    head = Row(tuple(column.head for column in table.columns), is_strong=True)
    rows = [head, *table.rows]
    if table.carried:
        # The sum over all rows is the widest that can be carried.
        rows.append(replace(table.carried(len(table.rows), ""), is_strong=True))
    widths: list[float] = []
    for i, column in enumerate(table.columns):
        cells = [] if column.stretches else [(row.cells[i], row.is_strong) for row in rows]
        widest = max((_cell_width(*cell, size) for cell in cells), default=0.0)
        # A hair more than the widest cell, or adding its words up anew would find it too long by a rounding.
        widths.append(widest if column.is_figures else min(widest + HAIR, MOST_FOR_SHORT_TEXT))
    return widths


def _cell_width(cell: str, is_strong: bool, size: float) -> float:
    return text_width(plain(cell), Style(Face.STRONG if is_strong else Face.REGULAR, size))
