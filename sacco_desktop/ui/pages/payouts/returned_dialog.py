"""A confirmed payment by bank, cheque or cash came back: a second person is asked to agree. Nothing is booked yet."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import WAY_WORDS, Way
from sacco_desktop.services.payouts import returned_payments
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.payouts.returned_payments import ReturnedPayment
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.columns import for_words
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_ASKED = "Sent for approval. Nothing has changed yet."
# What shows that it came back, and what it says of the reason.
_PAPERS = {
    Way.BANK: (
        "Bank's advice no.",
        "The number of the bank's advice or of the line on the statement.",
    ),
    Way.CHEQUE: (
        "Return slip no.",
        "The number of the bank's slip, or of the letter that stopped it.",
    ),
    Way.CASH: ("Till receipt no.", "The number of the receipt that the till gave for the money."),
}


def open_returned(desk: Desk, parent: QWidget, row: PayoutRow) -> None:
    """Ask for the day, the paper, the reason and what the bank charges for it."""
    loan = " The loan waits for its money again, and its schedule is undone." if row.loan_id else ""
    plan = FormPlan(
        "returned_dialog",
        f"{row.member_name}: {row.number} came back",
        "Ask a second person to agree",
        f"{format_kes(row.handed_cents)} for {for_words(row)}, by {WAY_WORDS[row.way].lower()} {row.receipt}. When a"
        f" second person agrees, entry {row.entry_number} is undone by a new one and the money is owed again.{loan} Two"
        " people then approve it anew, or it is taken back.",
    )
    dialog = FormDialog(desk, plan, parent)
    today = business_date(desk.now())
    day, paper, charge = (
        DateEdit("returned_on", lambda: today),
        QLineEdit(),
        MoneyEdit("charge", allow_zero=True),
    )
    day.set_day(today)
    paper.setObjectName("paper")
    title, note = _PAPERS[row.way]
    dialog.form.add_row("returned_on", "Came back on", day)
    dialog.form.add_row("paper", title, paper, note)
    reason = reason_edit()
    dialog.form.add_row(
        "reason", "Reason", reason, "For example: account closed, no funds, signature."
    )
    if row.way is not Way.CASH:
        dialog.form.add_row(
            "charge",
            "Bank charges",
            charge,
            "What the bank takes for the return; empty for nothing.",
        )

    def read() -> ReturnedPayment:
        on = day.day()
        if on is None:
            raise InvalidInput("Write the day on which it came back.", "returned_on")
        cents = charge.cents() or 0
        return ReturnedPayment(row.payout_id, row.version, paper.text(), on, reason.text(), cents)

    def submit() -> None:
        given = dialog.form.read(read)
        if given is not None:
            dialog.carry_out(returned_payments.ask, given, lambda _: desk.toast(_ASKED))

    dialog.submitted.connect(submit)
    dialog.open()
    paper.setFocus()
