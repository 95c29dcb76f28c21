"""What every dialog about one uncertain payment says of it first."""

from __future__ import annotations

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.pages.payouts.columns import for_words, moment


def payment_facts(card: PayoutCard) -> tuple[tuple[str, str], ...]:
    """Who, how much, to which number, since when, and under which id M-Pesa knows it."""
    row = card.row
    told = [
        ("Member" if row.member_number else "Payee", _who(row)),
        ("Amount", f"{format_kes(row.paid_cents)} → {row.to_words}"),
        ("Payout", f"{row.number} for {for_words(row)}"),
    ]
    if card.doubt_since is not None:
        told.append(("Since", moment(card.doubt_since)))
    if row.originator_conversation_id:
        told.append(("Id at M-Pesa", row.originator_conversation_id))
    told.append(("Known so far", f"{card.headline} {card.explanation}".strip()))
    return tuple(told)


def _who(row: PayoutRow) -> str:
    return f"{row.member_name}, {row.member_number}" if row.member_number else row.member_name
