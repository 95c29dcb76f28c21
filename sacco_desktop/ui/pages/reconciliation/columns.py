"""The columns of both sides of the page. No Qt."""

from __future__ import annotations

from sacco_desktop.domain.reconciling.classes import BookLine
from sacco_desktop.services.reconciling.account_standing import LeftLine, MatchedLine
from sacco_desktop.ui.pages.reconciliation.words import CLASS_CHIPS
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column

HOW_WORDS = {"receipt": "by its receipt", "person": "by hand", "entry": "by its own entry"}
STATEMENT_COLUMNS: tuple[Column[LeftLine], ...] = (
    date_column("Day", lambda row: row.line.day),
    Column("Receipt", lambda row: row.line.receipt or None, widest="UCK4A1B2C3", is_figures=True),
    money_column("Amount KES", lambda row: row.line.cents, widest="−999,999.00"),
    chip_column(
        "What it is", lambda row: CLASS_CHIPS[row.finding.kind], tuple(CLASS_CHIPS.values())
    ),
    Column("Says", lambda row: row.line.words, priority=2, longest=16),
    Column("Other party", lambda row: row.line.party or None, priority=3, longest=24),
)
BOOK_COLUMNS: tuple[Column[BookLine], ...] = (
    date_column("Day", lambda row: row.on),
    Column("Entry", lambda row: row.entry, priority=2, widest="10,000", is_figures=True),
    money_column("Amount KES", lambda row: row.cents, widest="−999,999.00"),
    Column("Reference", lambda row: row.receipt or None, widest="UCK4A1B2C3"),
    Column("What it is", lambda row: row.narration, priority=2, longest=16),
)
MATCHED_COLUMNS: tuple[Column[MatchedLine], ...] = (
    date_column("Day", lambda row: row.at),
    Column("Receipt", lambda row: row.receipt or None, widest="UCK4A1B2C3", is_figures=True),
    money_column("Amount KES", lambda row: row.cents, widest="−999,999.00"),
    Column("How", lambda row: HOW_WORDS[row.how], widest="by its own entry"),
    Column("Says", lambda row: row.words, priority=2, longest=40),
    Column("Entry", lambda row: row.entry_number, priority=2, widest="10,000"),
)
