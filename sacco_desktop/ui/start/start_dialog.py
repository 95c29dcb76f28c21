"""The skeleton of the dialogs before the window: a title, a few sentences, fields, and one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEventLoop, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.ui.theme.sizes import XL, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

_LETTERS = 64


@dataclass(frozen=True, slots=True)
class StartPlan:
    """`name` is the object name, `act` the verb on the button, `other` a quiet way out such as the recovery key."""

    name: str
    title: str
    text: str
    act: str
    close: str = "Close"
    other: str = ""


class StartDialog(QDialog):
    """`submitted` asks the owner to read `form`; `other_asked` that the other way was chosen. Enter in the last field
    acts, as it does at the sign-in.
    """

    submitted = Signal()
    other_asked = Signal()

    def __init__(self, theme: Theme, plan: StartPlan) -> None:
        super().__init__()
        self.setObjectName(plan.name)
        self.setWindowTitle("Sacco Desktop")
        self.setWindowIcon(theme.program_icon())
        self.form = Form(self._show_other)
        self._told = plain_label("", TextRole.ERROR, name="told", wraps=True)
        self._told.hide()
        self._ok = push_button(plan.act, name="ok", kind=ButtonKind.PRIMARY)
        self._ok.clicked.connect(self.submitted)
        close = push_button(plan.close, name="close")
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        if plan.other:
            other = push_button(plan.other, name="other", kind=ButtonKind.LINK)
            other.clicked.connect(self.other_asked)
            buttons.addWidget(other)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self._ok)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, XL)
        column.setSpacing(M)
        column.addWidget(plain_label(plan.title, TextRole.TITLE, name="start_title", wraps=True))
        column.addWidget(plain_label(plan.text, name="start_text", wraps=True))
        column.addWidget(self.form)
        column.addWidget(self._told)
        column.addStretch(1)
        column.addSpacing(S)
        column.addLayout(buttons)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _LETTERS + 2 * XL)

    def say(self, sentence: str) -> None:
        """A refusal that belongs to no field."""
        self._told.setText(sentence)
        self._told.setVisible(bool(sentence))
        self._fit()

    def attempt(self, act: Callable[[], None]) -> None:
        """Do what the button says; a refusal goes under its field or above the buttons, and the dialog stays."""
        self.form.clear_errors()
        self.say("")
        try:
            act()
        except SaccoError as refusal:
            self.form.failed(refusal)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        lines = [line for line in self.form.findChildren(QLineEdit) if line.isVisible()]
        is_last = bool(lines) and lines[-1].hasFocus()
        if is_last or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
        else:
            self.focusNextChild()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = self.form.first_field()
        (first or self._ok).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _fit(self) -> None:
        """Sentences come and go; the dialog is as high as what it says."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _show_other(self, error: BaseException, _owner: object) -> None:
        if not isinstance(error, SaccoError):
            raise error
        self.say(error.message)


def run_dialog(dialog: QDialog) -> bool:
    """Show a dialog while there is no window yet, and wait for it; whether it was accepted.

    A loop of its own, because ending the program's loop would also end the next one.
    """
    loop = QEventLoop()
    dialog.finished.connect(loop.quit)
    dialog.show()
    dialog.activateWindow()
    loop.exec()
    dialog.deleteLater()
    return dialog.result() == QDialog.DialogCode.Accepted.value
