"""Asks for a penalty to be waived, or for a member to be spared from rules: another person agrees to either."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE
from sacco_desktop.services.charging.penalty_list import PenaltyRow
from sacco_desktop.services.penalties import penalty_rules, waivers
from sacco_desktop.services.penalties.penalty_rules import RuleNow
from sacco_desktop.services.penalties.waivers import SpareWish, WaiverWish
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_WAIVE = "The penalty is owed until another person agrees under Approvals. What is waived stays on the list."
_SPARE = "Penalties are charged until another person agrees under Approvals. What was charged already stays owed."


def open_waive_dialog(desk: Desk, parent: QWidget, row: PenaltyRow) -> None:
    """Show what is left of the penalty, and ask for the sum and the reason."""
    title = f"Waive a penalty of {row.member_name}"
    plan = FormPlan("waive_dialog", title, "Ask for approval", _WAIVE)
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "waive_amounts")
    lines.show_lines(
        (
            NamedAmount(f"{row.what}, {row.why}", row.cents),
            NamedAmount("Paid", row.paid_cents),
            NamedAmount("Left", row.left_cents, is_total=True),
        )
    )
    dialog.form.add_wide(lines)
    amount = MoneyEdit("charges")
    amount.set_cents(row.left_cents)
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_row("charges", "Waived KES", amount)
    dialog.form.add_row("reason", "Reason", reason, "Why, in a sentence that an auditor will read.")

    def read() -> WaiverWish:
        cents = amount.cents()
        if not cents:
            raise InvalidInput(AMOUNT_SENTENCE, "charges")
        return WaiverWish(((row.charge_id, cents),), reason.toPlainText())

    def submit() -> None:
        wish = dialog.form.read(read)
        if wish is not None:
            dialog.carry_out(waivers.ask, wish, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def open_spare_dialog(desk: Desk, parent: QWidget, row: PenaltyRow) -> None:
    """Read the rules, then ask from which, how long and why."""

    def show(rules: tuple[RuleNow, ...]) -> None:
        _SpareDialog(desk, parent, row, rules).open()

    desk.background.read(penalty_rules.list_rules, None, owner=parent, done=show)


class _SpareDialog(FormDialog):
    def __init__(
        self, desk: Desk, parent: QWidget, row: PenaltyRow, rules: tuple[RuleNow, ...]
    ) -> None:
        title = f"Spare {row.member_name} from penalties"
        plan = FormPlan("spare_dialog", title, "Ask for approval", _SPARE)
        super().__init__(desk, plan, parent)
        self._row = row
        choices = [("", "All penalties and fines"), *((one.code, one.terms.name) for one in rules)]
        self._rule = ChoiceBox("rule", choices)
        self._from = DateEdit("from_on", lambda: business_date(desk.now()))
        self._until = DateEdit("until_on", lambda: business_date(desk.now()))
        self._reason = NoteEdit("reason", lines=2)
        add = self.form.add_row
        add("rule", "Spared from", self._rule)
        add("from_on", "What falls due from", self._from)
        add("until_on", "Until", self._until, "Empty: until further notice.")
        add("reason", "Reason", self._reason, "Why, in a sentence that an auditor will read.")
        self._from.set_day(business_date(desk.now()))
        self.submitted.connect(self._ask)

    def _ask(self) -> None:
        wish = self.form.read(self._read)
        if wish is not None:
            self.carry_out(waivers.ask_spare, wish, self.desk.toast)

    def _read(self) -> SpareWish:
        day = self._from.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "from_on")
        return SpareWish(
            self._row.member_id,
            self._rule.value(),
            day,
            self._until.day(),
            self._reason.toPlainText(),
        )
