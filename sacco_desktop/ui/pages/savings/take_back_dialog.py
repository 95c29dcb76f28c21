"""Asks for a receipt to be taken back: another person agrees, then an entry of that day undoes it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.savings.savings_lists import ContributionRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_BEFORE = (
    "Nothing changes until another person agrees under Approvals. Then an entry of that day takes it back; both stay"
    " in the books."
)
_CHEQUE = " The cheque waits for the bank again, and can then be said to have come back."


def open_take_back_dialog(desk: Desk, parent: QWidget, row: ContributionRow) -> None:
    """Show what would be taken back, and ask for the reason."""
    title = f"Take back receipt {row.receipt} of {row.member_name}"
    before = _BEFORE + (_CHEQUE if row.cleared_entry else "")
    plan = FormPlan("take_back_receipt_dialog", title, "Ask for approval", before)
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "take_back_amounts")
    total = NamedAmount("Taken back in all", row.amount_cents, is_total=True)
    lines.show_lines((*(NamedAmount(name, cents) for name, cents in row.parts), total))
    dialog.form.add_wide(lines)
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_row("reason", "Reason", reason, "What is wrong, and who said so.")

    def asked(_request: int) -> None:
        desk.toast(f"Asked. {format_kes(row.amount_cents)} stay in the books until it is approved.")

    def submit() -> None:
        new = ReversalRequest(row.counting_entry, reason.toPlainText())
        dialog.carry_out(decisions.ask_reversal, new, asked)

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
