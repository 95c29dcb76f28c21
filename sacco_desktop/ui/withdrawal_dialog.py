"""Asks for a withdrawal of savings: of which product, by which notice, how much, by which way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_amount
from sacco_desktop.domain.payout_ways import WAY_WORDS, Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.savings import ProductKind
from sacco_desktop.domain.savings_words import withdrawal_words
from sacco_desktop.services.member_payouts import withdrawals
from sacco_desktop.services.member_payouts.withdrawals import (
    NewWithdrawal,
    Withdrawable,
    WithdrawalFacts,
)
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.savings.withdrawal_notices import WithdrawalNoticeRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.way_fields import WayFields
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_BEFORE = (
    "Nothing leaves now. A second person approves it, and then it is paid by someone who did not."
)


class WithdrawalDialog(FormDialog):
    """One withdrawal, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        facts: WithdrawalFacts,
        asked: Callable[[PayoutRow], None],
    ) -> None:
        title = f"Withdraw savings: {facts.full_name}, {facts.number}"
        plan = FormPlan("withdrawal_dialog", title, "Ask for approval", _BEFORE)
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._asked = uuid4().hex, facts, asked
        self._effect = AmountLines(desk.theme, "withdrawal_amounts")
        self._trouble = Callout(desk.theme, "", ChipColour.AMBER)
        self._add_fields()
        self.notes.addWidget(self._effect)
        self.notes.addWidget(self._trouble)
        self.notes.addWidget(
            plain_label(_approver_words(facts), TextRole.SECONDARY, name="approvers", wraps=True)
        )
        self.submitted.connect(self._ask)
        self._choose_product()

    def _add_fields(self) -> None:
        choices = [(one, one.product.terms.name) for one in self._facts.products]
        choices.sort(key=lambda choice: _order(choice[0]))
        self._product = ChoiceBox("product", choices)
        self._notice = ChoiceBox("notice")
        self._amount = MoneyEdit("amount")
        self.form.add_row("product", "Out of", self._product)
        self.form.add_row("notice", "By notice", self._notice)
        self.form.add_row("amount", "Amount KES", self._amount)
        self._way = WayFields(self.form, self._facts.full_name, lambda _way: self._show_effect())
        self._way.know_name(self._facts.full_name)
        self._way.offer(tuple(Way))
        self._product.currentIndexChanged.connect(self._choose_product)
        self._notice.currentIndexChanged.connect(self._choose_notice)
        self._amount.textChanged.connect(self._show_effect)

    def _chosen(self) -> Withdrawable:
        found = self._product.value()
        assert isinstance(found, Withdrawable), "every society has deposits"
        return found

    def _choose_product(self) -> None:
        one = self._chosen()
        self.form.say_note("product", f"{withdrawal_words(one.product.terms)}.")
        ripe = [(row, _notice_words(row)) for row in one.notices if row.status == "ripe"]
        self._notice.set_choices(ripe)
        self.form.show_row("notice", one.needs_notice and bool(ripe))
        self._choose_notice()

    def _choose_notice(self) -> None:
        row = self._notice_row()
        if row is not None:
            self._amount.set_cents(min(row.cents, self._chosen().free_cents) or None)
        self._show_effect()

    def _notice_row(self) -> WithdrawalNoticeRow | None:
        row = self._notice.value()
        is_one = self._chosen().needs_notice and isinstance(row, WithdrawalNoticeRow)
        return row if is_one else None

    def _show_effect(self) -> None:
        one = self._chosen()
        to = f"To {display_phone(self._facts.phone)}." if self._facts.phone else ""
        self.form.say_note("way", to if self._way.way is Way.MPESA else "")
        words = _trouble_words(one, self._notice_row())
        self._trouble.say(words, ChipColour.AMBER)
        self._trouble.setVisible(bool(words))
        lines = _held_lines(one)
        try:
            cents = self._amount.cents()
            if cents:
                lines += self._paid_lines(one, cents)
        except InvalidInput:
            pass  # Half-typed, or judged under its field when the button is pressed.
        self._effect.show_lines(lines)

    def _paid_lines(self, one: Withdrawable, cents: int) -> list[NamedAmount]:
        fee, way = one.product.terms.out.fee_cents, self._way.way
        lines = [NamedAmount("Fee of the society", -fee)] if fee else []
        amounts = payments.amounts_of(cents - fee, way, self._facts.rules)
        if amounts.recovered_cents:
            lines.append(NamedAmount("M-Pesa's charge", -amounts.recovered_cents))
        by = f"They get, by {WAY_WORDS[way]}"
        return [*lines, NamedAmount(by, amounts.paid_cents, is_total=True)]

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(withdrawals.request, new, self._asked)

    def _collect(self) -> NewWithdrawal:
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        row = self._notice_row()
        return NewWithdrawal(
            key=self._key,
            member_id=self._facts.member_id,
            product=self._chosen().product.code,
            cents=cents,
            way=self._way.way,
            destination=self._way.destination(),
            notice_id=row.notice_id if row is not None else None,
        )


def _order(one: Withdrawable) -> tuple[bool, bool, int]:
    """What can be had comes first, the largest at the top, and deposits after the savings."""
    is_deposits = one.product.kind is ProductKind.DEPOSITS
    return bool(one.why_not), is_deposits, -one.held.balance_cents


def _held_lines(one: Withdrawable) -> list[NamedAmount]:
    held = one.held
    lines = [NamedAmount(f"{one.product.terms.name} now, KES", held.balance_cents)]
    for words, cents in (
        ("Other payouts on their way", held.on_their_way_cents),
        ("Stays for the member's loans", held.loans_cents),
        ("Pledged for loans of others", held.pledged_cents),
        ("Least balance that stays", one.product.terms.least_cents),
    ):
        if cents:
            lines.append(NamedAmount(words, -cents))
    words = "Can be withdrawn by notice" if one.needs_notice else "Can be withdrawn"
    return [*lines, NamedAmount(words, one.free_cents, is_total=True)]


def _trouble_words(one: Withdrawable, chosen: WithdrawalNoticeRow | None) -> str:
    """Why nothing of it can be had today, and what to do; empty when something can."""
    if one.why_not:
        return one.why_not
    if not one.needs_notice or chosen is not None:
        return ""
    days = one.product.terms.notice_days
    runs = [f"{format_amount(row.cents)} until {format_date(row.ripe_on)}" for row in one.notices]
    if runs:
        return f"It needs {days} days' notice. What was given still runs: {'; '.join(runs)}."
    return f"It needs {days} days' notice and none was given. Write it down first, under Money out."


def _notice_words(row: WithdrawalNoticeRow) -> str:
    return f"KES {format_amount(row.cents)}, given {format_date(row.given_on)}"


def _approver_words(facts: WithdrawalFacts) -> str:
    names = " or ".join(facts.approvers)
    if names:
        return f"Can be approved by {names}."
    return "Nobody else may approve payouts. An administrator adds a second person first."
