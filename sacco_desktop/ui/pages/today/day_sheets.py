"""Takes a person from the button on Today to a closed day, and from there to its printed sheet."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.services import day_closings, day_papers
from sacco_desktop.services.day_closings import DaySheetView
from sacco_desktop.services.papers import DaySheet
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.today.close_day_dialog import CloseDayDialog
from sacco_desktop.ui.pages.today.closed_days_dialog import ClosedDaysDialog
from sacco_desktop.ui.paper_names import paper_name


def close_day(desk: Desk, page: QWidget) -> None:
    """Read the checks, then show them to be signed; the sheet is shown when it was."""

    def show(view: DaySheetView) -> None:
        CloseDayDialog(desk, page, view, lambda day: print_day(desk, page, day)).open()

    desk.background.read(day_closings.before_closing, None, owner=page, done=show)


def show_closed_days(desk: Desk, page: QWidget) -> None:
    """The days that were closed, from which sheets are printed again."""
    ClosedDaysDialog(desk, page, lambda day: print_day(desk, page, day)).open()


def print_day(desk: Desk, page: QWidget, day: date) -> None:
    """Show the sheet of a closed day."""

    def draw(paper: DaySheet) -> None:
        name = paper_name("Day", day.isoformat())
        desk.background.render(
            lambda: draw_day_sheet(paper),
            owner=page,
            done=lambda pdf: desk.show_paper(Paper(pdf, f"Close of {day.isoformat()}", name)),
        )

    desk.background.write(day_papers.day_sheet, day, owner=page, done=draw)
