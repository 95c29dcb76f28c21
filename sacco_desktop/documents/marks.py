"""What can stand on a page. Places are in points from the upper left corner of the sheet."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.documents.fonts import Style
from sacco_desktop.documents.plain_text import PlainText

BLACK = 0.0
DARK = 0.33  # labels: still clear on a worn office printer
HAIRLINE = 0.62
FAINT = 0.90  # a word lying under the text
WHITE = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on its baseline; `angle` (degrees) turns it upwards around its start."""

    x: float
    baseline: float
    text: PlainText
    style: Style
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across or down the page."""

    x: float
    y: float
    to_x: float
    to_y: float
    thickness: float = 0.5
    grey: float = BLACK
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle, only its outline."""

    x: float
    y: float
    width: float
    height: float
    thickness: float = 0.8


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Place and size of one filled rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Filled:
    """Rectangles filled together in one stroke of the pen, so that no seams show between them."""

    rectangles: tuple[Rectangle, ...]
    grey: float = BLACK


Mark = Words | Rule | Frame | Filled
