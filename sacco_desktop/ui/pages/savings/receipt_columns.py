"""What the lists and panels of receipts and cheques say, as data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.domain.savings_words import PAID_BY_WORDS
from sacco_desktop.services.savings.savings_lists import ContributionRow, PaidState
from sacco_desktop.ui.tabbed_page import Actions
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import (
    Align,
    Column,
    chip_column,
    date_column,
    money_column,
)
from sacco_desktop.ui.widgets.details import Details, Note
from sacco_desktop.ui.widgets.list_plan import SavedFilter

_WAITS = Chip("waits", "◷", "history", "To clear", "Inasubiri benki", ChipColour.BLUE)
_COUNTS = Chip("counts", "✓", "check", "In the books", "Imeingizwa", ChipColour.GREEN)
_CLEARED = Chip("cleared", "✓", "check", "Cleared", "Imelipwa na benki", ChipColour.GREEN)
_BACK = Chip("back", "↩", "undo-2", "Taken back", "Imerudishwa", ChipColour.GREY)
_CAME_BACK = Chip("came_back", "↩", "undo-2", "Came back", "Imerudi", ChipColour.GREY)
_PAID_IN_CHIPS = {PaidState.WAITS: _WAITS, PaidState.COUNTS: _COUNTS, PaidState.BACK: _BACK}
_CHEQUE_CHIPS = {PaidState.WAITS: _WAITS, PaidState.COUNTS: _CLEARED, PaidState.BACK: _CAME_BACK}

Filters = tuple[SavedFilter[ContributionRow], ...]


def paid_in_columns() -> tuple[Column[ContributionRow], ...]:
    """What came in, the newest first. Of money that was taken back the sum in the foot knows nothing."""
    return (
        date_column("Date", lambda row: row.value_date),
        Column("Member", lambda row: row.member_name, longest=28),
        Column("For", lambda row: row.words, longest=30, widest="Deposits, Share capital"),
        money_column("In KES", _standing_cents),
        chip_column("Status", lambda row: _PAID_IN_CHIPS[row.state], (_WAITS, _COUNTS, _BACK)),
        Column("Receipt", lambda row: row.receipt, priority=2, widest="RC-2026-0001"),
        Column("How", how_words, priority=2, widest="Bank slip FT 12345", longest=20),
        Column("Member no.", lambda row: row.member_number, priority=2, widest="M-0001"),
        Column("Entered by", lambda row: row.taken_by, priority=3, widest="Grace Wanjiru"),
    )


def _standing_cents(row: ContributionRow) -> int | None:
    return None if row.state is PaidState.BACK else row.amount_cents


def cheque_columns(today: Callable[[], date]) -> tuple[Column[ContributionRow], ...]:
    """The cheques of members; `today` gives how long each has waited."""
    return (
        Column("Cheque", lambda row: row.reference, widest="000123", longest=16),
        Column("Member", lambda row: row.member_name, longest=28),
        money_column("Amount KES", lambda row: row.amount_cents),
        chip_column("Status", lambda row: _CHEQUE_CHIPS[row.state], (_WAITS, _CLEARED, _CAME_BACK)),
        date_column("Brought on", lambda row: row.value_date),
        Column(
            "Days waited",
            lambda row: (today() - row.value_date).days if row.state is PaidState.WAITS else None,
            align=Align.RIGHT,
            priority=2,
            widest="100",
        ),
        date_column("Cleared on", lambda row: row.cleared_on, priority=2),
        Column("For", lambda row: row.words, priority=2, longest=30),
        Column("Receipt", lambda row: row.receipt, priority=2, widest="RC-2026-0001"),
        Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
    )


def how_words(row: ContributionRow) -> str:
    """`Cash`, `Bank slip FT 12`."""
    return f"{PAID_BY_WORDS[row.source]} {row.reference}".rstrip()


PAID_IN_FILTERS: Filters = (
    SavedFilter(
        "waits", "To clear", lambda row: row.state is PaidState.WAITS, "No cheque waits here."
    ),
    SavedFilter(
        "back", "Taken back", lambda row: row.state is PaidState.BACK, "Nothing was taken back."
    ),
)
CHEQUE_FILTERS: Filters = (
    SavedFilter(
        "waits",
        "To clear",
        lambda row: row.state is PaidState.WAITS,
        "No cheque waits for the bank.",
    ),
    SavedFilter(
        "cleared",
        "Cleared",
        lambda row: row.state is PaidState.COUNTS,
        "No cheque was cleared yet.",
    ),
    SavedFilter(
        "back", "Came back", lambda row: row.state is PaidState.BACK, "No cheque came back."
    ),
)


def paid_in_details(row: ContributionRow, actions: Actions) -> Details:
    """The panel of one receipt."""
    chips = _CHEQUE_CHIPS if row.source is PaidBy.CHEQUE else _PAID_IN_CHIPS
    main, others = actions
    return Details(
        title=row.member_name,
        subtitle=f"{row.member_number} · {row.receipt}",
        amount_cents=row.amount_cents,
        chip=chips[row.state],
        note=_note(row),
        facts=(
            *((name, format_kes(cents)) for name, cents in row.parts),
            ("How", how_words(row)),
            *((("Till", row.till),) if row.till else ()),
            ("Date", format_date(row.value_date)),
            ("Entry", f"{row.entry_number:,}"),
            *_clearing(row),
            ("Entered by", row.taken_by),
        ),
        action=main,
        other_actions=others,
    )


def _clearing(row: ContributionRow) -> tuple[tuple[str, str], ...]:
    if row.cleared_on is None:
        return ()
    return (("Cleared on", f"{format_date(row.cleared_on)}, entry {row.cleared_entry:,}"),)


def _note(row: ContributionRow) -> Note | None:
    if row.back_is_asked:
        words = "Another person decides on it under Approvals. Until then it counts."
        return Note(words, ChipColour.VIOLET, "Somebody asked to take it back")
    if row.state is PaidState.WAITS:
        words = "The member has the money when the bank has cleared the cheque."
        return Note(words, ChipColour.BLUE, "A cheque that waits")
    if row.state is PaidState.BACK:
        return Note("It counts for nothing. Both entries stay in the books.", ChipColour.GREY)
    return None
