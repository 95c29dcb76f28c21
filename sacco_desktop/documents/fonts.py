"""The typefaces of paper and their measures.

With `pdf` this is the only file that speaks to ReportLab, which has no types.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from sacco_desktop.settings import resources_dir


class Face(Enum):
    """A typeface; the value names its file. All figures are equally wide (docs/decisions/0005)."""

    REGULAR = "NotoSans-Regular"
    STRONG = "NotoSans-SemiBold"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: face, size in points, and grey from 0 (black) to 1 (white)."""

    face: Face
    size: float
    grey: float = 0.0


@cache
def _font(face: Face) -> Any:
    """The font, read from `resources` on first use and made known to ReportLab by name."""
    font = TTFont(face.value, str(resources_dir() / "fonts" / f"{face.value}.ttf"))
    pdfmetrics.registerFont(font)
    return font


def font_name(face: Face) -> str:
    """The name under which a canvas knows the face; reads the file if this is the first use."""
    return str(_font(face).fontName)


def text_width(text: str, style: Style) -> float:
    """The width of one line in points. There is no kerning: widths of characters add up."""
    return float(pdfmetrics.stringWidth(text, font_name(style.face), style.size))


@cache
def has_glyph(character: str) -> bool:
    """Whether every face can draw this one character."""
    return all(ord(character) in _font(face).face.charToGlyph for face in Face)
