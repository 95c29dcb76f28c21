"""Says what became of a member's cheque: the bank has cleared it, or it came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services import members_cheques
from sacco_desktop.services.members_cheques import ChequeDone, ClearedCheque, ReturnedCheque
from sacco_desktop.services.savings_lists import ContributionRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_BEFORE = "Look at the bank's statement first. Nothing is written until you press Record."


class ChequeDialog(FormDialog):
    """One word on one cheque: its key is made here."""

    def __init__(
        self, desk: Desk, parent: QWidget, row: ContributionRow, done: Callable[[ChequeDone], None]
    ) -> None:
        title = f"Cheque {row.reference} of {row.member_name}"
        super().__init__(desk, FormPlan("cheque_dialog", title, "Record", _BEFORE), parent)
        self._key = uuid4().hex
        self._row = row
        self._done = done
        outcomes = ((True, "The bank has cleared it"), (False, "It came back"))
        self._outcome = ChoiceBox("outcome", outcomes)
        self._day = DateEdit("on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._charge = MoneyEdit("charge", allow_zero=True)
        self._why = QLineEdit()
        self._why.setObjectName("why")
        self.form.add_row("outcome", "What happened", self._outcome)
        self.form.add_row("on", "The bank's day", self._day, "t is today, + and - step a day.")
        self.form.add_row("why", "Why it came back", self._why, "As the bank says.")
        self.form.add_row("charge", "Bank's charge KES", self._charge, "Empty when there is none.")
        self._outcome.currentIndexChanged.connect(self._choose)
        self.submitted.connect(self._record)
        self._choose()

    def _choose(self) -> None:
        for field in ("why", "charge"):
            self.form.show_row(field, not self._outcome.value())

    def _record(self) -> None:
        if self._outcome.value():
            cleared = self.form.read(
                lambda: ClearedCheque(self._key, self._row.receipt, self._on())
            )
            if cleared is not None:
                self.carry_out(members_cheques.clear, cleared, self._done)
            return
        back = self.form.read(
            lambda: ReturnedCheque(
                self._key,
                self._row.receipt,
                self._on(),
                self._charge.cents() or 0,
                self._why.text(),
            )
        )
        if back is not None:
            self.carry_out(members_cheques.came_back, back, self._done)

    def _on(self) -> date:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the bank's statement.", "on")
        return day
