"""Step 4: our sums beside what the old book says. A difference needs a reason that the other person agrees to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.drafts import TotalsChange
from sacco_desktop.services.old_books.dry_run import DraftView
from sacco_desktop.ui.pages.old_books.step import Acts, Step
from sacco_desktop.ui.theme.sizes import M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_HEADS = ("", "Ready to import KES", "All rows KES", "Old book says KES", "Difference KES")


class TotalsStep(Step):
    """One line for each column of amounts; Compare keeps what was typed."""

    def __init__(self, theme: Theme, acts: Acts) -> None:
        super().__init__("import_totals_step")
        self._acts = acts
        self.column.addWidget(
            plain_label(
                "Take the totals from the old book itself, not from this file, and write them here.",
                wraps=True,
            )
        )
        self._lines = QWidget()
        self.column.addWidget(self._lines)
        self._told = Callout(theme, "", ChipColour.GREEN)
        self.column.addWidget(self._told)
        label = plain_label("Why they differ, for the person who agrees")
        self.explanation = QLineEdit()
        self.explanation.setObjectName("explanation")
        self.explanation.setAccessibleName("Why the sums differ")
        label.setBuddy(self.explanation)
        self.column.addWidget(label)
        self.column.addWidget(self.explanation)
        self.compare_button = push_button("Compare", name="compare", kind=ButtonKind.PRIMARY)
        self.compare_button.clicked.connect(self.compare)
        self.column.addWidget(self.compare_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.fields: dict[Meaning, MoneyEdit] = {}
        # What the last reading put into each line: whatever differs was typed since, and stays.
        self._put: dict[QLineEdit, str] = {}

    def show_draft(self, view: DraftView) -> None:
        if self.view is None or self.view.import_id != view.import_id:
            self._put, self.fields = {self.explanation: self.explanation.text()}, {}
        super().show_draft(view)
        self._make_lines(view)
        if self._put.get(self.explanation, "") == self.explanation.text():
            self.explanation.setText(view.explanation)
        self._put[self.explanation] = view.explanation
        open_ones = [one.name for one in view.checked.totals if one.old_cents is None]
        differ = [one.name for one in view.checked.totals if one.difference_cents]
        if not view.checked.totals:
            self._told.say(
                "No column of this file is an amount, so there is nothing to compare.",
                ChipColour.BLUE,
            )
        elif open_ones:
            words = f"Still to be compared: {', '.join(open_ones)}."
            self._told.say(words, ChipColour.AMBER)
        elif differ:
            words = f"Not as in the old book: {', '.join(differ)}. Rows with problems are not in our sums."
            self._told.say(words, ChipColour.AMBER)
        else:
            self._told.say("Every sum is that of the old book.", ChipColour.GREEN)
        for part in (self.explanation, self.compare_button, *self.fields.values()):
            part.setEnabled(view.status == "draft")

    def _make_lines(self, view: DraftView) -> None:
        lines = QWidget()
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        for place, words in enumerate(_HEADS):
            grid.addWidget(plain_label(words, TextRole.SECONDARY), 0, place, _side(place))
        typed = {
            meaning: field.text()
            for meaning, field in self.fields.items()
            if self._put.pop(field, "") != field.text()
        }
        self.fields = {}
        for line, total in enumerate(view.checked.totals, 1):
            meaning = Meaning(total.name)
            field = MoneyEdit(f"old_{meaning.name.lower()}", allow_zero=True)
            field.setAccessibleName(f"What the old book says for {total.name}")
            field.set_cents(total.old_cents)
            self._put[field] = field.text()
            if meaning in typed:
                field.setText(typed[meaning])
            self.fields[meaning] = field
            difference = total.difference_cents
            texts = [
                total.name,
                format_amount(total.ready_cents),
                format_amount(total.all_cents),
                "",
                "" if difference is None else format_amount(difference),
            ]
            for place, words in enumerate(texts):
                if place != 3:
                    grid.addWidget(
                        plain_label(words, TextRole.STRONG if not place else TextRole.BODY),
                        line,
                        place,
                        _side(place),
                    )
            grid.addWidget(field, line, 3)
        grid.setColumnStretch(5, 1)
        self.column.replaceWidget(self._lines, lines)
        self._lines.deleteLater()
        self._lines = lines

    def compare(self) -> None:
        """Keep what was typed, and compare."""
        if self.view is None:
            return
        totals = {}
        for meaning, field in self.fields.items():
            try:
                cents = field.cents()
            except InvalidInput as error:
                self._told.say(f"{meaning.value}: {error.message}", ChipColour.RED)
                field.setFocus()
                return
            if cents is not None:
                totals[meaning] = cents
        change = TotalsChange(
            self.view.import_id, self.view.version, totals, self.explanation.text()
        )
        self._acts.write(drafts.set_totals, change)


def _side(place: int) -> Qt.AlignmentFlag:
    """Amounts stand at the right, under each other; what they are of at the left."""
    across = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
