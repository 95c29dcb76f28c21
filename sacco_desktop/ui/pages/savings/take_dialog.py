"""Takes money in from a member: for which products, by cash, bank slip or cheque, with one receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.domain.savings_words import PAID_BY_WORDS
from sacco_desktop.services import contributions
from sacco_desktop.services.contributions import (
    AT_THE_COUNTER,
    NewContribution,
    TakenContribution,
)
from sacco_desktop.services.savings_products import Product
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.ticks import TickBox

_PLAN = FormPlan(
    "take_contribution_dialog",
    "Take money in",
    "Record receipt",
    "Nothing is written until you press Record receipt. A cheque counts when the bank has cleared it.",
)
_SOURCES = tuple((by, PAID_BY_WORDS[by]) for by in AT_THE_COUNTER)

# The receipt, the full name of whom it is, and whether it is to be shown.
Taken = Callable[[TakenContribution, str, bool], None]


class TakeContributionDialog(FormDialog):
    """One receipt, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        products: Sequence[Product],
        taken: Taken,
        member: FoundMember | None = None,
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._taken = taken
        self._picker = MemberPicker("member", finder(desk, self))
        self._amounts = {one.code: MoneyEdit(one.code) for one in products if one.terms.is_open}
        self._products = [one for one in products if one.terms.is_open]
        self._source = ChoiceBox("source", _SOURCES)
        self._reference = QLineEdit()
        self._reference.setObjectName("reference")
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._sum = AmountLines(desk.theme, "contribution_sum")
        self._shows_receipt = TickBox(
            desk.theme, "Show the receipt afterwards", name="shows_receipt"
        )
        self._shows_receipt.setChecked(True)
        self._fill()
        if member is not None:
            self._picker.take(member)

    def _fill(self) -> None:
        self.form.add_row("member", "Member", self._picker)
        self.form.add_row("source", "Received by", self._source)
        self.form.add_row("reference", "Number on it", self._reference)
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        for product in self._products:
            edit = self._amounts[product.code]
            self.form.add_row(product.code, f"{product.terms.name} KES", edit)
            if product.terms.preset_cents:
                edit.set_cents(product.terms.preset_cents)
            edit.textChanged.connect(self._show_sum)
        self.form.show_row("reference", False)
        self.notes.addWidget(self._sum)
        self.notes.addWidget(self._shows_receipt)
        self._source.currentIndexChanged.connect(self._choose_source)
        self.submitted.connect(self._record)
        self._show_sum()

    def _choose_source(self) -> None:
        self.form.show_row("reference", self._source.value() is not PaidBy.CASH)

    def _show_sum(self) -> None:
        try:
            cents = sum(cents for _code, cents in self._parts())
        except InvalidInput:
            return  # Half-typed; it is judged when the field is left.
        self._sum.show_lines((NamedAmount("Received in all, KES", cents, is_total=True),))

    def _parts(self) -> tuple[tuple[str, int], ...]:
        found = ((code, edit.cents()) for code, edit in self._amounts.items())
        return tuple((code, cents) for code, cents in found if cents)

    def _record(self) -> None:
        new = self.form.read(self._collect)
        member = self._picker.member
        if new is not None and member is not None:
            is_wanted = self._shows_receipt.isChecked()
            self.carry_out(
                contributions.take,
                new,
                lambda taken: self._taken(taken, member.full_name, is_wanted),
            )

    def _collect(self) -> NewContribution:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who brings the money.", "member")
        parts = self._parts()
        if not parts:
            raise InvalidInput(AMOUNT_SENTENCE, self._products[0].code)
        day = self._day.day()
        if day is None:
            raise InvalidInput(
                "Write the day on which the money came, for example t.", "value_date"
            )
        source = self._source.value()
        reference = "" if source is PaidBy.CASH else self._reference.text()
        return NewContribution(self._key, member.member_id, parts, source, reference, day)
