"""What stands in a cell of a report outside the window: texts that stay texts, figures that stay exact."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from sacco_desktop.services.reports.report import Cell, ColumnKind

# What a spreadsheet takes for the start of a formula, its full-width forms too (OWASP's list).
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
# A cell of a spreadsheet holds no more characters than this.
LONGEST_CELL = 32_767
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def exact(cents: int) -> Decimal:
    """Cents as shillings with two decimals, without a float on the way: 105 is 1.05."""
    return Decimal(cents).scaleb(-2)


def clean_text(text: str) -> str:
    """The text on one line, with � for what no file may hold: control signs and halves of characters."""
    shown = "".join(_shown(character) for character in text)
    return shown[:LONGEST_CELL]


def starts_like_formula(text: str) -> bool:
    """Whether a spreadsheet that guesses would run the text."""
    bare = text.lstrip()
    return bool(text) and (text[0] in FORMULA_STARTS or bare[:1] in FORMULA_STARTS)


def is_figure(cell: Cell, kind: ColumnKind) -> bool:
    """Whether the cell holds an amount or a number, and not words or nothing."""
    return isinstance(cell, int) and kind in {ColumnKind.MONEY, ColumnKind.NUMBER}


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    kind = unicodedata.category(character)
    # Cc are control signs, Cs halves of characters, and Cn includes the two that no XML may hold.
    return _UNKNOWN if kind in {"Cc", "Cs"} or ord(character) in (0xFFFE, 0xFFFF) else character
