"""The fields of the calculator, and what they ask for: a product's terms, or free ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_quote import UNITS, LoanWanted, Prepayment, read_percent
from sacco_desktop.domain.loan_terms import LoanTerms, Method
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.loan_figures.loan_offers import payout_fees, separate_fees
from sacco_desktop.ui.pages.calculator.choices import (
    BROKEN,
    DAY_COUNTS,
    FIRST_DUES,
    FREQUENCIES,
    KEEPS,
    METHODS,
    PAYOFF_INTERESTS,
    PERS,
    UNIT_WORDS,
)
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

FREE_TERMS = "Free terms"
_OF_TERMS = (
    "rate",
    "per",
    "method",
    "frequency",
    "rounding",
    "day_count",
    "first_due",
    "broken_period",
    "principal_grace",
    "interest_grace",
    "grace_days",
)
_COUNTS = {
    "instalments": "Write the number of instalments in figures, for example 12.",
    "principal_grace": "Write how many first instalments repay nothing, in figures.",
    "interest_grace": "Write how many first instalments bear no interest, in figures.",
    "grace_days": "Write the days of grace in figures.",
    "prepay_after": "Write with which instalment it is repaid, in figures; 0 is the payout's day.",
}
_MOST_FIGURES = 6


class TermsForm(Form):
    """`changed` says that something was typed or chosen; `wanted` then reads it."""

    changed = Signal()

    def __init__(
        self, today: Callable[[], date], show_other: Callable[[BaseException, QObject | None], None]
    ) -> None:
        super().__init__(show_other)
        self._today = today
        self._products: dict[str, LoanProduct] = {}
        self._add_loan()
        self._add_terms()
        self._add_early()
        self._listen_to_all()

    def offer(self, products: Sequence[LoanProduct]) -> None:
        """The products that are lent today, beside free terms."""
        self._products = {product.code: product for product in products}
        choices = [("", FREE_TERMS), *((one.code, one.name) for one in products)]
        self._choice("product").set_choices(choices)

    @property
    def product(self) -> LoanProduct | None:
        """The chosen product; None for free terms."""
        return self._products.get(self._choice("product").value() or "")

    @property
    def other_method(self) -> Method | None:
        """The method to compare with, if one is chosen."""
        method: Method | None = self._choice("compare").value()
        return method

    def wanted(self) -> LoanWanted | None:
        """What is asked for; None while amount or number of instalments is not written. Raises InvalidInput."""
        amount, count = self._money("principal"), self._count("instalments")
        if amount is None or count is None:
            return None
        chosen = self.product
        terms = chosen.terms(amount, count) if chosen else self._free_terms(amount, count)
        return LoanWanted(
            terms,
            self._day("disbursed") or self._today(),
            fees=payout_fees(chosen, amount) if chosen else (),
            separate_fees=separate_fees(chosen, amount) if chosen else (),
            prepayments=self._prepayments(),
            payoff_on=self._day("payoff"),
            payoff_interest=self._choice("payoff_interest").value(),
            agreed_share=read_percent(self._text("share") or "100", "share"),
        )

    def _free_terms(self, amount_cents: int, count: int) -> LoanTerms:
        unit_cents, rounding = UNITS[self._choice("rounding").value()]
        if not self._text("rate"):
            raise InvalidInput("Write the rate in percent, for example 1 or 12.5.", "rate")
        return LoanTerms(
            principal_cents=amount_cents,
            method=self._choice("method").value(),
            rate=read_percent(self._text("rate"), "rate"),
            rate_per=self._choice("per").value(),
            frequency=self._choice("frequency").value(),
            instalments=count,
            rounding=rounding,
            rounding_unit_cents=unit_cents,
            day_count=self._choice("day_count").value(),
            grace_days=self._count("grace_days") or 0,
            principal_grace=self._count("principal_grace") or 0,
            interest_grace=self._count("interest_grace") or 0,
            first_due=self._choice("first_due").value(),
            broken_period=self._choice("broken_period").value(),
        )

    def _prepayments(self) -> tuple[Prepayment, ...]:
        cents = self._money("prepay")
        if cents is None:
            return ()
        after = self._count("prepay_after")
        if after is None:
            raise InvalidInput(_COUNTS["prepay_after"], "prepay_after")
        return (Prepayment(after, cents, self._choice("keep").value()),)

    def _choose_product(self) -> None:
        chosen = self.product
        for field in _OF_TERMS:
            self.show_row(field, chosen is None)
        note = terms_words(chosen.pattern) if chosen else "Every term is written below."
        self.say_note("product", note)
        limits = (
            f"{format_kes(chosen.min_cents)} to {format_kes(chosen.max_cents)}." if chosen else ""
        )
        self.say_note("principal", limits)
        self.changed.emit()

    def _add_loan(self) -> None:
        self.add_row("product", "Product", ChoiceBox("product", [("", FREE_TERMS)]))
        self.add_row("principal", "Amount KES", MoneyEdit("principal"))
        self.add_row("instalments", "Instalments", _figures("instalments"))
        day = DateEdit("disbursed", self._today)
        day.set_day(self._today())
        self.add_row("disbursed", "Paid out on", day)
        compare = ChoiceBox("compare", [(None, "Nothing"), *METHODS])
        self.add_row("compare", "Compare with", compare)

    def _add_terms(self) -> None:
        rate = _figures("rate")
        rate.setText("1")
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("rate", "Rate %", rate),
            ("per", "Rate is per", ChoiceBox("per", PERS)),
            ("method", "Interest", ChoiceBox("method", METHODS)),
            ("frequency", "Frequency", ChoiceBox("frequency", FREQUENCIES)),
            ("rounding", "Rounded to", ChoiceBox("rounding", UNIT_WORDS)),
            ("day_count", "Days", ChoiceBox("day_count", DAY_COUNTS)),
            ("first_due", "First due", ChoiceBox("first_due", FIRST_DUES)),
            ("broken_period", "First period", ChoiceBox("broken_period", BROKEN)),
            ("principal_grace", "No principal in first", _figures("principal_grace")),
            ("interest_grace", "No interest in first", _figures("interest_grace")),
            ("grace_days", "Days of grace", _figures("grace_days")),
        )
        for field, title, widget in rows:
            self.add_row(field, title, widget)

    def _add_early(self) -> None:
        self.add_wide(plain_label("Paid early", TextRole.STRONG))
        self.add_row("prepay", "Principal KES", MoneyEdit("prepay"))
        self.add_row("prepay_after", "With instalment", _figures("prepay_after"))
        self.add_row("keep", "What stays", ChoiceBox("keep", KEEPS))
        self.add_row("payoff", "Settled on", DateEdit("payoff", self._today))
        interest = ChoiceBox("payoff_interest", PAYOFF_INTERESTS)
        self.add_row("payoff_interest", "Interest then", interest)
        note = "Of interest that was agreed as a sum and has not fallen due."
        self.add_row("share", "Agreed interest %", _figures("share"), note)

    def _listen_to_all(self) -> None:
        for line in self.findChildren(QLineEdit):
            line.textChanged.connect(lambda _text: self.changed.emit())
        product = self._choice("product")
        for box in self.findChildren(ChoiceBox):
            if box is not product:
                box.currentIndexChanged.connect(lambda _place: self.changed.emit())
        product.currentIndexChanged.connect(lambda _place: self._choose_product())

    def _choice(self, field: str) -> ChoiceBox:
        box = self.field(field)
        assert isinstance(box, ChoiceBox)
        return box

    def line(self, field: str) -> QLineEdit:
        """The field of this name that is typed into."""
        line = self.field(field)
        assert isinstance(line, QLineEdit)
        return line

    def _text(self, field: str) -> str:
        return self.line(field).text().strip()

    def _money(self, field: str) -> int | None:
        line = self.field(field)
        assert isinstance(line, MoneyEdit)
        return line.cents()

    def _day(self, field: str) -> date | None:
        line = self.field(field)
        assert isinstance(line, DateEdit)
        return line.day()

    def _count(self, field: str) -> int | None:
        text = self._text(field)
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > _MOST_FIGURES:
            raise InvalidInput(_COUNTS[field], field)
        return int(text)


def _figures(field: str) -> QLineEdit:
    """A field for a number, which stands at the right as amounts do."""
    line = QLineEdit()
    line.setObjectName(field)
    line.setAlignment(Qt.AlignmentFlag.AlignRight)
    return line
