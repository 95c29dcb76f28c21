"""The line over a list: what to filter by, saved filters with counts, and the actions of the page.

While rows are ticked, what can be done with them stands in place of the filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button


class FilterLine(QLineEdit):
    """Down and Enter go on to the rows."""

    left_downwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """`wanted_changed` brings the text, `saved_changed` the key of the saved filter that is on, or
    an empty text."""

    wanted_changed = Signal(str)
    saved_changed = Signal(str)
    cleared_ticks = Signal()

    def __init__(self, theme: Theme, titles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("filter_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line = FilterLine()
        self.line.setObjectName("filter")
        self.line.setAccessibleName("Filter this list")
        self.line.setPlaceholderText("Filter  Ctrl+F")
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._tell_wanted)
        self._titles = dict(titles)
        self._saved = {key: self._saved_button(key, title) for key, title in titles}
        self._reset = push_button("Reset", name="reset_filter", kind=ButtonKind.LINK)
        self._reset.clicked.connect(self.reset)
        self._ticked = plain_label("", TextRole.STRONG, name="ticked")
        self._clear = push_button("Clear", name="clear_ticks", kind=ButtonKind.LINK)
        self._clear.clicked.connect(self.cleared_ticks)
        self._tick_buttons: list[QPushButton] = []
        self._lay_out()
        theme.changed.connect(self._fit_line)
        self._fit_line()
        self.say_ticked("")

    def add_action(self, button: QPushButton) -> None:
        """A button of the page, at the right end; the main one comes last."""
        self._actions.addWidget(button)

    def add_field(self, title: str, field: QWidget) -> None:
        """A field that says of what the list is, with its name, between the filter and the saved filters."""
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        name = plain_label(title, TextRole.SECONDARY)
        name.setBuddy(field)
        field.setAccessibleName(title)
        row.addWidget(name)
        row.addWidget(field)
        behind = (
            *self._saved.values(),
            self._reset,
            self._ticked,
            *self._tick_buttons,
            self._clear,
        )
        for part in behind:
            self._flow.removeWidget(part)
        for part in (pair, *behind):
            self._flow.addWidget(part)
        QWidget.setTabOrder(self.line, field)

    def add_tick_action(self, button: QPushButton) -> None:
        """A button for the ticked rows."""
        self._tick_buttons.append(button)
        # Before the link that clears the ticks, which ends the line.
        self._flow.removeWidget(self._clear)
        self._flow.addWidget(button)
        self._flow.addWidget(self._clear)
        button.hide()

    def say_counts(self, counts: Mapping[str, int] | None) -> None:
        """How many rows each saved filter would show; None where that is not known."""
        for key, button in self._saved.items():
            count = "" if counts is None else f"  {counts.get(key, 0):,}"
            button.setText(f"{self._titles[key]}{count}")

    def say_ticked(self, words: str) -> None:
        """`3 ticked · KES 95,000.00` and the buttons for them; empty brings the filters back."""
        has_ticks = bool(words)
        self._ticked.setText(words)
        for part in (self._ticked, self._clear, *self._tick_buttons):
            part.setVisible(has_ticks)
        for button in self._saved.values():
            button.setVisible(not has_ticks)
        self._show_reset()
        self.updateGeometry()

    @Slot()
    def reset(self) -> None:
        """Show everything again."""
        for button in self._saved.values():
            button.setChecked(False)
        self.saved_changed.emit("")
        self.line.clear()
        self._show_reset()

    def is_filtering(self) -> bool:
        """Whether some rows may be hidden."""
        return bool(self.line.text().strip()) or bool(self.saved_key())

    def words(self) -> str:
        """What is filtered by, for a paper: `‘wanj’`, `Late`, or both."""
        wanted = self.line.text().strip()
        parts = [self._titles.get(self.saved_key(), ""), f"‘{wanted}’" if wanted else ""]
        return ", ".join(part for part in parts if part)

    def saved_key(self) -> str:
        """The key of the saved filter that is on."""
        return next((key for key, button in self._saved.items() if button.isChecked()), "")

    def choose_saved(self, key: str) -> None:
        """Switch a saved filter on, as a click on it would."""
        self._choose_saved(key, True)

    def _saved_button(self, key: str, title: str) -> QPushButton:
        button = push_button(title, name=f"saved_{key}")
        button.setCheckable(True)
        button.clicked.connect(lambda is_on: self._choose_saved(key, is_on))
        return button

    def _choose_saved(self, key: str, is_on: bool) -> None:
        for other, button in self._saved.items():
            button.setChecked(is_on and other == key)
        self.saved_changed.emit(self.saved_key())
        self._show_reset()

    @Slot(str)
    def _tell_wanted(self, text: str) -> None:
        self.wanted_changed.emit(text)
        self._show_reset()

    def _show_reset(self) -> None:
        self._reset.setVisible(self.is_filtering())

    def _fit_line(self) -> None:
        """Wide enough for a name, whatever the size of the text."""
        width = self.line.fontMetrics().averageCharWidth() * 26
        self.line.setFixedWidth(width)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._flow = FlowLayout(left, S)
        parts: list[QWidget] = [self.line, *self._saved.values(), self._reset, self._ticked]
        for part in (*parts, self._clear):
            self._flow.addWidget(part)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(S)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, S, L, S)
        row.setSpacing(L)
        row.addWidget(left, 1)
        row.addLayout(self._actions)
        row.setAlignment(self._actions, Qt.AlignmentFlag.AlignTop)
