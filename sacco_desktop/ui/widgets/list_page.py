"""The page that all lists use: filter, table, panel, foot, and the five states a list can be in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.details_panel import DetailsPanel
from sacco_desktop.ui.widgets.filter_bar import FilterBar
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.frozen_table_model import FrozenTableModel
from sacco_desktop.ui.widgets.labels import ButtonKind, push_button
from sacco_desktop.ui.widgets.list_foot import ListFoot
from sacco_desktop.ui.widgets.list_plan import ListPlan
from sacco_desktop.ui.widgets.list_state import ListState
from sacco_desktop.ui.widgets.older_rows import OlderRows
from sacco_desktop.ui.widgets.row_menu import RowMenu

# Words such as "Reading…" that come and go at once only make a page flicker.
_PATIENCE_MS = 300
# After the rows themselves were painted.
_PANEL_AFTER_MS = 40


class ListPage(QWidget):
    """`opened` brings the row of Enter, `current_changed` the row under the cursor or None."""

    opened = Signal(object)
    current_changed = Signal(object)

    def __init__(self, theme: Theme, plan: ListPlan[Any]) -> None:
        super().__init__()
        self._theme = theme
        self._plan = plan
        self._is_panel_wanted = plan.details is not None
        self._has_read = False
        self._wanted_place = ""
        self._told_of: Hashable = None
        self._is_refreshing = False
        self._is_part = False
        # Making the panel anew takes as long as all the rest; it gets a turn of its own. While this runs, the panel is
        # about what was read before.
        self.panel_later = _single_shot(self, _PANEL_AFTER_MS, self.refresh_details)
        self.setObjectName(f"{plan.name}_page")
        self.filter_bar = FilterBar(theme, [(saved.key, saved.title) for saved in plan.filters])
        self.table = FrozenTable(
            theme, plan.columns, plan.key, name=f"{plan.name}_table", ticks=plan.has_ticks
        )
        self.table.setAccessibleName(plan.many)
        self._find: Callable[[str], None] = self.table.set_filter
        self.panel = DetailsPanel(theme)
        self._state = ListState()
        self._behind = Callout(theme, "", ChipColour.BLUE)
        self._behind.hide()
        self._reading = QFrame()
        self._reading.setObjectName("reading")
        self._reading.setFixedHeight(3)
        self.older = OlderRows(plan.name)
        self.foot = ListFoot()
        self._patience = _single_shot(self, _PATIENCE_MS, self._show_reading)
        self._lay_out()
        self._connect()
        self._reading.hide()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show what was read; the cursor, the filter and the ticks stay."""
        self._patience.stop()
        self._is_refreshing, self._has_read = self._has_read, True
        self._reading.hide()
        self.table.set_rows(rows)
        self._is_refreshing = False
        self._fit_panel()
        counts = {saved.key: sum(map(saved.fits, rows)) for saved in self._plan.filters}
        # Of some rows nobody can say how many there are of a kind.
        self.filter_bar.say_counts(None if self._is_part else counts)
        self._say_ticked()
        if self._wanted_place:
            self.go_to(self._wanted_place)

    def find_by(self, find: Callable[[str], None] | None) -> None:
        """The rows are only some: who types asks `find` for others. With None they are all, and filtered here."""
        self._is_part, self._find = find is not None, find or self.table.set_filter
        self.table.set_filter("")
        if self.filter_bar.line.text().strip():
            self._find(self.filter_bar.line.text())

    def show_loading(self) -> None:
        """Old rows stay; only after a moment a thin bar, or words where there are no rows yet, say
        that we read."""
        self._patience.start()

    def show_failed(self, sentence: str, again: Callable[[], None]) -> None:
        """What could not be read. Rows that are there stay, with a line over them."""
        self._patience.stop()
        self._reading.hide()
        if self._has_read:
            self.show_behind(sentence)
        else:
            self._state.say(sentence, "Try again", again)
            self._stack.setCurrentWidget(self._state)

    def show_behind(self, sentence: str) -> None:
        """`As of 14:02. M-Pesa results since then are missing.` An empty sentence takes the line
        away."""
        self._behind.say(sentence, ChipColour.BLUE)
        self._behind.setVisible(bool(sentence))

    def add_action(
        self, key: str, text: str, act: Callable[[], None], *, kind: ButtonKind = ButtonKind.PLAIN
    ) -> QPushButton:
        """A button at the right end of the filter bar."""
        button = push_button(text, name=key, kind=kind)
        button.clicked.connect(lambda: act())
        self.filter_bar.add_action(button)
        return button

    def add_tick_action(
        self, key: str, text: str, act: Callable[[Sequence[Any]], None]
    ) -> QPushButton:
        """A button that acts on the ticked rows; it is there while rows are ticked."""
        button = push_button(text, name=key)
        button.clicked.connect(lambda: act(self.table.table_model.ticked_rows()))
        self.filter_bar.add_tick_action(button)
        return button

    def page(
        self,
        commands: Mapping[str, Callable[[], None]],
        topics: frozenset[Any],
        reload: Callable[[], None],
    ) -> Page:
        """This list as a page of the window, with the commands that every list answers."""
        own: dict[str, Callable[[], None]] = {
            "filter": self.focus_filter,
            "panel": self.toggle_panel,
            "copy": self.table.copy,
            "columns": self.table.column_layout.open_menu,
            "tick_shown": lambda: self.table.table_model.tick_shown(is_ticked=True),
            "refresh": reload,
        }
        panes = (self.filter_bar.line, self.table, self.panel)
        return Page(self, self.table, {**own, **commands}, panes, topics, reload, self.go_to)

    def hear_elsewhere(self, words_about: Callable[[frozenset[str]], str]) -> None:
        """Somebody at another PC did something. When it was to the row under the cursor, the panel says it, until
        another row is looked at.
        """
        row = self.table.current_row()
        if row is None:
            return
        words = words_about(
            frozenset(column.text(row) for column in self.table.table_model.columns)
        )
        if words:
            self._told_of = self._plan.key(row)
            self.panel.say_elsewhere(words)

    def go_to(self, place: str) -> None:
        """Switch on the saved filter with this key, or put the cursor on the row that shows this text as a whole.

        A row that was not read yet is gone to as soon as it is there.
        """
        if any(saved.key == place for saved in self._plan.filters):
            self.filter_bar.choose_saved(place)
            return
        key = self.table.table_model.key_of(place)
        self._wanted_place = "" if key is not None else place
        if key is not None and not self.table.select_key(key):
            self.filter_bar.reset()
            self.table.select_key(key)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter_bar.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.line.selectAll()

    def toggle_panel(self) -> None:
        """Ctrl+I. The wish is kept when the window is too narrow for it."""
        self._is_panel_wanted = not self._is_panel_wanted and self._plan.details is not None
        self._fit_panel()

    def refresh_details(self) -> None:
        """Make the panel again from the row under the cursor."""
        self._show_details(self.table.current_row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_panel()

    def _fit_panel(self) -> None:
        """The panel folds by itself when a column that must never be cut would be."""
        has_room = self.width() - self.panel.width() >= self.table.needed_width()
        self.panel.setVisible(self._is_panel_wanted and has_room)

    def _connect(self) -> None:
        model = self.table.table_model
        self.filter_bar.wanted_changed.connect(lambda typed: self._find(typed))
        self.filter_bar.saved_changed.connect(self._use_saved)
        self.filter_bar.cleared_ticks.connect(lambda: model.tick_shown(is_ticked=False))
        self.filter_bar.line.left_downwards.connect(self.table.setFocus)
        self.table.current_changed.connect(self._show_details)
        self.table.current_changed.connect(self.current_changed)
        self.table.opened.connect(self.opened)
        model.shown_changed.connect(self._say_shown)
        model.ticks_changed.connect(self._say_ticked)
        RowMenu(self.table, self._plan)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._state)
        left = QVBoxLayout()
        left.setSpacing(0)
        for part in (self._behind, self._reading, self._stack, self.older, self.foot):
            left.addWidget(part, int(part is self._stack))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        middle.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter_bar)
        column.addLayout(middle, 1)
        lead_focus(self, self.table)

    @Slot(str)
    def _use_saved(self, key: str) -> None:
        conditions = {saved.key: saved.fits for saved in self._plan.filters}
        self.table.set_condition(conditions.get(key))

    @Slot(object)
    def _show_details(self, row: Any) -> None:
        if row is None or self._plan.key(row) != self._told_of:
            self._told_of = None
            self.panel.say_elsewhere("")
        if self._is_refreshing:
            self.panel_later.start()
        elif self._plan.details is not None:
            self.panel.show_details(None if row is None else self._plan.details(row), row)

    @Slot()
    def _say_shown(self) -> None:
        model = self.table.table_model
        shown, every = model.rowCount(), len(model.rows)
        counts = self._plan.counted(every)
        if shown != every:
            counts = f"{shown:,} of {counts}"
        # What some add up to says nothing.
        self.foot.say(counts, () if self._is_part else model.sums())
        if not self._has_read:
            return
        if not every and not (self._is_part and self.filter_bar.is_filtering()):
            empty = self._plan.empty
            self._state.say(empty.text, empty.action, empty.act)
        elif not shown:
            self._state.say(
                _nothing_fits(self._plan, self.filter_bar), "Reset filter", self.filter_bar.reset
            )
        self._stack.setCurrentWidget(self.table if shown else self._state)
        self.panel.offer_rows(bool(shown))

    @Slot()
    def _say_ticked(self) -> None:
        self.filter_bar.say_ticked(_ticked_words(self.table.table_model))

    @Slot()
    def _show_reading(self) -> None:
        if self._has_read:
            self._reading.show()
        else:
            self._state.say(f"Reading {self._plan.many}…")
            self._stack.setCurrentWidget(self._state)


def _nothing_fits(plan: ListPlan[Any], bar: FilterBar) -> str:
    wanted, chosen = bar.line.text().strip(), bar.saved_key()
    said = {saved.key: saved.empty for saved in plan.filters}.get(chosen, "")
    if said and not wanted:
        return said
    return f"No {plan.one} fits ‘{wanted}’." if wanted else f"No {plan.one} here."


def _ticked_words(model: FrozenTableModel[Any]) -> str:
    rows = model.ticked_rows()
    sums = [
        f"{title.removesuffix(' KES').removeprefix('Amount')} {format_kes(cents)}".strip()
        for title, cents in model.main_sum_of(rows)
    ]
    return " · ".join([f"{len(rows)} ticked", *sums]) if rows else ""


def _single_shot(owner: QWidget, milliseconds: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
