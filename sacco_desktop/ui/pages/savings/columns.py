"""What the lists and panels of the Savings page say, as data."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.savings_words import PAID_BY_WORDS, due_words
from sacco_desktop.services.obligations import ObligationRow
from sacco_desktop.services.savings_lists import BACK, COUNTS, WAITS, ContributionRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_plan import SavedFilter

_WAITS = Chip(WAITS, "◷", "history", "To be cleared", "Inasubiri benki", ChipColour.BLUE)
_COUNTS = Chip(COUNTS, "✓", "check", "In the books", "Imeingizwa", ChipColour.GREEN)
_BACK = Chip(BACK, "↩", "undo-2", "Taken back", "Imerudishwa", ChipColour.GREY)
_PAID_IN_CHIPS = {WAITS: _WAITS, COUNTS: _COUNTS, BACK: _BACK}
_OVERDUE = Chip("overdue", "!", "circle-alert", "Overdue", "Imechelewa", ChipColour.AMBER)
_PAID = Chip("paid", "✓", "check", "Paid", "Imelipwa", ChipColour.GREEN)
_AHEAD = Chip("ahead", "✓", "arrow-right", "Ahead", "Mbele", ChipColour.GREEN, is_outline=True)

Actions = tuple[PanelAction | None, tuple[PanelAction, ...]]


def paid_in_columns() -> tuple[Column[ContributionRow], ...]:
    """What came in, the newest first."""
    return (
        date_column("Date", lambda row: row.value_date),
        Column("Member", lambda row: row.member_name, longest=28),
        Column("For", lambda row: row.words, longest=30),
        money_column("In KES", lambda row: row.amount_cents),
        chip_column("Status", lambda row: _PAID_IN_CHIPS[row.state], (_WAITS, _COUNTS, _BACK)),
        Column("Receipt", lambda row: row.receipt, priority=2, widest="RC-2026-0001"),
        Column("How", how_words, priority=2, widest="Bank slip FT 12345"),
        Column("Member no.", lambda row: row.member_number, priority=2, widest="M-0001"),
        Column("Entered by", lambda row: row.taken_by, priority=3, widest="Grace Wanjiru"),
    )


def how_words(row: ContributionRow) -> str:
    """`Cash`, `Bank slip FT 12`."""
    return f"{PAID_BY_WORDS[row.source]} {row.reference}".rstrip()


PAID_IN_FILTERS: tuple[SavedFilter[ContributionRow], ...] = (
    SavedFilter("waits", "To be cleared", lambda row: row.state == WAITS, "No cheque waits."),
    SavedFilter("back", "Taken back", lambda row: row.state == BACK, "Nothing was taken back."),
)


def paid_in_details(row: ContributionRow, actions: Actions) -> Details:
    """The panel of one receipt."""
    main, others = actions
    note = None
    if row.state == WAITS:
        words = "The member has the money when the bank has cleared the cheque."
        note = Note(words, ChipColour.BLUE, "A cheque that waits")
    till = (("Till", row.till),) if row.till else ()
    return Details(
        title=row.member_name,
        subtitle=f"{row.member_number} · {row.receipt}",
        amount_cents=row.amount_cents,
        chip=_PAID_IN_CHIPS[row.state],
        note=note,
        facts=(
            *((name, format_kes(cents)) for name, cents in row.parts),
            ("How", how_words(row)),
            *till,
            ("Date", format_date(row.value_date)),
            ("Entry", f"{row.entry_number}"),
            ("Entered by", row.taken_by),
        ),
        action=main,
        other_actions=others,
    )


def expected_columns() -> tuple[Column[ObligationRow], ...]:
    """Who was expected to pay what, and did."""
    return (
        Column("No.", lambda row: row.number, widest="M-0001"),
        Column("Name", lambda row: row.full_name),
        Column("For", lambda row: row.product.terms.name, longest=20),
        money_column("Expected KES", lambda row: row.stand.expected_cents, priority=2),
        money_column("Paid KES", lambda row: row.stand.paid_cents, priority=2),
        money_column("Overdue KES", lambda row: row.stand.overdue_cents),
        money_column("Ahead KES", lambda row: row.stand.ahead_cents, priority=2),
        chip_column("Status", _stand_chip, (_OVERDUE, _PAID, _AHEAD)),
        date_column("Since", lambda row: row.stand.unpaid_since, priority=3),
        date_column("Paid until", lambda row: row.stand.covered_until, priority=3),
        date_column("Next due", lambda row: row.stand.next_due, priority=3),
    )


def _stand_chip(row: ObligationRow) -> Chip:
    if row.is_overdue:
        return _OVERDUE
    return _AHEAD if row.stand.ahead_cents else _PAID


EXPECTED_FILTERS: tuple[SavedFilter[ObligationRow], ...] = (
    SavedFilter("overdue", "Overdue", lambda row: row.is_overdue, "Nobody is overdue."),
    SavedFilter("ahead", "Ahead", lambda row: row.stand.ahead_cents > 0, "Nobody has paid ahead."),
)


def expected_details(row: ObligationRow, actions: Actions) -> Details:
    """The panel of one member and product."""
    main, others = actions
    stand = row.stand
    note = None
    if stand.unpaid_since is not None:
        words = (
            f"The oldest that is not paid in full fell due on {format_date(stand.unpaid_since)}."
        )
        note = Note(words, ChipColour.AMBER, f"{format_amount(stand.overdue_cents)} overdue")
    days = (
        ("Paid until", stand.covered_until),
        ("Next due", stand.next_due),
    )
    return Details(
        title=row.full_name,
        subtitle=f"{row.number} · {row.product.terms.name}",
        amount_cents=stand.overdue_cents,
        chip=_stand_chip(row),
        note=note,
        facts=(
            ("Rule", due_words(row.product.terms)),
            ("Expected so far", format_kes(stand.expected_cents)),
            ("Paid", format_kes(stand.paid_cents)),
            ("Paid ahead", format_kes(stand.ahead_cents)),
            *((name, format_date(day)) for name, day in days if day is not None),
            ("As of", format_date(row.as_of)),
        ),
        action=main,
        other_actions=others,
    )
