"""The sittings that were held, the newest first, with their minutes to print again."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.committee.sittings import SittingRow
from sacco_desktop.ui.pages.approvals.columns import moment
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_OPEN = "still open"


def sittings_plan(print_it: Callable[[int], None]) -> ListPlan[SittingRow]:
    """The list; `print_it` is called with the id of a sitting whose minutes are wanted."""
    return ListPlan(
        name="sittings",
        one="sitting",
        many="sittings",
        columns=(
            Column("Minute no.", lambda row: row.minute_number, widest="CM/07/2026"),
            Column("Held on", lambda row: row.held_on, format_date, widest="30 May 2026"),
            Column("Place", lambda row: row.place, priority=2, longest=24),
            Column("In the chair", lambda row: row.chair, widest="Wanjiku Achieng"),
            Column("Present", lambda row: len(row.present), str, priority=2, widest="10"),
            Column("Closed", _closed, priority=2, widest="30 May 2026 14:05"),
        ),
        key=lambda row: row.sitting_id,
        empty=EmptyList("No sitting was held yet. The first one is opened with Committee sitting."),
        details=lambda row: _details(row, print_it),
    )


def _details(row: SittingRow, print_it: Callable[[int], None]) -> Details:
    is_open = row.closed_at is None
    return Details(
        title=f"Sitting {row.minute_number}",
        subtitle=row.place,
        facts=(
            ("Held on", format_date(row.held_on)),
            ("In the chair", row.chair),
            ("Present", ", ".join(one.full_name for one in row.present)),
            ("Opened by", f"{row.opened_by}, {moment(row.opened_at)}"),
            ("Closed", _closed(row) if is_open else f"{_closed(row)}, {row.closed_by}"),
        ),
        action=PanelAction(
            "print_minutes",
            "Print minutes…",
            None if is_open else lambda: print_it(row.sitting_id),
            "Close the sitting first; then its minutes can be printed." if is_open else "",
        ),
    )


def _closed(row: SittingRow) -> str:
    if row.closed_at is None:
        return _OPEN
    return moment(row.closed_at)
