"""What the list of guarantors shows, as data."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.guarantors.guarantor_register import PromiseRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, money_column
from sacco_desktop.ui.widgets.list_plan import SavedFilter

WAITS = Chip("waits", "◐", "contrast", "Consent waits", "Inasubiri", ChipColour.AMBER)
BINDS = Chip("binds", "✓", "check", "Binds", "Inafunga", ChipColour.GREEN)
CALLED = Chip("called", "!", "alert-triangle", "Called upon", "Ameitwa", ChipColour.RED)
OVER = Chip("over", "—", "minus", "Over", "Imekwisha", ChipColour.GREY)
CHIPS = (WAITS, BINDS, CALLED, OVER)


def chip_of(row: PromiseRow) -> Chip:
    """Where a promise stands."""
    if row.waits:
        return WAITS
    if row.pledge.taken_cents and (row.binds or row.pledge.owed_to_cents):
        return CALLED
    return BINDS if row.binds else OVER


def _free(row: PromiseRow) -> str:
    """What the guarantor can still promise: a figure, or only a number of loans. It is no sum of rows."""
    return row.capacity.free_words


def _unadded(
    title: str, cents: Callable[[PromiseRow], int | None], *, priority: int
) -> Column[PromiseRow]:
    """An amount that the foot does not add up: it has room for what binds and what is owed back."""
    return Column(title, cents, format_amount, Align.RIGHT, priority, widest="999,999.00")


COLUMNS: tuple[Column[PromiseRow], ...] = (
    Column("Guarantor", lambda row: row.pledge.guarantor_name, widest="Wanjiku Achieng"),
    Column("Loan", lambda row: row.pledge.loan_number, widest="L-0001"),
    Column("Borrower", lambda row: row.pledge.borrower_name, priority=2, widest="Wanjiku Achieng"),
    chip_column("Status", chip_of, CHIPS),
    _unadded("Promised KES", lambda row: row.pledge.pledge_cents, priority=2),
    money_column("Binds KES", lambda row: row.pledge.live_cents),
    Column("Free KES", _free, align=Align.RIGHT, widest="999,999.00"),
    money_column("Owed back KES", lambda row: row.pledge.owed_to_cents or None, priority=2),
    Column(
        "Days late",
        lambda row: row.days_late or None,
        align=Align.RIGHT,
        priority=2,
        widest="1,000",
    ),
    Column("Ring", lambda row: "! Ring" if row.ring else None, priority=2, widest="! Ring"),
    _unadded("Taken KES", lambda row: row.pledge.taken_cents or None, priority=3),
    _unadded("Given back KES", lambda row: row.pledge.repaid_cents or None, priority=3),
    Column("Member no.", lambda row: row.pledge.guarantor_number, priority=3, widest="M-0001"),
    Column("Borrower no.", lambda row: row.borrower_number, priority=3, widest="M-0001"),
)
FILTERS: tuple[SavedFilter[PromiseRow], ...] = (
    SavedFilter("waits", "Consent waits", lambda row: row.waits, "No consent waits."),
    SavedFilter("binds", "Binds", lambda row: row.binds, "No promise binds anybody today."),
    SavedFilter(
        "late", "Loan is late", lambda row: row.binds and row.days_late > 0, "No such loan is late."
    ),
    SavedFilter("ring", "In a ring", lambda row: bool(row.ring), "Nobody stands in a ring."),
    SavedFilter(
        "full",
        "Nothing free",
        lambda row: row.capacity.free_cents == 0,
        "Every guarantor can still promise something.",
    ),
    SavedFilter(
        "paid",
        "Paid for others",
        lambda row: row.pledge.taken_cents > 0,
        "Nothing was ever taken from a guarantor.",
    ),
    SavedFilter("all", "All", lambda _row: True),
)
