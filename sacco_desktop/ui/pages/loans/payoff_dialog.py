"""Pays a loan off: the figure as of a day with its parts, as a paper to take home or as money that closes the loan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.lending import payoff_papers, payoffs
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.lending.payoffs import NewPayoff, PayoffFigure, PayoffQuestion
from sacco_desktop.services.lending.repayments import TakenRepayment
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.pages.loans.letter_print import show_letter
from sacco_desktop.ui.show_receipt import show_receipt
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.explain_link import explain_link
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.ticks import TickBox

_BEFORE = "Nothing is written until you press Record payoff; then the loan is closed. A quotation writes nothing."
_SOURCES = ((Source.CASH, "Cash"), (Source.BANK, "Bank slip"))


class PayoffDialog(FormDialog):
    """One payoff, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, loan: LoanRow) -> None:
        title = f"Pay off: {loan.member_name}, {loan.number}"
        super().__init__(desk, FormPlan("payoff_dialog", title, "Record payoff", _BEFORE), parent)
        self._key = uuid4().hex
        self._loan, self._owner = loan, parent
        self._asked: PayoffQuestion | None = None
        self._figure: PayoffFigure | None = None
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._source = ChoiceBox("source", _SOURCES)
        self._reference = QLineEdit()
        self._reference.setObjectName("reference")
        self._parts = AmountLines(desk.theme, "payoff_parts")
        self._holds = plain_label("", TextRole.SECONDARY, name="payoff_holds", wraps=True)
        self._print = push_button("Print quotation", name="print_quotation")
        self._receipt = TickBox(desk.theme, "Show the receipt afterwards", name="shows_receipt")
        self._receipt.setChecked(True)
        self._fill()
        self._look_up()

    def _fill(self) -> None:
        self.form.add_row(
            "value_date", "Paid on", self._day, "A later day gives a quotation for that day."
        )
        self.form.add_row("source", "Received by", self._source)
        self.form.add_row("reference", "Number of the slip", self._reference)
        self.form.show_row("reference", False)
        self.notes.addWidget(self._parts)
        self.notes.addWidget(self._holds)
        why = explain_link("explain_payoff", "the payoff", self._explain)
        self.notes.addWidget(why, 0, Qt.AlignmentFlag.AlignLeft)
        self.notes.addWidget(self._print, 0, Qt.AlignmentFlag.AlignLeft)
        self.notes.addWidget(self._receipt)
        self._source.currentIndexChanged.connect(self._choose_source)
        self._day.textChanged.connect(self._look_up)
        self._print.clicked.connect(self.print_quotation)
        self.submitted.connect(self._record)
        self.take_new = self._take_new

    def print_quotation(self) -> None:
        """The figure on paper, for the member to take home."""
        if self._figure is not None:
            question = PayoffQuestion(self._loan.loan_id, self._figure.settlement.on)
            show_letter(self.desk, self, payoff_papers.quotation, question)

    def _explain(self) -> None:
        """Why so much settles the loan on the day that stands in the form."""
        question = Question(Figure.PAYOFF, self._loan.loan_id, on=self._typed_day())
        open_explanation(self.desk, self, (("Payoff", question),))

    def _choose_source(self) -> None:
        self.form.show_row("reference", self._source.value() is Source.BANK)

    def _look_up(self) -> None:
        """Ask for the figure of the day that stands in the form; a half-typed one is no question."""
        day = self._typed_day()
        if day is not None and (self._asked is None or self._asked.on != day):
            self._ask(PayoffQuestion(self._loan.loan_id, day))

    def _typed_day(self) -> date | None:
        try:
            return self._day.day()
        except InvalidInput:
            return None

    def _ask(self, question: PayoffQuestion) -> None:
        self._asked, self._figure = question, None
        self._print.setEnabled(False)

        def settle(figure: PayoffFigure) -> None:
            if self._asked == question:
                self._show(figure)

        self.desk.background.read(
            payoffs.look, question, owner=self, done=settle, failed=self.form.failed
        )

    def _take_new(self, message: str) -> None:
        """It is another sum by now: show the new one, and say why nothing was taken."""
        assert self._asked is not None
        self._ask(self._asked)
        self.form.show_error(InvalidInput(message, "value_date"))

    def _show(self, figure: PayoffFigure) -> None:
        self._figure = figure
        self._print.setEnabled(True)
        what = figure.settlement
        lines = [
            NamedAmount(line.name, line.amount_cents) for line in payoff_papers.amounts_of(what)
        ]
        self._parts.show_lines(
            [*lines, NamedAmount("To bring, KES", what.to_bring_cents, is_total=True)]
        )
        saved = (
            f" Interest never asked for: {format_kes(what.saved_cents)}."
            if what.saved_cents > 0
            else ""
        )
        self._holds.setText(f"The sum holds until {format_date(figure.holds_until)}.{saved}")

    def _record(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(payoffs.settle, new, self._said(self._receipt.isChecked()))

    def _said(self, shows_receipt: bool) -> Callable[[TakenRepayment], None]:
        desk, owner, number = self.desk, self._owner, self._loan.number

        def say(taken: TakenRepayment) -> None:
            desk.toast(f"Paid off. {number} is closed by {format_kes(taken.amount_cents)}.")
            if shows_receipt and taken.amount_cents:
                show_receipt(desk, owner, taken.receipt)

        return say

    def _collect(self) -> NewPayoff:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day, for example t.", "value_date")
        if self._figure is None or self._figure.settlement.on != day:
            raise InvalidInput("The figure of that day is not here yet. Try again.", "value_date")
        source = self._source.value()
        reference = self._reference.text() if source is Source.BANK else ""
        cents = self._figure.settlement.to_bring_cents
        return NewPayoff(self._key, self._loan.loan_id, cents, source, reference, day)
