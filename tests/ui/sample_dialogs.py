"""Dialogs with invented contents, for tests that walk through all of them."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.ui.key_card import KeyCard
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_dialog import MoneyDialog
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.money_plan import NOTHING_YET, Check, MoneyPlan
from tests.ui import sample_office

NAMES = ("money", "form", "keys")
TODAY = date(2026, 7, 3)
JANE = FoundMember(1, "M-0001", "JANE WANJIKU", "••• 678", "Active")
PAUL = FoundMember(2, "M-0214", "PAUL WANJALA", "••• 220", "Active")

PAY = MoneyPlan(
    title="Pay 3 members",
    act="Pay KES 95,000.00 to 3 members",
    amount_cents=9_500_000,
    facts=(
        ("Utility account now (asked 14:02)", "KES 252,480.00"),
        ("These payments with charges", "KES −95,037.00"),
        ("Already in flight", "KES −42,000.00"),
        ("Left after", "KES 115,443.00"),
    ),
    effects=("Three members get their loans on their phones.",),
    checks=(
        Check("Your limit per payment is KES 100,000.00.", True),
        Check("Approved by Daniel Omondi at 13:12.", True),
    ),
    notes=(
        Note(
            "Mercy Atieno's number was changed 2 days ago by Peter. Call her on the old number "
            "0712 118 330 before you pay, or take her out."
        ),
    ),
    confirmations=("I called her.",),
    crash_line=NOTHING_YET,
)


def a_dialog(name: str, theme: Theme, window: QWidget) -> QDialog:
    if name == "money":
        table = FrozenTable(
            theme, sample_office.PAYOUTS.columns, sample_office.PAYOUTS.key, name="to_pay"
        )
        table.set_rows(sample_office.payout_rows(3))
        table.setMinimumHeight(130)
        return MoneyDialog(theme, PAY, window, table)
    if name == "keys":
        return KeyCard(
            window, "Payouts", [("Filter this list", "Ctrl+F"), ("Back", "Alt+Left")] * 8
        )
    dialog = QDialog(window)
    dialog.setWindowTitle("Record a deposit")
    QVBoxLayout(dialog).addWidget(a_form())
    dialog.resize(560, 420)
    return dialog


def a_form() -> Form:
    form = Form(lambda _error, _owner: None)
    form.add_row(
        "kind", "Into", ChoiceBox("kind", [("deposits", "Deposits"), ("shares", "Share capital")])
    )
    form.add_row("amount", "Amount KES", MoneyEdit("amount"))
    form.add_row("day", "Date", DateEdit("day", lambda: TODAY), "t is today, + and - step a day")
    form.add_row("member", "Member", MemberPicker("member", lambda _text, show: show([JANE, PAUL])))
    form.show_error(
        InvalidInput("Write the amount in figures, for example 2,500 or 2500.50.", "amount")
    )
    return form
