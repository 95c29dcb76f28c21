"""Asks for other terms of a rule of penalties, or for a new one: another person must agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.penalties.terms import (
    BASES,
    BY_DAYS,
    FIXED,
    About,
    Basis,
    Counted,
    GrowsBy,
    Growth,
    PenaltyTerms,
)
from sacco_desktop.domain.penalties.words import (
    ABOUT_WORDS,
    BASIS_WORDS,
    percent_of_text,
    percent_words,
)
from sacco_desktop.services.penalties import penalty_rules
from sacco_desktop.services.penalties.penalty_rules import RuleChange, RuleNow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

_BEFORE = "Nothing changes until another person agrees under Approvals. What fell due before is never charged by it."
_NEW = PenaltyTerms("", True, Basis.FIXED_ONCE)
_ON = ((True, "Switched on"), (False, "Switched off"))
_COUNTED = (
    (Counted.INSTALMENT, "All of a late instalment"),
    (Counted.PRINCIPAL, "Its principal only"),
)
_ROUND = (
    (0, "To the nearest cent"),
    (5, "Up to 5 cents"),
    (100, "Up to whole shillings"),
    (1000, "Up to tens of shillings"),
)
_YEARS = ((360, "360 days"), (365, "365 days"))
_COMPOUND = ((False, "What is late"), (True, "That and unpaid penalties"))
_GROWTH = (
    "For example: 30 days 20 % of the fine, 365 days 50 % of the unpaid. Empty: it does not grow."
)


class RuleDialog(FormDialog):
    """Without a rule it makes one."""

    def __init__(self, desk: Desk, parent: QWidget, rule: RuleNow | None) -> None:
        title = "New rule" if rule is None else f"Rule: {rule.terms.name}"
        plan = FormPlan("rule_dialog", title, "Ask for approval", _BEFORE)
        super().__init__(desk, plan, parent)
        self._rule = rule
        self._name = QLineEdit()
        self._name.setObjectName("name")
        kinds = list(About) if rule is None else [rule.about]
        self._about = ChoiceBox("about", [(one, ABOUT_WORDS[one]) for one in kinds])
        self._is_on = ChoiceBox("is_on", _ON)
        self._basis = ChoiceBox("basis")
        self._cents = MoneyEdit("cents", allow_zero=True)
        self._percent = QLineEdit()
        self._percent.setObjectName("percent")
        self._counted = ChoiceBox("base", _COUNTED)
        self._compound = ChoiceBox("compound", _COMPOUND)
        self._year = ChoiceBox("year_days", _YEARS)
        self._least = MoneyEdit("least_cents", allow_zero=True)
        self._most = MoneyEdit("most_cents", allow_zero=True)
        self._round = ChoiceBox("round_up_to", _ROUND)
        self._grace = CountEdit("grace_days", "Write a number of days, or nothing for none.", 0)
        self._stages = QLineEdit()
        self._stages.setObjectName("growth")
        self._from = DateEdit("effective_on", self._today)
        self._lay_rows()
        self._show(_NEW if rule is None else replace(rule.terms, is_on=True))
        for box in (self._about, self._is_on, self._basis):
            box.currentIndexChanged.connect(self._fit_rows)
        self._fit_rows()
        self.submitted.connect(self._ask)

    def _lay_rows(self) -> None:
        add = self.form.add_row
        add("name", "Name", self._name)
        add("about", "About", self._about)
        add("is_on", "The rule is", self._is_on)
        add("basis", "Charges", self._basis)
        add("cents", "So much KES", self._cents)
        add("percent", "Percentage", self._percent, "For example 5 or 12.5.")
        add("base", "Counted", self._counted)
        add("compound", "Reckoned on", self._compound)
        add("year_days", "A year has", self._year)
        add("grace_days", "Days of grace", self._grace, "Charged on the day after them.")
        add("least_cents", "At least KES", self._least, "Empty when there is no least.")
        add("most_cents", "At most KES", self._most, "Empty when there is no most.")
        add("round_up_to", "Rounded", self._round)
        add("growth", "Unpaid, it grows", self._stages, _GROWTH)
        add("effective_on", "Counts from", self._from, "Today or a later day.")

    def _show(self, terms: PenaltyTerms) -> None:
        self._name.setText(terms.name)
        self._is_on.choose(terms.is_on)
        self._offer_bases()
        self._basis.choose(terms.basis)
        self._cents.set_cents(terms.cents or None)
        self._percent.setText(percent_words(terms.percent) if terms.percent else "")
        self._counted.choose(terms.base)
        self._compound.choose(terms.compound)
        self._year.choose(terms.year_days)
        self._least.set_cents(terms.least_cents or None)
        self._most.set_cents(terms.most_cents or None)
        self._round.choose(terms.round_up_to)
        self._grace.setText(str(terms.grace_days) if terms.grace_days else "")
        self._stages.setText(growth_text(terms.growth))
        self._from.set_day(self._today())

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _offer_bases(self) -> None:
        offered = BASES[self._about.value()]
        self._basis.set_choices([(one, BASIS_WORDS[one]) for one in offered])

    def _fit_rows(self) -> None:
        """Only what can be said of such a rule is asked for."""
        if self.sender() is self._about:
            self._offer_bases()
        is_on, about, basis = self._is_on.value(), self._about.value(), self._basis.value()
        is_part = basis not in FIXED
        shown = {
            "about": self._rule is None,
            "is_on": self._rule is not None,
            "basis": is_on and about is not About.MEETING,
            "cents": is_on and not is_part,
            "percent": is_on and is_part,
            "base": is_on
            and is_part
            and about is About.LOAN
            and basis is not Basis.PERCENT_OF_OUTSTANDING,
            "compound": is_on and basis is Basis.PERCENT_PER_MONTH,
            "year_days": is_on and basis in BY_DAYS and is_part,
            "grace_days": is_on and about is not About.MEETING,
            "least_cents": is_on and is_part,
            "most_cents": is_on and (is_part or basis in BY_DAYS),
            "round_up_to": is_on and is_part,
            "growth": is_on,
        }
        for field, is_there in shown.items():
            self.form.show_row(field, is_there)

    def _ask(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            words = f"Asked. {change.terms.name} changes when another person agrees."
            self.carry_out(penalty_rules.ask_terms, change, lambda _id: self.desk.toast(words))

    def _read(self) -> RuleChange:
        day = self._from.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        if self._rule is not None and not self._is_on.value():
            # What a rule says while it is off is of no account, so it keeps what it said before.
            terms = replace(self._rule.terms, name=self._name.text(), is_on=False)
        else:
            terms = self._terms()
        code = "" if self._rule is None else self._rule.code
        return RuleChange(code, self._about.value(), terms, day)

    def _terms(self) -> PenaltyTerms:
        basis = self._basis.value()
        is_part = basis not in FIXED
        has_most = is_part or basis in BY_DAYS
        return PenaltyTerms(
            name=self._name.text(),
            is_on=True,
            basis=basis,
            cents=0 if is_part else self._cents.cents() or 0,
            percent=percent_of_text(self._percent.text(), "percent") if is_part else 0,
            base=self._counted.value(),
            least_cents=self._least.cents() or 0 if is_part else 0,
            most_cents=self._most.cents() or 0 if has_most else 0,
            round_up_to=self._round.value() if is_part else 0,
            grace_days=0 if self._about.value() is About.MEETING else self._grace.count() or 0,
            compound=self._compound.value(),
            year_days=self._year.value(),
            product="" if self._rule is None else self._rule.terms.product,
            growth=growth_of_text(self._stages.text()),
        )


def growth_text(growth: tuple[Growth, ...]) -> str:
    """`30 days 20 % of the fine, 365 days 50 % of the unpaid`."""
    of = {GrowsBy.ORIGINAL: "fine", GrowsBy.UNPAID: "unpaid"}
    return ", ".join(
        f"{one.days} days {percent_words(one.percent)} of the {of[one.of]}" for one in growth
    )


def growth_of_text(text: str) -> tuple[Growth, ...]:
    """The stages that a person typed. Raises InvalidInput under `growth`."""
    return tuple(_stage(part) for part in text.split(",") if part.strip())


def _stage(text: str) -> Growth:
    words = text.replace("%", " ").lower().split()
    try:
        days, _days, percent, *rest = words
        of = {"fine": GrowsBy.ORIGINAL, "unpaid": GrowsBy.UNPAID}[rest[-1]]
        return Growth(int(days), percent_of_text(percent, "growth"), of)
    except (ValueError, KeyError, IndexError):
        raise InvalidInput(_GROWTH, "growth") from None
