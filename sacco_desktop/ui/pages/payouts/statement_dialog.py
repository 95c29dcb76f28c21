"""A person holds Safaricom's statement, and it shows this payment: receipt, day and time prove it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.services.sending.payout_decisions import SeenOnStatement, confirm_paid
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.facts import payment_facts
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_plan import MoneyPlan

_NAIROBI = ZoneInfo("Africa/Nairobi")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)


class _Statement:
    """The four fields as a person copies them from the statement."""

    def __init__(self, desk: Desk, card: PayoutCard) -> None:
        self.form = Form(desk.messages.show)
        self.receipt = QLineEdit()
        self.receipt.setObjectName("receipt")
        self.receipt.setPlaceholderText("TGH4X1K2LM")
        self.day = DateEdit("paid_at", lambda: business_date(desk.now()))
        self.time = QLineEdit()
        self.time.setObjectName("time")
        self.time.setPlaceholderText("14:05")
        self.reason = reason_edit()
        if card.row.receipt:
            self.receipt.setText(card.row.receipt)
        self.form.add_row("receipt", "Receipt on the statement", self.receipt)
        self.form.add_row("paid_at", "Day", self.day)
        self.form.add_row("time", "Time", self.time)
        self.form.add_row("reason", "Statement", self.reason, "Which statement shows it.")

    def read(self, card: PayoutCard) -> SeenOnStatement:
        """What was copied. Raises InvalidInput."""
        day = self.day.day()
        if day is None:
            raise InvalidInput("Write the day that the statement shows.", "paid_at")
        return SeenOnStatement(
            card.row.attempt_id or 0,
            card.attempt_version,
            self.receipt.text(),
            moment_of(day, self.time.text()),
            self.reason.text(),
        )


def moment_of(day: date, text: str) -> datetime:
    """The moment of a day and time of the office, in UTC. Raises InvalidInput under `time`."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise InvalidInput("Write the time as the statement shows it, for example 14:05.", "time")
    at = time(int(found[1]), int(found[2]))
    return datetime.combine(day, at, _NAIROBI).astimezone(UTC)


def open_statement_dialog(desk: Desk, parent: QWidget, card: PayoutCard) -> None:
    """Facts, the four fields, the password."""
    fields, actor = _Statement(desk, card), desk.actor
    is_booked = card.row.receipt is not None
    plan = MoneyPlan(
        title=f"It is on the statement: {card.row.member_name}",
        act="Book it as proven paid",
        amount_cents=card.row.mpesa_cents,
        facts=payment_facts(card),
        effects=(
            "The payment, which is in the books already, becomes proven."
            if is_booked
            else "The payment is booked as paid, and the loan begins on that day.",
        ),
    )
    dialog = ActDialog(desk, plan, parent, name="statement_dialog", form=fields.form)
    dialog.resize(820, 600)

    def make(password: str) -> Operation:
        seen = fields.read(card)
        return lambda: write_with_password(desk.office, password, confirm_paid, seen, actor)

    dialog.run(make, lambda words: desk.toast(str(words)))
