"""Asks for another amount limit of a role; another person approves it before it counts."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.amount_limits import Limit
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, parse_amount
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LimitChange, LimitRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

SENT = "Sent for approval. Nothing has changed yet."


class LimitDialog(FormDialog):
    """The most at once and the most in a day; an empty field is no limit."""

    def __init__(self, desk: Desk, parent: QWidget, row: LimitRow, title: str) -> None:
        plan = FormPlan(
            "limit_dialog", title, "Ask for approval", "Another person must approve it."
        )
        super().__init__(desk, plan, parent)
        self._limit = row.limit
        self._single = _amount("single", row.limit.single_cents)
        self._daily = _amount("day", row.limit.day_cents)
        self._day = DateEdit("effective_on", self._today)
        self._day.set_day(self._today())
        self.form.add_row("single", "At once in KES", self._single, "Empty means no limit.")
        self.form.add_row("day", "In a day in KES", self._daily, "Empty means no limit.")
        self.form.add_row("effective_on", "Counts from", self._day, "Today or a later day.")
        self.submitted.connect(self._ask)

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _ask(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            self.carry_out(approval_rules.ask_limit, change, lambda _id: self.desk.toast(SENT))

    def _read(self) -> LimitChange:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        single, daily = _cents(self._single, "single"), _cents(self._daily, "day")
        return LimitChange(Limit(self._limit.role, self._limit.act, single, daily), day)


def _amount(field: str, cents: int | None) -> QLineEdit:
    line = QLineEdit("" if cents is None else format_amount(cents))
    line.setObjectName(field)
    return line


def _cents(line: QLineEdit, field: str) -> int | None:
    text = line.text().strip()
    return parse_amount(text, field, allow_zero=True) if text else None
