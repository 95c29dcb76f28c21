"""Takes a person from the button to an open sitting, and from its end to the printed minutes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.documents.minutes import draw_minutes
from sacco_desktop.services.books.papers import SittingMinutes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import minutes, sittings
from sacco_desktop.services.committee.sittings import Attendee, SittingRow
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.list_dialog import ListDialog
from sacco_desktop.ui.pages.approvals.open_sitting_dialog import OpenSittingDialog
from sacco_desktop.ui.pages.approvals.sitting_dialog import (
    SittingDialog,
    SittingView,
    read_sitting,
)
from sacco_desktop.ui.pages.approvals.sittings_held import sittings_plan
from sacco_desktop.ui.paper_names import paper_name


def _beginning(work: Work, _nothing: None) -> tuple[SittingRow | None, tuple[Attendee, ...]]:
    return sittings.standing(work), sittings.who_can_sit(work)


def hold_sitting(desk: Desk, page: QWidget) -> None:
    """Go on with the open sitting, or open one."""

    def begun(found: tuple[SittingRow | None, tuple[Attendee, ...]]) -> None:
        standing, people = found
        if standing is not None:
            _sit(desk, page, standing.sitting_id)
        else:
            OpenSittingDialog(desk, page, people, lambda number: _sit(desk, page, number)).open()

    desk.background.read(_beginning, None, owner=page, done=begun)


def _sit(desk: Desk, page: QWidget, sitting_id: int) -> None:
    def show(view: SittingView) -> None:
        SittingDialog(desk, page, view, lambda number: print_minutes(desk, page, number)).open()

    desk.background.read(read_sitting, sitting_id, owner=page, done=show)


def show_sittings(desk: Desk, page: QWidget) -> None:
    """The sittings that were held, from which minutes are printed again."""
    plan = sittings_plan(lambda number: print_minutes(desk, page, number))
    ListDialog(desk, page, "Sittings held", plan, sittings.list_sittings).open()


def print_minutes(desk: Desk, page: QWidget, sitting_id: int) -> None:
    """Show the minutes of a closed sitting."""

    def draw(paper: SittingMinutes) -> None:
        number = paper.minute_number
        desk.background.render(
            lambda: draw_minutes(paper),
            owner=page,
            done=lambda pdf: desk.show_paper(
                Paper(pdf, f"Minutes {number}", paper_name("Minutes", number))
            ),
        )

    desk.background.write(minutes.minutes, sitting_id, owner=page, done=draw)
