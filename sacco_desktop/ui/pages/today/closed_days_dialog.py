"""The days that were closed, the newest first, with their sheets to print again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date, format_long_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services import closed_days
from sacco_desktop.services.closed_days import ClosedDay
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.day_words import moment, reopened_words
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, Note
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan


@dataclass(frozen=True, slots=True)
class DayActs:
    """What can be done with a closed day; the list closes first."""

    print_it: Callable[[ClosedDay], None]
    reopen: Callable[[ClosedDay], None]


class ClosedDaysDialog(QDialog):
    """Called `closed_days_dialog`."""

    def __init__(self, desk: Desk, parent: QWidget, acts: DayActs) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("closed_days_dialog")
        self.setWindowTitle("Closed days")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.list = ListPage(desk.theme, self._plan())
        self.list.opened.connect(lambda _row: self._leave_for(acts.print_it))
        self.list.current_changed.connect(self._choose)
        self._chosen: ClosedDay | None = None
        self._reopen = push_button("Reopen…", name="reopen_day")
        self._reopen.clicked.connect(lambda: self._leave_for(acts.reopen))
        self._print = push_button("Print sheet…", name="print_day_again")
        self._print.clicked.connect(lambda: self._leave_for(acts.print_it))
        close = push_button("Close", name="close_closed_days")
        close.clicked.connect(self.reject)
        self._why = plain_label("", TextRole.SECONDARY, name="why_not_reopened", wraps=True)
        foot = QHBoxLayout()
        foot.setSpacing(S)
        foot.addWidget(self._why, 1)
        for button in (self._reopen, self._print, close):
            foot.addWidget(button)
        self._choose(None)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        room = parent.window().size()
        self.resize(min(1000, room.width() - 2 * L), min(560, room.height() - 2 * L))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
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
                Column("Now", _stand, str, widest="Reopened"),
            ),
            key=lambda row: row.closing_id,
            empty=EmptyList("No day was closed yet. The first one is closed on Today."),
            details=self._details,
        )

    def _details(self, row: ClosedDay) -> Details:
        note = Note(reopened_words(row), ChipColour.AMBER) if row.reopened is not None else None
        return Details(
            title=format_long_date(row.day),
            subtitle="Closed day",
            note=note,
            facts=(
                ("Closed by", f"{row.closed_by}, {moment(row.closed_at)}"),
                ("Signed by", row.signed_by),
                ("Last entry", f"{row.head_number:,}"),
            ),
            more_notes=tuple(
                Note(one.reason, ChipColour.GREY, f"Not in order: {one.title}")
                for one in row.checks
                if not one.is_green
            ),
        )

    def _choose(self, row: ClosedDay | None) -> None:
        """What can be done with the day that the cursor is on."""
        self._chosen = row
        is_last = row is not None and row.can_reopen
        may_reopen = may(self._desk.actor.roles, Act.REOPEN_DAY)
        self._print.setEnabled(row is not None)
        self._reopen.setEnabled(is_last and may_reopen)
        words = ""
        if is_last and not may_reopen:
            words = "A treasurer or the chairperson reopens the last closed day."
        elif row is not None and row.reopened is None and not is_last:
            words = "Only the last closed day is reopened."
        self._why.setText(words)

    def _leave_for(self, act: Callable[[ClosedDay], None]) -> None:
        if self._chosen is not None:
            self.accept()
            act(self._chosen)

    def _read(self) -> None:
        self.list.show_loading()
        self._desk.background.read(
            closed_days.list_all,
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


def _stand(row: ClosedDay) -> str:
    return "Closed" if row.reopened is None else "Reopened"
