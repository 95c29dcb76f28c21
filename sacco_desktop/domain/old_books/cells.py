"""The cells of a workbook as plain values, and how they are shown to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.domain.dates import format_date

Cell = str | int | float | bool | date | None
Row = tuple[Cell, ...]

# Whole numbers up to here are exact in a workbook, which keeps every figure as a float of 53 bits.
LARGEST_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, read and never calculated. A formula without a stored figure stands as its own text, with `=`.

    `first_row` is the number of the first of `rows` as the workbook counts, from 1.
    """

    name: str
    rows: tuple[Row, ...]
    first_row: int = 1


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in the cell but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_formula(cell: Cell) -> bool:
    """Whether the cell holds a formula of which the file keeps no figure."""
    return isinstance(cell, str) and cell.lstrip().startswith("=")


def words_of(cell: Cell) -> str:
    """The cell as a person reads it: `184500`, `2500.5`, `1 Jan 2025`, `yes`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        # What stands in a sheet is the date of whoever wrote it and has no time zone.
        return format_date(cell.date() if isinstance(cell, datetime) else cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT:
        return str(int(cell))
    return " ".join(str(cell).split())


def column_letters(index: int) -> str:
    """`A` for the first column (0), `AA` for the 27th."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file of old books as it was read. `fingerprint` is the SHA-256 of its bytes; `made_of` says in words what it
    is, with the encoding and the separator of a text file.
    """

    name: str
    fingerprint: str
    made_of: str
    sheets: tuple[Sheet, ...]
