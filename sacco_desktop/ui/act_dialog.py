"""The dialog of one act: facts, a few fields, perhaps the password, and the answer of the rule in place.

It is a money dialog that runs the act itself and closes only when it was done, so that what was typed stays.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_dialog import MoneyDialog
from sacco_desktop.ui.widgets.money_plan import MoneyPlan

# Makes the operation from the password; raises InvalidInput when a field cannot be used.
Operation = Callable[[], Awaitable[Any]]
MakeOperation = Callable[[str], Operation]


class ActDialog(MoneyDialog):
    """`worked` brings the answer of the operation; the dialog is closed by then.

    Its parts are called `password`, `ok` and `close`. Fields of `form` are named by it.
    """

    worked = Signal(object)

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
