"""The first thing a person sees: the society, a name, a password."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XL, XS, L, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox
from sacco_desktop.ui.world import World


class SignIn(QWidget):
    """`asked` brings user name and password. The owner answers with `refuse` or by showing the office."""

    asked = Signal(str, str)

    def __init__(self, theme: Theme, society: str, world: World, hint: str = "") -> None:
        super().__init__()
        self.setObjectName("sign_in")
        self.password = PasswordBox(theme)
        self.user_name = QLineEdit()
        self.user_name.setObjectName("user_name")
        self.user_name.setAccessibleName("User name")
        self.user_name.returnPressed.connect(self.password.setFocus)
        self.password.entered.connect(self._ask)
        self._error = plain_label("", TextRole.ERROR, name="sign_in_error", wraps=True)
        self._error.hide()
        self._button = push_button("Sign in", name="sign_in_button", kind=ButtonKind.PRIMARY)
        self._button.clicked.connect(self._ask)
        card = QFrame()
        card.setProperty("card", True)
        card.setFixedWidth(round(theme.sizes.points * 42))
        column = QVBoxLayout(card)
        column.setContentsMargins(XL, XL, XL, XL)
        column.setSpacing(M)
        head = QHBoxLayout()
        head.addWidget(plain_label(society, TextRole.TITLE, name="society", wraps=True), 1)
        if world is not World.LIVE:
            chip = plain_label(world.value, name="world")
            chip.setProperty("role", "practice")
            head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(plain_label("Sacco Desktop", TextRole.SECONDARY))
        for name, field in (("User name", self.user_name), ("Your password", self.password)):
            label = plain_label(name, TextRole.SECONDARY)
            label.setBuddy(field)
            pair = QVBoxLayout()
            pair.setSpacing(XS)
            pair.addWidget(label)
            pair.addWidget(field)
            column.addLayout(pair)
        column.addWidget(self._error)
        column.addWidget(self._button)
        if hint:
            column.addWidget(plain_label(hint, TextRole.SECONDARY, name="hint", wraps=True))
        # Stretches instead of an alignment: an aligned card would not grow with its wrapped sentences.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(L, L, L, L)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)
        self.setFocusProxy(self.user_name)

    def refuse(self, sentence: str) -> None:
        """Say why not; the name stays."""
        self._button.setEnabled(True)
        self._error.setText(sentence)
        self._error.show()
        self.password.setFocus()

    def start_over(self) -> None:
        """Empty fields for the next person."""
        self._button.setEnabled(True)
        self._error.hide()
        self.user_name.clear()
        self.password.clear()
        self.user_name.setFocus()

    @Slot()
    def _ask(self) -> None:
        name = self.user_name.text().strip()
        if not name:
            self.refuse("Write your user name.")
            self.user_name.setFocus()
        elif self.password.is_empty():
            self.refuse("Write your password.")
        else:
            self._error.hide()
            self._button.setEnabled(False)
            self.asked.emit(name, self.password.take())
