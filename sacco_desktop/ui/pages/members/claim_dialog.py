"""Asks for the payout of one nominee's part of what a dead member had; another person approves it as every payout."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.member_payouts import nominee_claims
from sacco_desktop.services.member_payouts.exits import ExitFacts
from sacco_desktop.services.member_payouts.nominee_claims import ClaimRow, NewClaim
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.members.status_dialogs import Told
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.way_fields import WayFields
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_NOBODY = "No nominee form is in force. Write one on the file before anybody is paid."
_CHECKED = "For example: ID seen, and she rang from it. M-Pesa pays whole shillings."
_WAYS = (Way.BANK, Way.CHEQUE, Way.CASH, Way.MPESA)


class ClaimDialog(FormDialog):
    """One claim, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        facts: ExitFacts,
        rows: Sequence[ClaimRow],
        told: Told,
    ) -> None:
        plan = FormPlan(
            "claim_dialog",
            f"Nominees of {facts.full_name}, {facts.number}",
            "Ask for the payout",
            "Another person approves it. Nothing goes to the phone of somebody who has died.",
        )
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._told = uuid4().hex, facts, told
        open_rows = [row for row in rows if row.payout_status in ("", "cancelled")]
        self._box = ChoiceBox("nominee", [(row, _words(row)) for row in open_rows])
        self.form.add_row("nominee", "Nominee", self._box)
        self._phone, self._checked = _line("phone"), _line("checked")
        self._ways = WayFields(self.form, "", self._fit_way)
        self.form.add_row("phone", "Nominee's own number", self._phone)
        self.form.add_row("checked", "How it was checked", self._checked, _CHECKED)
        self._ways.offer(_WAYS)
        self._box.currentIndexChanged.connect(lambda _place: self._take_name())
        self._take_name()
        asked = [f"{_words(row)}, {row.payout_number}." for row in rows if row not in open_rows]
        if asked:
            words = " ".join(asked)
            self.notes.addWidget(Callout(desk.theme, words, ChipColour.BLUE, "Asked for already"))
        if not rows:
            self.notes.addWidget(Callout(desk.theme, _NOBODY, ChipColour.RED))
        if not open_rows:
            self.lock()
        self.submitted.connect(self._ask)

    def _take_name(self) -> None:
        row = self._box.value()
        if isinstance(row, ClaimRow):
            self._ways.know_name(row.nominee.full_name)
            self._phone.setText(row.nominee.phone)

    def _fit_way(self, way: Way) -> None:
        for name in ("phone", "checked"):
            self.form.show_row(name, way is Way.MPESA)

    def _ask(self) -> None:
        self.form.clear_errors()
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(nominee_claims.ask, new, self._asked)

    def _asked(self, row: PayoutRow) -> None:
        self._told(f"Asked for as {row.number}. Another person approves it.")

    def _collect(self) -> NewClaim:
        row = self._box.value()
        if not isinstance(row, ClaimRow):
            raise InvalidInput("Choose a nominee.", "nominee")
        settlement = self._facts.settlement_id or 0
        return NewClaim(
            self._key,
            settlement,
            row.nominee.nominee_id,
            self._ways.way,
            self._ways.destination(),
            self._phone.text(),
            self._checked.text(),
        )


def _words(row: ClaimRow) -> str:
    return f"{row.nominee.full_name}, {format_kes(row.cents)}"


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    return line
