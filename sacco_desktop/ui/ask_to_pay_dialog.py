"""Asks a member to pay on the phone: for what, how much, and on which number. Then it follows what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain import prompts as prompt_rules
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.phones import display_phone, normalise_phone
from sacco_desktop.operations.collect import ask_to_pay
from sacco_desktop.services.collecting import prompt_list, purpose_choices
from sacco_desktop.services.collecting.prompt_list import AskedRow
from sacco_desktop.services.collecting.prompts import LEAST_CENTS, MOST_CENTS, NewPrompt, PromptRow
from sacco_desktop.services.collecting.purpose_choices import MemberChoices
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder, found
from sacco_desktop.ui.prompt_dialog import PromptDialog
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_PLAN = FormPlan(
    "ask_to_pay_dialog",
    "Ask a member to pay on the phone",
    "Ask to pay",
    "M-Pesa shows the sum and the paybill on the phone, and the member agrees with the PIN. Nothing is booked before"
    " M-Pesa says that it was paid.",
)
_TICK_MS = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """With what the dialog begins: the number of a member, and what for; both may be empty."""

    member_number: str = ""
    purpose: str = ""
    loan_id: int | None = None
    amount_cents: int | None = None


def open_ask_to_pay(desk: Desk, parent: QWidget, wanted: Wanted) -> None:
    """Open the dialog; where a member is named, when the member was found."""
    if not wanted.member_number:
        AskToPayDialog(desk, parent, wanted, None).open()
        return

    def begin(rows: Sequence[MemberRow]) -> None:
        row = next((one for one in rows if one.number == wanted.member_number), None)
        AskToPayDialog(desk, parent, wanted, None if row is None else found(row)).open()

    desk.background.read(members.find, wanted.member_number, owner=parent, done=begin)


def follow_prompt(desk: Desk, parent: QWidget, prompt_id: int) -> None:
    """Open the dialog that says what becomes of a prompt."""

    def show(rows: Sequence[AskedRow]) -> None:
        for row in rows:
            PromptDialog(desk, parent, row, lambda old: _again(desk, parent, old)).open()

    desk.background.read(prompt_list.prompts_of, (prompt_id,), owner=parent, done=show)


def _again(desk: Desk, parent: QWidget, old: AskedRow) -> None:
    open_ask_to_pay(
        desk, parent, Wanted(old.member_number, old.purpose, old.loan_id, old.amount_cents)
    )


class AskToPayDialog(FormDialog):
    """One prompt, however often the button is pressed: its key is made here."""

    def __init__(
        self, desk: Desk, parent: QWidget, wanted: Wanted, member: FoundMember | None
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key, self._wanted, self._parent = uuid4().hex, wanted, parent
        self._free_at: datetime | None = None
        self._busy_with = ""
        self._picker = MemberPicker("member", finder(desk, self))
        self._purpose = ChoiceBox("purpose")
        self._amount = MoneyEdit("amount")
        self._phone = QLineEdit()
        self._phone.setObjectName("phone")
        self._hold = Callout(desk.theme, "", ChipColour.AMBER)
        self._hold.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._say_free)
        self.form.add_row("member", "Member", self._picker)
        self.form.add_row("purpose", "For", self._purpose)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("phone", "Phone", self._phone)
        self.notes.addWidget(self._hold)
        self._picker.chosen.connect(self._look_up)
        self._purpose.currentIndexChanged.connect(self._preset)
        self._amount.textChanged.connect(self._say_button)
        self._phone.textEdited.connect(self._other_phone)
        self.submitted.connect(self._ask)
        self.finished.connect(self._timer.stop)
        if member is not None:
            self._picker.take(member)
            self._purpose.setFocus()

    def _look_up(self, member: FoundMember | None) -> None:
        self._purpose.set_choices(())
        self._phone.clear()
        self._say_stand("", None)
        if member is not None:
            self.form.clear_error("member")
            self.desk.background.read(
                purpose_choices.choices_for, member.member_id, owner=self, done=self._offer
            )

    def _offer(self, stand: MemberChoices) -> None:
        member = self._picker.member
        if member is None or member.member_id != stand.member_id:
            return
        if stand.gone:
            self.form.show_error(InvalidInput(stand.gone, "member"))
            return
        self._phone.setText(display_phone(stand.phone))
        self._purpose.set_choices([(one, one.name) for one in stand.choices])
        key = self._wanted.purpose, self._wanted.loan_id
        wanted = next((one for one in stand.choices if (one.purpose, one.loan_id) == key), None)
        self._purpose.setCurrentIndex(0 if stand.choices else -1)
        if wanted is not None:
            self._purpose.choose(wanted)
            if self._wanted.amount_cents is not None:
                self._amount.set_cents(self._wanted.amount_cents)
        self._say_stand(stand.busy_with, stand.free_at)

    def _preset(self) -> None:
        choice: PurposeChoice | None = self._purpose.value()
        if choice is None:
            return
        self._amount.set_cents(choice.preset_cents or None)
        self.form.clear_error("amount")
        self.form.say_note("purpose", choice.note)

    def _other_phone(self) -> None:
        """Another number is judged when it is asked."""
        self._say_stand("", None)

    def _say_stand(self, busy_with: str, free_at: datetime | None) -> None:
        self._busy_with, self._free_at = busy_with, free_at
        self._say_free()

    def _say_free(self) -> None:
        """Why the phone cannot be asked now, and for how long still."""
        words, free_at = "", self._free_at
        seconds = 0 if free_at is None else int((free_at - self.desk.now()).total_seconds())
        if self._busy_with:
            words = f"{self._busy_with} is still open on this phone. Wait until it has ended."
        elif seconds > 0:
            words = f"This phone was asked just now. It can be asked again in {seconds // 60}:{seconds % 60:02d}."
        self._hold.say(words, ChipColour.AMBER)
        self._hold.setVisible(bool(words))
        self._ok.setEnabled(not words and not self._is_busy)
        is_running = self._timer.isActive()
        if seconds > 0 and not is_running:
            self._timer.start()
        elif seconds <= 0 and is_running:
            self._timer.stop()

    def _say_button(self) -> None:
        try:
            cents = self._amount.cents()
        except InvalidInput:
            return  # Half-typed; it is judged when the field is left.
        self._ok.setText(f"Ask for {format_kes(cents)}" if cents else _PLAN.act)

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            office, actor = self.desk.office, self.desk.actor
            self.operate(lambda: ask_to_pay(office, new, actor), self._asked)

    def _collect(self) -> NewPrompt:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who is to pay.", "member")
        choice: PurposeChoice | None = self._purpose.value()
        if choice is None:
            raise InvalidInput("Choose what the money is for.", "purpose")
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        prompt_rules.check_amount(cents, LEAST_CENTS, MOST_CENTS)
        phone = normalise_phone(self._phone.text())
        return NewPrompt(
            self._key,
            choice.member_id,
            choice.purpose,
            choice.loan_id,
            phone,
            cents,
            choice.application_id,
        )

    def _asked(self, row: PromptRow) -> None:
        follow_prompt(self.desk, self._parent, row.prompt_id)
