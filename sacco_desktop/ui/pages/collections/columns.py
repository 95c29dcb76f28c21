"""The lists of payments as data: columns, states, saved filters, and what the panel says of one."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.collecting.payment_card import GivenPart, PaymentCard
from sacco_desktop.services.collecting.payment_list import PaymentRow, Stand
from sacco_desktop.ui.tabbed_page import Actions
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, Step
from sacco_desktop.ui.widgets.list_plan import SavedFilter

_AMBER, _BLUE, _GREEN = ChipColour.AMBER, ChipColour.BLUE, ChipColour.GREEN
CHIPS = {
    Stand.NO_OWNER: chips.NO_OWNER,
    Stand.PART: Chip("part_given", "◐", "contrast", "Part given", "Sehemu imetolewa", _AMBER),
    Stand.DISPUTED: Chip(
        "two_sums", "!", "alert-triangle", "Two sums", "Kiasi viwili", ChipColour.RED
    ),
    Stand.UNPROVEN: Chip(
        "not_proven", "◌", "circle-dashed", "Not proven", "Haijathibitishwa", _BLUE, is_outline=True
    ),
    Stand.ASKED: Chip(
        "to_approve", "◷", "history", "To approve", "Inasubiri idhini", ChipColour.VIOLET
    ),
    Stand.GIVEN: Chip("given", "✓", "check", "Has its owner", "Ina mwenyewe", _GREEN),
    Stand.REFUTED: Chip("not_at_mpesa", "✕", "x", "Not at M-Pesa", "Haiko M-Pesa", ChipColour.GREY),
    Stand.RETURNING: Chip(
        "going_back", "◷", "history", "Being given back", "Inarudishwa", ChipColour.VIOLET
    ),
    Stand.RETURNED: Chip("gone_back", "✓", "check", "Given back", "Imerudishwa", ChipColour.GREY),
}
ROADS = {
    "stk": "Prompt",
    "c2b": "Paybill",
    "pull": "M-Pesa's list",
    "statement": "Statement",
    "status": "M-Pesa's answer",
}
_HOW = {
    "prompt": "by its prompt",
    "reference": "by the account typed",
    "person": "by hand",
    "alias": "by a name that was learned",
}
_OF_SOME: tuple[SavedFilter[PaymentRow], ...] = (
    SavedFilter(
        "no_owner",
        "No owner",
        lambda row: row.stand in (Stand.NO_OWNER, Stand.PART),
        "All proven money has an owner.",
    ),
    SavedFilter(
        "unproven",
        "Not proven",
        lambda row: row.stand is Stand.UNPROVEN,
        "All payments here are proven.",
    ),
)
INBOX_FILTERS: tuple[SavedFilter[PaymentRow], ...] = (
    *_OF_SOME,
    SavedFilter(
        "others",
        "With others",
        lambda row: row.stand in (Stand.ASKED, Stand.DISPUTED),
        "Nothing waits for another person or for M-Pesa.",
    ),
)
ALL_FILTERS: tuple[SavedFilter[PaymentRow], ...] = (
    *_OF_SOME,
    SavedFilter(
        "given", "Has its owner", lambda row: row.stand is Stand.GIVEN, "Nothing has its owner yet."
    ),
)


def when_column() -> Column[PaymentRow]:
    """The day and the hour in the office."""
    return Column(
        "When",
        lambda row: row.paid_at,
        lambda at: f"{format_date(at)} {format_time(at)}",
        widest="30 May 2026 23:59",
        is_figures=True,
    )


def from_words(row: PaymentRow) -> str:
    """Who paid, as far as M-Pesa told it."""
    return " ".join(part for part in (row.payer_phone, row.payer_name) if part) or "Nobody named"


def inbox_columns() -> tuple[Column[PaymentRow], ...]:
    """What waits, the oldest first."""
    return (
        when_column(),
        money_column("Left KES", lambda row: row.left_cents),
        Column("From", from_words, longest=24, widest="0722 •••111 OTIENO"),
        Column(
            "Account typed", lambda row: row.reference or None, longest=18, widest="otieno loan"
        ),
        chip_column("State", lambda row: CHIPS[row.stand], tuple(CHIPS.values())),
        Column("Why it waits", lambda row: row.why, priority=2, longest=32),
        Column("Receipt", lambda row: row.receipt, priority=2, widest="SGA1ABCDEF"),
        money_column("Paid KES", lambda row: row.amount_cents, priority=3),
        Column("Told by", roads_words, priority=3, longest=24),
    )


def all_columns() -> tuple[Column[PaymentRow], ...]:
    """Everything that came in, the newest first."""
    return (
        when_column(),
        money_column("Paid KES", lambda row: row.amount_cents),
        Column("From", from_words, longest=24, widest="0722 •••111 OTIENO"),
        Column("Given to", lambda row: "; ".join(row.owners) or None, longest=28),
        chip_column("State", lambda row: CHIPS[row.stand], tuple(CHIPS.values())),
        Column("Account typed", lambda row: row.reference or None, priority=2, longest=18),
        Column("Receipt", lambda row: row.receipt, priority=2, widest="SGA1ABCDEF"),
        money_column("Left KES", lambda row: row.left_cents or None, priority=2),
        Column("Told by", roads_words, priority=3, longest=24),
    )


def roads_words(row: PaymentRow) -> str:
    """By what it was heard of, and whether that proves it."""
    return ", ".join(ROADS.get(road, road) for road in row.roads)


def payment_details(row: PaymentRow, card: PaymentCard | None, actions: Actions) -> Details:
    """The panel of one payment; without its card only what the list knows."""
    main, others = actions
    return Details(
        title=from_words(row),
        subtitle=f"{row.receipt} · {format_date(row.paid_at)} {format_time(row.paid_at)}",
        amount_cents=row.left_cents or row.amount_cents,
        chip=CHIPS[row.stand],
        note=_note(row),
        facts=(
            ("Account typed", f"‘{row.reference}’" if row.reference else "Nothing"),
            ("Paid", format_kes(row.amount_cents)),
            *((("No owner yet", format_kes(row.left_cents)),) if row.left_cents else ()),
            ("Told by", roads_words(row) or "—"),
            ("Proof", "M-Pesa proves it" if row.is_proven else "Only a notice so far"),
        ),
        timeline=() if card is None else _legs(row, card),
        action=main,
        other_actions=others,
    )


def _note(row: PaymentRow) -> Note | None:
    if not row.why:
        return None
    colours = {Stand.DISPUTED: ChipColour.RED, Stand.ASKED: ChipColour.VIOLET}
    words = row.why
    if row.needs_two and row.stand in (Stand.NO_OWNER, Stand.PART):
        words = (
            f"{words} It is above the limit of one person, so another person agrees whose it is."
        )
    return Note(words, colours.get(row.stand, _BLUE if row.stand is Stand.UNPROVEN else _AMBER))


def _legs(row: PaymentRow, card: PaymentCard) -> tuple[Step, ...]:
    """Both entries of every part, the newest first, then how it came in."""
    came = (
        f"Entry {card.entry_number:,}: {format_kes(row.amount_cents)} into the paybill, and owed as"
        " unallocated receipts."
    )
    heard = (
        Step(
            f"{format_date(one.heard_at)} {format_time(one.heard_at)}",
            f"{ROADS.get(one.road, one.road)} told of {format_kes(one.amount_cents)}.",
        )
        for one in reversed(card.heard)
    )
    booked = Step(f"{format_date(row.paid_at)} {format_time(row.paid_at)}", came)
    return (*(_part(part) for part in reversed(card.parts)), booked, *heard)


def _part(part: GivenPart) -> Step:
    words = (
        f"Entry {part.entry_number:,}: {format_kes(part.cents)} out of them, to {part.what} of"
        f" {part.owner}; receipt {part.slip}, {_HOW.get(part.how, part.how)}, {part.by}."
    )
    if part.is_back:
        words = f"{words} It was taken back."
    return Step(f"{format_date(part.at)} {format_time(part.at)}", words, not part.is_back)
