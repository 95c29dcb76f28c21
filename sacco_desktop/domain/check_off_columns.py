"""Which columns a check-off list has where its headings do not say so: chosen by a person, and found again by them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sacco_desktop.domain.check_off import NAMING, Says
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Row, Sheet, column_letters, is_empty, words_of
from sacco_desktop.domain.old_books.headings import heading_words

# In so many rows from the top a heading is looked for.
_MOST_ROWS_ABOVE = 40


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """What each column says, its place from 0, and the words above it, which may be none; `first_row` is the row of the
    first line as the workbook counts.
    """

    first_row: int
    columns: tuple[tuple[Says, int, str], ...]

    @property
    def places(self) -> dict[Says, int]:
        """The place of each."""
        return {says: place for says, place, _heading in self.columns}


def choose(sheet: Sheet, first_row: int, places: Mapping[Says, int]) -> ChosenColumns:
    """What a person chose of this sheet. Raises InvalidInput under `first_row`, `amount` or `named`."""
    at = first_row - sheet.first_row
    if not 0 <= at < len(sheet.rows):
        last = sheet.first_row + len(sheet.rows) - 1
        raise InvalidInput(f"Write a row from {sheet.first_row} to {last}.", "first_row")
    if Says.AMOUNT not in places:
        raise InvalidInput("Choose the column of the amounts.", "amount")
    if not any(says in places for says in NAMING):
        raise InvalidInput("Choose at least one column that says whose the amount is.", "named")
    if len(set(places.values())) < len(places):
        raise InvalidInput("One column says one thing only.", "named")
    above = sheet.rows[at - 1] if at else ()
    told = tuple((says, place, _text(above, place)) for says, place in sorted(places.items()))
    return ChosenColumns(first_row, told)


def _text(row: Row, place: int) -> str:
    return words_of(row[place]) if place < len(row) else ""


def found_in(sheet: Sheet, chosen: ChosenColumns) -> ChosenColumns | None:
    """The same columns in another sheet of that employer: below the row with the same headings, wherever they stand.
    Columns without any heading are where they were. None where the sheet is another one.
    """
    headings = {
        heading_words(heading): says for says, _place, heading in chosen.columns if heading.strip()
    }
    if not headings:
        at = chosen.first_row - sheet.first_row
        return chosen if 0 <= at < len(sheet.rows) else None
    for at, row in enumerate(sheet.rows[:_MOST_ROWS_ABOVE]):
        stands = {heading_words(words_of(cell)): place for place, cell in enumerate(row)}
        if all(heading in stands for heading in headings):
            told = tuple(
                (says, stands[heading_words(heading)] if heading.strip() else place, heading)
                for says, place, heading in chosen.columns
            )
            return ChosenColumns(sheet.first_row + at + 1, told)
    return None


def offered(sheet: Sheet, first_row: int) -> tuple[tuple[int, str], ...]:
    """Each column that holds something: its place, and its letters with the heading and the first words below."""
    at = max(0, first_row - sheet.first_row)
    widest = max((len(row) for row in sheet.rows), default=0)
    found = []
    for place in range(widest):
        heading = _text(sheet.rows[at - 1], place) if 0 < at <= len(sheet.rows) else ""
        below = next(
            (
                words_of(row[place])
                for row in sheet.rows[at:]
                if place < len(row) and not is_empty(row[place])
            ),
            "",
        )
        if heading or below:
            words = " · ".join(part for part in (heading, below) if part)
            found.append((place, f"{column_letters(place)}  {words}"[:60]))
    return tuple(found)


def as_text(chosen: ChosenColumns) -> str:
    """The text by which the books keep the columns."""
    return json.dumps([[says.value, place, heading] for says, place, heading in chosen.columns])


def of_text(first_row: int, text: str) -> ChosenColumns:
    """The columns of a kept text."""
    told = tuple(
        (Says(says), int(place), str(heading)) for says, place, heading in json.loads(text)
    )
    return ChosenColumns(first_row, told)
