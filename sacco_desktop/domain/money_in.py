"""Money that members send to a shortcode of ours: the roads by which we hear of it, and its entry."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sacco_desktop.domain.chart import MPESA_PAYBILL, UNALLOCATED_RECEIPTS
from sacco_desktop.domain.ledger import JournalEntry, assert_balanced, credit, debit

MPESA_RECEIVED = "mpesa_received"


class Road(StrEnum):
    """By which road a payment was heard of."""

    STK = "stk"  # The answer to a prompt, by callback.
    C2B = "c2b"  # The confirmation of a payment to the paybill, by callback.
    PULL = "pull"  # M-Pesa's own list, asked for by us.
    STATEMENT = "statement"  # The statement of the portal.
    STATUS = "status"  # The answer to a question of ours about this very receipt.


# Anybody who learns the address can post a callback, so its word is a claim. These we fetch ourselves.
PROVING = frozenset({Road.PULL, Road.STATEMENT, Road.STATUS})


class ReceiptState(StrEnum):
    """What became of a payment."""

    WAITING = "waiting"  # Some of it has no purpose yet.
    ALLOCATED = "allocated"
    DISPUTED = "disputed"  # Two roads tell different things.
    REFUTED = "refuted"  # Proven that M-Pesa has no such payment.
    RETURNING = "returning"  # M-Pesa may be taking it back, so it is nobody's.
    RETURNED = "returned"  # M-Pesa took it back.


def received(
    receipt: str, shortcode: str, cents: int, on: date, account_code: str = MPESA_PAYBILL
) -> JournalEntry:
    """Money reached a shortcode of ours: DR its account, CR unallocated receipts. What it is for is a second entry, so
    that it is in the books at once and once, also when nobody knows whose it is.
    """
    lines = (
        debit(account_code, cents),
        credit(UNALLOCATED_RECEIPTS, cents, f"M-Pesa {receipt}"),
    )
    entry = JournalEntry(on, MPESA_RECEIVED, f"M-Pesa payment to {shortcode}", receipt, lines)
    assert_balanced(entry)
    return entry
