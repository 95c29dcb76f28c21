"""Short news at the bottom right, for things that are done or have arrived. Never an error that
needs a decision."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from sacco_desktop.ui.theme.sizes import M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, plain_label, push_button

MOST_TOASTS = 3
_STAYS_MS = 6000


class Toast(QFrame):
    """One sentence and at most one link. It stays while the mouse is over it or its link has the
    focus."""

    def __init__(
        self, window: QWidget, text: str, link: str = "", act: Callable[[], None] | None = None
    ) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = text
        self._act = act
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAYS_MS)
        self._timer.timeout.connect(self._leave_if_unused)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, S, M, S)
        row.setSpacing(M)
        self._label = plain_label(text, name="toast_text", wraps=True)
        row.addWidget(self._label, 1)
        if link:
            self._link = push_button(link, name="toast_link", kind=ButtonKind.LINK)
            self._link.clicked.connect(self._follow)
            row.addWidget(self._link)
        self._timer.start()

    def fitted_size(self, room: int) -> QSize:
        """The size in which the whole sentence can be read, at most `room` pixels wide."""
        self.ensurePolished()
        words = self._label.fontMetrics().horizontalAdvance(self.text) + 4
        self._label.setMinimumWidth(min(words, room // 2))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = min(layout.totalSizeHint().width(), room)
        return QSize(
            width, max(layout.totalMinimumSize().height(), layout.totalHeightForWidth(width))
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def _leave_if_unused(self) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus():
            self._timer.start()
        else:
            self.deleteLater()
            self.hide()

    def _follow(self) -> None:
        if self._act is not None:
            self._act()
        self.hide()
        self.deleteLater()


class Toasts(QObject):
    """At most three at a time over the status bar, the newest at the bottom."""

    def __init__(self, theme: Theme, window: QWidget, foot_height: Callable[[], int]) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._foot_height = foot_height
        self._toasts: list[Toast] = []

    def say(self, text: str, link: str = "", act: Callable[[], None] | None = None) -> Toast:
        """Show a sentence and let a screen reader speak it."""
        toast = Toast(self._window, text, link, act)
        self._toasts.append(toast)
        toast.destroyed.connect(lambda: self._forget(toast))
        for oldest in self._toasts[:-MOST_TOASTS]:
            oldest.hide()
            oldest.deleteLater()
        self._toasts = self._toasts[-MOST_TOASTS:]
        toast.show()
        self.place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        return toast

    def clear(self) -> None:
        """Take all of them away: they are for the person who saw the thing happen, and nobody else."""
        for toast in self._toasts:
            toast.hide()
            toast.deleteLater()
        self._toasts = []

    def place(self) -> None:
        """Put them where they belong; the window calls this when it changes its size."""
        # Above the sums of a list too: a page without a details panel has them where the toast lies.
        bottom = self._window.height() - self._foot_height() - self._theme.sizes.row - S
        for toast in reversed(self._toasts):
            # Over the details panel and nothing else: the sums of the list must stay readable.
            size = toast.fitted_size(self._theme.sizes.panel_width - 2 * S)
            left, top = self._window.width() - size.width() - S, bottom - size.height()
            toast.setGeometry(QRect(QPoint(left, top), size))
            toast.raise_()
            bottom = top - S

    def _forget(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
