"""Takes money in from a member: for which products, by cash, bank slip or cheque, with one receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.domain.savings_words import PAID_BY_WORDS
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import contributions, obligations
from sacco_desktop.services.savings.contributions import (
    AT_THE_COUNTER,
    NewContribution,
    TakenContribution,
)
from sacco_desktop.services.savings.obligations import ObligationQuestion, ObligationRow
from sacco_desktop.services.savings.savings_products import Product
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.ticks import TickBox

_PLAN = FormPlan(
    "take_contribution_dialog",
    "Take money in",
    "Record receipt",
    "Count the money first. Nothing is written until you press Record receipt. A cheque counts when the bank has"
    " cleared it.",
)
_SOURCES = tuple((by, PAID_BY_WORDS[by]) for by in AT_THE_COUNTER)


@dataclass(frozen=True, slots=True)
class Begin:
    """How the dialog begins: with a member, with the way and day of the one before, and how many were entered so far,
    in cents together.
    """

    member: FoundMember | None = None
    source: PaidBy = PaidBy.CASH
    day: date | None = None
    count: int = 0
    cents: int = 0
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """Whose money it was, whether the receipt is to be shown, and how the next dialog begins if there is to be one."""

    full_name: str
    shows_receipt: bool
    next: Begin | None


Taken = Callable[[TakenContribution, Finish], None]


class TakeContributionDialog(FormDialog):
    """One receipt, however often the button is pressed: its key is made here."""

    def __init__(
        self, desk: Desk, parent: QWidget, products: Sequence[Product], begin: Begin, taken: Taken
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._begin = begin
        self._taken = taken
        self._products = {one.code: one for one in products if one.terms.is_open}
        self._amounts = {code: MoneyEdit(code) for code in self._products}
        self._picker = MemberPicker("member", finder(desk, self))
        self._fines = MoneyEdit("fines")
        self._source = ChoiceBox("source", _SOURCES)
        self._reference = QLineEdit()
        self._reference.setObjectName("reference")
        self._day = DateEdit("value_date", lambda: business_date(desk.now()))
        self._sum = AmountLines(desk.theme, "contribution_sum")
        self._shows_receipt = TickBox(
            desk.theme, "Show the receipt afterwards", name="shows_receipt"
        )
        self._goes_on = TickBox(
            desk.theme, "Take the next one in afterwards, without showing receipts", name="goes_on"
        )
        self._fill()
        self._connect()
        self._start()

    def _fill(self) -> None:
        self.form.add_row("member", "Member", self._picker)
        for code, product in self._products.items():
            self.form.add_row(code, f"{product.terms.name} KES", self._amounts[code])
        self.form.add_row("fines", "Fines KES", self._fines)
        self.form.show_row("fines", False)
        self.form.add_row("source", "Received by", self._source)
        self.form.add_row("reference", "Number on it", self._reference)
        self.form.add_row("value_date", "Date", self._day, "t is today, + and - step a day.")
        for part in (self._sum, self._shows_receipt, self._goes_on):
            self.notes.addWidget(part)

    def _connect(self) -> None:
        self._picker.chosen.connect(self._look_up)
        for edit in (*self._amounts.values(), self._fines):
            edit.textChanged.connect(self._show_sum)
        self._source.currentIndexChanged.connect(self._choose_source)
        self._goes_on.toggled.connect(lambda is_on: self._shows_receipt.setEnabled(not is_on))
        self.submitted.connect(self._record)

    def _start(self) -> None:
        begin = self._begin
        for code, product in self._products.items():
            self._amounts[code].set_cents(product.terms.preset_cents or None)
        self._source.choose(begin.source)
        self._choose_source()
        self._day.set_day(begin.day or business_date(self.desk.now()))
        self._shows_receipt.setChecked(True)
        self._goes_on.setChecked(begin.goes_on)
        self._show_sum()
        if begin.member is not None:
            self._picker.take(begin.member)
            self._look_up(begin.member)
            next(iter(self._amounts.values())).setFocus()

    def _choose_source(self) -> None:
        self.form.show_row("reference", self._source.value() is not PaidBy.CASH)

    def _look_up(self, chosen: FoundMember | None) -> None:
        """Under each product, what is expected of this member."""
        for code in self._products:
            self.form.say_note(code, "")
        self._fines.set_cents(None)
        self.form.show_row("fines", False)
        if chosen is not None:
            self.form.clear_error("member")
            self.desk.background.read(
                obligations.list_obligations,
                ObligationQuestion(member_id=chosen.member_id),
                owner=self,
                done=self._show_expected,
            )
            self.desk.background.read(
                penalty_rows.look_fines, chosen.member_id, owner=self, done=self._show_fines
            )

    def _show_fines(self, cents: int) -> None:
        """What the member owes of fines can be paid with the same receipt."""
        self.form.show_row("fines", cents > 0)
        self.form.say_note("fines", f"{format_kes(cents)} owed." if cents else "")

    def _show_expected(self, rows: Sequence[ObligationRow]) -> None:
        member = self._picker.member
        if member is None:
            return
        for row in rows:
            if row.member_id == member.member_id and row.product.code in self._products:
                self.form.say_note(row.product.code, stand_words(row))

    def _show_sum(self) -> None:
        try:
            cents = sum(cents for _code, cents in self._parts()) + (self._fines.cents() or 0)
        except InvalidInput:
            return  # Half-typed; it is judged when the field is left.
        self._sum.show_lines((NamedAmount("Received in all, KES", cents, is_total=True),))
        # In a small window the sum may be below the edge; the button is always in view.
        self._ok.setText(f"Record receipt of {format_kes(cents)}" if cents else _PLAN.act)

    def _parts(self) -> tuple[tuple[str, int], ...]:
        found = ((code, edit.cents()) for code, edit in self._amounts.items())
        return tuple((code, cents) for code, cents in found if cents)

    def _record(self) -> None:
        new = self.form.read(self._collect)
        member = self._picker.member
        if new is None or member is None:
            return
        following = None
        if self._goes_on.isChecked():
            taken = new.fines_cents + sum(cents for _code, cents in new.parts)
            cents = self._begin.cents + taken
            count = self._begin.count + 1
            following = Begin(None, new.source, new.value_date, count, cents, goes_on=True)
        finish = Finish(member.full_name, self._shows_receipt.isChecked(), following)
        self.carry_out(contributions.take, new, lambda taken: self._taken(taken, finish))

    def _collect(self) -> NewContribution:
        member = self._picker.member
        if member is None:
            raise InvalidInput("Choose the member who brings the money.", "member")
        parts, fines = self._parts(), self._fines.cents() or 0
        if not parts and not fines:
            raise InvalidInput(AMOUNT_SENTENCE, next(iter(self._amounts)))
        source = self._source.value()
        day = self._day.day()
        if day is None:
            raise InvalidInput(
                "Write the day on which the money came, for example t.", "value_date"
            )
        reference = "" if source is PaidBy.CASH else self._reference.text()
        return NewContribution(self._key, member.member_id, parts, source, reference, day, fines)


def stand_words(row: ObligationRow) -> str:
    """`KES 1,500.00 overdue since 5 Jan 2026.`, or until when it is covered and what falls due next."""
    stand = row.stand
    if stand.unpaid_since is not None:
        return f"{format_kes(stand.overdue_cents)} overdue since {format_date(stand.unpaid_since)}."
    covered, due = stand.covered_until, stand.next_due
    words = [f"Covered until {format_date(covered)}."] if covered is not None else []
    if due is not None and (covered is None or covered < due):
        expected = format_kes(row.product.terms.expected_cents)
        words.append(f"{expected} fall due on {format_date(due)}.")
    return " ".join(words)
