"""What a loan would cost, seen while it is asked for: deductions, net, instalments, and what the deposits carry."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.term_words import term_facts
from sacco_desktop.services.lending.loan_limits import LoanLimit
from sacco_desktop.services.loan_figures.loan_offers import LoanOffer
from sacco_desktop.ui.pages.loans.loan_words import rules_text
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable
from sacco_desktop.ui.widgets.sideways import Sideways

HINT = "Choose a product and write amount and instalments; the schedule then stands here."
_ROWS_SEEN = 4


def offer_lines(offer: LoanOffer) -> tuple[NamedAmount, ...]:
    """From what is asked over each deduction to what the member gets, and what it comes to in the end."""
    cents = offer.terms.principal_cents
    lent = cents - offer.asked_cents
    asked = (
        NamedAmount("Asked, KES", offer.asked_cents),
        NamedAmount("Fees lent with it", lent),
        NamedAmount("Loan", cents),
    )
    taken = (NamedAmount(line.name, -line.amount_cents) for line in offer.deductions)
    return (
        *(asked if lent else (NamedAmount("Loan, KES", cents),)),
        *taken,
        NamedAmount("Net to the member", offer.net_cents, is_total=True),
        *(
            NamedAmount(f"{line.name}, brought by the member", line.amount_cents)
            for line in offer.separate_fees
        ),
    )


def offer_words(offer: LoanOffer) -> str:
    """What it costs, how it is reckoned, and when the first instalment falls due."""
    cost = offer.cost
    facts = dict(term_facts(offer.terms))
    words = [
        f"Interest in all {format_kes(cost.interest_cents)}, fees {format_kes(cost.fees_cents)},"
        f" to repay {format_kes(cost.to_repay_cents)}.",
        f"{facts['Interest']}.",
        f"{facts['Grace']}." if "Grace" in facts else "",
        f"Fees: {facts['Fees']}." if "Fees" in facts else "",
        f"If it is paid out on {format_date(offer.disbursed_on)}, the first instalment falls due on"
        f" {format_date(offer.schedule[0].due_on)}.",
    ]
    return " ".join(filter(None, words))


class OfferView(QWidget):
    """Shows an offer, or one sentence in its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("offer")
        self._theme = theme
        self._limit = Callout(theme)
        self._limit.hide()
        self._rules = plain_label("", name="offer_rules", wraps=True)
        self._rules.hide()
        self._words = plain_label(HINT, TextRole.SECONDARY, name="offer_words", wraps=True)
        self._amounts = AmountLines(theme, "offer_amounts")
        self._schedule = ScheduleTable(theme)
        self._schedule.table.setMinimumHeight(theme.sizes.row * (_ROWS_SEEN + 1) + S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        self._side = Sideways(self._schedule, "schedule_side", "Schedule")
        for part in (self._limit, self._amounts, self._words, self._rules):
            column.addWidget(part)
        column.addWidget(self._side, 1)
        column.addStretch()
        self.say(HINT)

    def sizeHint(self) -> QSize:
        # The room of the schedule is kept free, so that nothing jumps when it appears.
        return QSize(self._side.wished_width(), super().sizeHint().height())

    def show_offer(self, offer: LoanOffer) -> None:
        """The schedule as if the loan was paid out on the day of the offer."""
        self._amounts.show_lines(offer_lines(offer))
        self._words.setText(offer_words(offer))
        self._schedule.set_rows(offer.schedule)
        self._side.setVisible(True)
        self.updateGeometry()

    def say(self, sentence: str) -> None:
        """Nothing can be offered, and why."""
        self._amounts.show_lines(())
        self.show_rules(())
        self._side.setVisible(False)
        self._schedule.set_rows(())
        self._words.setText(sentence)

    def show_rules(self, checks: Sequence[Check]) -> None:
        """Every rule of the product, kept or not, for this member and this amount."""
        self._rules.setText(rules_text(checks))
        self._rules.setVisible(bool(checks))

    def show_limit(self, limit: LoanLimit | None, amount_cents: int) -> None:
        """What the deposits carry, against what is asked."""
        self._limit.setVisible(limit is not None)
        if limit is None:
            return
        words = f"The deposits carry {format_kes(limit.room_cents)}: {limit.words}."
        missing = amount_cents - limit.room_cents
        if limit.refusal:
            words = limit.refusal
        elif missing > 0:
            words += f" This asks for {format_kes(missing)} more, so it cannot be appraised."
        self._limit.say(
            words, ChipColour.AMBER if missing > 0 or limit.refusal else ChipColour.BLUE
        )
