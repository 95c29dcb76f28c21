"""The paybills and tills on which payments come in, a line each with what M-Pesa said of it; an administrator adds one
and tells M-Pesa where its payments are reported.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.services.office import shortcodes
from sacco_desktop.services.office.shortcodes import NewShortcode, ShortcodeRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XL, S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

_VERSIONS = (("v2", "v2, payers' numbers are masked"), ("v1", "v1, for older paybills"))
_ADD = FormPlan(
    "shortcode_dialog",
    "Add a paybill or till",
    "Add",
    "Its payments get an account of their own in the ledger. It stays, as its entries do.",
)
_REGISTER = FormPlan(
    "register_dialog",
    "Register with M-Pesa",
    "Register",
    "M-Pesa is told where payments are reported. In production it takes that once; to change it, the addresses are"
    " deleted in its portal first.",
)


class Shortcodes(QWidget):
    """`said` brings words for the page, and whether they are good news."""

    said = Signal(str, bool)

    def __init__(self, desk: Desk, page: QWidget | None = None) -> None:
        super().__init__(page)
        self.setObjectName("shortcodes")
        self._desk = desk
        self._rows: tuple[ShortcodeRow, ...] = ()
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(XL)
        self._lines.setVerticalSpacing(S)
        self._lines.setColumnStretch(1, 1)
        self._register = push_button("Register with M-Pesa…", name="shortcode_register")
        self._register.clicked.connect(self._open_register)
        self._add = push_button("Add a paybill or till…", name="shortcode_add")
        self._add.clicked.connect(self._open_add)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        for button in (self._register, self._add):
            button.setVisible(may(desk.actor.roles, Act.MANAGE_CONNECTIONS))
            button.setEnabled(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        column.addLayout(self._lines)
        column.addLayout(buttons)

    def show_rows(self, rows: tuple[ShortcodeRow, ...]) -> None:
        """Say what there is now."""
        self._rows = rows
        for button in (self._register, self._add):
            button.setEnabled(bool(rows))
        while (item := self._lines.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for line, row in enumerate(rows):
            called = plain_label(row.words, TextRole.SECONDARY)
            self._lines.addWidget(called, line, 0, Qt.AlignmentFlag.AlignTop)
            told = plain_label(_told(row), name="fact", wraps=True)
            self._lines.addWidget(told, line, 1, Qt.AlignmentFlag.AlignTop)

    def _open_register(self) -> None:
        dialog = RegisterDialog(self._desk, self.window(), self._rows)
        dialog.done_words.connect(self.said)
        dialog.open()

    def _open_add(self) -> None:
        dialog = ShortcodeDialog(self._desk, self.window())
        dialog.done_words.connect(self.said)
        dialog.open()


def _told(row: ShortcodeRow) -> str:
    account = f"Account {row.account_code}, paybill version {row.version}."
    if row.told_at is None:
        return f"{account} Not registered from here yet."
    return f"{account} {row.told} ({format_time(row.told_at)})"


class RegisterDialog(FormDialog):
    """Which shortcode, and whether its list of payments is asked for too."""

    done_words = Signal(str, bool)

    def __init__(self, desk: Desk, parent: QWidget, rows: tuple[ShortcodeRow, ...]) -> None:
        super().__init__(desk, _REGISTER, parent)
        self._of = ChoiceBox("shortcode", tuple((row.shortcode, row.words) for row in rows))
        self.form.add_row("shortcode", "Shortcode", self._of)
        self._phone = QLineEdit()
        self._phone.setObjectName("nominated_phone")
        note = (
            "Only to ask for M-Pesa's own list too: the phone that stands in the paybill's papers."
        )
        self.form.add_row("nominated_phone", "Phone of its papers", self._phone, note)
        self.submitted.connect(self._keep)

    def _keep(self) -> None:
        asked = ToRegister(self._of.value(), self._phone.text())
        office, actor = self.desk.office, self.desk.actor
        self.operate(
            lambda: register_shortcode(office, asked, actor),
            lambda words: self.done_words.emit(words, "not registered" not in words),
        )


class ShortcodeDialog(FormDialog):
    """A further paybill or till, as the portal names it."""

    done_words = Signal(str, bool)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _ADD, parent)
        self._kind = ChoiceBox("kind", tuple(shortcodes.KIND_WORDS.items()))
        self.form.add_row("kind", "Kind", self._kind)
        self._number = self._line(
            "shortcode", "Number", "5 to 9 digits; of a till its store number."
        )
        self._name = self._line("name", "What it is for", "Such as Shop in Thika.")
        self._version = ChoiceBox("version", _VERSIONS)
        self.form.add_row("version", "Paybill version", self._version)
        self.submitted.connect(self._keep)

    def _line(self, field: str, title: str, note: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(field)
        self.form.add_row(field, title, line, note)
        return line

    def _keep(self) -> None:
        new = NewShortcode(
            self._number.text(), self._kind.value(), self._name.text(), self._version.value()
        )
        self.carry_out(shortcodes.add, new, self._say)

    def _say(self, row: ShortcodeRow) -> None:
        words = f"Payments to {row.shortcode} are taken now. Register it, so that M-Pesa reports them here."
        self.done_words.emit(words, True)
