"""Finds a member by number, part of a name, phone or ID. When two fit it never takes one by
itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from sacco_desktop.ui.theme.sizes import S

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class FoundMember:
    """One line of the list. `phone_tail` is the last part of the number; `status` a word such as
    Active."""

    member_id: int
    number: str
    full_name: str
    phone_tail: str
    status: str

    @property
    def words(self) -> str:
        """The line as a person reads it."""
        return "   ".join(
            part for part in (self.number, self.full_name, self.phone_tail, self.status) if part
        )


# Looks for a text and hands over what it found, now or later, on the GUI thread.
Find = Callable[[str, Callable[[Sequence[FoundMember]], None]], None]


class MemberPicker(QLineEdit):
    """`chosen` brings a FoundMember, or None when the text no longer names the one who was
    chosen."""

    chosen = Signal(object)

    def __init__(self, field: str, find: Find) -> None:
        super().__init__()
        self.setObjectName(field)
        self.setAccessibleName("Member")
        self.setPlaceholderText("Number, name, phone or ID")
        self._find = find
        self._found: Sequence[FoundMember] = ()
        self._member: FoundMember | None = None
        self._list: QListWidget | None = None
        self.textEdited.connect(self._search)

    @property
    def member(self) -> FoundMember | None:
        """Whoever was taken."""
        return self._member

    def take(self, member: FoundMember) -> None:
        """Choose this member and show the name."""
        self._member = member
        self._close_list()
        self.setText(f"{member.number}   {member.full_name}")
        self.chosen.emit(member)

    def forget(self) -> None:
        """Nobody is chosen, and nothing stands in the field."""
        self._member = None
        self._close_list()
        self.clear()
        self.chosen.emit(None)

    def event(self, event: QEvent) -> bool:
        # Esc is also a command of the window; while the list is open it closes the list and nothing else.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if (
            is_override
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._is_open()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._take_by_enter():
            return
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._is_open():
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and self._is_open():
            self._close_list()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close_list()

    def found_lines(self) -> list[str]:
        """What the open list shows; empty when it is closed."""
        opened = self._list
        if opened is None or not self._is_open():
            return []
        return [opened.item(line).text() for line in range(opened.count())]

    @Slot(str)
    def _search(self, text: str) -> None:
        if self._member is not None:
            self._member = None
            self.chosen.emit(None)
        wanted = text.strip()
        if not wanted:
            self._close_list()
            return

        def show(found: Sequence[FoundMember]) -> None:
            # An answer to what was typed earlier is no answer to what stands there now.
            if self.text().strip() == wanted and self._member is None:
                self._show(found[:MOST_SHOWN])

        self._find(wanted, show)

    def _show(self, found: Sequence[FoundMember]) -> None:
        self._found = found
        opened = self._opened_list()
        opened.clear()
        for member in found:
            opened.addItem(QListWidgetItem(member.words))
        if not found:
            nobody = QListWidgetItem(f"No member fits ‘{self.text().strip()}’.")
            nobody.setFlags(Qt.ItemFlag.NoItemFlags)
            opened.addItem(nobody)
        opened.setCurrentRow(0 if len(found) == 1 else -1)
        height = opened.sizeHintForRow(0) * opened.count() + 2 * opened.frameWidth()
        below = self.mapTo(self.window(), QPoint(0, self.height()))
        if below.y() + height > self.window().height():
            below = self.mapTo(self.window(), QPoint(0, -height))
        # As wide as the longest line, because half a name is no name to choose by.
        wished = max(self.width(), opened.sizeHintForColumn(0) + 2 * opened.frameWidth() + S)
        width = min(wished, self.window().width() - 2 * S)
        left = min(below.x(), self.window().width() - width - S)
        opened.setGeometry(left, below.y(), width, height)
        opened.show()
        opened.raise_()

    def _opened_list(self) -> QListWidget:
        """The list lies over the window and never takes the focus, so that typing goes on."""
        if self._list is None or self._list.parent() is not self.window():
            self._list = QListWidget(self.window())
            self._list.setObjectName(f"{self.objectName()}_found")
            self._list.setAccessibleName("Members found")
            self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.itemClicked.connect(self._take_clicked)
            self.destroyed.connect(self._list.deleteLater)
        return self._list

    def _take_by_enter(self) -> bool:
        """True when Enter was used up: it takes the marked line, and without a mark it takes
        nothing."""
        opened = self._list
        if opened is None or not self._is_open():
            return False
        if 0 <= opened.currentRow() < len(self._found):
            self.take(self._found[opened.currentRow()])
        return True

    @Slot(QListWidgetItem)
    def _take_clicked(self, item: QListWidgetItem) -> None:
        line = item.listWidget().row(item)
        if line < len(self._found):
            self.take(self._found[line])

    def _move(self, step: int) -> None:
        if self._list is not None and self._found:
            self._list.setCurrentRow((self._list.currentRow() + step) % len(self._found))

    def _is_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def _close_list(self) -> None:
        if self._list is not None:
            self._list.hide()
