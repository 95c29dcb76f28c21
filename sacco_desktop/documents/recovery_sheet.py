"""The sheet with the key of the books, to be printed once and locked away. It is never kept as a file by us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sacco_desktop.documents.blocks import Fact, PenLine, draw_facts, draw_framed, draw_pen_lines
from sacco_desktop.documents.fonts import Face, Style
from sacco_desktop.documents.marks import Frame
from sacco_desktop.documents.pdf import Properties, write_pdf
from sacco_desktop.documents.plain_text import cut, plain, wrap
from sacco_desktop.documents.sheet import LABEL, LEFT, RIGHT, VALUE, Sheet
from sacco_desktop.documents.wording import moment_words

_TITLE = Style(Face.STRONG, 20)
_NAME = Style(Face.STRONG, 12)
_KEY = Style(Face.STRONG, 22)
_GROUPS_IN_A_ROW = 4
_ROW_HEIGHT = 40.0
_LINE = 14.0

_STEPS = (
    "1. Put this sheet into an envelope, sign over its flap and lock it into the safe. Make no photograph of it.",
    "2. You need it when this computer is lost or broken, or when its passphrase or keyring is gone.",
    "3. Copy the books onto the new computer and start Sacco Desktop there. It asks for the recovery key. Type the"
    " groups row by row; gaps and small letters do not matter, and 0 is always a zero.",
    "4. The secrets of M-Pesa and of the relay are not part of this key; they are entered anew in Settings.",
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet. `words` are 16 groups of four letters and figures; `folder` is where the books lie."""

    society: str
    is_practice: bool
    words: str = field(repr=False)
    pc_name: str
    folder: str
    printed_at: datetime


def draw_recovery_sheet(paper: RecoverySheet) -> bytes:
    """The PDF of the sheet: one page."""
    sheet = Sheet(lambda _: None)
    sheet.put(LEFT, sheet.y + 20, plain("Recovery key of the books"), _TITLE)
    sheet.y += 34
    for line in wrap(paper.society, _NAME, RIGHT - LEFT, 2):
        sheet.put(LEFT, sheet.y + 10, line, _NAME)
        sheet.y += 16
    if paper.is_practice:
        sheet.put(
            LEFT, sheet.y + 10, plain("PRACTICE: no real money stands in these books."), VALUE
        )
        sheet.y += 16
    sheet.rule(sheet.y + 4, 1.2)
    sheet.y += 18
    _draw_key(sheet, paper.words.split())
    draw_framed(
        sheet,
        "Keep it safe",
        "Whoever holds this key and a copy of the books can read everything in them. Without the key nobody can,"
        " not even those who made the program.",
    )
    sheet.y += 10
    for step in _STEPS:
        for line in wrap(step, VALUE, RIGHT - LEFT, 3):
            sheet.put(LEFT, sheet.y + 10, line, VALUE)
            sheet.y += _LINE
        sheet.y += 4
    sheet.y += 10
    facts = [
        Fact("Computer", paper.pc_name),
        Fact("Printed", moment_words(paper.printed_at)),
        Fact("Books", paper.folder, is_wide=True),
    ]
    draw_facts(sheet, facts)
    sheet.y += 20
    lines = [PenLine("Locked away by", ""), PenLine("Seen by", ""), PenLine("Where and when", "")]
    draw_pen_lines(sheet, lines)
    title = plain("Recovery key of the books")
    return write_pdf(sheet.pages, Properties(title, plain(paper.society), title, plain("")))


def _draw_key(sheet: Sheet, groups: list[str]) -> None:
    """Rows of four groups, each with its number, so that a row is found again while it is typed."""
    rows = -(-len(groups) // _GROUPS_IN_A_ROW)
    height = rows * _ROW_HEIGHT + 10
    sheet.add(Frame(LEFT, sheet.y, RIGHT - LEFT, height, 1.2))
    gap = (RIGHT - LEFT - 60) / _GROUPS_IN_A_ROW
    for number, group in enumerate(groups):
        row, place = divmod(number, _GROUPS_IN_A_ROW)
        baseline = sheet.y + 32 + row * _ROW_HEIGHT
        if not place:
            sheet.put(LEFT + 12, baseline, cut(f"Row {row + 1}", LABEL, 40), LABEL)
        sheet.put(LEFT + 60 + place * gap, baseline, plain(group), _KEY)
    sheet.y += height + 12
