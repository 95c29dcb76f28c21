"""Asks for other approval levels of one kind of request; another person approves them before they count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.approval_levels import NEEDED, Band, Step
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, parse_amount
from sacco_desktop.domain.permissions import Role, roles_for
from sacco_desktop.services import approval_rules
from sacco_desktop.services.approval_rules import LevelsChange, LevelsRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.settings.limit_dialog import SENT
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.ticks import TickBox

MOST_LEVELS, STEPS, MOST_PEOPLE = 4, 2, 5


class _StepEdit(QWidget):
    """How many people, and of which offices; nobody makes it no step."""

    def __init__(self, theme: Theme, name: str, roles: Iterable[Role], step: Step | None) -> None:
        super().__init__()
        people = [(0, "nobody"), *((n, str(n)) for n in range(1, MOST_PEOPLE + 1))]
        self._count = ChoiceBox(f"{name}_count", people)
        self._count.choose(0 if step is None else step.quorum)
        self._ticks: dict[Role, TickBox] = {}
        ticks = QWidget()
        flow = FlowLayout(ticks)
        for role in roles:
            tick = TickBox(theme, ROLE_WORDS[role][0], name=f"{name}_{role.value}")
            tick.setChecked(step is not None and role in step.roles)
            self._ticks[role] = tick
            flow.addWidget(tick)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self._count)
        row.addWidget(plain_label("of", TextRole.SECONDARY))
        row.addWidget(ticks, 1)

    def step(self) -> Step | None:
        """What is chosen, or None for no step."""
        count = self._count.value()
        chosen = frozenset(role for role, tick in self._ticks.items() if tick.isChecked())
        return Step(chosen, count) if count else None


class _LevelEdit(QWidget):
    """A ceiling and two steps, one after the other."""

    def __init__(self, theme: Theme, name: str, roles: Iterable[Role], band: Band | None) -> None:
        super().__init__()
        self.setObjectName(name)
        roles = tuple(roles)
        cents = None if band is None else band.ceiling_cents
        self._ceiling = QLineEdit("" if cents is None else format_amount(cents))
        self._ceiling.setObjectName(f"{name}_ceiling")
        self._ceiling.setAccessibleName("Ceiling in KES")
        self._ceiling.setPlaceholderText("no ceiling")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, S)
        column.setSpacing(S)
        top = QHBoxLayout()
        top.addWidget(plain_label("up to KES", TextRole.SECONDARY))
        top.addWidget(self._ceiling, 1)
        column.addLayout(top)
        steps: list[Step | None] = [*(band.steps if band else ()), None, None][:STEPS]
        self._steps = []
        for number, step in enumerate(steps, 1):
            edit = _StepEdit(theme, f"{name}_step{number}", roles, step)
            self._steps.append(edit)
            if number > 1:
                column.addWidget(plain_label("and then", TextRole.SECONDARY))
            column.addWidget(edit)

    def band(self) -> Band:
        """What is written. Raises InvalidInput under `bands`."""
        text = self._ceiling.text().strip()
        ceiling = parse_amount(text, "bands") if text else None
        steps = tuple(step for step in (edit.step() for edit in self._steps) if step is not None)
        return Band(ceiling, steps)


class _Levels(QWidget):
    """As many levels as are chosen, one below the other."""

    def __init__(self, theme: Theme, row: LevelsRow) -> None:
        super().__init__()
        self.setObjectName("bands")
        roles = tuple(role for role in ROLE_WORDS if role in roles_for(NEEDED[row.kind]))
        bands: list[Band | None] = [*row.bands, *([None] * MOST_LEVELS)][:MOST_LEVELS]
        self._count = ChoiceBox(
            "level_count",
            [(n, f"{n} level" if n == 1 else f"{n} levels") for n in range(1, MOST_LEVELS + 1)],
        )
        self._count.setAccessibleName("Number of levels")
        self._edits = [
            _LevelEdit(theme, f"level{number}", roles, band) for number, band in enumerate(bands, 1)
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        column.addWidget(self._count)
        for edit in self._edits:
            column.addWidget(edit)
        self._count.currentIndexChanged.connect(lambda _place: self._show())
        self._count.choose(min(len(row.bands), MOST_LEVELS))
        self._show()

    def _show(self) -> None:
        for number, edit in enumerate(self._edits, 1):
            edit.setVisible(number <= self._count.value())

    def bands(self) -> tuple[Band, ...]:
        """What is written in the levels that are shown."""
        return tuple(edit.band() for edit in self._edits[: self._count.value()])


class LevelsDialog(FormDialog):
    """The levels of a kind and the day from which they count."""

    def __init__(self, desk: Desk, parent: QWidget, row: LevelsRow, title: str) -> None:
        plan = FormPlan(
            "levels_dialog",
            f"Who decides: {title}",
            "Ask for approval",
            "Another person must approve it. Requests that wait already keep what they need.",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self._levels = _Levels(desk.theme, row)
        self._day = DateEdit("effective_on", self._today)
        self._day.set_day(self._today())
        words = "A ceiling belongs to its level. The last level has none."
        self.form.add_row("bands", "Levels", self._levels, words)
        self.form.add_row("effective_on", "Counts from", self._day, "Today or a later day.")
        self.submitted.connect(self._ask)

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _ask(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            self.carry_out(approval_rules.ask_levels, change, lambda _id: self.desk.toast(SENT))

    def _read(self) -> LevelsChange:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        return LevelsChange(self._row.kind, self._levels.bands(), day)
