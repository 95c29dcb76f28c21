"""The days that were closed, the newest first, with their sheets to print again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date, format_long_date
from sacco_desktop.services import day_closings
from sacco_desktop.services.day_closings import ClosedDay
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.day_words import moment, since_words
from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan


class ClosedDaysDialog(QDialog):
    """`print_it` is called with the day whose sheet is wanted; the dialog closes first."""

    def __init__(self, desk: Desk, parent: QWidget, print_it: Callable[[date], None]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._print_it = print_it
        self.setObjectName("closed_days_dialog")
        self.setWindowTitle("Closed days")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.list = ListPage(desk.theme, self._plan())
        self.list.opened.connect(self._print)
        close = push_button("Close", name="close_closed_days")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        room = parent.window().size()
        self.resize(min(1000, room.width() - 2 * L), min(560, room.height() - 2 * L))
        self._read()

    def _plan(self) -> ListPlan[ClosedDay]:
        return ListPlan(
            name="closed_days",
            one="closed day",
            many="closed days",
            columns=(
                Column("Day", lambda row: row.day, format_date, widest="30 May 2026"),
                Column("Closed by", lambda row: row.closed_by, widest="Wanjiku Achieng"),
                Column("Signed by", lambda row: row.signed_by, widest="Wanjiku Achieng"),
                Column("Closed", lambda row: moment(row.closed_at), priority=2),
                Column("Not in order", _wrong, str, widest="10"),
                Column("Posted since", lambda row: row.entries_since, str, priority=2, widest="10"),
            ),
            key=lambda row: row.day,
            empty=EmptyList("No day was closed yet. The first one is closed on Today."),
            details=self._details,
        )

    def _details(self, row: ClosedDay) -> Details:
        note = None
        if row.entries_since:
            note = Note(f"{since_words(row)}.", ChipColour.AMBER)
        return Details(
            title=format_long_date(row.day),
            subtitle="Closed day",
            note=note,
            facts=(
                ("Closed by", f"{row.closed_by}, {moment(row.closed_at)}"),
                ("Signed by", row.signed_by),
                ("Last entry", f"{row.head_number:,}"),
                *((one.title, one.reason) for one in row.checks if not one.is_green),
            ),
            action=PanelAction("print_day_again", "Print sheet…", lambda: self._print(row), ""),
        )

    def _print(self, row: ClosedDay) -> None:
        self.accept()
        self._print_it(row.day)

    def _read(self) -> None:
        self.list.show_loading()
        self._desk.background.read(
            day_closings.closed_days,
            None,
            owner=self,
            done=self.list.set_rows,
            failed=self._unread,
        )

    def _unread(self, error: BaseException) -> None:
        self.list.show_failed("The days could not be read. Nothing was changed.", self._read)
        self._desk.show(error, self)


def _wrong(row: ClosedDay) -> int:
    return sum(not one.is_green for one in row.checks)
