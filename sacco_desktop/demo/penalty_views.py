"""Pictures of what belongs to penalties and fines: the tabs, why a fine is so much, and the dialogs."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.demo.tour.visit import Visit


def _tab(key: str, table: str, words: str) -> Callable[[Visit], None]:
    """A tab of the page, with a row of it chosen."""

    def prepare(visit: Visit) -> None:
        visit.front.window.open_page(f"penalties/{key}")
        visit.choose_row(table, words)

    return prepare


def _waive(visit: Visit) -> None:
    visit.choose_row("penalties_table", "Misconduct")
    visit.hands.click("waive")
    visit.hands.find("waive_dialog")


def _explained(visit: Visit) -> None:
    visit.choose_row("penalties_table", "Misconduct")
    visit.hands.click("explain_charged")
    visit.hands.find("explained_result")


def _spare(visit: Visit) -> None:
    visit.choose_row("penalties_table", "Misconduct")
    visit.hands.click("spare")
    visit.hands.find("spare_dialog")


def _attendance(visit: Visit) -> None:
    visit.front.window.open_page("penalties/meetings")
    visit.hands.click("attendance")
    visit.hands.find("attendance_dialog")


def _rule(visit: Visit) -> None:
    _tab("rules", "penalty_rules_table", "Interest on arrears")(visit)
    visit.hands.click("change_rule")
    visit.hands.find("rule_dialog")


def _member(visit: Visit) -> None:
    """What a member owes of fines, on the page of the member."""
    visit.front.window.open_page("member/M-0002")
    visit.hands.find("member_name")
    visit.hands.find("explain_3")


def _to_charge(visit: Visit) -> None:
    visit.front.window.open_page("penalties/due")


# Who looks at which page, the name of the picture, and what is opened before it.
PENALTY_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("peter", "penalties", "penalties-charged", _tab("charged", "penalties_table", "Misconduct")),
    ("grace", "penalties", "penalties-to-charge", _to_charge),
    ("peter", "penalties", "penalties-meetings", _tab("meetings", "meetings_table", "Monthly")),
    ("ruth", "penalties", "penalties-rules", _tab("rules", "penalty_rules_table", "Absent")),
    ("peter", "penalties", "penalties-waive", _waive),
    ("peter", "penalties", "penalties-explain", _explained),
    ("peter", "penalties", "penalties-spare", _spare),
    ("peter", "penalties", "penalties-attendance", _attendance),
    ("ruth", "penalties", "penalties-rule", _rule),
    ("peter", "members", "penalties-of-a-member", _member),
)
