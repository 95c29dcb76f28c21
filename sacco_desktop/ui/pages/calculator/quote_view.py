"""What a loan would cost, beside the fields: what it comes to, what settles it, another method, and the schedule."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.loan_quote import LoanQuote
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.ui.pages.calculator.choices import METHOD_WORDS
from sacco_desktop.ui.theme.sizes import XS, L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable
from sacco_desktop.ui.widgets.sideways import Sideways

HINT = "Write the amount and the number of instalments; the schedule then stands here at once. Nothing is stored."
_ROWS_SEEN = 6


def quote_lines(found: LoanQuote) -> tuple[NamedAmount, ...]:
    """From the loan to what the member gets and pays, in cents."""
    cost, rows = found.cost, found.rows
    taken = [NamedAmount(line.name, -line.amount_cents) for line in found.deductions]
    net = [NamedAmount("Net to the member", found.net_cents)] if taken else []
    last = [NamedAmount("Last instalment", rows[-1].total_cents)] if len(rows) > 1 else []
    return (
        NamedAmount("Loan, KES", found.wanted.terms.principal_cents),
        *taken,
        *net,
        NamedAmount("First instalment", rows[0].total_cents),
        *last,
        NamedAmount("Interest in all", cost.interest_cents),
        NamedAmount("To repay", cost.to_repay_cents, is_total=True),
    )


def settled_words(found: LoanQuote) -> str:
    """What settles the loan early, as a sentence; empty where that was not asked."""
    settled = found.settled
    if settled is None:
        return ""
    return (
        f"On {format_date(settled.on)}, after {settled.last_paid} instalments, {format_kes(settled.total_cents)}"
        f" settles it: principal {format_amount(settled.principal_cents)} and interest"
        f" {format_amount(settled.interest_cents)}. {format_kes(settled.saved_cents)} of interest is saved."
    )


def quote_text(found: LoanQuote) -> str:
    """All of it as lines with tabs, to be pasted into a sheet or a message."""
    lines = [f"{line.name}\t{format_amount(line.cents)}" for line in quote_lines(found)]
    lines += [words for words in (settled_words(found),) if words]
    lines.append("No.\tDue\tPrincipal\tInterest\tInstalment\tBalance")
    for row in found.rows:
        amounts = (row.principal_cents, row.interest_cents, row.total_cents, row.balance_cents)
        cells = (str(row.number), format_date(row.due_on), *map(format_amount, amounts))
        lines.append("\t".join(cells))
    return "\n".join(lines)


class QuoteView(QScrollArea):
    """Shows a quote, or one sentence in its place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("quote")
        self.setAccessibleName("What the loan would cost")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._words = plain_label(HINT, TextRole.SECONDARY, name="quote_words", wraps=True)
        self._amounts = AmountLines(theme, "quote_amounts")
        self._settled = plain_label("", name="quote_settled", wraps=True)
        self._compared = QWidget()
        self._compared.setObjectName("compared")
        self.schedule = ScheduleTable(theme, name="quote_schedule")
        self.schedule.table.setMinimumHeight(theme.sizes.row * (_ROWS_SEEN + 1) + S)
        self._side = Sideways(self.schedule, "quote_side", "Schedule")
        body = QWidget()
        body.setObjectName("paper")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(L, S, L, S)
        self._column.setSpacing(S)
        for part in (self._words, self._amounts, self._settled, self._compared):
            self._column.addWidget(part)
        self._column.addWidget(self._side, 1)
        self._rest = QWidget()
        self._column.addWidget(self._rest, 1)
        self.setWidget(body)
        self.say(HINT)

    def say(self, sentence: str) -> None:
        """Nothing can be reckoned yet, and why."""
        self._words.setText(sentence)
        self._words.show()
        self._rest.show()
        for part in (self._amounts, self._settled, self._compared, self._side):
            part.hide()

    def show_quote(self, found: LoanQuote, other: LoanQuote | str | None) -> None:
        """The loan, and beside it the same with another method, or why that cannot be."""
        self._words.hide()
        self._rest.hide()
        self._amounts.show_lines(quote_lines(found))
        self._settled.setText(settled_words(found))
        self._settled.setVisible(found.settled is not None)
        self._compare(found, other)
        self.schedule.set_rows(found.rows)
        self._amounts.show()
        self._side.show()

    def _compare(self, found: LoanQuote, other: LoanQuote | str | None) -> None:
        box = QWidget()
        box.setObjectName("compared")
        if isinstance(other, LoanQuote):
            _fill(QGridLayout(box), _comparison(found, other), self._theme)
        elif other:
            QVBoxLayout(box).addWidget(
                plain_label(other, TextRole.SECONDARY, name="compared_words", wraps=True)
            )
        self._column.replaceWidget(self._compared, box)
        self._compared.hide()
        self._compared.deleteLater()
        self._compared = box
        box.setVisible(other is not None)


def _comparison(found: LoanQuote, other: LoanQuote) -> list[tuple[str, ...]]:
    """Head and lines: what it is, this method, the other one, and how much more the other costs."""
    heads = ("KES", *(METHOD_WORDS[each.wanted.terms.method] for each in (found, other)))
    figures = (
        ("First instalment", found.rows[0].total_cents, other.rows[0].total_cents),
        ("Last instalment", found.rows[-1].total_cents, other.rows[-1].total_cents),
        ("Interest in all", found.cost.interest_cents, other.cost.interest_cents),
        ("To repay", found.cost.to_repay_cents, other.cost.to_repay_cents),
    )
    return [
        (*heads, "Difference"),
        *(
            (name, format_amount(own), format_amount(its), format_amount(its - own))
            for name, own, its in figures
        ),
    ]


def _fill(grid: QGridLayout, lines: Sequence[tuple[str, ...]], theme: Theme) -> None:
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    right = Qt.AlignmentFlag.AlignRight
    for line, cells in enumerate(lines):
        for place, cell in enumerate(cells):
            if line and place:
                grid.addWidget(
                    FigureLabel(theme, cell, TextRole.BODY, name="compared_figure"),
                    line,
                    place,
                    right,
                )
            else:
                role = TextRole.STRONG if not line else TextRole.SECONDARY
                label = plain_label(cell, role, wraps=True)
                label.setAlignment(right if place else Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label, line, place)
    for place in range(len(lines[0])):
        grid.setColumnStretch(place, 1)
