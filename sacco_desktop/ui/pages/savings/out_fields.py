"""The fields of how money of a product goes out: times and fee of withdrawals, waiting time and benefits of a fund."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit

from sacco_desktop.domain.paying_out import OutTerms, benefits_of_lines, lines_of_benefits
from sacco_desktop.domain.savings import Withdrawal
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_TIMES = "Write a number, or nothing for no limit."
_BENEFITS = "One a line, as: Death, parent, 30,000. Empty: each is judged alone."
_WITHDRAWN = (Withdrawal.BY_NOTICE, Withdrawal.BY_DECISION)
_LINES = 4


class OutFields:
    """Rows in a form of its owner; only those that fit how the product is paid back are seen."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._times = CountEdit("most_a_month", _TIMES)
        self._fee = MoneyEdit("fee_cents", allow_zero=True)
        self._wait = CountEdit("wait_days", "Write a number of days, or nothing for none.")
        self._claims = CountEdit("claims_a_year", _TIMES)
        self._benefits = QPlainTextEdit()
        self._benefits.setObjectName("benefits")
        self._benefits.setTabChangesFocus(True)
        height = self._benefits.fontMetrics().lineSpacing() * (_LINES + 1)
        self._benefits.setFixedHeight(height)

    def lay(self) -> None:
        """Add the rows to the form where it stands now."""
        add = self._form.add_row
        add("most_a_month", "Times a month", self._times, "Empty when as often as wanted.")
        add("fee_cents", "Fee each time KES", self._fee, "Empty when it is free.")
        add("wait_days", "Days to wait", self._wait, "After joining, before it pays. Empty: none.")
        add("claims_a_year", "Claims a year", self._claims, "Of one member. Empty: no limit.")
        add("benefits", "Pays for", self._benefits, _BENEFITS)

    def show(self, out: OutTerms) -> None:
        """What holds now."""
        for field, count in (
            (self._times, out.most_a_month),
            (self._wait, out.wait_days),
            (self._claims, out.claims_a_year),
        ):
            field.setText(str(count) if count else "")
        self._fee.set_cents(out.fee_cents or None)
        self._benefits.setPlainText(lines_of_benefits(out.benefits))

    def fit(self, how: Withdrawal) -> None:
        """Show what can be said of a product that is paid back so."""
        for field in ("most_a_month", "fee_cents"):
            self._form.show_row(field, how in _WITHDRAWN)
        for field in ("wait_days", "claims_a_year", "benefits"):
            self._form.show_row(field, how is Withdrawal.BY_CLAIM)

    def read(self, how: Withdrawal) -> OutTerms:
        """What was typed. Raises InvalidInput under its field."""
        if how is Withdrawal.BY_CLAIM:
            return OutTerms(
                wait_days=self._wait.count() or 0,
                claims_a_year=self._claims.count() or 0,
                benefits=benefits_of_lines(self._benefits.toPlainText()),
            )
        if how in _WITHDRAWN:
            times, fee_cents = self._times.count() or 0, self._fee.cents() or 0
            return OutTerms(most_a_month=times, fee_cents=fee_cents)
        return OutTerms()
