"""The one skeleton of every dialog that moves money. Enter moves on and never acts; only the named
button acts."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.money import format_kes
from sacco_desktop.ui.theme.sizes import XL, XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
)
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan
from sacco_desktop.ui.widgets.password_box import PasswordBox
from sacco_desktop.ui.widgets.ticks import TickBox

_WIDTH, _HEIGHT, _LEAST_HEIGHT = 900, 540, 240
# A sum and nothing else; a sentence that begins with one must wrap like every other.
_AMOUNT = re.compile(r"KES [−-]?[\d,]+\.\d\d")


class MoneyDialog(QDialog):
    """`confirmed` brings the password once every check holds. The owner then works and calls
    `accept` or `refuse`.

    `body` is what the page adds, such as the list of payments; only that part scrolls. It takes the room that is left,
    unless `body_grows` says that it is a few fields.
    """

    confirmed = Signal(str)
    body_grows = True

    def __init__(
        self, theme: Theme, plan: MoneyPlan, parent: QWidget, body: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plan = plan
        self._is_busy = False
        # At usual text; whoever opens the dialog may have set another width than ours.
        self._usual_width = 0
        self.setObjectName("money_dialog")
        self.setWindowTitle(plan.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._ticks = [
            TickBox(theme, words, name=f"confirmation_{number}")
            for number, words in enumerate(plan.confirmations, start=1)
        ]
        for tick in self._ticks:
            tick.toggled.connect(self._judge)
        self.password = PasswordBox(theme)
        self.password.edited.connect(self._judge)
        self.password.setVisible(plan.asks_password)
        self._wrong = plain_label("", TextRole.ERROR, name="password_error", wraps=True)
        self._why = plain_label("", TextRole.SECONDARY, name="why_locked", wraps=True)
        self._keep = push_button(plan.keep, name="keep")
        self._keep.clicked.connect(self.reject)
        self._act = push_button(plan.act, name="act", kind=ButtonKind.PRIMARY)
        self._act.clicked.connect(self.confirm)
        self._lay_out(body)
        self.resize(_WIDTH, _HEIGHT)
        self._judge()
        self.password.setFocus()
        theme.changed.connect(self._fit)

    def missing(self) -> str:
        """Why the button is locked, as one sentence; empty when it is not."""
        if not all(check.is_met for check in self._plan.checks):
            return "What is marked above stands in the way."
        if not all(tick.isChecked() for tick in self._ticks):
            return "Answer what is marked above first."
        if self._plan.asks_password and self.password.is_empty():
            return "Write your password to go on."
        return ""

    @Slot()
    def confirm(self) -> None:
        """The button and Ctrl+Enter. Does nothing while something is missing or the answer is
        awaited."""
        if self._is_busy or self.missing():
            return
        self._is_busy = True
        self._wrong.clear()
        self._judge()
        self.confirmed.emit(self.password.take())

    def refuse(self, sentence: str) -> None:
        """Say why it was not done; nothing was changed, and the person may try again."""
        self._is_busy = False
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self._judge()
        self.password.setFocus()

    def show_instead(self, widget: QWidget) -> None:
        """Put something in place of everything: what becomes of an act that takes its time."""
        self._sheet.hide()
        layout = self.layout()
        assert layout is not None
        layout.addWidget(widget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.confirm()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._usual_width = self._usual_width or self.width()
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # More fields, or a sentence under one: the dialog grows with them while it can.
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit(may_shrink=False)
        return super().eventFilter(watched, event)

    @Slot()
    def _fit(self, *, may_shrink: bool = True) -> None:
        """As wide as its letters ask and as high as what it says, never beyond the window; then the middle scrolls."""
        if not self.isVisible() or self._sheet.isHidden():
            return
        above = self.parentWidget()
        room = QSize(_WIDTH, _HEIGHT) if above is None else above.window().size() - QSize(L, L)
        width = min(room.width(), self._usual_width * self._theme.text_percent // 100)
        self.resize(max(width, self.minimumSizeHint().width()), self.height())
        layout, inside = self.layout(), self._inside.layout()
        assert layout is not None
        assert inside is not None
        layout.activate()
        view = self._area.viewport()
        needed = max(inside.minimumSize().height(), inside.totalHeightForWidth(view.width()))
        height = max(_LEAST_HEIGHT, self.height() + needed - view.height())
        if may_shrink or height > self.height():
            self.resize(self.width(), min(room.height(), height))

    @Slot()
    def _judge(self) -> None:
        missing = self.missing()
        self._act.setEnabled(not missing and not self._is_busy)
        self._why.setText("Working…" if self._is_busy else missing)
        self._act.setAccessibleDescription(self._why.text())

    def _lay_out(self, body: QWidget | None) -> None:
        self._sheet = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(L, L, L, L)
        outer.addWidget(self._sheet)
        column = QVBoxLayout(self._sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(M)
        column.addWidget(self._head())
        column.addWidget(self._scrolling(body), 1)
        column.addWidget(hairline())
        if self._plan.crash_line:
            crash = plain_label(
                self._plan.crash_line, TextRole.SECONDARY, name="crash_line", wraps=True
            )
            column.addWidget(crash)
        column.addLayout(self._who_you_are())
        self._wrong.hide()
        column.addWidget(self._wrong)
        column.addLayout(self._buttons())

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(
            plain_label(self._plan.title, TextRole.TITLE, name="money_title", wraps=True), 1
        )
        if self._plan.amount_cents is not None:
            amount = format_kes(self._plan.amount_cents)
            row.addWidget(plain_label(amount, TextRole.AMOUNT, name="money_amount"))
        return head

    def _scrolling(self, body: QWidget | None) -> QScrollArea:
        """Facts, effect, checks and notes. Nothing of it is cut: texts wrap and the rest
        scrolls."""
        inside = self._inside = QWidget()
        inside.setObjectName("money_body")
        inside.installEventFilter(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, S, 0)
        column.setSpacing(M)
        if body is not None:
            column.addWidget(body, 1 if self.body_grows else 0)
        for note in self._plan.notes:
            column.addWidget(Callout(self._theme, note.text, note.colour, note.title))
        for tick in self._ticks:
            column.addWidget(tick)
        for effect in self._plan.effects:
            column.addWidget(plain_label(f"→ {effect}", name="effect", wraps=True))
        column.addLayout(self._facts_and_checks())
        column.addStretch(1)
        area = self._area = QScrollArea()
        area.setObjectName("money_area")
        area.setAccessibleName("What will happen")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _facts_and_checks(self) -> QHBoxLayout:
        """Side by side, because height is scarce and both are short lines."""
        row = QHBoxLayout()
        row.setSpacing(XL)
        if self._plan.facts:
            row.addWidget(_facts(self._theme, self._plan.facts), 1, Qt.AlignmentFlag.AlignTop)
        checks = QVBoxLayout()
        checks.setSpacing(XS)
        for check in self._plan.checks:
            checks.addWidget(self._check(check))
        checks.addStretch(1)
        if self._plan.checks:
            row.addLayout(checks, 1)
        return row

    def _check(self, check: Check) -> QWidget:
        if not check.is_met:
            return Callout(self._theme, check.text, ChipColour.RED)
        return plain_label(f"✓ {check.text}", name="check", wraps=True)

    def _who_you_are(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(M)
        label = plain_label("Your password", TextRole.SECONDARY)
        label.setBuddy(self.password)
        label.setVisible(self._plan.asks_password)
        self.password.setMaximumWidth(self.password.fontMetrics().averageCharWidth() * 40)
        row.addWidget(label)
        row.addWidget(self.password)
        row.addWidget(self._why, 1)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(S)
        self.left_buttons = QHBoxLayout()
        row.addLayout(self.left_buttons)
        row.addStretch(1)
        row.addWidget(self._keep)
        row.addWidget(self._act)
        return row


def _facts(theme: Theme, facts: tuple[tuple[str, str], ...]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    # Amounts under each other keep their decimals in one line.
    are_amounts = all(_AMOUNT.fullmatch(fact) for _name, fact in facts)
    grid.setColumnStretch(2 if are_amounts else 1, 1)
    for line, (name, fact) in enumerate(facts):
        top = Qt.AlignmentFlag.AlignTop
        side = top | Qt.AlignmentFlag.AlignRight if are_amounts else top
        told = (
            FigureLabel(theme, fact, name="fact")
            if are_amounts
            else plain_label(fact, name="fact", wraps=True)
        )
        grid.addWidget(plain_label(name, TextRole.SECONDARY), line, 0, top)
        grid.addWidget(told, line, 1, side)
    return box
