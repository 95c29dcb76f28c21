"""The tables of a member's page as data: entries, loans, payments and what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.lateness import LateBand, band_of, days_late
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.old_books.past import PastLine
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import chip_of as payout_state
from sacco_desktop.services.window.member_sheet import AccountLine, Done, MemberLoan
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import (
    Align,
    Column,
    chip_column,
    date_column,
    money_column,
)

_BAND_CHIPS = {
    LateBand.ON_TIME: chips.ON_TIME,
    LateBand.UP_TO_30: chips.LATE_1_30,
    LateBand.UP_TO_90: chips.LATE_31_90,
    LateBand.UP_TO_180: chips.LATE_91_180,
    LateBand.OVER_180: chips.LATE_OVER_180,
}
# A loan on its way has no class of lateness yet.
_ON_THE_WAY = {
    "submitted": "Applied",
    "appraised": "To approve",
    "approved": "To pay out",
    "disbursement_pending": "Payout asked",
    "rejected": "Rejected",
}
_PAYOUT_CHIPS = {chip.key: chip for chip in chips.PAYOUT_CHIPS}

ENTRIES: tuple[Column[AccountLine], ...] = (
    date_column("Date", lambda line: line.on),
    Column("What", lambda line: line.words),
    Column("Reference", lambda line: line.reference or None, priority=2, widest="RC-2026-00001"),
    Column(
        "Entry", lambda line: line.entry_number, align=Align.RIGHT, priority=3, widest="100,000"
    ),
    money_column("In KES", lambda line: line.in_cents or None),
    money_column("Out KES", lambda line: line.out_cents or None),
    # A balance is no sum, so it is not money to the foot.
    Column(
        "Balance KES",
        lambda line: line.balance_cents,
        format_amount,
        Align.RIGHT,
        widest="999,999.00",
    ),
)

PAYMENTS: tuple[Column[PayoutRow], ...] = (
    Column("No.", lambda row: row.number, widest="PO-2026-0001"),
    chip_column("State", lambda row: _payout_chip(row), tuple(_PAYOUT_CHIPS.values())),
    Column("For", lambda row: row.loan_number or row.subject, widest="L-0001"),
    Column("Receipt", lambda row: row.receipt, priority=2, widest="TGH4X1K2LM"),
    Column("Paid", lambda row: _moment(row.paid_at), priority=2, widest="30 May 2026 14:05"),
    money_column("Amount KES", lambda row: row.net_cents),
)

HISTORY: tuple[Column[Done], ...] = (
    Column(
        "When",
        lambda done: done.at,
        lambda at: _moment(at) or "",
        widest="30 May 2026 14:05",
        is_figures=True,
    ),
    Column("Who", lambda done: done.who, widest="Grace Wanjiru"),
    Column("Did", lambda done: done.action),
    Column("To", lambda done: done.subject, widest="PO-2026-0001"),
    Column("On", lambda done: done.pc_name, priority=2, widest="FRONTDESK-PC"),
)


def loan_columns(today: Callable[[], date]) -> tuple[Column[MemberLoan], ...]:
    """The loans, whose lateness depends on the day."""
    return (
        Column("No.", lambda loan: loan.row.number, widest="L-0001"),
        chip_column("State", lambda loan: _loan_chip(loan, today()), chips.LOAN_CHIPS),
        Column("Product", lambda loan: loan.row.product_name),
        date_column("Paid out", lambda loan: loan.row.disbursed_on, priority=2),
        money_column("Amount KES", lambda loan: loan.row.amount_cents),
        money_column("Owed KES", lambda loan: loan.owed_cents),
    )


def _loan_chip(loan: MemberLoan, today: date) -> Chip:
    status = loan.row.status
    if status == "active":
        return _BAND_CHIPS[band_of(days_late(loan.unpaid_since, today))]
    if status == "closed":
        return chips.CLOSED
    words = _ON_THE_WAY.get(status, status.replace("_", " ").capitalize())
    return Chip(status, "○", "circle", words, words, ChipColour.GREY, is_outline=True)


def _payout_chip(row: PayoutRow) -> Chip:
    state = payout_state(row).value
    words = state.replace("_", " ").capitalize()
    other = Chip(state, "○", "circle", words, words, ChipColour.GREY)
    return _PAYOUT_CHIPS.get(state, other)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{format_date(business_date(at))} {format_time(at)}"


PAST: tuple[Column[PastLine], ...] = (
    Column("When", lambda line: line.when, widest="30 May 2026", is_figures=True),
    Column("What", lambda line: line.what, widest="Repayment of L-0412, RC-000001"),
    Column("KES", lambda line: line.cents, format_amount, Align.RIGHT, widest="9,999,999.00"),
    Column(
        "Then KES",
        lambda line: line.after_cents,
        lambda cents: "" if cents is None else format_amount(cents),
        Align.RIGHT,
        widest="9,999,999.00",
    ),
)
