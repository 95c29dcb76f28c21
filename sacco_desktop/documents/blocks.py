"""The blocks papers are made of, each drawn from `sheet.y` down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sacco_desktop.documents.fonts import Face, Style
from sacco_desktop.documents.marks import DARK, Frame
from sacco_desktop.documents.plain_text import cut, wrap
from sacco_desktop.documents.sheet import (
    LABEL,
    LEFT,
    RIGHT,
    SECTION,
    SMALL,
    STRONG,
    VALUE,
    Sheet,
)
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.services.books.papers import Signature

LINE = 12.5
LABEL_WIDTH = 88.0
COLUMN_GAP = 18.0
WORDS_LINES = 6
PEN_LINES_IN_A_ROW = 3
PEN_LINE_HEIGHT = 76.0
NOTE = Style(Face.REGULAR, 8.5, DARK)


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value; a wide one has the whole line, the others stand two by two.

    What needs more than `max_lines` lines ends in an ellipsis.
    """

    label: str
    value: str
    is_wide: bool = False
    is_strong: bool = False
    max_lines: int = 3


def draw_section(sheet: Sheet, title: str, keep: float = 60.0) -> None:
    """A heading inside the paper, together with at least `keep` points of what it announces."""
    sheet.need(20 + keep)
    sheet.put(LEFT, sheet.y + 15, cut(title, SECTION, RIGHT - LEFT), SECTION)
    sheet.y += 20


def draw_facts(sheet: Sheet, facts: Sequence[Fact]) -> None:
    """Facts in reading order: left, right, next line."""
    half = (RIGHT - LEFT - COLUMN_GAP) / 2
    pending: list[Fact] = []
    for fact in facts:
        if fact.is_wide and pending:
            _draw_line_of_facts(sheet, pending, half)
            pending = []
        pending.append(fact)
        if fact.is_wide:
            _draw_line_of_facts(sheet, pending, RIGHT - LEFT)
            pending = []
        elif len(pending) == 2:
            _draw_line_of_facts(sheet, pending, half)
            pending = []
    if pending:
        _draw_line_of_facts(sheet, pending, half)


def _draw_line_of_facts(sheet: Sheet, facts: Sequence[Fact], width: float) -> None:
    styles = [STRONG if fact.is_strong else VALUE for fact in facts]
    values = [
        wrap(fact.value, style, width - LABEL_WIDTH, fact.max_lines)
        for fact, style in zip(facts, styles, strict=True)
    ]
    height = LINE * max(len(lines) for lines in values) + 3
    sheet.need(height)
    for number, (fact, style, lines) in enumerate(zip(facts, styles, values, strict=True)):
        x = LEFT + number * (width + COLUMN_GAP)
        sheet.put(x, sheet.y + 10, cut(fact.label, LABEL, LABEL_WIDTH - 6), LABEL)
        for count, line in enumerate(lines):
            sheet.put(x + LABEL_WIDTH, sheet.y + 10 + count * LINE, line, style)
    sheet.y += height


def draw_framed(sheet: Sheet, label: str, words: str) -> None:
    """Words that must not be overlooked or added to, in a frame: the sum in words, a doubt."""
    lines = wrap(words, STRONG, RIGHT - LEFT - LABEL_WIDTH - 14, WORDS_LINES)
    height = LINE * len(lines) + 9
    sheet.need(height + 6)
    top = sheet.y + 3
    sheet.add(Frame(LEFT, top, RIGHT - LEFT, height))
    sheet.put(LEFT + 7, top + 14, cut(label, LABEL, LABEL_WIDTH - 6), LABEL)
    for count, line in enumerate(lines):
        sheet.put(LEFT + LABEL_WIDTH + 7, top + 14 + count * LINE, line, STRONG)
    sheet.y = top + height + 5


def draw_note(sheet: Sheet, words: str) -> None:
    """A sentence of explanation in small dark grey."""
    lines = wrap(words, NOTE, RIGHT - LEFT, WORDS_LINES)
    sheet.need(len(lines) * 11 + 4)
    for line in lines:
        sheet.put(LEFT, sheet.y + 10, line, NOTE)
        sheet.y += 11
    sheet.y += 4


@dataclass(frozen=True, slots=True)
class PenLine:
    """A line to sign on: the act above; below, the name and what is known or left to fill in."""

    act: str
    name: str
    below: str = ""


def pen_line(signature: Signature) -> PenLine:
    """The line for an act in the program; a pen alone must not pass for what was not done."""
    if signature.at is None:
        return PenLine(signature.act, signature.full_name, "Not yet done in the program")
    when = moment_words(signature.at)
    return PenLine(signature.act, signature.full_name, f"In the program: {when}")


def pen_lines_height(count: int) -> float:
    """The height in points of that many lines, three in a row."""
    return PEN_LINE_HEIGHT * -(-count // PEN_LINES_IN_A_ROW)


def draw_pen_lines(
    sheet: Sheet, lines: Sequence[PenLine], in_a_row: int = PEN_LINES_IN_A_ROW
) -> None:
    """Room for signatures, side by side."""
    gap = 20.0
    width = (RIGHT - LEFT - gap * (in_a_row - 1)) / in_a_row
    for first in range(0, len(lines), in_a_row):
        sheet.need(PEN_LINE_HEIGHT)
        for place, line in enumerate(lines[first : first + in_a_row]):
            _draw_pen_line(sheet, line, LEFT + place * (width + gap), width)
        sheet.y += PEN_LINE_HEIGHT


def _draw_pen_line(sheet: Sheet, line: PenLine, x: float, width: float) -> None:
    sheet.put(x, sheet.y + 10, cut(line.act, LABEL, width), LABEL)
    pen_y = sheet.y + 42
    sheet.rule(pen_y, 0.6, x, x + width)
    sheet.put(x, pen_y + 11, cut(line.name, STRONG, width), STRONG)
    sheet.put(x, pen_y + 21, cut(line.below, SMALL, width), SMALL)
