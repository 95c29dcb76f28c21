"""The tab Savings of a member's page: what the member has of each product, what is expected, and taking money in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.obligations import Obligation
from sacco_desktop.services.savings.member_savings import MemberProduct
from sacco_desktop.ui.pages.members.columns import overdue_note
from sacco_desktop.ui.pages.members.member_tabs import TableTab
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.columns import Align, Column, date_column, money_column
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import plain_label, push_button


class MemberSavingsTab(QWidget):
    """Without `take` nobody may take money in from here."""

    def __init__(self, theme: Theme, take: Callable[[], None] | None) -> None:
        super().__init__()
        self.products = TableTab(
            theme,
            "member_savings",
            _columns(),
            lambda row: row.product.product_id,
            "There are no products.",
        )
        self.table = self.products.table
        self._words = plain_label("", name="savings_words", wraps=True)
        top = QHBoxLayout()
        top.setContentsMargins(L, S, L, S)
        top.setSpacing(L)
        top.addWidget(self._words, 1)
        if take is not None:
            button = push_button("Take money in…", name="take_savings")
            button.clicked.connect(lambda: take())
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.products, 1)
        lead_focus(self, self.products)

    def set_rows(self, rows: Sequence[MemberProduct]) -> None:
        """Show another member's products, or the same ones as they are now."""
        note = overdue_note(rows)
        words = note.text if note is not None else "Nothing that was expected is overdue."
        self._words.setText(words)
        self.products.set_rows(rows)


def _columns() -> tuple[Column[MemberProduct], ...]:
    return (
        Column("Product", lambda row: row.product.terms.name, longest=28),
        # Deposits are owed, shares are equity, and what went into a fund belongs to all: these make no sum.
        Column(
            "Held or paid in KES",
            lambda row: row.cents,
            format_amount,
            Align.RIGHT,
            widest="999,999.00",
        ),
        money_column("Expected KES", _of(lambda stand: stand.expected_cents), priority=2),
        money_column("Paid of it KES", _of(lambda stand: stand.paid_cents), priority=2),
        money_column("Overdue KES", lambda row: row.overdue_cents or None),
        date_column("Overdue since", _day(lambda stand: stand.unpaid_since), priority=2),
        date_column("Covered until", _day(lambda stand: stand.covered_until), priority=2),
        date_column("Next due", _day(lambda stand: stand.next_due), priority=3),
    )


def _of(cents: Callable[[Obligation], int]) -> Callable[[MemberProduct], int | None]:
    return lambda row: None if row.stand is None else cents(row.stand)


def _day(day: Callable[[Obligation], date | None]) -> Callable[[MemberProduct], date | None]:
    return lambda row: None if row.stand is None else day(row.stand)
