"""Everybody who guarantees others: how much is bound, what is free, for whom, and who stands in a ring of promises."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sacco_desktop.services import guarantor_standing
from sacco_desktop.services.guarantor_standing import GuarantorRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import L, M
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.columns import Align, Column, money_column
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_NOBODY = "Nobody guarantees a loan today."
_COLUMNS: tuple[Column[GuarantorRow], ...] = (
    Column("Member no.", lambda row: row.number, widest="M-0001"),
    Column("Guarantor", lambda row: row.full_name, widest="Wanjiku Achieng Otieno"),
    Column("Loans", lambda row: row.loans, str, Align.RIGHT, widest="10"),
    money_column("Bound KES", lambda row: row.pledged_cents),
    money_column("Deposits KES", lambda row: row.deposits_cents, priority=2),
    money_column("Free KES", lambda row: row.free_cents),
    Column("Ring", lambda row: "! Ring" if row.ring else None, priority=2, widest="! Ring"),
)


class GuarantorsDialog(QDialog):
    """The largest sum first; what stands below belongs to the row under the cursor."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("guarantors_dialog")
        self.setWindowTitle("Guarantors: who guarantees whom")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._state = plain_label("Reading…", TextRole.SECONDARY, name="guarantors_state")
        self.table = FrozenTable(
            desk.theme, _COLUMNS, lambda row: row.member_id, name="guarantors_table"
        )
        self._ring = Callout(desk.theme)
        self._ring.hide()
        self._words = plain_label("", name="guarantor_words", wraps=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = push_button("Close", name="close_guarantors")
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(self._state)
        column.addWidget(self.table, 1)
        column.addWidget(self._ring)
        column.addWidget(self._words)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        room = parent.window().size()
        self.resize(min(940, room.width() - 2 * L), min(520, room.height() - 2 * L))
        self.table.current_changed.connect(self._show_one)
        self.table.setFocus()
        desk.background.read(
            guarantor_standing.exposure, None, owner=self, done=self._show, failed=self._unread
        )

    def _show(self, rows: tuple[GuarantorRow, ...]) -> None:
        rings = {frozenset(row.ring) for row in rows if row.ring}
        members = (
            f"{len(rows)} {'member guarantees' if len(rows) == 1 else 'members guarantee'} loans."
        )
        ringed = f" {len(rings)} {'ring' if len(rings) == 1 else 'rings'} of promises."
        self._state.setText(members + (ringed if rings else "") if rows else _NOBODY)
        self.table.set_rows(rows)

    def _show_one(self, row: GuarantorRow | None) -> None:
        self._ring.setVisible(row is not None and bool(row.ring))
        if row is None:
            self._words.setText("")
            return
        if row.ring:
            names = f"{', '.join(row.ring[:-1])} and {row.ring[-1]}"
            self._ring.say(
                f"{names} guarantee each other in a ring. If one of them does not pay, the others are called for"
                " promises that lean on their own loans.",
                ChipColour.AMBER,
            )
        lines = [f"Guarantees {one}" for one in row.for_whom]
        self._words.setText("\n".join([row.words, *lines]))

    def _unread(self, error: BaseException) -> None:
        self._state.setText("The guarantors could not be read. Nothing was changed.")
        self._desk.show(error, self)
