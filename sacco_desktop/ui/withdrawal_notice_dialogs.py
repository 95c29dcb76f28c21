"""Dialogs of notices of withdrawal: one is written down, one is taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.savings_words import withdrawal_words
from sacco_desktop.services.member_payouts.withdrawals import Withdrawable, WithdrawalFacts
from sacco_desktop.services.savings import withdrawal_notices
from sacco_desktop.services.savings.withdrawal_notices import (
    GivenNotice,
    NewWithdrawalNotice,
    NoticeBack,
    WithdrawalNoticeRow,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

Told = Callable[[str], None]

_NONE_NEEDED = (
    "No product of this society is withdrawn by days of notice. Ask for the withdrawal itself."
)
_NO_NOTICE = "No notice of this member runs or waits. Nothing can be taken back."


class WithdrawalNoticeDialog(FormDialog):
    """One notice, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, facts: WithdrawalFacts, told: Told) -> None:
        plan = FormPlan(
            "withdrawal_notice_dialog",
            f"Notice of withdrawal: {facts.full_name}, {facts.number}",
            "Write notice down",
            "No money moves. When the days have run, one withdrawal of up to this amount can be asked for.",
        )
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._told = uuid4().hex, facts, told
        choices = [(one, one.product.terms.name) for one in facts.products if one.needs_notice]
        choices.sort(key=lambda choice: -choice[0].held.balance_cents)
        self._product = ChoiceBox("product", choices)
        self._amount = MoneyEdit("amount")
        self._day = DateEdit("given_on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._effect = AmountLines(desk.theme, "notice_amounts")
        self.form.add_row("product", "Out of", self._product)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("given_on", "Given on", self._day, "As on the letter.")
        self.notes.addWidget(self._effect)
        self._product.currentIndexChanged.connect(self._choose_product)
        self.submitted.connect(self._give)
        if choices:
            self._choose_product()
        else:
            self.notes.addWidget(Callout(desk.theme, _NONE_NEEDED, ChipColour.AMBER))
            self.lock()

    def _choose_product(self) -> None:
        one = self._product.value()
        assert isinstance(one, Withdrawable), "only these are offered"
        self.form.say_note("product", f"{withdrawal_words(one.product.terms)}.")
        lines = [NamedAmount(f"{one.product.terms.name} now, KES", one.held.balance_cents)]
        noticed = sum(row.cents for row in one.notices)
        if noticed:
            left = one.held.balance_cents - noticed
            lines.append(NamedAmount("Notice was given of", -noticed))
            lines.append(NamedAmount("Notice can be given of", left, is_total=True))
        self._effect.show_lines(lines)

    def _give(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(withdrawal_notices.give, new, self._given)

    def _given(self, notice: GivenNotice) -> None:
        self._told(f"Written down. It can be withdrawn from {format_date(notice.ripe_on)} on.")

    def _collect(self) -> NewWithdrawalNotice:
        one, cents, day = self._product.value(), self._amount.cents(), self._day.day()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if day is None:
            raise InvalidInput("Write the day of the letter, for example t.", "given_on")
        assert isinstance(one, Withdrawable), "only these are offered"
        code = one.product.code
        return NewWithdrawalNotice(self._key, self._facts.member_id, code, cents, day)


class WithdrawalNoticeBackDialog(FormDialog):
    """The member does not want the money after all."""

    def __init__(self, desk: Desk, parent: QWidget, facts: WithdrawalFacts, told: Told) -> None:
        title = f"Take a notice back: {facts.full_name}, {facts.number}"
        plan = FormPlan("withdrawal_notice_back_dialog", title, "Take notice back")
        super().__init__(desk, plan, parent)
        self._told = told
        rows = [row for one in facts.products for row in one.notices]
        self._notice = ChoiceBox("notice", [(row, _words(row)) for row in rows])
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("notice", "Notice", self._notice)
        self.form.add_row("reason", "Why", self._reason)
        self.submitted.connect(self._take_back)
        if not rows:
            self.notes.addWidget(Callout(desk.theme, _NO_NOTICE, ChipColour.BLUE))
            self.lock()

    def _take_back(self) -> None:
        self.form.clear_errors()
        row = self._notice.value()
        if isinstance(row, WithdrawalNoticeRow):
            back = NoticeBack(row.notice_id, self._reason.text())
            self.carry_out(withdrawal_notices.take_back, back, self._taken)

    def _taken(self, row: WithdrawalNoticeRow) -> None:
        self._told(f"The notice of {format_kes(row.cents)} is taken back.")


def _words(row: WithdrawalNoticeRow) -> str:
    runs = f"runs until {format_date(row.ripe_on)}" if row.status == "running" else "has run"
    return f"{row.product_name}, {format_kes(row.cents)}, {runs}"
