"""Any explanation as a page that scrolls: the figure, the rule, what it was reckoned from, steps, entries, notes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.explanations.explanation import EntryLine, Explanation, Given
from sacco_desktop.domain.money import format_amount
from sacco_desktop.ui.theme.sizes import XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
)


class ExplanationView(QScrollArea):
    """`entry_asked` brings the number of the entry that a person wants to see."""

    entry_asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("explanation")
        self.setAccessibleName("Explanation")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say("Reading…")

    def say(self, sentence: str) -> None:
        """One sentence in the place of an explanation."""
        self._put([plain_label(sentence, TextRole.SECONDARY, name="explanation_state", wraps=True)])

    def show_explanation(self, found: Explanation) -> None:
        """Replace what is shown."""
        frame = found.frame
        about = f"{frame.about}, as of {format_date(frame.as_of)}"
        parts: list[QWidget] = [
            plain_label(found.title, TextRole.SECTION, name="explained_title", wraps=True),
            plain_label(found.result, TextRole.AMOUNT, name="explained_result", wraps=True),
            plain_label(about, TextRole.SECONDARY, name="explained_about", wraps=True),
            hairline(),
            plain_label("The rule", TextRole.STRONG),
            plain_label(found.rule, name="explained_rule", wraps=True),
        ]
        parts += [
            plain_label(f"{source.line}.", TextRole.SECONDARY, name="explained_source", wraps=True)
            for source in frame.sources
        ]
        if found.given:
            parts += [plain_label("Reckoned from", TextRole.STRONG), _given(found.given)]
        if found.steps:
            parts += [plain_label("Step by step, KES", TextRole.STRONG), self._steps(found)]
        if frame.entries:
            parts += [
                plain_label("Entries it rests on", TextRole.STRONG),
                *self._entries(frame.entries),
            ]
        parts += [Callout(self._theme, note, ChipColour.BLUE) for note in frame.notes]
        self._put(parts)

    def _put(self, parts: Sequence[QWidget]) -> None:
        body = QWidget()
        body.setObjectName("paper")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(S)
        for part in parts:
            if part.property("role"):
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # type: ignore[attr-defined]
            column.addWidget(part)
        column.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(body)

    def _steps(self, found: Explanation) -> QWidget:
        lines = AmountLines(self._theme, "explained_steps", fills=True)
        steps = [NamedAmount(step.label, step.cents) for step in found.steps]
        if found.result_cents is not None:
            steps.append(NamedAmount(found.title, found.result_cents, is_total=True))
        lines.show_lines(steps)
        return lines

    def _entries(self, entries: Sequence[EntryLine]) -> list[QWidget]:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(XS)
        grid.setColumnStretch(1, 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        for line, each in enumerate(entries):
            link = push_button(
                f"Entry {each.number}", name=f"entry_{each.number}", kind=ButtonKind.LINK
            )
            link.clicked.connect(lambda _=False, number=each.number: self.entry_asked.emit(number))
            words = f"{format_date(each.on)}, {each.words}"
            grid.addWidget(link, line, 0, middle)
            grid.addWidget(plain_label(words, wraps=True), line, 1, middle)
            amount = plain_label(format_amount(each.cents))
            grid.addWidget(amount, line, 2, middle | Qt.AlignmentFlag.AlignRight)
        return [box]


def _given(lines: Sequence[Given]) -> QWidget:
    """Names in a quiet colour at the left, values at the right."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(0, 1)
    for line, each in enumerate(lines):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(plain_label(each.label, TextRole.SECONDARY, wraps=True), line, 0, top)
        value = plain_label(each.words, name="given")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(value, line, 1, top | Qt.AlignmentFlag.AlignRight)
    return box
