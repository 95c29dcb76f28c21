"""The panel at the right of a list: always about the row under the cursor, and scrolls rather than
squeezes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.money import format_kes
from sacco_desktop.ui.theme.sizes import XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.details import Details, PanelAction, Step
from sacco_desktop.ui.widgets.explain_link import explain_link
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    FactName,
    TextRole,
    hairline,
    plain_label,
    push_button,
    restyle,
)
from sacco_desktop.ui.widgets.small_photo import small_photo

_CHOOSE = "Choose a row to see more about it."


class DetailsPanel(QScrollArea):
    """Shows one Details at a time, or a hint while no row is chosen."""

    def __init__(self, theme: Theme, hint: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._hint = hint or _CHOOSE
        self._elsewhere = ""
        # Before the first reading there is nothing to choose from; another hint does not speak of rows.
        self._has_rows = bool(hint)
        self._shown: Details | None = None
        self._about: object = None
        self._acts: dict[str, Callable[[], None] | None] = {}
        self.setObjectName("details")
        self.setAccessibleName("Details")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._fix_width)
        self._fix_width()
        self.show_details(None)

    def offer_rows(self, are_there: bool) -> None:
        """The hint speaks of rows, so it says nothing while none is listed."""
        for label in self.findChildren(QLabel, "hint"):
            label.setVisible(are_there)
        self._has_rows = are_there

    def show_details(self, details: Details | None, about: object = None) -> None:
        """Replace everything. The scroll position starts at the top, because this is another
        row.

        `about` is the row that the details were made from. As long as it and what is said of it are the same, the panel
        stays as it is: what is being read, chosen or clicked there does not go away under the hand.
        """
        if details is not None:
            every = (details.action, *details.other_actions, *details.explains)
            self._acts = {each.key: each.act for each in every if each is not None}
        is_same = about is not None and about == self._about and _say_the_same(details, self._shown)
        self._about = about
        if not is_same:
            self._replace(details)

    def _replace(self, details: Details | None) -> None:
        self._shown = details
        body = QWidget()
        body.setObjectName("panel_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        if details is None:
            hint = plain_label(self._hint, TextRole.SECONDARY, name="hint", wraps=True)
            if not self._has_rows:
                hint.hide()
            column.addWidget(hint)
        else:
            for part in self._parts(details):
                column.addWidget(part)
                if isinstance(part, ChipLabel):
                    column.setAlignment(part, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        # setWidget deletes the body before; taking it first keeps a button alive that is being
        # clicked right now.
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(body)
        self._put_buttons_after_panel(body)

    def _put_buttons_after_panel(self, body: QWidget) -> None:
        """Qt puts what is made later behind everything, so that Tab would come to *Close* of a dialog first."""
        before: QWidget = self
        for button in body.findChildren(QPushButton):
            self.setTabOrder(before, button)
            before = button

    def say_elsewhere(self, words: str) -> None:
        """What somebody at another PC has just done to this row; empty when there is nothing to say any more."""
        if words != self._elsewhere:
            self._elsewhere = words
            self._replace(self._shown)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.panel_width, 120)

    def _fix_width(self) -> None:
        self.setFixedWidth(self._theme.sizes.panel_width)

    def _parts(self, details: Details) -> list[QWidget]:
        parts: list[QWidget] = [_head(details)]
        if (photo := small_photo(details)) is not None:
            parts.append(photo)
        if self._elsewhere:
            bar = Callout(self._theme, self._elsewhere, ChipColour.BLUE, "Changed just now")
            bar.setObjectName("elsewhere")
            parts.append(bar)
        if details.chip is not None:
            parts.append(ChipLabel(self._theme, details.chip))
        for note in (details.note, *details.more_notes):
            if note is not None:
                parts.append(Callout(self._theme, note.text, note.colour, note.title))
        if details.action is not None:
            parts.append(self._button(details.action, ButtonKind.PRIMARY))
        others = [self._button(action, ButtonKind.PLAIN) for action in details.other_actions]
        if details.are_actions_together:
            parts.extend(others)
        if details.facts:
            parts.append(_facts(details.facts, self._links(details.explains)))
        if details.timeline:
            parts.extend([hairline(), _timeline(details.timeline)])
        return parts if details.are_actions_together else [*parts, *others]

    def _links(self, explains: Sequence[PanelAction]) -> dict[str, QPushButton]:
        """For each fact that can be asked about, the word that asks."""
        return {
            each.text: explain_link(each.key, each.text, partial(self._press, each.key))
            for each in explains
        }

    def _button(self, action: PanelAction, kind: ButtonKind) -> QWidget:
        """A button, or a locked button with its reason under it."""
        button = push_button(action.text, name=action.key, kind=kind)
        if action.act is None:
            return _locked(button, action.why_locked)
        button.clicked.connect(lambda: self._press(action.key))
        return button

    def _press(self, key: str) -> None:
        """Do what the newest reading says that this button does."""
        act = self._acts.get(key)
        if act is not None:
            act()


def _say_the_same(one: Details | None, other: Details | None) -> bool:
    """What the actions do is made anew for each reading and so never equal; whether they are locked must be."""
    if one is None or other is None:
        return one is other
    return _without_acts(one) == _without_acts(other)


def _without_acts(details: Details) -> tuple[Details, list[bool]]:
    actions = [each for each in (details.action, *details.other_actions) if each is not None]
    bare = [replace(each, act=None) for each in actions]
    asked = tuple(replace(each, act=None) for each in details.explains)
    locked = [each.act is None for each in actions]
    main = bare.pop(0) if details.action is not None else None
    return replace(details, action=main, other_actions=tuple(bare), explains=asked), locked


def _head(details: Details) -> QWidget:
    """Who, and how much. Both may be copied with the mouse."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(XS)
    title = plain_label(details.title, TextRole.SECTION, name="details_title", wraps=True)
    title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(title)
    if details.subtitle:
        column.addWidget(plain_label(details.subtitle, TextRole.SECONDARY, wraps=True))
    if details.amount_cents is not None:
        amount = plain_label(
            format_kes(details.amount_cents), TextRole.AMOUNT, name="details_amount", wraps=True
        )
        amount.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        restyle(amount, "negative", details.amount_cents < 0)
        column.addWidget(amount)
    return box


def _facts(facts: Sequence[tuple[str, str]], links: Mapping[str, QPushButton]) -> QWidget:
    """Names in a quiet colour at the left, what is so at the right; both wrap. What can be asked about has its word."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(M)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for line, (name, fact) in enumerate(facts):
        told = plain_label(fact, name="fact", wraps=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(FactName(name), 2 * line, 0, top)
        grid.addWidget(told, 2 * line, 1, top)
        if name in links:
            # Below its figure: beside it, a panel with large letters would be too narrow.
            grid.addWidget(links[name], 2 * line + 1, 1, Qt.AlignmentFlag.AlignLeft)
    return box


def _timeline(steps: Sequence[Step]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(S)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(1, 1)
    for line, step in enumerate(steps):
        role = TextRole.BODY if step.is_done else TextRole.SECONDARY
        sign = "✓" if step.is_done else "○"
        grid.addWidget(plain_label(sign, role), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(plain_label(step.text, role, name="step", wraps=True), line, 1)
        when = plain_label(step.when, TextRole.SECONDARY)
        grid.addWidget(when, line, 2, Qt.AlignmentFlag.AlignTop)
    return box


def _locked(button: QPushButton, why: str) -> QWidget:
    """The button with its reason under it."""
    button.setEnabled(False)
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(XS)
    column.addWidget(button)
    column.addWidget(plain_label(why, TextRole.SECONDARY, name="why_locked", wraps=True))
    return box
