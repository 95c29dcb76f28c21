"""Takes the registration fee of an application, in cash or by a bank slip."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.membership import joining_fees
from sacco_desktop.services.membership.joining_fees import NewFee, TakenFee
from sacco_desktop.services.membership.membership_applications import ApplicationRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


class FeeDialog(FormDialog):
    """One fee, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        row: ApplicationRow,
        taken: Callable[[TakenFee], None],
    ) -> None:
        plan = FormPlan(
            "fee_dialog",
            f"Registration fee of {row.full_name}: {format_kes(row.fee_cents)}",
            "Record fee",
            "Count the cash first. The fee is an income of the society and is not given back.",
        )
        super().__init__(desk, plan, parent)
        self._key, self._row, self._taken = uuid4().hex, row, taken
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._slip = QLineEdit()
        self._slip.setObjectName("slip")
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        self.form.add_row("slip", "Bank slip", self._slip, "Its number. Empty for cash.")
        self.submitted.connect(self._record)

    def _record(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(joining_fees.take, new, self._taken)

    def _collect(self) -> NewFee:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the money, for example t.", "value_date")
        return NewFee(self._key, self._row.application_id, self._slip.text(), day)
