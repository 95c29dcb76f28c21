"""Reads the tables of a PDF that holds text: words by their place on the page, laid under the columns of a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2

from sacco_desktop.gateways.old_books.limits import Limits, Refused

_PAGES = 1_000
_FIGURE = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
# Words of one line lie within half a line of each other.
_SAME_LINE = 3.0
_HEADING = ("receipt", "balance")


@dataclass(slots=True)
class _Word:
    text: str
    left: float
    right: float
    y: float


def read_pdf(data: bytes, limits: Limits) -> Iterator[list[list[str]]]:
    """The rows of each page that has a heading; what stands above it are rows of plain words. Raises Refused."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(
            "The PDF is damaged or has a password. Export it anew, or as CSV or Excel."
        ) from error
    with document:
        if len(document) > _PAGES:
            raise Refused(f"The PDF has more than {_PAGES:,} pages.")
        heading: list[_Word] = []
        for number in range(len(document)):
            lines = _lines(_words(document[number], limits))
            heading = _heading_of(lines) or heading
            yield list(_rows(lines, heading))


def _words(page: pypdfium2.PdfPage, limits: Limits) -> list[_Word]:
    """The words of a page. Letters side by side are one word; a wide gap or a space ends it."""
    text = page.get_textpage()
    count = text.count_chars()
    if count > limits.cells:
        raise Refused("A page of the PDF holds more letters than a page can.")
    letters = text.get_text_range(0, count) if count else ""
    words: list[_Word] = []
    is_open = False
    for at, letter in enumerate(letters[:count]):
        if letter.isspace() or letter == "\x00":
            is_open = False
            continue
        left, bottom, right, _top = text.get_charbox(at, loose=True)
        if is_open and abs(words[-1].y - bottom) < _SAME_LINE and left - words[-1].right < 2:
            words[-1].text += letter
            words[-1].right = right
        else:
            words.append(_Word(letter, left, right, bottom))
        is_open = True
    text.close()
    return words


def _lines(words: Sequence[_Word]) -> list[list[_Word]]:
    """Words that stand side by side, from the top of the page."""
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda one: (-one.y, one.left)):
        if lines and abs(lines[-1][0].y - word.y) < _SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def _heading_of(lines: Sequence[list[_Word]]) -> list[_Word]:
    """The columns of the heading, each with where it begins and ends; nothing where the page has none."""
    for line in lines:
        plain = " ".join(word.text.lower() for word in line)
        if all(word in plain for word in _HEADING):
            return _joined(line)
    return []


def _joined(line: Sequence[_Word]) -> list[_Word]:
    """`Receipt` and `No.` are one heading: less than a wide space lies between them."""
    found: list[_Word] = []
    for word in line:
        if found and word.left - found[-1].right < 5:
            found[-1] = _Word(f"{found[-1].text} {word.text}", found[-1].left, word.right, word.y)
        else:
            found.append(word)
    return found


def _rows(lines: Sequence[list[_Word]], heading: Sequence[_Word]) -> Iterator[list[str]]:
    """Rows of cells. A line without its first cell goes on with the row above it, as long details do."""
    row: list[str] = []
    is_below = False
    for line in lines:
        joined = _joined(line)
        if heading and [one.text for one in joined] == [one.text for one in heading]:
            is_below = True
            yield [one.text for one in heading]
            continue
        if not is_below:
            yield [one.text for one in joined]
            continue
        cells = _cells(line, heading)
        if cells[0]:
            if row:
                yield row
            row = cells
        else:
            row = [" ".join(filter(None, both)) for both in zip(row or cells, cells, strict=True)]
    if row:
        yield row


def _cells(line: Sequence[_Word], heading: Sequence[_Word]) -> list[str]:
    cells = [""] * len(heading)
    for word in line:
        at = _column(word, heading)
        cells[at] = f"{cells[at]} {word.text}".strip()
    return cells


def _column(word: _Word, heading: Sequence[_Word]) -> int:
    """The column that a word stands in. Figures stand under the end of their heading, words under its beginning."""
    if _FIGURE.fullmatch(word.text):
        overlap = [min(word.right, one.right) - max(word.left, one.left) for one in heading]
        best = max(range(len(heading)), key=lambda at: overlap[at])
        if overlap[best] > 0:
            return best
    begun = [at for at, one in enumerate(heading) if one.left <= word.left + 2]
    return begun[-1] if begun else 0
