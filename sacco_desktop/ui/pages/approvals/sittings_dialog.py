"""The sittings that were held, the newest first, with their minutes to print again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.services import sittings
from sacco_desktop.services.sittings import SittingRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.approvals.columns import moment
from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_OPEN = "still open"


class SittingsDialog(QDialog):
    """`print_it` is called with the id of a sitting whose minutes are wanted; the dialog closes first."""

    def __init__(self, desk: Desk, parent: QWidget, print_it: Callable[[int], None]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._print_it = print_it
        self.setObjectName("sittings_dialog")
        self.setWindowTitle("Sittings held")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.list = ListPage(desk.theme, self._plan())
        self.list.opened.connect(self._print)
        close = push_button("Close", name="close_sittings")
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
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def _plan(self) -> ListPlan[SittingRow]:
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
            empty=EmptyList(
                "No sitting was held yet. The first one is opened with Committee sitting."
            ),
            details=self._details,
        )

    def _details(self, row: SittingRow) -> Details:
        is_open = row.closed_at is None
        note = None
        if is_open:
            note = Note("Close it first; then its minutes can be printed.", ChipColour.BLUE)
        return Details(
            title=f"Sitting {row.minute_number}",
            subtitle=row.place,
            note=note,
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
                None if is_open else lambda: self._print(row),
                "The sitting is still open." if is_open else "",
            ),
        )

    def _print(self, row: SittingRow) -> None:
        if row.closed_at is not None:
            self.accept()
            self._print_it(row.sitting_id)

    def _read(self) -> None:
        self.list.show_loading()
        self._desk.background.read(
            sittings.list_sittings, None, owner=self, done=self.list.set_rows, failed=self._unread
        )

    def _unread(self, error: BaseException) -> None:
        self.list.show_failed("The sittings could not be read. Nothing was changed.", self._read)
        self._desk.show(error, self)


def _closed(row: SittingRow) -> str:
    if row.closed_at is None:
        return _OPEN
    return moment(row.closed_at)
