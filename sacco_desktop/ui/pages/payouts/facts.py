"""What every dialog about one uncertain payment says of it first."""

from __future__ import annotations

from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.payout_cards import PayoutCard
from sacco_desktop.ui.pages.payouts.columns import moment


def payment_facts(card: PayoutCard) -> tuple[tuple[str, str], ...]:
    """Who, how much, to which number, since when, and under which id M-Pesa knows it."""
    row = card.row
    told = [
        ("Member", f"{row.member_name}, {row.member_number}"),
        ("Amount", f"{format_kes(row.mpesa_cents)} → {display_phone(row.phone)}"),
        ("Payout", f"{row.number} for loan {row.loan_number}"),
    ]
    if card.doubt_since is not None:
        told.append(("First sent", moment(card.doubt_since)))
    if row.originator_conversation_id:
        told.append(("Id at M-Pesa", row.originator_conversation_id))
    told.append(("Known so far", f"{card.headline} {card.explanation}".strip()))
    return tuple(told)
