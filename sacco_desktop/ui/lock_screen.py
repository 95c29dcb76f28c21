"""Covers every window at once while its person is away. Work under way goes on behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import XL, XS, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox


class Cover(QWidget):
    """Blank paper over a window and whatever it shows."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setAccessibleName("Locked")
        self.setAutoFillBackground(True)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


class LockScreen(QDialog):
    """Asks for the password of whoever is away, or lets another person sign in. Esc does not close it."""

    unlock_asked = Signal(str)
    switch_asked = Signal()

    def __init__(self, theme: Theme, window: QWidget, full_name: str) -> None:
        super().__init__(window, Qt.WindowType.FramelessWindowHint)
        self._may_close = False
        self.setObjectName("lock_screen")
        self.setWindowTitle("Locked")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._password = PasswordBox(theme)
        self._password.entered.connect(self._ask)
        self._error = plain_label("", TextRole.ERROR, name="unlock_error", wraps=True)
        unlock = push_button("Unlock", name="unlock", kind=ButtonKind.PRIMARY)
        unlock.clicked.connect(self._ask)
        switch = push_button("Switch person", name="switch_person", kind=ButtonKind.LINK)
        switch.clicked.connect(self.switch_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addWidget(switch)
        buttons.addStretch(1)
        buttons.addWidget(unlock)
        label = plain_label("Your password", TextRole.SECONDARY)
        label.setBuddy(self._password)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, XL)
        column.setSpacing(M)
        column.addWidget(plain_label(f"{full_name} is away", TextRole.TITLE, name="who_is_away"))
        going_on = "Work that is under way goes on. Nothing on the screen can be seen."
        column.addWidget(plain_label(going_on, TextRole.SECONDARY, wraps=True))
        pair = QVBoxLayout()
        pair.setSpacing(XS)
        pair.addWidget(label)
        pair.addWidget(self._password)
        column.addLayout(pair)
        column.addWidget(self._error)
        column.addLayout(buttons)
        self._error.hide()
        self.setFixedWidth(max(400, self.sizeHint().width()))
        self._password.setFocus()

    def refuse(self, sentence: str) -> None:
        """The password was not right."""
        self._error.setText(sentence)
        self._error.show()
        self.adjustSize()
        self._password.setFocus()

    def finish(self) -> None:
        """Take it away."""
        self._may_close = True
        self.close()

    def reject(self) -> None:
        """Esc must not open the office."""
        if self._may_close:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
        else:
            event.ignore()

    @Slot()
    def _ask(self) -> None:
        if not self._password.is_empty():
            self._error.hide()
            self.unlock_asked.emit(self._password.take())


class OfficeLock(QObject):
    """Locks and unlocks all windows together, also a box that comes up while nobody is there."""

    unlock_asked = Signal(str)
    switch_asked = Signal()

    def __init__(self, app: QApplication, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._app = app
        self._window = window
        self._theme = theme
        self._screen: LockScreen | None = None
        self._covers: list[Cover] = []
        app.focusWindowChanged.connect(self._cover_all)

    @property
    def is_locked(self) -> bool:
        """Whether the office is covered."""
        return self._screen is not None

    def lock(self, full_name: str) -> None:
        """Cover everything now."""
        if self._screen is not None:
            return
        self._screen = LockScreen(self._theme, self._window, full_name)
        self._screen.unlock_asked.connect(self.unlock_asked)
        self._screen.switch_asked.connect(self.switch_asked)
        self._cover_all()
        self._screen.show()
        middle = self._window.mapToGlobal(self._window.rect().center())
        self._screen.move(middle - QPoint(self._screen.width() // 2, self._screen.height() // 2))

    def refuse(self, sentence: str) -> None:
        """The password was not right."""
        if self._screen is not None:
            self._screen.refuse(sentence)

    def unlock(self) -> None:
        """Show everything as it was left."""
        screen, self._screen = self._screen, None
        for cover in self._covers:
            cover.hide()
            cover.deleteLater()
        self._covers = []
        if screen is not None:
            screen.finish()

    @Slot()
    def _cover_all(self) -> None:
        if self._screen is None:
            return
        covered = [cover.parentWidget() for cover in self._covers]
        for window in self._app.topLevelWidgets():
            is_ours = window.isVisible() and window is not self._screen and window not in covered
            if is_ours:
                self._covers.append(Cover(window))
                cover = self._covers[-1]
                cover.destroyed.connect(lambda _=None, gone=cover: self._forget(gone))

    def _forget(self, cover: Cover) -> None:
        if cover in self._covers:
            self._covers.remove(cover)
