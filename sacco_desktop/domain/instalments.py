"""One row of a schedule, and the quick way to make many of them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Instalment(NamedTuple):
    """One row of a schedule, in cents. The balance is the principal still owed after it is paid."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    balance_cents: int
    fee_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Principal, interest and fee together, in cents."""
        return self.principal_cents + self.interest_cents + self.fee_cents
