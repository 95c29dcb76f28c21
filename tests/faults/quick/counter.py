"""What people do at the counter and in the back office besides sending: payments by hand, top-ups, questions about the
balance, payouts taken back or asked for again, months that are closed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from sacco_desktop.db.tables import ClosedMonth
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.ask_balance import ask_and_wait, freshen
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import bank_files, hand_overs, payouts
from sacco_desktop.services.payouts.bank_files import NewBankFile
from sacco_desktop.services.payouts.hand_overs import CameBack, CashPayment, Confirmation, NewCheque
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import utility_float
from sacco_desktop.services.sending.utility_float import NewTopUp
from tests.faults.quick.desk import QuickDesk
from tests.faults.quick.town import QuickDay

_NOT_SENT = (PayoutStatus.DRAFT, PayoutStatus.APPROVED)
_TOP_UPS = (50_000_00, 120_000_00)
# The month before that in which the office was furnished.
_LAST_MONTH = "2026-02"


class Counter:
    """The acts of a history that people do at the desk that `at` gives, about some payouts by M-Pesa and by hand."""

    def __init__(
        self,
        day: QuickDay,
        chance: random.Random,
        at: Callable[[], QuickDesk],
        by_mpesa: list[int],
        by_hand: list[int],
    ) -> None:
        self._day, self._chance, self._at = day, chance, at
        self._by_mpesa, self._by_hand = by_mpesa, by_hand
        # What came into our accounts at Safaricom, whether or not somebody wrote it into the books.
        self.funded_cents = 0

    def hand_over(self) -> None:
        """The next step of a payment by bank, cheque or cash."""
        if not self._by_hand:
            return
        row = self._at().row(self._chance.choice(self._by_hand))
        if row.status is PayoutStatus.DRAFT:
            self._at().approve_anew(row.payout_id)
        elif row.status is PayoutStatus.APPROVED:
            self._pay(row)
        elif row.status is PayoutStatus.IN_FLIGHT:
            self._end_of(row)

    def _pay(self, row: PayoutRow) -> None:
        desk, key = self._at(), f"{self._chance.getrandbits(64):x}"
        if row.way is Way.BANK:
            desk.write(bank_files.make, NewBankFile(key, (row.payout_id,)), "grace")
        elif row.way is Way.CHEQUE:
            number = str(self._chance.randrange(100_000, 999_999))
            desk.write(
                hand_overs.write_cheque, NewCheque(row.payout_id, row.version, number), "grace"
            )
        else:
            paid = CashPayment(key, row.payout_id, row.version, "23456789")
            desk.write(hand_overs.pay_cash, paid, "peter")

    def _end_of(self, row: PayoutRow) -> None:
        desk = self._at()
        if self._chance.random() < 0.7:
            today = business_date(self._day.office_now())
            seen = Confirmation(row.payout_id, row.version, "FT26075QX1", today)
            desk.write(hand_overs.confirm, seen, "grace")
        else:
            back = CameBack(row.payout_id, row.version, "The account is closed.")
            desk.write(hand_overs.came_back, back, "grace")

    def take_back(self) -> None:
        """A payout that has not left is taken back."""
        change = self._change()
        if change is not None:
            self._at().write(payouts.take_back, change, "grace")

    def ask_anew(self) -> None:
        """Somebody asks for approval once more, of what was approved or has failed."""
        change = self._change()
        if change is not None:
            self._at().write(payouts.ask_again, change, "grace")

    def _change(self) -> PayoutChange | None:
        numbers = [*self._by_mpesa, *self._by_hand]
        rows = [row for row in self._at().stand().payouts if row.payout_id in numbers]
        not_sent = [row.payout_id for row in rows if row.status in _NOT_SENT]
        if not not_sent:
            return None
        row = self._at().row(self._chance.choice(not_sent))
        return PayoutChange(row.payout_id, row.version, "Not now")

    def top_up(self) -> None:
        """Money is moved to the utility account, and two people write it into the books."""
        cents, slip = self._chance.choice(_TOP_UPS), f"SLIP-{self._chance.randrange(10**6):06d}"
        self._day.safaricom.fund(cents)
        self.funded_cents += cents
        desk = self._at()
        request = desk.write(utility_float.ask_top_up, NewTopUp(cents, slip), "grace")
        desk.decide(request, "lucy")

    def refill(self) -> None:
        """What was moved from Utility to Working on M-Pesa's portal is moved back, and M-Pesa is asked."""
        safaricom = self._day.safaricom
        moved = safaricom.balance_cents("working") - safaricom.profile.working_cents
        if moved > 0:
            safaricom._world.ledger.transfer("working", "utility", moved)
        desk = self._at()
        with suppress(SaccoError):
            desk.run(lambda: ask_and_wait(desk.office, desk.people["grace"]))

    def ask_balance(self) -> None:
        """Somebody asks what the accounts hold, or a run is about to begin."""
        desk = self._at()
        asks = self._chance.choice((ask_and_wait, freshen))
        desk.run(lambda: asks(desk.office, desk.people["grace"]))

    def close_a_month(self) -> None:
        """Last month takes no more entries."""
        self._at().write(close_month, _LAST_MONTH, "grace")


def close_month(work: Work, month: str) -> None:
    """Close a month that is not closed yet; `month` is written like 2026-02."""
    if work.session.get(ClosedMonth, month) is None:
        closed = ClosedMonth(month=month, closed_by=work.actor.user_id, closed_at=work.now)
        work.session.add(closed)
