"""The steps of the set-up. Each says by `ready` whether it is filled in, and puts what is missing under its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.office import society, users
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.ui.theme.sizes import XL, XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox
from sacco_desktop.ui.widgets.ticks import TickBox

# Key, name, and what follows from it.
WORLDS = (
    (
        "practice",
        "Practice",
        "Invented money. A simulated M-Pesa answers on this computer and no phone is ever paid. Every paper says"
        " PRACTICE. For learning and trying.",
    ),
    (
        "sandbox",
        "Sandbox",
        "Safaricom's own test system over the internet, with your test keys. No real money moves. For trying the"
        " connection before going live.",
    ),
    (
        "production",
        "Production",
        "Real money. Payouts reach members' phones, and papers count. For the office at work.",
    ),
)
_GROUPS_IN_A_ROW = 4
_SHOW_SHEET = "Show and print the recovery sheet…"


class Step(QWidget):
    """One page of the set-up. `title` stands in the list at the left and over the page."""

    title = ""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(M)
        self.column.addWidget(plain_label(self.title, TextRole.TITLE, name="step_title"))
        if text:
            self.column.addWidget(plain_label(text, name="step_text", wraps=True))

    def ready(self) -> bool:
        """Whether the person may go on; otherwise what is missing is shown."""
        return True

    def opened(self) -> None:
        """The page is shown now."""

    def _line(self, form: Form, field: str, title: str, note: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(field)
        form.add_row(field, title, line, note)
        return line


class SocietyStep(Step):
    """Who keeps these books, as every paper will say it."""

    title = "The society"

    def __init__(self) -> None:
        super().__init__("It stands at the head of every receipt, voucher and statement.")
        self._form = Form(_no_other)
        self._name = self._line(
            self._form, "name", "Name", "As registered, for example Umoja Sacco Society Ltd."
        )
        self._number = self._line(
            self._form, "registration_number", "CS number", "For example CS/1234."
        )
        self._address = self._line(self._form, "postal_address", "Postal address")
        self._phone = self._line(self._form, "phone", "Phone")
        self.column.addWidget(self._form)
        self.column.addStretch(1)

    def ready(self) -> bool:
        return self._form.read(self._read) is not None

    def society(self, environment: str) -> NewSociety:
        """What was typed, for the world chosen in the next step. Raises InvalidInput."""
        return society.check_name(
            NewSociety(
                self._name.text(),
                self._number.text(),
                self._address.text(),
                self._phone.text(),
                environment,
            )
        )

    def _read(self) -> NewSociety:
        return self.society("practice")


class WorldStep(Step):
    """Practice, sandbox or production, with what follows from each. Nothing is chosen beforehand."""

    title = "The world of these books"

    def __init__(self) -> None:
        super().__init__("It cannot be changed later: each world has books of its own.")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(L)
        grid.setColumnStretch(1, 1)
        for row, (key, name, words) in enumerate(WORLDS):
            button = push_button(name, name=f"world_{key}")
            button.setCheckable(True)
            button.setAccessibleDescription(words)
            button.setMinimumWidth(button.fontMetrics().averageCharWidth() * 22)
            self._group.addButton(button)
            self._buttons[key] = button
            grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(plain_label(words, wraps=True), row, 1)
        self._group.buttonClicked.connect(self._mark)
        self._error = plain_label("", TextRole.ERROR, name="world_error", wraps=True)
        self.column.addSpacing(S)
        self.column.addLayout(grid)
        self.column.addWidget(self._error)
        self.column.addStretch(1)

    @property
    def environment(self) -> str:
        """The key of the chosen world, or an empty text."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def ready(self) -> bool:
        self._error.setText("" if self.environment else "Choose practice, sandbox or production.")
        return bool(self.environment)

    def _mark(self) -> None:
        """A sign beside the colour, for eyes and prints without colours."""
        self._error.clear()
        for key, name, _words in WORLDS:
            button = self._buttons[key]
            button.setText(f"✓ {name}" if button.isChecked() else name)


