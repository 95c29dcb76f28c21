"""What the pictures of check-off show."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.tour.visit import Visit


def _new_list(visit: Visit) -> None:
    """A check-off list of an employer, before its file is chosen."""
    visit.front.window.open_page("savings/check_off")
    visit.hands.click("new_check_off")
    visit.hands.find("check_off_dialog")


def _employers(visit: Visit) -> None:
    """The employers of members, of whom two are one."""
    visit.front.window.open_page("savings/check_off")
    visit.hands.click("employers")
    visit.hands.find("employers_dialog")


CHECK_OFF_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("grace", "savings", "savings-new-list", _new_list),
    ("peter", "savings", "savings-employers", _employers),
)
