"""The lines that wait for this person, each with the button that goes where it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.today.to_do import Task
from sacco_desktop.ui.theme.sizes import M, S
from sacco_desktop.ui.widgets.card import Card
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

NOTHING = "Nothing waits for you."


class ToDoCard(Card):
    """Has the focus of the page: its first button, once there is one."""

    def __init__(self, open_place: Callable[[str], None]) -> None:
        super().__init__("to_do", "To do now")
        self._open_place = open_place
        self._buttons: list[QPushButton] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_tasks(self, tasks: Sequence[Task]) -> None:
        """Show the lines. The focus goes to the same line, if it was on one that is still there."""
        focused = next((each.objectName() for each in self._buttons if each.hasFocus()), "")
        had_focus = self.hasFocus() or bool(focused)
        self._buttons = [self._button(task) for task in tasks]
        self.show_body(self._lines(tasks))
        # Without a button the card itself has the focus; Qt takes None there, its stubs do not say so.
        self.setFocusProxy(self._buttons[0] if self._buttons else None)  # type: ignore[arg-type]
        if had_focus:
            same = [each for each in self._buttons if each.objectName() == focused]
            (same[0] if same else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lines(self, tasks: Sequence[Task]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(S)
        grid.setColumnStretch(1, 1)
        if not tasks:
            grid.addWidget(plain_label(NOTHING, TextRole.SECONDARY, name="nothing_waits"), 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        for line, task in enumerate(tasks):
            role = TextRole.ERROR if task.is_urgent else TextRole.BODY
            count = plain_label(f"{task.count:,}", TextRole.STRONG)
            grid.addWidget(count, line, 0, middle | Qt.AlignmentFlag.AlignRight)
            said = task.words if task.cents is None else f"{task.words} – {format_kes(task.cents)}"
            words = plain_label(said, role, name=f"task_{task.key}", wraps=True)
            grid.addWidget(words, line, 1, middle)
            grid.addWidget(self._buttons[line], line, 2, middle)
        return box

    def _button(self, task: Task) -> QPushButton:
        speaks = f"{task.button}: {task.count} {task.words}"
        button = push_button(task.button, name=f"do_{task.key}", speaks=speaks)
        button.clicked.connect(lambda: self._open_place(task.place))
        return button
