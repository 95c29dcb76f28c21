"""The dialog of one act: facts, a few fields, perhaps the password, and the answer of the rule in place.

It is a money dialog that runs the act itself and closes only when it was done, so that what was typed stays.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import L
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_dialog import MoneyDialog
from sacco_desktop.ui.widgets.money_plan import MoneyPlan

# As wide as lines that are read easily, and never so narrow that the buttons do not stand beside each other.
_LETTERS, _NARROWEST = 96, 620

# Makes the operation from the password; raises InvalidInput when a field cannot be used.
Operation = Callable[[], Awaitable[Any]]
MakeOperation = Callable[[str], Operation]


class ActDialog(MoneyDialog):
    """`worked` brings the answer of the operation; the dialog is closed by then.

    Its parts are called `password`, `ok` and `close`. Fields of `form` are named by it.
    """

    worked = Signal(object)
    body_grows = False

    def __init__(
        self,
        desk: Desk,
        plan: MoneyPlan,
        parent: QWidget,
        *,
        name: str,
        form: Form | None = None,
        body: QWidget | None = None,
    ) -> None:
        self.form = form
        super().__init__(desk.theme, plan, parent, _together(body, form))
        self._desk = desk
        self._owner = parent
        self._make: MakeOperation | None = None
        self.setObjectName(name)
        self._act.setObjectName("ok")
        self._keep.setObjectName("close")
        self.confirmed.connect(self._begin)
        area = self.findChild(QScrollArea, "money_area")
        assert isinstance(area, QScrollArea), "the money dialog has one part that scrolls"
        inside = area.widget()
        assert inside is not None, "the part that scrolls has its contents"
        self._area, self._inside = area, inside
        inside.installEventFilter(self)

    def run(self, make: MakeOperation, done: Callable[[Any], None]) -> None:
        """Show the dialog; `make` is called when the person confirms, `done` when it has worked."""
        self._make = make
        self.worked.connect(done)
        self.open()
        self.focus_first()

    def focus_first(self) -> None:
        """Put the focus where the person begins: the first field, else the password."""
        first = self.form.findChild(QLineEdit) if self.form is not None else None
        target = first or (self.password if self._plan.asks_password else self._keep)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        room = self._owner.window().size() - QSize(L, L)
        letters = self.fontMetrics().averageCharWidth() * _LETTERS
        self.resize(min(max(letters, _NARROWEST), room.width()), self.height())
        self._fit_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A sentence under a field makes the form longer; the dialog grows with it while it can.
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit_height()
        return super().eventFilter(watched, event)

    def _fit_height(self) -> None:
        """As high as its contents, never higher than the window behind it."""
        inside = self._inside
        layout = inside.layout()
        if layout is None or not self.isVisible():
            return
        needed = max(layout.minimumSize().height(), layout.heightForWidth(inside.width()))
        height = self.height() + needed - self._area.viewport().height()
        self.resize(self.width(), min(height, self._owner.window().height() - L))

    def _begin(self, password: str) -> None:
        assert self._make is not None, "run gives the act before anybody can confirm it"
        if self.form is not None:
            self.form.clear_errors()
        try:
            operation = self._make(password)
        except InvalidInput as error:
            self._failed(error)
            return
        # The page and not the dialog owns the work: its refusal must be told even if the dialog is gone by then.
        self._desk.background.operate(
            operation, owner=self._owner, done=self._worked, failed=self._failed
        )

    def _worked(self, answer: object) -> None:
        if not shiboken6.isValid(self):
            return
        self.accept()
        self.worked.emit(answer)

    def _failed(self, error: BaseException) -> None:
        if not shiboken6.isValid(self) or not self.isVisible():
            self._desk.show(error, self._owner)
        elif (
            isinstance(error, InvalidInput) and self.form is not None and error.field != "password"
        ):
            self.refuse("")
            self.form.failed(error)
        elif isinstance(error, SaccoError):
            self.refuse(error.message)
        else:
            self.refuse("")
            self._desk.show(error, self)


def _together(body: QWidget | None, form: Form | None) -> QWidget | None:
    parts = [part for part in (body, form) if part is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    return both
