"""How much money is on its way, and for how long nobody has known: one reading for every place that shows a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sacco_desktop.services.books.work import Work
from sacco_desktop.services.sending import payout_cards
from sacco_desktop.services.sending.payout_cards import Chip


@dataclass(frozen=True, slots=True)
class FlightSummary:
    """Counts and sums for the status bar and the rail; amounts in cents."""

    open_count: int
    open_cents: int
    unsure_long: int


# After this long without knowing, the rail's badge turns red.
_LONG_DOUBT = timedelta(minutes=10)


def summary(work: Work, _nothing: None = None) -> FlightSummary:
    """How many payouts are on their way, how much that is, and how many have been unsure for long."""
    rows = payout_cards.open_rows(work)
    unsure = [
        row for row in rows if payout_cards.chip_of(row) in (Chip.NOT_SURE, Chip.FAILED_CHECKING)
    ]
    long = [
        card
        for card in payout_cards.cards_of(work, unsure)
        if card.doubt_since is not None and work.now - card.doubt_since > _LONG_DOUBT
    ]
    return FlightSummary(len(rows), sum(row.paid_cents for row in rows), len(long))
