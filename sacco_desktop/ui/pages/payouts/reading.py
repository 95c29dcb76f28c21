"""What the Payouts page reads in one view of the books, sorted into its four tabs."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services import (
    account_view,
    batch_lines,
    hand_overs,
    pay_sheet,
    payout_batches,
    payout_cards,
    payouts,
    queue_stops,
    relay_feed,
)
from sacco_desktop.services.account_view import AccountsView
from sacco_desktop.services.payout_batches import BatchRow
from sacco_desktop.services.payout_cards import Chip, PayoutCard
from sacco_desktop.services.payouts import PayoutRow
from sacco_desktop.services.queue_stops import Stop
from sacco_desktop.services.relay_feed import ParkedEntry
from sacco_desktop.services.work import Work

# How many done payouts a page begins with; older ones come when a person asks for them.
NEWEST = 200

_NOT_SENT = (PayoutStatus.DRAFT, PayoutStatus.APPROVED)
# Paid, also while it is still being checked, or taken back.
_DONE = (PayoutStatus.PAID, PayoutStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ToSend:
    """A payout that has not left. `locked_why` says why this person cannot send it; empty when it can go."""

    card: PayoutCard
    locked_why: str

    @property
    def row(self) -> PayoutRow:
        """The payout itself."""
        return self.card.row


@dataclass(frozen=True, slots=True)
class PayoutsView:
    """Everything on the page. `ready_cents` is approved and not sent; `may_send` and `may_settle` are the person's.

    `done` are the newest of `done_count` payouts. `checking_count` are paid by M-Pesa's word alone; the newest of them
    stand in `in_flight`.
    """

    to_send: tuple[ToSend, ...]
    in_flight: tuple[PayoutCard, ...]
    checking_count: int
    done: tuple[PayoutRow, ...]
    done_count: int
    parked: tuple[ParkedEntry, ...]
    stop: Stop | None
    accounts: AccountsView
    batches: tuple[BatchRow, ...]
    may_send: bool
    may_settle: bool

    @property
    def ready_cents(self) -> int:
        """What M-Pesa would pay if everything that is approved went out now."""
        return sum(each.row.mpesa_cents for each in self.to_send if each.card.chip is Chip.READY)

    @property
    def open_cards(self) -> tuple[PayoutCard, ...]:
        """The cards whose money may or may not have left."""
        return tuple(card for card in self.in_flight if card.may_have_left)

    @property
    def in_flight_count(self) -> int:
        """How many payouts are open or to be checked, also those that have no card here."""
        return len(self.open_cards) + self.checking_count


def read_payouts(work: Work, newest: int) -> PayoutsView:
    """The page as it is now, with at most the `newest` of what is done: that grows for ever, all else does not."""
    work.allow(Act.LOOK)
    not_sent = payouts.list_in(work, _NOT_SENT)
    roles = work.actor.roles
    return PayoutsView(
        to_send=tuple(_to_send(work, row) for row in reversed(not_sent)),
        in_flight=payout_cards.in_flight(work),
        checking_count=payout_cards.count_checking(work),
        done=payouts.list_in(work, _DONE, newest),
        done_count=payouts.count_in(work, _DONE),
        parked=relay_feed.list_parked(work),
        stop=queue_stops.standing(work),
        accounts=account_view.read_accounts(work),
        batches=payout_batches.unfinished(work),
        may_send=may(roles, Act.SEND_PAYOUT),
        may_settle=may(roles, Act.SETTLE_PAYOUT),
    )


def _to_send(work: Work, row: PayoutRow) -> ToSend:
    if row.way is not Way.MPESA:
        return ToSend(payout_cards.card_of(work, row), _by_hand_locked_why(work, row))
    why = pay_sheet.send_locked_why(work, row)
    if not why and batch_lines.waiting_line(work, row.payout_id) is not None:
        why = f"{row.number} waits in {row.batch_number}. Continue that batch, or end it first."
    if not why and not may(work.actor.roles, Act.SEND_PAYOUT):
        why = "Your roles do not send payouts. A treasurer does."
    return ToSend(payout_cards.card_of(work, row), why)


def _by_hand_locked_why(work: Work, row: PayoutRow) -> str:
    act = Act.PAY_CASH if row.way is Way.CASH else Act.SEND_PAYOUT
    if not may(work.actor.roles, act):
        return f"Your roles do not {act.value}."
    return hand_overs.why_not_by_me(work, row.payout_id)


def is_proven(row: PayoutRow) -> bool:
    """Paid, and an independent source agrees."""
    return row.status is PayoutStatus.PAID and row.evidence is Evidence.VERIFIED
