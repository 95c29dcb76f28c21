"""One box over any page that finds members, loans, payouts and receipts, and knows every page and command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.folding import folded
from sacco_desktop.services.window import find_anything
from sacco_desktop.services.window.find_anything import Found
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XL, M, S
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

MOST_SHOWN = 7
_PAUSE_MS = 120
_LETTERS = 62
_GAP = "   "
_HOW = "A phone or an ID is found whole or by its last four figures."
_SPELLING = "A part of a name is enough, in any order."


@dataclass(frozen=True, slots=True)
class Choice:
    """One line: its kind, its words with the key if it has one, and what Enter does."""

    kind: str
    words: str
    act: Callable[[], None]

    @property
    def line(self) -> str:
        """The line as a person reads it."""
        return f"{self.kind}{_GAP}{self.words}"


def choice_of(kind: str, action: QAction) -> Choice:
    """A page or command of the menus, with its key."""
    words = action.text().replace("&&", "&")
    key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Choice(kind, f"{words}   {key}".rstrip(), action.trigger)


class _KindFirst(QStyledItemDelegate):
    """Paints the kinds in one column and the words in another, so that they stand under each other."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        kind, words = shown.text.split(_GAP, 1)
        shown.text = kind
        style = shown.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        kinds = [str(line.data()).split(_GAP, 1)[0] for line in _lines_beside(index)]
        widest = max(map(shown.fontMetrics.horizontalAdvance, kinds))
        box = shown.rect.adjusted(widest + XL, 0, -S, 0)
        cut = shown.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(shown.palette.color(QPalette.ColorRole.Text))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut)


def _lines_beside(index: QModelIndex | QPersistentModelIndex) -> list[QModelIndex]:
    model = index.model()
    return [model.index(line, 0) for line in range(model.rowCount())]


class FindDialog(QDialog):
    """`choices` are the pages and commands of now; what is in the books is asked for while a person types."""

    def __init__(self, desk: Desk, parent: QWidget, choices: Sequence[Choice]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._choices = tuple(choices)
        self._shown: tuple[Choice, ...] = ()
        self.setObjectName("find_dialog")
        self.setWindowTitle("Find or do anything")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.line = QLineEdit()
        self.line.setObjectName("find_line")
        self.line.setAccessibleName("Find or do anything")
        self.line.setPlaceholderText("Name, number, phone, receipt, page or command")
        self.list = QListWidget()
        self.list.setObjectName("find_list")
        self.list.setItemDelegate(_KindFirst(self.list))
        self.list.setAccessibleName("Found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(lambda _item: self._take())
        self._hint = plain_label("", TextRole.SECONDARY, name="find_hint", wraps=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.line.textChanged.connect(self._type)
        column = QVBoxLayout(self)
        column.setContentsMargins(M, M, M, M)
        column.setSpacing(S)
        for part in (self.line, self.list, self._hint):
            column.addWidget(part)
        room = parent.window().size()
        width = self.fontMetrics().averageCharWidth() * _LETTERS + 2 * M
        self.setFixedWidth(min(width, room.width() - XL))
        self._show(())
        self.line.setFocus()

    def lines(self) -> list[str]:
        """What is shown, for a person's eyes and for tests."""
        return [choice.line for choice in self._shown]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % len(self._shown))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            super().keyPressEvent(event)

    def _type(self) -> None:
        """Pages and commands fit at once; the books answer a moment later."""
        self._show(())
        self._pause.start()

    def _ask(self) -> None:
        words = self.line.text().strip()

        def show(found: Sequence[Found]) -> None:
            # An answer to what was typed earlier is no answer to what stands there now.
            if words == self.line.text().strip():
                self._show(found)

        if not words.startswith(">"):
            self._desk.background.read(find_anything.find, words, owner=self, done=show)

    def _show(self, found: Sequence[Found]) -> None:
        own = self._own()
        # Of many of both, some of each: the books first, and at least two lines for pages and commands.
        most = MOST_SHOWN - min(2, len(own))
        from_books = [self._choice(each) for each in found[:most]]
        self._shown = tuple([*from_books, *own][:MOST_SHOWN])
        self.list.clear()
        self.list.addItems(self.lines())
        self.list.setCurrentRow(0 if self._shown else -1)
        row = self.list.sizeHintForRow(0) if self._shown else self._desk.theme.sizes.row
        self.list.setFixedHeight(MOST_SHOWN * row + 2 * self.list.frameWidth())
        words = self.line.text().strip()
        hint = "↑↓ choose   Enter open   Esc close   > only commands"
        nothing = f"Nothing fits ‘{words}’. {_HOW if words.isdecimal() else _SPELLING}"
        self._hint.setText(hint if self._shown or not words else nothing)

    def _own(self) -> list[Choice]:
        words = folded(self.line.text().strip().removeprefix(">")).split()
        if not words:
            return list(self._choices) if self.line.text().strip() else []
        return [
            choice
            for choice in self._choices
            if all(word in folded(choice.words) for word in words)
        ]

    def _choice(self, found: Found) -> Choice:
        return Choice(found.kind, found.words, lambda: self._desk.open_page(found.place))

    def _take(self) -> None:
        """Close first: what is chosen may open a dialog of its own."""
        place = self.list.currentRow()
        if 0 <= place < len(self._shown):
            act = self._shown[place].act
            self.accept()
            act()
