"""The set-up of empty books: five steps, and one transaction at the end. What is broken off leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QFont, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.documents.recovery_sheet import RecoverySheet, draw_recovery_sheet
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.services.people import first_run
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.settings import Settings
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.desk import Paper
from sacco_desktop.ui.messages import Messages, Question
from sacco_desktop.ui.paper_view import PaperView
from sacco_desktop.ui.start.steps import (
    WORLDS,
    AdministratorStep,
    KeyStep,
    ReadyStep,
    SocietyStep,
    Step,
    WorldStep,
)
from sacco_desktop.ui.theme.sizes import XL, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import (
    ButtonKind,
    TextRole,
    hairline,
    plain_label,
    push_button,
    restyle,
)

_BREAK_OFF = Question(
    "Finish later",
    "Finish the set-up later? Nothing of it is kept; it begins anew at the next start.",
    "Finish later",
    "Go on with the set-up",
)


@dataclass(frozen=True, slots=True)
class SetUpRoom:
    """What the set-up works with. `recovery_words` is the key of these books as it is printed."""

    theme: Theme
    messages: Messages
    background: Background
    settings: Settings
    recovery_words: str
    now: Callable[[], datetime]


class SetUpWindow(QDialog):
    """Ends accepted when the books have begun. Back and Next stay at one place; Enter goes on to the next field."""

    def __init__(self, room: SetUpRoom) -> None:
        super().__init__()
        self._room = room
        self._is_busy = False
        self._may_close = False
        self.setObjectName("set_up")
        self.setWindowTitle("Set up Sacco Desktop")
        self.setWindowIcon(room.theme.program_icon())
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self._society = SocietyStep()
        self._world = WorldStep()
        self._administrator = AdministratorStep(room.theme)
        self._key = KeyStep(room.theme, room.recovery_words, self._show_sheet)
        self._ready = ReadyStep()
        self._steps: tuple[Step, ...] = (
            self._society, self._world, self._administrator, self._key, self._ready,
        )  # fmt: skip
        self._place = 0
        self._names = [plain_label("", name=f"step_{n}") for n in range(1, len(self._steps) + 1)]
        self._lay_out()
        self._open(0)
        room.theme.changed.connect(self._fit_list)
        self._fit_list()
        self.resize(940, 600)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._go_on()
        else:
            self.focusNextChild()

    def reject(self) -> None:
        """Esc and *Finish later* ask first, because nothing is kept."""
        if self._may_close:
            super().reject()
        elif not self._is_busy:
            self._room.messages.ask(self, _BREAK_OFF, self._break_off)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.reject()

    def _break_off(self, is_wanted: bool) -> None:
        if is_wanted:
            self._may_close = True
            self.reject()

    @Slot()
    def _go_on(self) -> None:
        if self._is_busy or not self._steps[self._place].ready():
            return
        if self._place + 1 < len(self._steps):
            self._open(self._place + 1)
        else:
            self._begin()

    @Slot()
    def _go_back(self) -> None:
        self._open(max(0, self._place - 1))

    def _open(self, place: int) -> None:
        self._place = place
        if self._steps[place] is self._ready:
            self._ready.show_facts(self._facts())
        self._stack.setCurrentIndex(place)
        for number, label in enumerate(self._names):
            sign = "✓" if number < place else ("▸" if number == place else "○")
            label.setText(f"{sign} {number + 1}  {self._steps[number].title}")
            role = TextRole.STRONG if number == place else TextRole.SECONDARY
            restyle(label, "role", role.value)
        is_last = place + 1 == len(self._steps)
        self._say_place()
        self._next.setText("Begin these books" if is_last else "Next")
        self._back.setEnabled(place > 0)
        first = self._steps[place].findChild(QLineEdit)
        (first or self._next).setFocus(Qt.FocusReason.OtherFocusReason)

    def _facts(self) -> list[tuple[str, str]]:
        society = self._society.society(self._world.environment)
        person = self._administrator.person()
        world = next(name for key, name, _ in WORLDS if key == society.environment)
        return [
            ("Society", f"{society.name}, {society.registration_number}"),
            ("Address", ", ".join(filter(None, (society.postal_address, society.phone))) or "—"),
            ("World", f"{world}. It stays with these books."),
            ("Administrator", f"{person.full_name}, signs in as {person.username}"),
            ("Books", str(self._room.settings.books_path)),
        ]

    def _begin(self) -> None:
        new = NewBooks(self._society.society(self._world.environment), self._administrator.person())
        self._say_busy(True)
        self._room.background.write(
            first_run.begin, new, owner=self, done=self._begun, failed=self._refused
        )

    def _begun(self, _books_id: str) -> None:
        self._may_close = True
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._say_busy(False)
        if isinstance(error, SaccoError):
            self._ready.refuse(error)
        else:
            self._room.messages.show(error, self)

    def _say_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        for button in (self._next, self._back, self._later):
            button.setEnabled(not is_busy)
        self._say_place()

    def _say_place(self) -> None:
        place = f"Step {self._place + 1} of {len(self._steps)}"
        self._where.setText("Working…" if self._is_busy else place)

    def _show_sheet(self) -> None:
        room = self._room
        society = self._society.society(self._world.environment)
        paper = RecoverySheet(
            society=society.name,
            is_practice=society.environment != "production",
            words=room.recovery_words,
            pc_name=room.settings.pc_name,
            folder=str(room.settings.data_dir),
            printed_at=room.now(),
        )
        self._key.say_drawing(True)
        room.background.render(
            lambda: draw_recovery_sheet(paper),
            owner=self,
            done=self._preview,
            failed=self._not_drawn,
        )

    def _not_drawn(self, error: BaseException) -> None:
        self._key.say_drawing(False)
        self._room.messages.show(error, self)

    def _preview(self, pdf: bytes) -> None:
        self._key.say_drawing(False)
        paper = Paper(pdf, "Recovery sheet", "Recovery-sheet.pdf")
        PaperView(self, self._room.theme, self._room.background, paper).open()

    def _lay_out(self) -> None:
        self._list = names = QWidget()
        names.setObjectName("rail")
        names.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left = QVBoxLayout(names)
        left.setContentsMargins(XL, XL, XL, XL)
        left.setSpacing(M)
        self._heading = plain_label("Set up Sacco Desktop", TextRole.SECTION)
        left.addWidget(self._heading)
        left.addSpacing(S)
        for label in self._names:
            left.addWidget(label)
        left.addStretch(1)
        self._stack = QStackedWidget()
        for step in self._steps:
            self._stack.addWidget(_scrolling(step))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        right.addWidget(hairline())
        right.addLayout(self._buttons())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(names)
        row.addLayout(right, 1)

    @Slot()
    def _fit_list(self) -> None:
        """The room that the longest name needs while it is the bold one, so that the line beside it never moves."""
        bold = QFontMetrics(self._room.theme.font(QFont.Weight.DemiBold))
        widest = max(
            bold.horizontalAdvance(f"▸ {number}  {step.title}")
            for number, step in enumerate(self._steps, start=1)
        )
        self._heading.ensurePolished()
        heading = self._heading.sizeHint().width()
        self._list.setFixedWidth(max(widest, heading) + 2 * XL + S)

    def _buttons(self) -> QHBoxLayout:
        self._where = plain_label("", TextRole.SECONDARY, name="where")
        self._later = push_button("Finish later", name="finish_later")
        self._later.clicked.connect(self.reject)
        self._back = push_button("Back", name="back")
        self._back.clicked.connect(self._go_back)
        self._next = push_button("Next", name="next", kind=ButtonKind.PRIMARY)
        self._next.clicked.connect(self._go_on)
        row = QHBoxLayout()
        row.setContentsMargins(XL, M, XL, M)
        row.setSpacing(S)
        row.addWidget(self._where)
        row.addStretch(1)
        for button in (self._later, self._back, self._next):
            row.addWidget(button)
        return row


def _scrolling(step: Step) -> QScrollArea:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(XL, XL, XL, M)
    column.addWidget(step)
    area = QScrollArea()
    area.setObjectName("step_area")
    area.setAccessibleName(step.title)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
