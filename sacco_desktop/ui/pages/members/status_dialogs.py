"""Dialogs of a member's status: a reason for what is asked, a notice, a transfer of shares."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.services.membership import exit_notices, member_statuses
from sacco_desktop.services.membership.exit_notices import NewNotice, NoticeRow, NoticeTakenBack
from sacco_desktop.services.membership.member_statuses import StatusWish
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.savings import share_transfers
from sacco_desktop.services.savings.share_transfers import TransferFacts, TransferWish
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

Told = Callable[[str], None]

# The button, and what a person should know before it is pressed.
_WISHES = {
    MemberStatus.SUSPENDED: (
        "Ask to suspend",
        "Another person agrees. A suspended member pays in, and neither borrows nor guarantees.",
    ),
    MemberStatus.EXPELLED: (
        "Ask to expel",
        "Another person agrees. The membership ends for good, and the balances are settled afterwards.",
    ),
    MemberStatus.DECEASED: (
        "Ask to record the death",
        "Another person agrees. Write the number of the death certificate. Nominees are paid after the settlement.",
    ),
    MemberStatus.ACTIVE: (
        "Make active",
        "After a suspension or a death that was recorded by mistake another person agrees first.",
    ),
}


class ReasonDialog(FormDialog):
    """Another status, with the reason; `told` gets the words about what became of it."""

    def __init__(
        self, desk: Desk, parent: QWidget, row: MemberRow, new: MemberStatus, told: Told
    ) -> None:
        act, before = _WISHES[new]
        title = f"{act}: {row.full_name}, {row.number}"
        super().__init__(desk, FormPlan("status_dialog", title, act, before), parent)
        self._row, self._new, self._told = row, new, told
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("reason", "Why", self._reason, "For example the minute of the committee.")
        self.submitted.connect(self._ask)

    def _ask(self) -> None:
        self.form.clear_errors()
        wish = StatusWish(self._row.member_id, self._row.version, self._new, self._reason.text())
        self.carry_out(member_statuses.ask, wish, self._told)


class NoticeDialog(FormDialog):
    """A notice of leaving is written down."""

    def __init__(self, desk: Desk, parent: QWidget, row: MemberRow, told: Told) -> None:
        plan = FormPlan(
            "notice_dialog",
            f"Notice of leaving: {row.full_name}, {row.number}",
            "Write notice down",
            "The notice runs for the days that the society asks for. Then the balances can be settled.",
        )
        super().__init__(desk, plan, parent)
        self._row, self._told = row, told
        self._day = DateEdit("given_on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("given_on", "Given on", self._day, "As on the letter.")
        self.form.add_row("reason", "Why", self._reason)
        self.submitted.connect(self._give)

    def _give(self) -> None:
        self.form.clear_errors()
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(exit_notices.give, new, self._given)

    def _given(self, notice: NoticeRow) -> None:
        self._told(f"Written down. The notice has run on {format_date(notice.due_on)}.")

    def _collect(self) -> NewNotice:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the letter, for example t.", "given_on")
        return NewNotice(self._row.member_id, self._row.version, day, self._reason.text())


class NoticeBackDialog(FormDialog):
    """The member stays after all."""

    def __init__(self, desk: Desk, parent: QWidget, row: MemberRow, told: Told) -> None:
        title = f"Take the notice back: {row.full_name}, {row.number}"
        super().__init__(desk, FormPlan("notice_back_dialog", title, "Take notice back"), parent)
        self._row, self._told = row, told
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("reason", "Why", self._reason)
        self.submitted.connect(self._take_back)

    def _take_back(self) -> None:
        self.form.clear_errors()
        back = NoticeTakenBack(self._row.member_id, self._row.version, self._reason.text())
        self.carry_out(
            exit_notices.take_back, back, lambda _nothing: self._told("The member stays.")
        )


class TransferDialog(FormDialog):
    """Share capital that goes to another member; its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, row: MemberRow, told: Told) -> None:
        plan = FormPlan(
            "transfer_dialog",
            f"Transfer shares of {row.full_name}, {row.number}",
            "Ask for the transfer",
            "Another person agrees. The shares go over at par, and no money moves between the members here.",
        )
        super().__init__(desk, plan, parent)
        self._key, self._row, self._told = uuid4().hex, row, told
        self._picker = MemberPicker("to_member", finder(desk, self))
        self._amount = MoneyEdit("amount")
        self._facts = Callout(desk.theme, "", ChipColour.BLUE)
        self._facts.hide()
        self.form.add_row("to_member", "To member", self._picker)
        self.form.add_row("amount", "Share capital KES", self._amount)
        self.notes.addWidget(self._facts)
        self.submitted.connect(self._ask)
        desk.background.read(
            share_transfers.facts, row.member_id, owner=self, done=self._show_facts
        )

    def _show_facts(self, facts: TransferFacts) -> None:
        words = f"The member holds {format_kes(facts.held_cents)}."
        if facts.least_cents:
            words += f" {format_kes(facts.least_cents)} must stay."
        if facts.fee_cents:
            words += f" A fee of {format_kes(facts.fee_cents)} is taken from the deposits."
        self._facts.say(words, ChipColour.BLUE)
        self._facts.show()

    def _ask(self) -> None:
        self.form.clear_errors()
        wish = self.form.read(self._collect)
        if wish is not None:
            self.carry_out(share_transfers.ask, wish, self._told)

    def _collect(self) -> TransferWish:
        buyer = self._picker.member
        if buyer is None:
            raise InvalidInput("Choose the member who buys.", "to_member")
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        return TransferWish(self._key, self._row.member_id, buyer.member_id, cents)
