"""Gives a member another M-Pesa number, and says before it is done which payouts that stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange, TouchedPayout
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.changed_box import ChangedBox, Versions
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_RULE = (
    "Payouts that were approved for the old number lose their approval at once and must be asked for again. "
    "For 48 hours every payment to the new number is marked."
)
_ADVICE = "The number above is the one of now. Press Change phone only if yours is still right."


class ChangePhoneDialog(FormDialog):
    """`changed` is called with the member as he or she stands in the books afterwards."""

    def __init__(
        self, desk: Desk, parent: QWidget, row: MemberRow, changed: Callable[[MemberRow], None]
    ) -> None:
        plan = FormPlan(
            "change_phone_dialog",
            f"Change phone: {row.full_name}, {row.number}",
            "Change phone",
            "Ask for the identity card first. Who changed what and when stays written.",
        )
        super().__init__(desk, plan, parent)
        self._row = row
        self._changed = changed
        self._old = QLineEdit(display_phone(row.phone))
        self._old.setObjectName("old_phone")
        self._old.setReadOnly(True)
        self._new = QLineEdit()
        self._new.setObjectName("phone")
        self.form.add_row("old_phone", "Number now", self._old)
        self.form.add_row("phone", "New number", self._new, "For example 0722 908 114.")
        self._effect = Callout(desk.theme, _RULE, ChipColour.AMBER)
        self._opened, self._typed = row, ""
        self._meanwhile = ChangedBox(desk.theme, self._choose)
        self.notes.addWidget(self._meanwhile)
        self.notes.addWidget(self._effect)
        self.take_new = self._take_new
        self._new.setFocus()
        self.submitted.connect(self._change)
        desk.background.read(
            phone_changes.touched_payouts, row.member_id, owner=self, done=self._show_touched
        )

    def _take_new(self, what: str) -> None:
        """Somebody was quicker: show the record as it is now, beside what was typed here."""

        def show(row: MemberRow) -> None:
            self._row = row
            self._typed = self._new.text()
            self._old.setText(display_phone(row.phone))
            opened = self._opened
            versions = (
                Versions("Name", opened.full_name, row.full_name),
                Versions(
                    "M-Pesa phone",
                    display_phone(opened.phone),
                    display_phone(row.phone),
                    self._typed,
                ),
            )
            self._meanwhile.tell(what, versions, _ADVICE)
            self._new.setFocus()

        self.desk.background.read(members.row_of, self._row.member_id, owner=self, done=show)

    def _choose(self, is_new: bool) -> None:
        """The number of now, which then needs no change, or again the one that was typed."""
        if not is_new:
            self._new.setText(self._typed)
        else:
            self._typed = self._new.text()
            self._new.setText(display_phone(self._row.phone))
        self.form.clear_error("phone")

    def _show_touched(self, touched: Sequence[TouchedPayout]) -> None:
        sentences = [_sentence(payout) for payout in touched]
        self._effect.say(" ".join([*sentences, _RULE]), ChipColour.AMBER)

    def _change(self) -> None:
        self.form.clear_errors()
        change = PhoneChange(self._row.member_id, self._row.version, self._new.text())
        self.carry_out(phone_changes.change_phone, change, self._changed)


def _sentence(payout: TouchedPayout) -> str:
    amount = format_kes(payout.net_cents)
    if payout.is_approved:
        return f"{payout.number} over {amount} loses its approval."
    return f"{payout.number} over {amount}, which waits for approval, cannot be approved any more."
