"""The pages of a paper while they are filled: a place to put marks, and the room that is left."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.documents.fonts import Face, Style, text_width
from sacco_desktop.documents.marks import DARK, HAIRLINE, Mark, Rule, Words
from sacco_desktop.documents.pdf import PAGE_HEIGHT, PAGE_WIDTH
from sacco_desktop.documents.plain_text import PlainText

# Vouchers live in lever-arch files: the left edge must leave room for two holes.
LEFT = 57.0
RIGHT = PAGE_WIDTH - 43.0
TOP = 36.0
FOOT_TOP = PAGE_HEIGHT - 52.0
BODY_BOTTOM = FOOT_TOP - 12.0

LABEL = Style(Face.REGULAR, 8.5, DARK)
VALUE = Style(Face.REGULAR, 9.5)
STRONG = Style(Face.STRONG, 9.5)
SMALL = Style(Face.REGULAR, 7.5, DARK)
SECTION = Style(Face.STRONG, 10.5)


class Sheet:
    """Pages of marks. `y` is where the next block begins, in points from the upper edge."""

    def __init__(self, start_page: Callable[[Sheet], None], bottom: float = BODY_BOTTOM) -> None:
        """`start_page` draws the head of each new page and leaves `y` below it."""
        self.pages: list[list[Mark]] = []
        self.y = TOP
        self.bottom = bottom
        self._start_page = start_page
        self.new_page()

    @property
    def room(self) -> float:
        """Points left on this page above the foot."""
        return self.bottom - self.y

    def new_page(self) -> None:
        """Begin the next page under its head."""
        self.pages.append([])
        self.y = TOP
        self._start_page(self)

    def need(self, height: float) -> None:
        """Begin a new page when less than `height` points are left, so that a block is not torn."""
        if self.room < height:
            self.new_page()

    def add(self, *marks: Mark) -> None:
        """Put marks on the present page."""
        self.pages[-1].extend(marks)

    def put(self, x: float, baseline: float, line: PlainText, style: Style) -> None:
        """One line of text that begins at `x`."""
        if line:
            self.add(Words(x, baseline, line, style))

    def put_right(self, right: float, baseline: float, line: PlainText, style: Style) -> None:
        """One line of text that ends at `right`, so that figures stand digit under digit."""
        self.put(right - text_width(line, style), baseline, line, style)

    def hairline(self, y: float, left: float = LEFT, right: float = RIGHT) -> None:
        """The thin line between rows; never a tint, which a copier turns into dirt."""
        self.add(Rule(left, y, right, y, 0.4, HAIRLINE))

    def rule(
        self, y: float, thickness: float = 0.8, left: float = LEFT, right: float = RIGHT
    ) -> None:
        """A black line."""
        self.add(Rule(left, y, right, y, thickness))
