"""The Pay dialog: who gets what, on which number, out of which account, and what a crash would do. Then it sends."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.operations.confirm import prove
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.sending.pay_sheet import PayLine, PaySheet
from sacco_desktop.services.sending.payout_batches import BatchRow
from sacco_desktop.ui.act_dialog import ActDialog
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.pay_plan import pay_plan, sum_of
from sacco_desktop.ui.pages.payouts.sending_view import SendingView
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
)

_HEADS = ("Member gets", "M-Pesa number", "Loan", "Check", "They get", "Charge", "We pay", "")
_MONEY = frozenset({4, 5, 6})


class PayDialog(ActDialog):
    """Called `pay_dialog`. While it sends it becomes a list, and closing it lets the sending go on.

    `taken_out` brings the id of a payout that shall not be sent; the owner then opens the dialog anew.
    """

    taken_out = Signal(int)
    in_flight_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        sending: Sending,
        sheet: PaySheet,
        parent: QWidget,
        *,
        left_out: int = 0,
        batch: BatchRow | None = None,
    ) -> None:
        self._sending = sending
        self._batch = batch
        self._sheet_rows = [line.row for line in sheet.lines]
        # What remains of a batch was agreed to as a whole; whoever wants less ends it and makes a new list.
        lines = _lines(desk.theme, sheet, self._take_out if batch is None else None)
        number = "" if batch is None else batch.number
        plan = pay_plan(sheet, desk.now(), left_out, batch=number)
        super().__init__(desk, plan, parent, name="pay_dialog", body=lines)

    def begin(self) -> None:
        """Show it and wait for the password."""
        actor = self._desk.actor
        self.run(
            lambda password: lambda: prove(self._desk.office, password, actor), lambda _person: None
        )

    def _worked(self, answer: object) -> None:
        """The password was right: send, and show what becomes of it."""
        assert isinstance(answer, Actor), "prove gives the person"
        if not shiboken6.isValid(self) or not self.isVisible():
            return  # It was closed before the password was judged, so the person does not want to pay.
        if self._sending.is_under_way:
            self.refuse("Other payments are being sent. Nothing of this list was sent.")
            return
        batch_id = None if self._batch is None else self._batch.batch_id
        self._sending.start(self._sheet_rows, answer, batch_id)
        self.show_sending()

    def show_sending(self) -> None:
        """From now on the dialog only tells."""
        view = SendingView(self._desk, self._sending)
        view.closed.connect(self.accept)
        view.in_flight_asked.connect(self.accept)
        view.in_flight_asked.connect(self.in_flight_asked)
        self.show_instead(view)
        view.setFocus()

    def _take_out(self, payout_id: int) -> None:
        self.reject()
        self.taken_out.emit(payout_id)


def _lines(theme: Theme, sheet: PaySheet, take_out: Callable[[int], None] | None) -> QWidget:
    """A grid and not a table: a money dialog cuts nothing, and texts wrap."""
    box = QWidget()
    box.setObjectName("pay_lines")
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(3, 3)
    for column, head in enumerate(_HEADS):
        _put(grid, 0, column, plain_label(head, TextRole.SECONDARY))
    grid.addWidget(hairline(), 1, 0, 1, len(_HEADS))
    for place, line in enumerate(sheet.lines, start=2):
        for column, text in enumerate(_texts(line)):
            role = TextRole.STRONG if column == 0 else TextRole.BODY
            _put(grid, place, column, _label(theme, column, text, role))
        if len(sheet.lines) > 1 and take_out is not None:
            grid.addWidget(_take_out_button(line, take_out), place, len(_HEADS) - 1)
    _put_total(theme, grid, sheet)
    # What is left over goes below the total and not between the lines.
    grid.setRowStretch(grid.rowCount(), 1)
    return box


def _put_total(theme: Theme, grid: QGridLayout, sheet: PaySheet) -> None:
    last = len(sheet.lines) + 2
    grid.addWidget(hairline(), last, 0, 1, len(_HEADS))
    charges = sum(line.row.charge_cents for line in sheet.lines)
    cents = sum_of(sheet)
    for column, text in ((0, "Total"), (4, cents), (5, charges), (6, cents + charges)):
        words = format_amount(text) if isinstance(text, int) else text
        _put(grid, last + 1, column, _label(theme, column, words, TextRole.STRONG))


def _texts(line: PayLine) -> tuple[str, ...]:
    row = line.row
    if line.locked_why:
        check = "✕ Cannot be sent by you"
    elif line.phone_change is not None:
        check = "! Number changed"
    elif line.twin is not None:
        check = "! Looks like twice"
    else:
        check = "✓ As approved"
    return (
        row.member_name,
        display_phone(row.phone),
        row.loan_number,
        check,
        format_amount(row.mpesa_cents),
        format_amount(row.charge_cents),
        format_amount(row.mpesa_cents + row.charge_cents),
    )


def _label(theme: Theme, column: int, text: str, role: TextRole) -> QLabel:
    if column in _MONEY:
        return FigureLabel(theme, text, role)
    return plain_label(text, role, wraps=column in (0, 3))


def _put(grid: QGridLayout, line: int, column: int, label: QLabel) -> None:
    if column in _MONEY:
        grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignRight)
    else:
        grid.addWidget(label, line, column)


def _take_out_button(line: PayLine, take_out: Callable[[int], None]) -> QWidget:
    row = line.row
    button = push_button(
        "Take out",
        name=f"take_out_{row.number}",
        kind=ButtonKind.LINK,
        speaks=f"Take {row.member_name} out",
    )
    button.clicked.connect(lambda: take_out(row.payout_id))
    return button
