"""Where the society's money stands now, and what of it can be lent today. Running balances, no history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import FloatReading, Payout
from sacco_desktop.domain.chart import BANK_CURRENT, CASH_IN_HAND
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.sending import utility_float

WORKING = "working"


@dataclass(frozen=True, slots=True)
class CashPosition:
    """Amounts in cents. `working_cents` is None while M-Pesa has not told it; cash in hand is not lent by M-Pesa.

    `utility_cents` is the lower of the books and M-Pesa's last word; `told_at` says when that word came.
    """

    utility_cents: int
    working_cents: int | None
    bank_cents: int
    cash_cents: int
    in_flight_cents: int
    approved_cents: int
    told_at: datetime | None

    @property
    def free_cents(self) -> int:
        """Utility and bank, less what is on its way and what is promised; below zero when too much is promised."""
        held = self.utility_cents + self.bank_cents
        return held - self.in_flight_cents - self.approved_cents


def cash_position(work: Work, _nothing: None = None) -> CashPosition:
    """The position at this moment."""
    work.allow(Act.LOOK)
    known = utility_float.current(work)
    return CashPosition(
        utility_cents=known.known_cents,
        working_cents=_told(work, WORKING),
        bank_cents=ledger.balance(work, BANK_CURRENT),
        cash_cents=ledger.balance(work, CASH_IN_HAND),
        in_flight_cents=leaving_cents(work, PayoutStatus.IN_FLIGHT),
        approved_cents=leaving_cents(work, PayoutStatus.APPROVED),
        told_at=known.told_at,
    )


def leaving_cents(work: Work, status: PayoutStatus) -> int:
    """What payouts in this state will take from Utility and the bank, in cents; cash leaves the till instead."""
    found = work.session.scalar(
        select(func.coalesce(func.sum(Payout.mpesa_cents + Payout.handed_cents), 0)).where(
            Payout.status == status.value, Payout.way != Way.CASH.value
        )
    )
    return int(found or 0)


def _told(work: Work, account: str) -> int | None:
    return work.session.scalar(
        select(FloatReading.available_cents)
        .where(FloatReading.account == account)
        .order_by(FloatReading.at.desc(), FloatReading.id.desc())
        .limit(1)
    )
