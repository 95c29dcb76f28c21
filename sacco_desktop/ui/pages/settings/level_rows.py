"""The levels of one kind as rows that can be added and removed: each with a ceiling and its steps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.approval_levels import (
    MOST_BANDS,
    MOST_PEOPLE,
    MOST_STEPS,
    Band,
    Bands,
    Step,
)
from sacco_desktop.domain.money import format_amount, parse_amount
from sacco_desktop.domain.permissions import Role
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label, push_button
from sacco_desktop.ui.widgets.ticks import TickBox


@dataclass(frozen=True, slots=True)
class LevelsPlan:
    """Which roles can decide on a kind, and whether the members may vote on it."""

    roles: tuple[Role, ...]
    may_vote: bool = False


class StepEdit(QWidget):
    """How many people, and of which offices; nobody makes it no step."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, plan: LevelsPlan, step: Step | None) -> None:
        super().__init__()
        people = [(0, "nobody"), *((n, str(n)) for n in range(1, MOST_PEOPLE + 1))]
        self._count = ChoiceBox(f"{name}_count", people)
        self._count.choose(0 if step is None else step.quorum)
        self._count.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self._ticks: dict[Role, TickBox] = {}
        ticks = QWidget()
        flow = FlowLayout(ticks)
        for role in plan.roles:
            tick = TickBox(theme, ROLE_WORDS[role][0], name=f"{name}_{role.value}")
            tick.setChecked(step is not None and role in step.roles)
            tick.toggled.connect(lambda _on: self.changed.emit())
            self._ticks[role] = tick
            flow.addWidget(tick)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self._count)
        row.addWidget(plain_label("of", TextRole.SECONDARY))
        row.addWidget(ticks, 1)
        self._vote = TickBox(theme, "attest to the members' vote", name=f"{name}_members_vote")
        self._vote.setChecked(step is not None and step.members_vote)
        self._vote.toggled.connect(lambda _on: self.changed.emit())
        self._vote.setVisible(plan.may_vote)
        flow.addWidget(self._vote)

    def step(self) -> Step | None:
        """What is chosen, or None for no step."""
        count = self._count.value()
        chosen = frozenset(role for role, tick in self._ticks.items() if tick.isChecked())
        return Step(chosen, count, self._vote.isChecked()) if count else None


class LevelEdit(QWidget):
    """A ceiling and its steps, one after the other."""

    changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, name: str, plan: LevelsPlan, band: Band | None) -> None:
        super().__init__()
        self.setObjectName(name)
        self._theme, self._name, self._plan = theme, name, plan
        self._steps: list[StepEdit] = []
        cents = None if band is None else band.ceiling_cents
        self._ceiling = QLineEdit("" if cents is None else format_amount(cents))
        self._ceiling.setObjectName(f"{name}_ceiling")
        self._ceiling.setAccessibleName("Ceiling in KES")
        self._ceiling.setPlaceholderText("no ceiling")
        self._ceiling.textChanged.connect(lambda _text: self.changed.emit())
        self._more = push_button("Then another step", name=f"{name}_add_step")
        self._more.clicked.connect(lambda: self._add_step(None))
        self.remove = push_button("Remove level", name=f"{name}_remove")
        self.remove.clicked.connect(self.removed.emit)
        self._lay_out()
        for step in band.steps if band is not None else (None,):
            self._add_step(step)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, S)
        column.setSpacing(S)
        column.addWidget(hairline())
        top = QHBoxLayout()
        top.addWidget(plain_label("up to KES", TextRole.SECONDARY))
        top.addWidget(self._ceiling, 1)
        top.addWidget(self.remove)
        column.addLayout(top)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(S)
        column.addLayout(self._rows)
        below = QHBoxLayout()
        below.addWidget(self._more)
        below.addStretch(1)
        column.addLayout(below)

    def _add_step(self, step: Step | None) -> None:
        number = len(self._steps) + 1
        edit = StepEdit(self._theme, f"{self._name}_step{number}", self._plan, step)
        edit.changed.connect(self.changed)
        self._steps.append(edit)
        if number > 1:
            self._rows.addWidget(plain_label("and then", TextRole.SECONDARY))
        self._rows.addWidget(edit)
        self._more.setVisible(number < MOST_STEPS)
        self.changed.emit()

    def band(self) -> Band:
        """What is written. Raises InvalidInput under `bands`."""
        text = self._ceiling.text().strip()
        ceiling = parse_amount(text, "bands") if text else None
        steps = tuple(step for step in (edit.step() for edit in self._steps) if step is not None)
        return Band(ceiling, steps)


class LevelRows(QWidget):
    """As many levels as the rule has, one below the other; `changed` after each change of what is written."""

    changed = Signal()

    def __init__(self, theme: Theme, plan: LevelsPlan, bands: Bands) -> None:
        super().__init__()
        self.setObjectName("bands")
        self._theme, self._plan = theme, plan
        self._edits: list[LevelEdit] = []
        self._made = 0
        self._add = push_button("Add a level", name="add_level")
        self._add.clicked.connect(self._add_first)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(L)
        column.addLayout(self._rows)
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addStretch(1)
        column.addLayout(below)
        for band in bands:
            self._insert(band, len(self._edits))

    def _add_first(self) -> None:
        """A new level comes first: the last one has no ceiling and stays the last."""
        self._insert(None, 0)

    def _insert(self, band: Band | None, place: int) -> None:
        self._made += 1
        edit = LevelEdit(self._theme, f"level{self._made}", self._plan, band)
        edit.changed.connect(self.changed)
        edit.removed.connect(lambda: self._remove(edit))
        self._edits.insert(place, edit)
        self._rows.insertWidget(place, edit)
        self._count()

    def _remove(self, edit: LevelEdit) -> None:
        self._edits.remove(edit)
        self._rows.removeWidget(edit)
        edit.hide()
        edit.deleteLater()
        self._count()

    def _count(self) -> None:
        self._add.setVisible(len(self._edits) < MOST_BANDS)
        for edit in self._edits:
            edit.remove.setVisible(len(self._edits) > 1)
        self.changed.emit()

    def bands(self) -> Bands:
        """What is written. Raises InvalidInput under `bands`."""
        return tuple(edit.band() for edit in self._edits)
