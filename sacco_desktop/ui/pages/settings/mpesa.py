"""The M-Pesa tab: the connection without its secrets, the money in the utility account, and whether M-Pesa takes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.mpesa_view import MpesaView, check_mpesa, look_at_mpesa
from sacco_desktop.settings import Settings
from sacco_desktop.ui.check_setup_dialog import CheckSetupDialog
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import Tab
from sacco_desktop.ui.pages.settings.mpesa_dialog import MpesaDialog
from sacco_desktop.ui.pages.settings.shortcodes import Shortcodes
from sacco_desktop.ui.theme.sizes import XL, L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.top_up_dialog import record_top_up_dialog
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.columns import NOTHING_THERE
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

ENVIRONMENT_WORDS = {
    "practice": "Practice: a simulated M-Pesa, no real money",
    "sandbox": "Sandbox: Safaricom's test system, no real money",
    "production": "Production: real money",
}
_B2C_WORDS = {
    "v1": "v1, which cannot tell a payment sent twice",
    "v3": "v3, which refuses the same payment twice",
}


class MpesaTab(Tab):
    """An administrator changes the connection; who handles its money sees it and records top-ups."""

    title = "M-Pesa"

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._view: MpesaView | None = None
        roles = desk.actor.roles
        self._told = Callout(desk.theme, "", ChipColour.BLUE)
        self._told.setObjectName("mpesa_told")
        self._told.hide()
        self._change = self._button("mpesa_change", "Change…", self._open_dialog)
        if not may(roles, Act.MANAGE_CONNECTIONS):
            self._change.hide()
        self._check = self._button("mpesa_check", "Check now", self._check_now)
        self._doctor = self._button("check_setup_open", "Check setup…", self._open_doctor)
        self._top_up = self._button("top_up_open", "Record a top-up…", self._open_top_up)
        if not may(roles, Act.RECORD_FLOAT):
            self._top_up.hide()
        # Nothing can be changed or asked before it is read what there is.
        self._change.setEnabled(False)
        self._check.setEnabled(False)
        self._facts = _grid()
        self._money = _grid()
        self._shortcodes = Shortcodes(desk)
        self._shortcodes.said.connect(self._say_kept)
        self.widget = self._lay_out()
        lead_focus(self.widget, self._check)

    def read(self) -> None:
        office, actor = self._desk.office, self._desk.actor
        self._desk.background.operate(
            lambda: look_at_mpesa(office, actor),
            owner=self.widget,
            done=self._show,
            failed=self._refused,
        )

    def _show(self, view: MpesaView) -> None:
        self._view = view
        _fill(self._facts, _connection_facts(view))
        _fill(self._money, _money_facts(view))
        self._shortcodes.show_rows(view.shortcodes)
        is_entered = view.facts is not None
        self._change.setText("Change…" if is_entered else "Enter the connection…")
        self._check.setEnabled(is_entered)
        self._change.setEnabled(True)
        if not is_entered:
            self._say(
                "M-Pesa is not set up yet. An administrator does that here.", ChipColour.AMBER
            )
        elif not view.has_secrets:
            words = (
                "Key, secret and password are not on this computer. An administrator enters them."
            )
            self._say(words, ChipColour.AMBER)

    def _open_dialog(self) -> None:
        if self._view is not None:
            dialog = MpesaDialog(self._desk, self.widget, self._view)
            dialog.kept.connect(self._say_kept)
            dialog.open()

    def _say_kept(self, words: str, is_taken: bool) -> None:
        self._say(words, ChipColour.GREEN if is_taken else ChipColour.AMBER)
        self.read()

    def _check_now(self) -> None:
        self._check.setEnabled(False)
        self._say("M-Pesa is asked.", ChipColour.BLUE)
        office = self._desk.office
        self._desk.background.operate(
            lambda: check_mpesa(office),
            owner=self.widget,
            done=self._say_taken,
            failed=self._refused,
        )

    def _say_taken(self, _nothing: None) -> None:
        self._check.setEnabled(True)
        at = format_time(self._desk.now())
        self._say(f"M-Pesa was reached and takes key and secret, {at}.", ChipColour.GREEN)

    def _refused(self, error: BaseException) -> None:
        self._check.setEnabled(self._view is not None and self._view.facts is not None)
        if isinstance(error, SaccoError):
            self._say(error.message, ChipColour.RED)
        else:
            self._desk.show(error, self.widget)

    def _say(self, words: str, colour: ChipColour) -> None:
        self._told.say(words, colour)
        self._told.show()

    def _open_doctor(self) -> None:
        CheckSetupDialog(self._desk, self._settings, self.widget).open()

    def _open_top_up(self) -> None:
        record_top_up_dialog(self._desk, self.widget)

    def _button(self, name: str, words: str, act: Callable[[], None]) -> QPushButton:
        kind = ButtonKind.PRIMARY if name == "mpesa_check" else ButtonKind.PLAIN
        button = push_button(words, name=name, kind=kind)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> QWidget:
        inside = QWidget()
        inside.setObjectName("mpesa_tab")
        column = QVBoxLayout(inside)
        column.setContentsMargins(XL, L, XL, L)
        column.setSpacing(M)
        column.addWidget(self._told)
        column.addWidget(plain_label("Connection", TextRole.SECTION))
        column.addLayout(self._facts)
        column.addLayout(_row(self._check, self._change, self._doctor))
        column.addSpacing(M)
        column.addWidget(plain_label("Where payments come in", TextRole.SECTION))
        column.addWidget(self._shortcodes)
        column.addSpacing(M)
        column.addWidget(
            plain_label("Utility account, from which payouts are drawn", TextRole.SECTION)
        )
        column.addLayout(self._money)
        column.addLayout(_row(self._top_up))
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("mpesa_area")
        area.setAccessibleName("M-Pesa connection")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area


def _connection_facts(view: MpesaView) -> list[tuple[str, str]]:
    facts, certificate = view.facts, view.certificate
    rows = [("World", f"{ENVIRONMENT_WORDS[view.environment]}. It stays with these books.")]
    if facts is None:
        return rows
    if facts.address:
        rows.append(("Address", facts.address))
    fingerprint = "It cannot be read. Load the file from the portal again."
    if certificate is not None:
        fingerprint = certificate.words()
    secrets = (
        "On this computer; they are never shown." if view.has_secrets else "Not on this computer."
    )
    return [
        *rows,
        ("Shortcode", facts.shortcode),
        ("API operator", facts.initiator),
        ("B2C version", _B2C_WORDS.get(facts.b2c_version, facts.b2c_version)),
        ("Check of the ID number", "enabled" if facts.has_id_check else "not enabled"),
        ("Certificate", fingerprint),
        ("Key, secret, password", secrets),
    ]


def _money_facts(view: MpesaView) -> list[tuple[str, str]]:
    utility = view.utility
    told = NOTHING_THERE
    if utility.told_cents is not None and utility.told_at is not None:
        told = f"{format_kes(utility.told_cents)}, {format_time(utility.told_at)}"
    elif utility.told_at is not None:
        told = (
            f"Of {format_time(utility.told_at)}; the books have moved since, so it no longer counts"
        )
    return [
        ("By the books", format_kes(utility.books_cents)),
        ("M-Pesa's last word", told),
        ("In flight", format_kes(utility.in_flight_cents)),
        ("Free for payouts", format_kes(utility.free_cents)),
    ]


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(XL)
    grid.setVerticalSpacing(S)
    grid.setColumnStretch(1, 1)
    return grid


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(S)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _fill(grid: QGridLayout, facts: list[tuple[str, str]]) -> None:
    """Replace what a grid says."""
    while (item := grid.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
    for line, (name, words) in enumerate(facts):
        top = Qt.AlignmentFlag.AlignTop
        told = plain_label(words, name="fact", wraps=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(plain_label(name, TextRole.SECONDARY), line, 0, top)
        grid.addWidget(told, line, 1, top)
