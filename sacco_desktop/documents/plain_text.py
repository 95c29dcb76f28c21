"""Text from outside made safe for paper: literal, visible, inside its width, and never slow."""

from __future__ import annotations

import unicodedata
from typing import NewType

from sacco_desktop.documents.fonts import Style, has_glyph, text_width
from sacco_desktop.domain.unbroken import NO_BREAK, unbroken

PlainText = NewType("PlainText", str)
"""A text that passed `plain`. Marks take nothing else, so mypy proves that no raw text is drawn."""

ELLIPSIS = "…"
UNKNOWN_SIGN = "\N{REPLACEMENT CHARACTER}"
# Longer than any name or remark that a person needs to read, short enough to measure at once.
LONGEST = 600
MARKS_ON_A_LETTER = 2
# Combining marks that are drawn as nothing: they could only hide that two names differ.
INVISIBLE_MARKS = frozenset("\u034f\u180b\u180c\u180d\u180f") | {
    chr(c) for c in range(0xFE00, 0xFE10)
}


def plain(text: str) -> PlainText:
    """The text as it can be printed; � stands for what has no shape or hides itself.

    Letters are composed, all spaces are one kind, and an ellipsis replaces what lies beyond
    `LONGEST` characters.
    """
    composed = unicodedata.normalize("NFC", text[: LONGEST + 1])
    shown: list[str] = []
    # A mark with no letter to sit on would hang into the margin: at the start none is allowed.
    marks = MARKS_ON_A_LETTER
    for character in composed:
        if character.isspace():
            marks = MARKS_ON_A_LETTER
        else:
            marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        shown.append(_shown(character, marks))
    result = "".join(shown).strip()
    # Composing may also lengthen a text: a few letters exist only as letter and mark.
    is_whole = len(text) <= LONGEST and len(result) <= LONGEST
    return PlainText(result if is_whole else result[:LONGEST] + ELLIPSIS)


def _shown(character: str, marks_so_far: int) -> str:
    if character.isspace():
        return " "
    # Control and format characters include the overrides that print a name backwards.
    if unicodedata.category(character).startswith("C") or character in INVISIBLE_MARKS:
        return UNKNOWN_SIGN
    if marks_so_far > MARKS_ON_A_LETTER or not has_glyph(character):
        return UNKNOWN_SIGN
    return character


def cut(text: str, style: Style, width: float) -> PlainText:
    """One line no wider than `width` points; an ellipsis says that something was left out."""
    line = plain(text)
    if text_width(line, style) <= width:
        return line
    room = width - text_width(ELLIPSIS, style)
    return PlainText(line[: _fitting(line, style, room)].rstrip() + ELLIPSIS)


def wrap(text: str, style: Style, width: float, max_lines: int = 3) -> list[PlainText]:
    """At most `max_lines` lines of `width` points, broken at spaces, else between letters; dates and amounts stay whole
    where a line can hold them.

    What does not fit is replaced by an ellipsis. An empty text gives one empty line.
    """
    lines: list[str] = []
    line = ""
    for word in _words(plain(text), style, width):
        longer = f"{line} {word}" if line else word
        if text_width(longer, style) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, style, width)
        lines.extend(full)
    lines.append(line)
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], cut(lines[max_lines - 1] + ELLIPSIS, style, width)]
    return [PlainText(each) for each in lines]


def _words(text: PlainText, style: Style, width: float) -> list[str]:
    """What a line is made of. A date that is wider than the line is as many words as it has spaces."""
    words: list[str] = []
    for kept in unbroken(text).split(" "):
        parts = kept.split(NO_BREAK)
        whole = " ".join(parts)
        words += parts if len(parts) > 1 and text_width(whole, style) > width else [whole]
    return words


def _pieces(word: str, style: Style, width: float) -> list[str]:
    """The word in pieces that fit. A letter wider than the width is a piece: this always ends."""
    pieces: list[str] = []
    rest = word
    while text_width(rest, style) > width and len(rest) > 1:
        count = max(1, _fitting(rest, style, width))
        pieces.append(rest[:count])
        rest = rest[count:]
    return [*pieces, rest]


def _fitting(text: str, style: Style, width: float) -> int:
    """How many characters from the start fit into the width."""
    used = 0.0
    for count, character in enumerate(text):
        used += text_width(character, style)
        if used > width:
            return count
    return len(text)
