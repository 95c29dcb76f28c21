"""A field for a password, with an eye to look at what was typed. It keeps nothing after it was
read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from sacco_desktop.ui.theme.sizes import XS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, push_button


class PasswordBox(QWidget):
    """`entered` is emitted by Enter; what it means is for the owner to say, and in a money dialog
    it only moves on."""

    entered = Signal()
    edited = Signal()

    def __init__(
        self, theme: Theme, field: str = "password", speaks: str = "Your password"
    ) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setObjectName(field)
        self.line.setAccessibleName(speaks)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.line.returnPressed.connect(self.entered)
        self.line.textEdited.connect(self.edited)
        self._eye = _eye_button(theme)
        self._eye.toggled.connect(self._show_text)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        row.addWidget(self.line, 1)
        row.addWidget(self._eye)
        self.setFocusProxy(self.line)

    def take(self) -> str:
        """The password; the field is empty afterwards."""
        password = self.line.text()
        self.clear()
        return password

    def is_empty(self) -> bool:
        """Nothing was typed yet."""
        return not self.line.text()

    def clear(self) -> None:
        """Forget what was typed and hide it again."""
        self.line.clear()
        self._eye.setChecked(False)

    def _show_text(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self.line.setEchoMode(mode)
        self._eye.setIcon(self._theme.icon("eye-off" if is_shown else "eye"))


def _eye_button(theme: Theme) -> QPushButton:
    eye = push_button("", name="show_password", kind=ButtonKind.QUIET, speaks="Show the password")
    eye.setCheckable(True)
    eye.setIcon(theme.icon("eye"))
    # Tab goes from the password to the next field; the eye is for the mouse and for Shift+Tab's
    # last stop.
    eye.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return eye
