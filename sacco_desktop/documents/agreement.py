"""A paper never shows figures that contradict each other: it is refused before a line is drawn."""

from __future__ import annotations

from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.domain.money import format_amount


def require_equal(paper: str, first: str, first_cents: int, second: str, second_cents: int) -> None:
    """Raise `BooksDamaged` naming both figures (cents in, KES in the sentence) when they differ."""
    if first_cents != second_cents:
        raise BooksDamaged(
            f"{paper} was not drawn, because {first} ({format_amount(first_cents)}) and "
            f"{second} ({format_amount(second_cents)}) differ. "
            "Verify the books before printing again."
        )