class AdministratorStep(Step):
    """The first person, who adds the others."""

    title = "The first person"

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "The administrator adds people and sets up M-Pesa and the relay, and touches no money. More roles can be"
            " given later."
        )
        self._form = Form(_no_other)
        self._full_name = self._line(self._form, "full_name", "Full name")
        note = "Small letters without gaps, for example ruth. It is typed at each sign-in."
        self._username = self._line(self._form, "username", "User name", note)
        self._password = PasswordBox(theme, "password", "Password")
        rule = "At least 10 characters. A short sentence is good."
        self._form.add_row("password", "Password", self._password, rule)
        self._again = PasswordBox(theme, "again", "Password once more")
        self._form.add_row("again", "Once more", self._again)
        self.column.addWidget(self._form)
        self.column.addWidget(
            Callout(
                theme,
                "Payments stay off until at least one more person is there: whoever asks for a payment never approves"
                " it. Add people after the set-up: Settings, People.",
                ChipColour.BLUE,
            )
        )
        self.column.addStretch(1)

    def ready(self) -> bool:
        return self._form.read(self.person) is not None

    def person(self) -> NewUser:
        """What was typed. Raises InvalidInput under its field."""
        password = self._password.line.text()
        roles = frozenset({Role.ADMINISTRATOR})
        new = users.check_new(
            NewUser(self._username.text(), self._full_name.text(), roles, password)
        )
        if self._again.line.text() != password:
            raise InvalidInput("The two passwords differ. Type them again.", "again")
        return new


class KeyStep(Step):
    """The recovery key, to be printed and locked away before anything is written."""

    title = "The recovery key"

    def __init__(self, theme: Theme, words: str, show_sheet: Callable[[], None]) -> None:
        super().__init__(
            "The books are encrypted. If this computer breaks or its passphrase is forgotten, only this key opens them."
            " Print it, put it into an envelope and lock it into the safe."
        )
        self.column.addWidget(_key_grid(words.split()))
        self._show = push_button(_SHOW_SHEET, name="show_recovery_sheet")
        self._show.clicked.connect(show_sheet)
        self.column.addWidget(self._show, 0, Qt.AlignmentFlag.AlignLeft)
        self._tick = TickBox(
            theme, "The key is on paper and will be locked away.", name="key_is_on_paper"
        )
        self._error = plain_label("", TextRole.ERROR, name="key_error", wraps=True)
        self._tick.toggled.connect(self._error.clear)
        self.column.addWidget(self._tick)
        self.column.addWidget(self._error)
        self.column.addStretch(1)

    def say_drawing(self, is_drawing: bool) -> None:
        """The first paper of a start takes a moment, because its letters are read."""
        self._show.setText("Drawing the sheet…" if is_drawing else _SHOW_SHEET)
        self._show.setEnabled(not is_drawing)

    def ready(self) -> bool:
        is_ticked = self._tick.isChecked()
        self._error.setText(
            "" if is_ticked else "Print the sheet or copy the key by hand, then tick this."
        )
        return is_ticked


class ReadyStep(Step):
    """What will be written, and what remains to be done afterwards."""

    title = "Ready"

    def __init__(self) -> None:
        super().__init__("Nothing is written yet. It is written in one step when you begin.")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(XL)
        self._facts.setVerticalSpacing(S)
        self._facts.setColumnStretch(1, 1)
        self._told = plain_label("", TextRole.ERROR, name="set_up_error", wraps=True)
        self.column.addLayout(self._facts)
        self.column.addSpacing(M)
        self.column.addWidget(plain_label("Afterwards", TextRole.SECTION))
        for words in (
            "○ Add the other people: Settings, People.",
            "○ Enrol at a relay, through which M-Pesa's results come: Settings, Relay.",
            "○ Enter the M-Pesa connection: Settings, M-Pesa.",
            "○ Look whether all is well: Help, Check setup.",
        ):
            self.column.addWidget(plain_label(words, wraps=True))
        self.column.addWidget(self._told)
        self.column.addStretch(1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Replace what will be written."""
        while (item := self._facts.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for row, (name, fact) in enumerate(facts):
            top = Qt.AlignmentFlag.AlignTop
            self._facts.addWidget(plain_label(name, TextRole.SECONDARY), row, 0, top)
            self._facts.addWidget(plain_label(fact, name="fact", wraps=True), row, 1)
        self._told.clear()

    def refuse(self, error: SaccoError) -> None:
        """It was not written, and why."""
        self._told.setText(error.message)


def _key_grid(groups: Sequence[str]) -> QWidget:
    """The key as on the sheet: four groups in a row."""
    box = QWidget()
    box.setObjectName("recovery_key")
    grid = QGridLayout(box)
    grid.setContentsMargins(0, S, 0, S)
    grid.setHorizontalSpacing(XL)
    grid.setVerticalSpacing(XS)
    for number, group in enumerate(groups):
        row, place = divmod(number, _GROUPS_IN_A_ROW)
        grid.addWidget(plain_label(group, TextRole.AMOUNT, name="key_group"), row, place)
    grid.setColumnStretch(_GROUPS_IN_A_ROW, 1)
    return box


def _no_other(error: BaseException, _owner: QObject | None) -> None:
    """Every refusal of a step has its field; anything else is a bug."""
    raise error
