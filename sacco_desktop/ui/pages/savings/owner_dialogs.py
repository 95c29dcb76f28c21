"""Dialogs of check-off money without owner: naming the member whose it is, and taking it back as a whole."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.services.counter import found_owners
from sacco_desktop.services.counter.found_owners import NewOwner, OwnerBack
from sacco_desktop.services.counter.unowned_money import FoundOwner, UnownedRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_BEFORE = (
    "Nothing is posted now. When another person agrees, it pays what is due of the member as a check-off does, and the"
    " rest goes to the deposits."
)


class OwnerDialog(FormDialog):
    """One owner, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, row: UnownedRow) -> None:
        title = f"Give {format_kes(row.left_cents)} of {row.employer} to a member"
        super().__init__(desk, FormPlan("owner_dialog", title, "Ask for approval", _BEFORE), parent)
        self._key, self._row = uuid4().hex, row
        self._member = MemberPicker("member", finder(desk, self))
        self._amount = MoneyEdit("amount")
        self._amount.set_cents(row.left_cents)
        self._known_by = NoteEdit("known_by", lines=2)
        self.form.add_row("member", "Member", self._member, row.problem)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("known_by", "How it is known", self._known_by, "Who said so, and when.")
        self.submitted.connect(self._ask)
        self._member.setFocus()

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(found_owners.ask, new, self.desk.toast)

    def _collect(self) -> NewOwner:
        if self._member.member is None:
            raise InvalidInput("Choose the member whose it is.", "member")
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        row = self._row
        return NewOwner(
            self._key,
            row.list_id,
            row.line_id,
            self._member.member.member_id,
            cents,
            self._known_by.toPlainText(),
        )


class OwnerBackDialog(FormDialog):
    """What was given is to be taken back as a whole; another person agrees."""

    def __init__(self, desk: Desk, parent: QWidget, owner: FoundOwner) -> None:
        title = f"Take back {format_kes(owner.cents)} from {owner.member_name}"
        before = (
            "It stays the member's until another person agrees. Then all of it is taken back, from loans and savings,"
            " and waits for its owner again."
        )
        plan = FormPlan("owner_back_dialog", title, "Ask to take it back", before)
        super().__init__(desk, plan, parent)
        self._owner = owner
        self._reason = NoteEdit("reason", lines=2)
        self.form.add_row("reason", "Why", self._reason)
        self.submitted.connect(self._ask)

    def _ask(self) -> None:
        self.form.clear_errors()
        back = OwnerBack(self._owner.owner_id, self._owner.version, self._reason.toPlainText())
        self.carry_out(found_owners.ask_back, back, self.desk.toast)
