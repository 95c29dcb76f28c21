"""The square mark: a paper's number and fingerprint, by which the program knows it again."""

from __future__ import annotations

import segno

from sacco_desktop.documents.marks import Filled, Rectangle
from sacco_desktop.documents.plain_text import plain
from sacco_desktop.services.books.papers import PaperStamp

LONGEST_NUMBER = 40
QUIET_ZONE = 4  # modules that the standard wants white around the mark


def qr_text(stamp: PaperStamp) -> str:
    """What the mark says: `SACCO:1:<number>:<fingerprint>`. The 1 is the version of this form.

    Capital letters make the mark coarser and so easier to read from worn paper: hexadecimal loses
    nothing by them. The number keeps its own letters.
    """
    number = plain(stamp.number)[:LONGEST_NUMBER]
    return f"SACCO:1:{number}:{plain(stamp.fingerprint)[:64].upper()}"


def qr_mark(text: str, x: float, y: float, side: float) -> Filled:
    """The mark in a square of `side` points, quiet zone included; dark neighbours are joined."""
    code = segno.make_qr(text, error="m")
    rows = [bytes(row) for row in code.matrix]
    module = side / (len(rows) + 2 * QUIET_ZONE)
    left, top = x + QUIET_ZONE * module, y + QUIET_ZONE * module
    dark: list[Rectangle] = []
    for number, row in enumerate(rows):
        for start, end in _runs(row):
            width = (end - start) * module
            dark.append(Rectangle(left + start * module, top + number * module, width, module))
    return Filled(tuple(dark))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Start and end of each stretch of dark modules."""
    edges = [i for i in range(len(row) + 1) if (i < len(row) and row[i]) != (i > 0 and row[i - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))
