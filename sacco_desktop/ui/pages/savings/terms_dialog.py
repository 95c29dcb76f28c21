"""Asks for other terms of a product, or for a category of the society's own: another person must agree."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.savings import (
    OWN_KINDS,
    WITHDRAWALS,
    Every,
    ProductKind,
    SavingsTerms,
    Withdrawal,
)
from sacco_desktop.domain.savings_words import (
    EVERY_WORDS,
    KIND_WORDS,
    WEEKDAYS,
    WITHDRAWAL_WORDS,
)
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.savings.savings_products import Product, TermsChange
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.out_fields import OutFields
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_BEFORE = "Nothing changes until another person agrees under Approvals. Days before keep the terms of today."
_NEW = SavingsTerms("", True, 0, Every.NONE, 0, 1, Withdrawal.BY_NOTICE, 0, 0)
_OPEN = ((True, "Takes money"), (False, "Takes no more money"))
_EVERY = tuple((every, EVERY_WORDS[every]) for every in Every)
_WEEKDAYS = tuple(enumerate(WEEKDAYS, 1))
_HAS_BALANCE = (ProductKind.DEPOSITS, ProductKind.SAVINGS)


class TermsDialog(FormDialog):
    """Without a product it makes a category, whose money is each member's own or a fund of all."""

    def __init__(self, desk: Desk, parent: QWidget, product: Product | None) -> None:
        title = "New category" if product is None else f"Other terms of {product.terms.name}"
        plan = FormPlan("terms_dialog", title, "Ask for approval", _BEFORE)
        super().__init__(desk, plan, parent)
        self._product = product
        self._name = QLineEdit()
        self._name.setObjectName("name")
        kinds = OWN_KINDS if product is None else (product.kind,)
        self._kind = ChoiceBox("kind", [(kind, KIND_WORDS[kind]) for kind in kinds])
        self._is_open = ChoiceBox("is_open", _OPEN)
        self._every = ChoiceBox("every", _EVERY)
        self._expected = MoneyEdit("expected_cents", allow_zero=True)
        self._weekday = ChoiceBox("weekday", _WEEKDAYS)
        self._due_day = CountEdit("due_day", "Write a day from 1 to 31.")
        self._preset = MoneyEdit("preset_cents", allow_zero=True)
        self._withdrawal = ChoiceBox("withdrawal")
        self._least = MoneyEdit("least_cents", allow_zero=True)
        self._notice = CountEdit("notice_days", "Write a number of days, or nothing for none.")
        self._out = OutFields(self.form)
        self._from = DateEdit("effective_on", self._today)
        self._lay_rows()
        self._show(_NEW if product is None else product.terms)
        for box in (self._kind, self._is_open, self._every, self._withdrawal):
            box.currentIndexChanged.connect(self._fit_rows)
        self._fit_rows()
        self.submitted.connect(self._ask)

    def _lay_rows(self) -> None:
        add = self.form.add_row
        add("name", "Name", self._name)
        add("kind", "Its money is", self._kind)
        add("is_open", "Open", self._is_open)
        add("every", "Each member pays", self._every)
        add("expected_cents", "So much KES", self._expected)
        add("weekday", "Due each", self._weekday)
        add("due_day", "Due on day", self._due_day, "In a shorter month it is due on the last day.")
        add("preset_cents", "In the field KES", self._preset, "Empty: typed each time.")
        add("withdrawal", "Paid back", self._withdrawal)
        add("least_cents", "Must stay KES", self._least, "Empty when nothing must.")
        add("notice_days", "Days of notice", self._notice, "Empty when none are asked for.")
        self._out.lay()
        add("effective_on", "Counts from", self._from, "Today or a later day.")

    def _show(self, terms: SavingsTerms) -> None:
        self._name.setText(terms.name)
        self._is_open.choose(terms.is_open)
        self._every.choose(terms.every)
        self._expected.set_cents(terms.expected_cents or None)
        self._weekday.choose(min(terms.due_day, 7))
        self._due_day.setText(str(terms.due_day))
        self._preset.set_cents(terms.preset_cents or None)
        self._offer_withdrawals()
        self._withdrawal.choose(terms.withdrawal)
        self._least.set_cents(terms.least_cents or None)
        self._notice.setText(str(terms.notice_days) if terms.notice_days else "")
        self._out.show(terms.out)
        self._from.set_day(self._today())

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _offer_withdrawals(self) -> None:
        offered = [(how, WITHDRAWAL_WORDS[how]) for how in WITHDRAWALS[self._kind.value()]]
        self._withdrawal.set_choices(offered)

    def _fit_rows(self) -> None:
        """Only what can be said of such a product is asked for."""
        if self.sender() is self._kind:
            self._offer_withdrawals()
        is_open, every = self._is_open.value(), self._every.value()
        self.form.show_row("kind", self._product is None)
        self.form.show_row("is_open", self._product is not None)
        for field in ("every", "preset_cents"):
            self.form.show_row(field, is_open)
        self.form.show_row("expected_cents", is_open and every is not Every.NONE)
        self.form.show_row("weekday", is_open and every is Every.WEEK)
        self.form.show_row("due_day", is_open and every is Every.MONTH)
        self.form.show_row("least_cents", self._kind.value() in _HAS_BALANCE)
        self.form.show_row("notice_days", self._withdrawal.value() is Withdrawal.BY_NOTICE)
        self._out.fit(self._withdrawal.value())

    def _ask(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            words = f"Asked. {change.terms.name} changes when another person agrees."
            self.carry_out(
                savings_products.ask_terms, change, lambda _request: self.desk.toast(words)
            )

    def _read(self) -> TermsChange:
        kind = self._kind.value()
        # A product that takes no more money expects none; what stands in the fields that are hidden then is not read.
        is_open = self._is_open.value()
        every = self._every.value() if is_open else Every.NONE
        terms = SavingsTerms(
            name=self._name.text(),
            is_open=is_open,
            preset_cents=self._preset.cents() or 0 if is_open else 0,
            every=every,
            expected_cents=0 if every is Every.NONE else self._expected.cents() or 0,
            due_day=self._day_of(every),
            withdrawal=self._withdrawal.value(),
            least_cents=self._least.cents() or 0 if kind in _HAS_BALANCE else 0,
            notice_days=self._notice_days(),
            out=self._out.read(self._withdrawal.value()),
        )
        day = self._from.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        code = "" if self._product is None else self._product.code
        return TermsChange(code, kind, terms, day)

    def _day_of(self, every: Every) -> int:
        if every is Every.WEEK:
            return int(self._weekday.value())
        if every is Every.NONE:
            return 1
        day = self._due_day.count()
        if day is None:
            raise InvalidInput("Write a day from 1 to 31.", "due_day")
        return day

    def _notice_days(self) -> int:
        if self._withdrawal.value() is not Withdrawal.BY_NOTICE:
            return 0
        return self._notice.count() or 0
