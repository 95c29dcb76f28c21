"""Takes cash at the counter: who, how much, on which day, and what the deposits come to afterwards."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit, TakenDeposit
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder, found
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.ticks import TickBox

_PLAN = FormPlan(
    "take_deposit_dialog",
    "Take a cash deposit",
    "Record deposit",
    "Count the cash first. Nothing is written until you press Record deposit; then it is in the ledger.",
)

# The deposit, the full name of whom it is, and whether the receipt is to be shown.
Taken = Callable[[TakenDeposit, str, bool], None]


class TakeDepositDialog(FormDialog):
    """One deposit, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, member: MemberRow | None, taken: Taken) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._member: MemberRow | None = None
        self._taken = taken
        self._picker = MemberPicker("member", finder(desk, self))
        self._amount = MoneyEdit("amount")
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._effect = AmountLines(desk.theme, "balance_after")
        self._shows_receipt = TickBox(
            desk.theme, "Show the receipt afterwards", name="shows_receipt"
        )
        self._shows_receipt.setChecked(True)
        self.form.add_row("member", "Member", self._picker)
        note = "Sums such as 500+250 are worked out."
        self.form.add_row("amount", "Cash received KES", self._amount, note)
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        self.notes.addWidget(self._effect)
        self.notes.addWidget(self._shows_receipt)
        self._picker.chosen.connect(self._look_up)
        self._amount.textChanged.connect(self._show_effect)
        self.submitted.connect(self._record)
        if member is not None:
            self._picker.take(found(member))
            self._settle(member)
            self._amount.setFocus()

    def _look_up(self, chosen: FoundMember | None) -> None:
        self._member = None
        self._show_effect()
        if chosen is not None:
            self.form.clear_error("member")
            self.desk.background.read(
                members.row_of, chosen.member_id, owner=self, done=self._settle
            )

    def _settle(self, row: MemberRow) -> None:
        chosen = self._picker.member
        if chosen is not None and chosen.member_id == row.member_id:
            self._member = row
            self._show_effect()

    def _show_effect(self) -> None:
        row = self._member
        if row is None:
            self._effect.show_lines(())
            return
        try:
            cents = self._amount.cents() or 0
        except InvalidInput:
            cents = 0  # half-typed; it is judged when the field is left
        self._effect.show_lines(
            (
                NamedAmount("Deposits now, KES", row.deposits_cents),
                NamedAmount("This deposit", cents),
                NamedAmount("Deposits after", row.deposits_cents + cents, is_total=True),
            )
        )

    def _record(self) -> None:
        new = self.form.read(self._collect)
        member = self._picker.member
        if new is not None and member is not None:
            is_wanted = self._shows_receipt.isChecked()
            self.carry_out(
                deposits.take_cash,
                new,
                lambda deposit: self._taken(deposit, member.full_name, is_wanted),
            )

    def _collect(self) -> NewDeposit:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who brings the cash.", "member")
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day on which the cash came, for example t.", "value_date")
        return NewDeposit(self._key, member.member_id, cents, day)
