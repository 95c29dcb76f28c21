"""A statement as it was read: its rows oldest first, proven to add up. Sums in cents, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sacco_desktop.domain.dates import business_date


class Source(StrEnum):
    """Whose statement it is."""

    MPESA = "mpesa"
    BANK = "bank"


class RowKind(StrEnum):
    """What a row of a statement tells of, by its own words."""

    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    CHARGE = "charge"
    REVERSAL = "reversal"
    MOVE = "move"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row that moved money: above zero what came in, below zero what went out.

    `row` counts as the file does, from 1, on `page`. `linked` is the receipt of the transaction that this one belongs
    to, as a reversal does; `typed` is what the payer wrote as account.
    """

    page: int
    row: int
    receipt: str
    at: datetime
    cents: int
    balance_cents: int
    kind: RowKind
    details: str = ""
    reason: str = ""
    party: str = ""
    linked: str = ""
    typed: str = ""
    # Which of several rows that say exactly the same on one day, as a bank may charge the same fee twice; 0 for M-Pesa,
    # which gives a receipt once.
    nth: int = 0

    @property
    def day(self) -> date:
        """The business date."""
        return business_date(self.at)

    @property
    def identity(self) -> str:
        """What makes this row this row, in whatever export it stands: a charge shares the receipt of what it is for."""
        if self.nth:
            words = f"{self.receipt}|{' '.join(self.details.split())}"
            return f"{self.day.isoformat()}|{words}|{self.cents}|{self.nth}"
        return f"{self.receipt}|{(self.reason or self.details).upper()}|{self.cents}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that adds up: opening, plus every row, is closing.

    `shortcode` and `account` (utility, working, charges) are empty where the file does not say them. `doubled` rows
    stood there more than once, `idle` ones moved nothing. `order_words` says how the rows had to be turned.
    """

    source: Source
    first_day: date
    last_day: date
    opening_cents: int
    closing_cents: int
    rows: tuple[StatementRow, ...]
    holder: str = ""
    shortcode: str = ""
    account: str = ""
    pages: int = 1
    doubled: int = 0
    idle: int = 0
    order_words: str = ""

    @property
    def in_cents(self) -> int:
        """All that came in."""
        return sum(row.cents for row in self.rows if row.cents > 0)

    @property
    def out_cents(self) -> int:
        """All that went out, above zero."""
        return -sum(row.cents for row in self.rows if row.cents < 0)
