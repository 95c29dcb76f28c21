"""Check setup: everything a payment needs, line by line as it is looked at, and the next step for what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.operations.check_setup import Finding, Mark, check_setup
from sacco_desktop.settings import Settings
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
)

_CHIPS = {
    Mark.GOOD: Chip("good", "✓", "check", "Right", "Sawa", ChipColour.GREEN),
    Mark.WRONG: Chip("wrong", "✕", "x", "Wrong", "Si sawa", ChipColour.RED),
    Mark.NOT_REACHED: Chip("waits", "–", "minus", "Waits", "Inasubiri", ChipColour.GREY),
}


class CheckSetupDialog(QDialog):
    """Begins to look as soon as it is open, and may be closed at any time: it changes nothing."""

    def __init__(self, desk: Desk, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._settings = settings
        self._count = 0
        self.findings: tuple[Finding, ...] = ()
        self.setObjectName("check_setup_dialog")
        self.setWindowTitle("Check setup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._summary = Callout(desk.theme, "", ChipColour.BLUE)
        self._summary.setObjectName("check_summary")
        self._again = push_button("Check again", name="check_again", kind=ButtonKind.PRIMARY)
        self._again.clicked.connect(self._look)
        self._lay_out()
        room = parent.window().size()
        self.resize(min(860, room.width() - L), min(600, room.height() - L))
        self._look()

    def _look(self) -> None:
        self._start_over()
        office, settings = self._desk.office, self._settings
        tell = self._desk.background.for_gui(self._add, self)
        self._desk.background.operate(
            lambda: check_setup(office, settings, tell),
            owner=self,
            done=self._end,
            failed=self._broke,
        )

    def _start_over(self) -> None:
        self.findings = ()
        self._count = 0
        while (item := self._lines.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self._again.setEnabled(False)
        self._summary.say("Looking at each point. This takes up to a minute.", ChipColour.BLUE)

    def _add(self, finding: Finding) -> None:
        row, self._count = self._count, self._count + 1
        top = Qt.AlignmentFlag.AlignTop
        chip = ChipLabel(self._desk.theme, _CHIPS[finding.mark])
        self._lines.addWidget(chip, row, 0, top)
        title = plain_label(finding.title, TextRole.STRONG, name=f"check_{finding.key}")
        self._lines.addWidget(title, row, 1, top)
        words = plain_label(finding.words, name=f"check_{finding.key}_words", wraps=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if finding.mark is Mark.NOT_REACHED:
            words.setProperty("role", TextRole.SECONDARY.value)
        self._lines.addWidget(words, row, 2, top)

    def _end(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        self._again.setEnabled(True)
        wrong = next((finding for finding in findings if finding.mark is Mark.WRONG), None)
        if wrong is None:
            self._summary.say("Everything that a payment needs is in order.", ChipColour.GREEN)
        else:
            self._summary.say(wrong.next_step, ChipColour.RED, "The next step")

    def _broke(self, error: BaseException) -> None:
        self._again.setEnabled(True)
        self._summary.say("The check could not go on.", ChipColour.RED)
        self._desk.show(error, self)

    def _lay_out(self) -> None:
        inside = QWidget()
        around = QVBoxLayout(inside)
        around.setContentsMargins(0, 0, S, 0)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(L)
        self._lines.setVerticalSpacing(M)
        self._lines.setColumnStretch(2, 1)
        around.addLayout(self._lines)
        around.addStretch(1)
        area = QScrollArea()
        area.setObjectName("check_area")
        area.setAccessibleName("Points")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        close = push_button("Close", name="close")
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addWidget(plain_label("Check setup", TextRole.TITLE))
        column.addWidget(self._summary)
        column.addWidget(area, 1)
        column.addWidget(hairline())
        column.addLayout(buttons)
