"""The one skeleton of dialogs in which something is written down and no money leaves. Enter moves on and never
acts; only the named button and Ctrl+Enter act.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.errors import ChangedMeanwhile
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XL, L, M, S
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
)

A = TypeVar("A")
R = TypeVar("R")

_FORM_LETTERS = 62
_LEAVING = "Esc once more leaves this, and what you typed is gone."


@dataclass(frozen=True, slots=True)
class FormPlan:
    """`name` is the object name; `act` the verb on the button; `before` what is so until it is pressed; `letters` how
    wide the form is where there is room.
    """

    name: str
    title: str
    act: str
    before: str = ""
    letters: int = _FORM_LETTERS


class FormDialog(QDialog):
    """`submitted` asks its owner to read `form`. What was typed stays until the answer is there.

    A side, such as a schedule, stands right of the form, or below it where there is no room. A form that can load the
    record anew sets `take_new`, which is called with what somebody else did to it meanwhile.
    """

    submitted = Signal()

    def __init__(self, desk: Desk, plan: FormPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self._page = parent
        self._is_busy = False
        self._is_locked = False
        self._wide = 0
        self._warned_of: tuple[str, ...] = ()
        self._letters = plan.letters
        self._side: QWidget | None = None
        self.take_new: Callable[[str], None] | None = None
        self.setObjectName(plan.name)
        self.setWindowTitle(plan.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.form = Form(desk.messages.show)
        self.notes = QVBoxLayout()
        self._ok = push_button(plan.act, name="ok", kind=ButtonKind.PRIMARY)
        self._ok.clicked.connect(self.submit)
        self._close = push_button("Cancel", name="close")
        self._close.clicked.connect(self.reject)
        self._working = plain_label("", TextRole.SECONDARY, name="working")
        self._leaving = plain_label(_LEAVING, TextRole.STRONG, name="leaving", wraps=True)
        self._leaving.hide()
        self._lay_out(plan)
        desk.theme.changed.connect(self._fit_anew)

    def set_side(self, side: QWidget) -> None:
        """What the form leads to, seen while it is filled in."""
        self._side = side
        self._columns.addWidget(side, 3)

    def lock(self) -> None:
        """A rule says no already; the page says why above the button."""
        self._is_locked = True
        self._ok.setEnabled(False)

    @Slot()
    def submit(self) -> None:
        """The button and Ctrl+Enter. Does nothing while the answer is awaited."""
        if not self._is_busy and not self._is_locked:
            self.submitted.emit()

    def carry_out(
        self, service: Callable[[Any, A], R], given: A, done: Callable[[R], None]
    ) -> None:
        """Write, then close and call `done`; an error goes to its field and everything typed stays."""
        written, refused = self._await_answer(done)
        background = self.desk.background
        background.write(service, given, owner=self._page, done=written, failed=refused)

    def operate(
        self, make_coroutine: Callable[[], Awaitable[R]], done: Callable[[R], None]
    ) -> None:
        """The same with an operation: something outside is asked, or the password is proven first."""
        worked, refused = self._await_answer(done)
        background = self.desk.background
        background.operate(make_coroutine, owner=self._page, done=worked, failed=refused)

    def _await_answer(
        self, done: Callable[[R], None]
    ) -> tuple[Callable[[R], None], Callable[[BaseException], None]]:
        """What to do with the answer, and what with an error.

        The page waits for the answer and not this dialog, so that closing it early loses no news.
        """
        page = self._page
        self._say_busy(True)

        def worked(answer: R) -> None:
            if shiboken6.isValid(self):
                self.accept()
            done(answer)

        def refused(error: BaseException) -> None:
            if shiboken6.isValid(self):
                self.refuse(error)
            else:
                self.desk.show(error, page)

        return worked, refused

    def refuse(self, error: BaseException) -> None:
        """Say why it was not done; the person may put it right and try again.

        When somebody else changed the record meanwhile, the newest one is loaded first and what was typed stays.
        """
        self._say_busy(False)
        if isinstance(error, ChangedMeanwhile) and self.take_new is not None:
            self.take_new(error.message)
            return
        self.form.failed(error)
        self._bring_into_view(self.form.focusWidget())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.submit()
            else:
                self.focusNextChild()
                self._bring_into_view(self.focusWidget())
        elif event.key() != Qt.Key.Key_Escape or not self._holds_back():
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = self.form.first_field()
        if first is not None and not self._inside.isAncestorOf(self.focusWidget() or self):
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit_anew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A sentence under a field makes the form longer; the dialog grows with it while it can.
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _holds_back(self) -> bool:
        """Esc would throw away what was typed; it is said once, and again when more was typed since."""
        typed = _typed_in(self)
        if self._is_busy or not typed or typed == self._warned_of:
            return False
        self._warned_of = typed
        self._leaving.show()
        return True

    def _bring_into_view(self, part: QWidget | None) -> None:
        if part is not None and self._inside.isAncestorOf(part):
            self._area.ensureWidgetVisible(part, L, 2 * XL)

    def _say_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._ok.setEnabled(not is_busy)
        self._working.setText("Working…" if is_busy else "")

    @Slot()
    def _fit_anew(self) -> None:
        """When it opens, and when the size of the text has changed."""
        room, wished = self._room(), self.sizeHint()
        self._wide = 0
        self.resize(wished.boundedTo(room))
        self._fit()

    def _fit(self) -> None:
        """As large as form and side need, never beyond the window; side by side only where both fit."""
        room = self._room()
        width = self.fontMetrics().averageCharWidth() * self._letters
        if self._side is not None:
            wished = self._side.sizeHint().width()
            side = wished + 3 * L + 2 * S
            is_wide = side + width * 3 // 5 <= room.width()
            self._side.setMinimumWidth(wished if is_wide else 0)
            ways = QBoxLayout.Direction
            self._columns.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)
            width = side + width * 4 // 5 if is_wide else room.width()
        width = max(self._wide, min(width, room.width()))
        self._wide = width
        if width != self.width():
            self.resize(width, self.height())
        layout = self._inside.layout()
        assert layout is not None
        inside = max(layout.minimumSize().height(), layout.heightForWidth(self._inside.width()))
        missing = inside - self._area.viewport().height()
        height = min(self.height() + missing, room.height())
        if height > self.height():
            self.resize(width, height)

    def _room(self) -> QSize:
        return self._page.window().size() - QSize(L, L)

    def _lay_out(self, plan: FormPlan) -> None:
        self._inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(L)
        left = QVBoxLayout()
        left.setSpacing(M)
        left.addWidget(self.form)
        left.addLayout(self.notes)
        left.addStretch(1)
        self._columns.addLayout(left, 2)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, S, 0)
        inside.addLayout(self._columns)
        self._inside.installEventFilter(self)
        self._area = QScrollArea()
        self._area.setObjectName("form_area")
        self._area.setAccessibleName(plan.title)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label(plan.title, TextRole.TITLE, name="form_title", wraps=True))
        column.addWidget(self._area, 1)
        column.addWidget(hairline())
        if plan.before:
            before = plain_label(plan.before, TextRole.SECONDARY, name="before", wraps=True)
            column.addWidget(before)
        column.addWidget(self._leaving)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S)
        row.addWidget(self._working)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self._ok)
        return row


def _typed_in(dialog: QWidget) -> tuple[str, ...]:
    """What a person typed into the fields that are seen; passwords and what was chosen or filled in do not count."""
    lines = dialog.findChildren(QLineEdit)
    usual = QLineEdit.EchoMode.Normal
    typed = [one for one in lines if one.isModified() and one.echoMode() == usual]
    notes = [one for one in dialog.findChildren(QPlainTextEdit) if one.document().isModified()]
    texts = (*(one.text() for one in typed), *(one.toPlainText() for one in notes))
    return tuple(text for text in texts if text.strip())
