"""Where the focus goes within a page or a tab: to its list, not to the first field over the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


def lead_focus(container: QWidget, target: QWidget) -> None:
    """Give to `target`, from now on, the focus that somebody gives to `container`.

    A focus proxy would do the same, but with a proxy Tab goes from outside right to the target, and so past every field
    that stands before it: nobody could come to the filter over a list without walking backwards.
    """
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    lead = container.findChild(_Lead, options=direct) or _Lead(container)
    lead.target = target
    if container.hasFocus():
        target.setFocus(Qt.FocusReason.OtherFocusReason)


class _Lead(QObject):
    """Sees the container get the focus, which only a call of setFocus can do, and hands it on."""

    def __init__(self, container: QWidget) -> None:
        super().__init__(container)
        self.target: QWidget | None = None
        container.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.gotFocus() and self.target is not None:
            self.target.setFocus(event.reason())
        return super().eventFilter(watched, event)
