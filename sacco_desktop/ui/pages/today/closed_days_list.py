"""The days that were closed, the newest first, with their sheets to print again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sacco_desktop.domain.dates import format_date, format_long_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.closing.closed_days import ClosedDay
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.day_words import moment, reopened_words
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan


@dataclass(frozen=True, slots=True)
class DayActs:
    """What can be done with a closed day."""

    print_it: Callable[[ClosedDay], None]
    reopen: Callable[[ClosedDay], None]


def closed_days_plan(desk: Desk, acts: DayActs) -> ListPlan[ClosedDay]:
    """The list for the person at this desk."""
    return ListPlan(
        name="closed_days",
        one="closed day",
        many="closed days",
        columns=(
            Column("Day", lambda row: row.day, format_date, widest="30 May 2026"),
            Column("Closed by", lambda row: row.closed_by, priority=2, widest="Wanjiku Achieng"),
            Column("Signed by", lambda row: row.signed_by, priority=2, widest="Wanjiku Achieng"),
            Column("Closed", lambda row: moment(row.closed_at), priority=2),
            Column("Not in order", _wrong, str, widest="10"),
            Column("Now", _stand, str, widest="Reopened"),
        ),
        key=lambda row: row.closing_id,
        empty=EmptyList("No day was closed yet. The first one is closed on Today."),
        details=lambda row: _details(row, desk, acts),
    )


def _details(row: ClosedDay, desk: Desk, acts: DayActs) -> Details:
    note = Note(reopened_words(row), ChipColour.AMBER) if row.reopened is not None else None
    return Details(
        title=format_long_date(row.day),
        subtitle="Closed day",
        note=note,
        facts=(
            ("Closed by", f"{row.closed_by}, {moment(row.closed_at)}"),
            ("Signed by", row.signed_by),
            ("Last entry", f"{row.head_number:,}"),
            *(
                ("Not in order", f"{one.title}: {one.reason}")
                for one in row.checks
                if not one.is_green
            ),
        ),
        action=PanelAction("print_day_again", "Print sheet…", lambda: acts.print_it(row)),
        other_actions=_reopening(row, desk, acts),
        are_actions_together=True,
    )


def _reopening(row: ClosedDay, desk: Desk, acts: DayActs) -> tuple[PanelAction, ...]:
    """Nothing for a day that is open again; locked with its reason where it is not the last one or not allowed."""
    if row.reopened is not None:
        return ()
    why = ""
    if not row.can_reopen:
        why = "Only the last closed day is reopened."
    elif not may(desk.actor.roles, Act.REOPEN_DAY):
        why = "A treasurer or the chairperson reopens the last closed day."
    act = None if why else lambda: acts.reopen(row)
    return (PanelAction("reopen_day", "Reopen…", act, why),)


def _wrong(row: ClosedDay) -> int:
    return sum(not one.is_green for one in row.checks)


def _stand(row: ClosedDay) -> str:
    return "Closed" if row.reopened is None else "Reopened"
