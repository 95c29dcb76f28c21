"""Where the money stands: lines that add up to what can be lent today."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.today.cash_position import CashPosition
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.card import Card
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.figures import Figures
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label, restyle

RULE = (
    "M-Pesa Utility is the lower of our books and M-Pesa's last word. Utility and bank, less what is on its way and"
    " what is approved, can be lent today."
)


class CashCard(Card):
    """Figures stand under each other; only the sum is bold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("cash", "Cash position, KES")
        self._theme = theme
        self.figures = Figures("Cash position, KES", RULE)

    def show_position(self, found: CashPosition) -> None:
        """Show other figures."""
        lines = _lines(found)
        sum_line = ("Free to lend today", found.free_cents)
        self.figures = Figures(
            "Cash position, KES",
            RULE,
            ("Where", "KES"),
            tuple((name, format_amount(cents)) for name, cents in (*lines, sum_line)),
        )
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        grid.setColumnStretch(0, 1)
        for name, cents in lines:
            self._add(grid, name, cents, TextRole.BODY)
        grid.addWidget(hairline(), grid.rowCount(), 0, 1, 2)
        self._add(grid, *sum_line, TextRole.STRONG)
        self.show_body(box, _note(found))

    def _add(self, grid: QGridLayout, name: str, cents: int, role: TextRole) -> None:
        line = grid.rowCount()
        figure = FigureLabel(self._theme, format_amount(cents), role, name=f"cash_{_key(name)}")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        restyle(figure, "negative", cents < 0)
        grid.addWidget(plain_label(name, role, wraps=True), line, 0)
        grid.addWidget(figure, line, 1, Qt.AlignmentFlag.AlignTop)


def _lines(found: CashPosition) -> tuple[tuple[str, int], ...]:
    return (
        ("M-Pesa Utility", found.utility_cents),
        ("Bank, by the books", found.bank_cents),
        ("In flight", -found.in_flight_cents),
        ("Approved, not sent", -found.approved_cents),
    )


def _note(found: CashPosition) -> str:
    """What is not in the sum, and how old M-Pesa's word is."""
    beside = [f"Cash in hand {format_amount(found.cash_cents)}"]
    if found.working_cents is not None:
        beside.append(f"M-Pesa Working {format_amount(found.working_cents)}")
    told = "M-Pesa has not told its balance yet; Utility is what our books say."
    if found.told_at is not None:
        day = format_date(business_date(found.told_at))
        told = f"Utility told by M-Pesa {day} {format_time(found.told_at)}."
    return f"Beside it: {', '.join(beside)}. {told}"


def _key(name: str) -> str:
    return name.lower().replace(",", "").replace("-", "_").replace(" ", "_")
