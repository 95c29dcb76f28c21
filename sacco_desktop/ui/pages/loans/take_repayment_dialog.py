"""Takes a repayment of a loan: how much, by cash or bank slip, and what each shilling of it pays."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.services.lending import repayments
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.lending.repayments import (
    NewRepayment,
    RepaymentOffer,
    RepaymentQuestion,
    TakenRepayment,
)
from sacco_desktop.services.loan_figures.early_principal import EarlyPrincipal
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.ticks import TickBox

_BEFORE = (
    "Nothing is written until you press Record repayment; then it is in the ledger and on the loan."
)
_SOURCES = ((Source.CASH, "Cash"), (Source.BANK, "Bank slip"))
_EARLY: tuple[tuple[Keep | None, str], ...] = (
    (None, "As the society's rule says"),
    (Keep.INSTALMENT, "Same instalment, fewer of them"),
    (Keep.TERM, "Smaller instalments, same dates"),
)
_WORDS = {
    Component.RECOVERY_COST: "Cost of recovery",
    Component.PENALTY: "Penalty",
    Component.FEE: "Fees",
    Component.INTEREST: "Interest",
    Component.PRINCIPAL: "Principal",
}

# The repayment, and whether its receipt is to be shown.
Taken = Callable[[TakenRepayment, bool], None]


class TakeRepaymentDialog(FormDialog):
    """One repayment, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, loan: LoanRow, taken: Taken) -> None:
        title = f"Take a repayment: {loan.member_name}, {loan.number}"
        plan = FormPlan("take_repayment_dialog", title, "Record repayment", _BEFORE)
        super().__init__(desk, plan, parent)
        self._key = uuid4().hex
        self._loan = loan
        self._taken = taken
        self._asked: RepaymentQuestion | None = None
        self._source = ChoiceBox("source", _SOURCES)
        self._reference = QLineEdit()
        self._reference.setObjectName("reference")
        self._amount = MoneyEdit("amount")
        self._early = ChoiceBox("prepay", _EARLY)
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._effect = AmountLines(desk.theme, "repayment_pays")
        self._shows_receipt = TickBox(
            desk.theme, "Show the receipt afterwards", name="shows_receipt"
        )
        self._shows_receipt.setChecked(True)
        self._fill()
        self._look_up()

    def _fill(self) -> None:
        note = "Sums such as 500+250 are worked out."
        self.form.add_row("amount", "Amount received KES", self._amount, note)
        self.form.add_row("prepay", "More than is due", self._early)
        self.form.show_row("prepay", False)
        self.form.add_row("source", "Received by", self._source)
        self.form.add_row("reference", "Number of the slip", self._reference)
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        self.form.show_row("reference", False)
        self.notes.addWidget(self._effect)
        self.notes.addWidget(self._shows_receipt)
        self._source.currentIndexChanged.connect(self._choose_source)
        self._amount.textChanged.connect(self._look_up)
        self._early.currentIndexChanged.connect(self._look_up)
        self._day.textChanged.connect(self._look_up)
        self.submitted.connect(self._record)
        self._amount.setFocus()

    def _choose_source(self) -> None:
        self.form.show_row("reference", self._source.value() is Source.BANK)

    def _look_up(self) -> None:
        """Ask what the amount would pay; a half-typed one is judged when the field is left."""
        try:
            cents, day = self._amount.cents(), self._day.day()
        except InvalidInput:
            cents = day = None
        # One cent asks for nothing but how the loan stands.
        question = (
            RepaymentQuestion(self._loan.loan_id, cents or 1, day, self._early.value())
            if day
            else None
        )
        if question is None or question == self._asked:
            return
        self._asked = question
        self.form.clear_error("prepay")

        def settle(offer: RepaymentOffer) -> None:
            if self._asked == question:
                self._show(offer, bool(cents))

        self.desk.background.read(
            repayments.offer, question, owner=self, done=settle, failed=self.form.failed
        )

    def _show(self, offer: RepaymentOffer, has_amount: bool) -> None:
        lines = [
            NamedAmount("Owed of the loan, KES", offer.outstanding_cents),
            NamedAmount("Has fallen due", offer.due_cents),
        ]
        if offer.prepaid_before_cents:
            lines.append(NamedAmount("Kept for later instalments", offer.prepaid_before_cents))
        if has_amount:
            lines += _share_lines(offer)
        self._effect.show_lines(lines)
        # What is over can be told what to do only where there is something over.
        self.form.show_row("prepay", has_amount and _is_over(offer))
        if offer.refusal and has_amount:
            self.form.show_error(InvalidInput(offer.refusal, "amount"))

    def _record(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            is_wanted = self._shows_receipt.isChecked()
            self.carry_out(repayments.take, new, lambda taken: self._taken(taken, is_wanted))

    def _collect(self) -> NewRepayment:
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        day = self._day.day()
        if day is None:
            raise InvalidInput(
                "Write the day on which the money came, for example t.", "value_date"
            )
        source = self._source.value()
        reference = self._reference.text() if source is Source.BANK else ""
        early = None if self._early.isHidden() else self._early.value()
        return NewRepayment(self._key, self._loan.loan_id, cents, source, reference, day, early)


def _is_over(offer: RepaymentOffer) -> bool:
    return offer.early is not None or offer.prepaid_cents + offer.deposits_cents > 0


def _early_lines(early: EarlyPrincipal) -> list[NamedAmount]:
    """The instalments to come, before and after; the last may be of another size than the rest."""
    was, now = early.was, early.rows
    changed = next(place for place, row in enumerate(now) if place >= len(was) or row != was[place])
    place = min(changed + 1, len(now) - 1)
    return [
        NamedAmount("Repays principal early", early.cents),
        NamedAmount(
            f"Instalment until now, {len(was)} in all, the last on {format_date(was[-1].due_on)}",
            was[min(place, len(was) - 1)].total_cents,
        ),
        NamedAmount(
            f"Instalment from then on, {len(now)} in all, the last on {format_date(now[-1].due_on)}",
            now[place].total_cents,
        ),
    ]


def _share_lines(offer: RepaymentOffer) -> list[NamedAmount]:
    """What the amount pays, component by component, and what is owed afterwards."""
    sums = dict.fromkeys(Component, 0)
    for part in offer.parts:
        sums[part.component] += part.cents
    lines = [
        NamedAmount(f"Pays {_WORDS[component].lower()}", cents)
        for component, cents in sums.items()
        if cents
    ]
    if offer.prepaid_cents:
        lines.append(NamedAmount("Kept for the next instalments", offer.prepaid_cents))
    if offer.deposits_cents:
        lines.append(NamedAmount("To the member's deposits", offer.deposits_cents))
    left = offer.outstanding_cents - sums[Component.PRINCIPAL]
    if offer.early is not None:
        lines += _early_lines(offer.early)
        left -= offer.early.cents
    return [*lines, NamedAmount("Owed afterwards", left, is_total=True)]
