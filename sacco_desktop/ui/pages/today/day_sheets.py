"""Takes a person from the button on Today to a closed day, and from there to its printed sheet."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.books.papers import DaySheet
from sacco_desktop.services.closing import closed_days, day_closings, day_papers, day_reopenings
from sacco_desktop.services.closing.closed_days import ClosedDay
from sacco_desktop.services.closing.day_closings import DaySheetView
from sacco_desktop.services.closing.day_reopenings import ReopeningView
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.list_dialog import ListDialog
from sacco_desktop.ui.pages.today.close_day_dialog import CloseDayDialog
from sacco_desktop.ui.pages.today.closed_days_list import DayActs, closed_days_plan
from sacco_desktop.ui.pages.today.reopen_day_dialog import ReopenDayDialog
from sacco_desktop.ui.paper_names import paper_name


def close_day(desk: Desk, page: QWidget) -> None:
    """Read the checks, then show them to be signed; the sheet is shown when it was."""

    def show(view: DaySheetView) -> None:
        CloseDayDialog(desk, page, view, lambda day: _print_newest(desk, page, day)).open()

    desk.background.read(day_closings.before_closing, None, owner=page, done=show)


def show_closed_days(desk: Desk, page: QWidget) -> None:
    """The days that were closed, from which sheets are printed again and the last one is reopened."""
    acts = DayActs(
        lambda day: print_day(desk, page, day),
        lambda day: reopen_day(desk, page, day),
    )
    plan = closed_days_plan(desk, acts)
    ListDialog(desk, page, "Closed days", plan, closed_days.list_all).open()


def reopen_day(desk: Desk, page: QWidget, day: ClosedDay) -> None:
    """Let two people sign that a closed day takes entries again."""

    def show(view: ReopeningView) -> None:
        ReopenDayDialog(desk, page, view).open()

    desk.background.read(day_reopenings.before_reopening, day.closing_id, owner=page, done=show)


def print_day(desk: Desk, page: QWidget, day: ClosedDay) -> None:
    """Show the sheet of a closed day."""

    def draw(paper: DaySheet) -> None:
        name = paper_name("Day", day.day.isoformat())
        desk.background.render(
            lambda: draw_day_sheet(paper),
            owner=page,
            done=lambda pdf: desk.show_paper(Paper(pdf, f"Close of {format_date(day.day)}", name)),
        )

    desk.background.write(day_papers.day_sheet, day.closing_id, owner=page, done=draw)


def _print_newest(desk: Desk, page: QWidget, day: date) -> None:
    desk.background.read(
        closed_days.newest_of, day, owner=page, done=lambda closed: print_day(desk, page, closed)
    )
