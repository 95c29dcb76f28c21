"""What became of a member's cheque: the bank has cleared it, or it came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.savings import members_cheques
from sacco_desktop.services.savings.members_cheques import ChequeDone, ClearedCheque, ReturnedCheque
from sacco_desktop.services.savings.savings_lists import ContributionRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

Done = Callable[[ChequeDone], None]


class ClearedDialog(FormDialog):
    """The cheque stands on the bank's statement."""

    def __init__(self, desk: Desk, parent: QWidget, row: ContributionRow, done: Done) -> None:
        before = (
            f"Look at the bank's statement first. Then {row.member_name} has {format_kes(row.amount_cents)}:"
            f" {row.words}."
        )
        title = f"The bank has cleared cheque {row.reference} of {row.member_name}"
        super().__init__(
            desk, FormPlan("cleared_dialog", title, "Cheque is cleared", before), parent
        )
        self._key = uuid4().hex
        self._row, self._done = row, done
        self._day = _bank_day(desk)
        self.form.add_row("on", "The bank's day", self._day, "t is today, + and - step a day.")
        self.submitted.connect(self._record)

    def _record(self) -> None:
        cleared = self.form.read(
            lambda: ClearedCheque(self._key, self._row.receipt, _written(self._day))
        )
        if cleared is not None:
            self.carry_out(members_cheques.clear, cleared, self._done)


class CameBackDialog(FormDialog):
    """The bank did not pay it."""

    def __init__(self, desk: Desk, parent: QWidget, row: ContributionRow, done: Done) -> None:
        before = (
            f"Look at the bank's statement first. The receipt {row.receipt} is taken back: {row.member_name} has"
            f" nothing of the {format_kes(row.amount_cents)}."
        )
        title = f"Cheque {row.reference} of {row.member_name} came back"
        plan = FormPlan("cheque_back_dialog", title, "Cheque came back", before)
        super().__init__(desk, plan, parent)
        self._key = uuid4().hex
        self._row, self._done = row, done
        self._day = _bank_day(desk)
        self._why = QLineEdit()
        self._why.setObjectName("why")
        self._charge = MoneyEdit("charge", allow_zero=True)
        self.form.add_row("on", "The bank's day", self._day, "t is today, + and - step a day.")
        self.form.add_row("why", "Why it came back", self._why, "As the bank says.")
        self.form.add_row("charge", "Bank's charge KES", self._charge, "Empty when there is none.")
        self.submitted.connect(self._record)

    def _record(self) -> None:
        back = self.form.read(
            lambda: ReturnedCheque(
                self._key,
                self._row.receipt,
                _written(self._day),
                self._charge.cents() or 0,
                self._why.text(),
            )
        )
        if back is not None:
            self.carry_out(members_cheques.came_back, back, self._done)


def _bank_day(desk: Desk) -> DateEdit:
    day = DateEdit("on", lambda: business_date(desk.now()))
    day.set_day(business_date(desk.now()))
    return day


def _written(edit: DateEdit) -> date:
    day = edit.day()
    if day is None:
        raise InvalidInput("Write the day of the bank's statement.", "on")
    return day
