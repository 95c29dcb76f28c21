"""A member shows M-Pesa's message of a payment that is not in the books: its code, sum and day, and what it was for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.operations.money_back import claim_code
from sacco_desktop.services.collecting import purpose_choices
from sacco_desktop.services.collecting.purpose_choices import MemberChoices
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.services.collecting.receipt_claims import ClaimRow, NewClaim
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder, found
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_PLAN = FormPlan(
    "claim_code_dialog",
    "A member shows an M-Pesa code",
    "Ask M-Pesa about it",
    "Copy it from the member's own phone. It counts for nobody before M-Pesa or the statement proves it.",
)


def open_claim_code(desk: Desk, parent: QWidget, member_number: str = "") -> None:
    """Open the dialog; where a member is named, when the member was found."""
    if not member_number:
        ClaimCodeDialog(desk, parent, None).open()
        return

    def begin(rows: Sequence[MemberRow]) -> None:
        row = next((one for one in rows if one.number == member_number), None)
        ClaimCodeDialog(desk, parent, None if row is None else found(row)).open()

    desk.background.read(members.find, member_number, owner=parent, done=begin)


class ClaimCodeDialog(FormDialog):
    """One code, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, member: FoundMember | None) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._picker = MemberPicker("member", finder(desk, self))
        self._code = QLineEdit()
        self._code.setObjectName("code")
        self._code.setMaxLength(20)
        self._amount = MoneyEdit("amount")
        self._day = DateEdit("paid_on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._purpose = ChoiceBox("purpose")
        self.form.add_row("member", "Member", self._picker)
        self.form.add_row("code", "M-Pesa code", self._code)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("paid_on", "Paid on", self._day, "t is today, + and - step a day.")
        self.form.add_row("purpose", "For", self._purpose)
        self._picker.chosen.connect(self._look_up)
        self.submitted.connect(self._claim)
        if member is not None:
            self._picker.take(member)
            self._code.setFocus()

    def _look_up(self, member: FoundMember | None) -> None:
        self._purpose.set_choices(())
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
        self._purpose.set_choices([(one, one.name) for one in stand.choices])
        deposits = next((one for one in stand.choices if one.purpose == "deposits"), None)
        if deposits is not None:
            self._purpose.choose(deposits)

    def _claim(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            office, actor = self.desk.office, self.desk.actor
            self.operate(lambda: claim_code(office, new, actor), self._claimed)

    def _collect(self) -> NewClaim:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who shows the message.", "member")
        cents, day = self._amount.cents(), self._day.day()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        if day is None:
            raise InvalidInput("Write the day that the message names, for example t.", "paid_on")
        choice: PurposeChoice | None = self._purpose.value()
        if choice is None:
            raise InvalidInput("Choose what the money was for.", "purpose")
        return NewClaim(
            self._key,
            member.member_id,
            self._code.text(),
            cents,
            day,
            choice.purpose,
            choice.loan_id,
        )

    def _claimed(self, row: ClaimRow) -> None:
        self.desk.toast(claim_words(row))


def claim_words(row: ClaimRow) -> str:
    """What became of a code so far, for whoever typed it."""
    if row.status is ClaimStatus.PROVEN:
        return f"M-Pesa proves {row.code}: {format_kes(row.amount_cents)} of {row.full_name} counts now."
    if row.status is ClaimStatus.OPEN:
        return f"{row.code} is written down. {row.words}"
    return row.words
