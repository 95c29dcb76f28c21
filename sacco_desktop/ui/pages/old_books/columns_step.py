"""Step 2: what each column means, and the questions that only a person can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.old_dates import DateOrder
from sacco_desktop.domain.old_books.plan import KIND_WORDS
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.drafts import DraftChange
from sacco_desktop.services.old_books.dry_run import DraftView
from sacco_desktop.ui.pages.old_books.step import Acts, Step
from sacco_desktop.ui.theme.sizes import M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

_NOT_USED: tuple[Meaning | None, str] = (None, "— not used")
_ORDERS = (
    (None, "Choose…"),
    (DateOrder.DAY_FIRST, "Day first: 03/04 is 3 April"),
    (DateOrder.MONTH_FIRST, "Month first: 03/04 is 4 March"),
    (DateOrder.SWAPPED, "Excel swapped them: put real dates right"),
)
_SAMPLES = 3


class ColumnsStep(Step):
    """A line for each column of the file, and above them what the whole file needs."""

    def __init__(self, theme: Theme, acts: Acts, today: Callable[[], date]) -> None:
        super().__init__("import_columns_step")
        self._acts = acts
        self._kind = plain_label("", TextRole.SECTION, name="import_kind", wraps=True)
        self._questions = Callout(theme, "", ChipColour.AMBER)
        self.order = ChoiceBox("date_order", _ORDERS)
        self.order.activated.connect(lambda _: self._change(order=self.order.value()))
        self.as_of = DateEdit("balances_as_of", today)
        self.as_of.editingFinished.connect(lambda: self._change_day(self.as_of, "as_of"))
        self.joined = DateEdit("joined_for_all", today)
        self.joined.editingFinished.connect(lambda: self._change_day(self.joined, "joined_on"))
        days = QHBoxLayout()
        days.setSpacing(S)
        for words, part in (
            ("Order of the dates", self.order),
            ("Balances of", self.as_of),
            ("Joined, where it is empty", self.joined),
        ):
            label = plain_label(words)
            label.setBuddy(part)
            column = QVBoxLayout()
            column.addWidget(label)
            column.addWidget(part)
            days.addLayout(column)
        days.addStretch(1)
        self.column.addWidget(self._kind)
        self.column.addWidget(self._questions)
        self.column.addLayout(days)
        self._lines = QWidget()
        self.column.addWidget(self._lines)
        self.column.addStretch(1)
        self._grid: QGridLayout | None = None
        self._boxes: list[ChoiceBox] = []

    def show_draft(self, view: DraftView) -> None:
        super().show_draft(view)
        self._kind.setText(KIND_WORDS[view.plan.kind])
        told = view.open_questions
        self._questions.say("\n".join(told), ChipColour.AMBER)
        self._questions.setVisible(bool(told))
        self.order.choose(view.plan.order)
        self.as_of.set_day(view.plan.as_of)
        self.joined.set_day(view.plan.joined_on)
        if len(self._boxes) != len(view.headings):
            self._make_lines(view)
        for box, meaning in zip(self._boxes, view.plan.columns, strict=False):
            box.choose(meaning)
        is_open = view.status == "draft"
        for part in (self.order, self.as_of, self.joined, *self._boxes):
            part.setEnabled(is_open)

    def _make_lines(self, view: DraftView) -> None:
        lines = QWidget()
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setColumnStretch(2, 1)
        for place, words in enumerate(("In the file", "Means", "First rows")):
            grid.addWidget(plain_label(words, TextRole.SECONDARY), 0, place)
        choices = [_NOT_USED, *((meaning, meaning.value) for meaning in Meaning)]
        self._boxes = []
        for index, heading in enumerate(view.headings):
            box = ChoiceBox(f"column_{index + 1}", choices)
            box.setAccessibleName(f"What {heading or 'the column without a heading'} means")
            box.activated.connect(lambda _, at=index: self._change_column(at))
            samples = [row.cells[index] for row in view.rows[:_SAMPLES] if index < len(row.cells)]
            shown = plain_label(" · ".join(filter(None, samples)), TextRole.SECONDARY, wraps=True)
            grid.addWidget(
                plain_label(heading or "(no heading)", TextRole.STRONG, wraps=True), index + 1, 0
            )
            grid.addWidget(box, index + 1, 1)
            grid.addWidget(shown, index + 1, 2)
            self._boxes.append(box)
        self.column.replaceWidget(self._lines, lines)
        self._lines.deleteLater()
        self._lines = lines

    def _change_column(self, at: int) -> None:
        if self.view is None:
            return
        columns = list(self.view.plan.columns)
        meaning = self._boxes[at].value()
        # A meaning belongs to one column; choosing it here takes it away there.
        columns = [None if one is meaning else one for one in columns]
        columns[at] = meaning
        self._change(columns=tuple(columns))

    def _change_day(self, field: DateEdit, name: str) -> None:
        try:
            day = field.day()
        except InvalidInput:
            return
        if (
            self.view is not None
            and day != getattr(self.view.plan, name)
            and (day or name == "joined_on")
        ):
            self._change(**{name: day})

    def _change(self, **changes: Any) -> None:
        if self.view is not None:
            plan = replace(self.view.plan, **changes)
            self._acts.write(
                drafts.set_plan, DraftChange(self.view.import_id, self.view.version, plan)
            )
