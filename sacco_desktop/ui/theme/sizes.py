"""Every height of the window, made from the height of the text, so that nothing is cut when the
text grows."""

from __future__ import annotations

from dataclasses import dataclass

# Steps of white space in pixels: between a sign and its word, inside a field, between fields, at a
# page's edge.
XS, S, M, L, XL = 4, 8, 12, 16, 24

SMALLEST_TEXT_PERCENT, LARGEST_TEXT_PERCENT = 90, 150
BASE_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Heights in pixels. `line` is the height of one line of body text; `points` is its size."""

    line: int
    points: float

    @property
    def row(self) -> int:
        """A row of a table: 28 at 100 %."""
        return self.line + 12

    @property
    def field(self) -> int:
        """The inside of a field or button; its border and padding come on top: 32 at 100 %."""
        return self.line + 8

    @property
    def tick(self) -> int:
        """The side of a box to tick: as high as the words beside it."""
        return self.line

    @property
    def rail_entry(self) -> int:
        """A page in the rail; all fourteen fit without scrolling at 1366×768."""
        return self.line + 16

    @property
    def top_bar(self) -> int:
        """The line of the page title, the search field and the person."""
        return self.line + 30

    @property
    def status_bar(self) -> int:
        """The last line of the window."""
        return self.line + 8

    @property
    def panel_width(self) -> int:
        """The details panel; it grows with the text by at most a tenth, because width is needed
        beside it."""
        return round(340 * min(1.1, max(1.0, self.points / BASE_POINTS)))

    @property
    def rail_width(self) -> int:
        """The rail with words."""
        return round(188 * max(1.0, self.points / BASE_POINTS))
