"""What the Payouts page reads in one view of the books, sorted into its four tabs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import ParkedEntry
from sacco_desktop.services.payouts import batch_lines, hand_overs, payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import (
    account_view,
    flight_summary,
    pay_sheet,
    payout_batches,
    payout_cards,
    queue_stops,
)
from sacco_desktop.services.sending.account_view import AccountsView
from sacco_desktop.services.sending.flight_summary import FlightSummary
from sacco_desktop.services.sending.payout_batches import BatchRow
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.services.sending.queue_stops import Stop

# How many done payouts a page begins with; older ones come when a person asks for them.
NEWEST = 200

_NOT_SENT = (PayoutStatus.DRAFT, PayoutStatus.APPROVED)
# Paid, also while it is still being checked, or taken back.
_DONE = (PayoutStatus.PAID, PayoutStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ToSend:
    """A payout that has not left. `locked_why` says why this person cannot send it, as far as its row tells."""

    card: PayoutCard
    locked_why: str

    @property
    def row(self) -> PayoutRow:
        """The payout itself."""
        return self.card.row


class Tab(StrEnum):
    """The tabs in the order of the work; the value is also the place in an address."""

    TO_SEND = "to_send"
    IN_FLIGHT = "in_flight"
    DONE = "done"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read: the rows of the tabs that are seen, and at most the `newest` of what is done, which grows for
    ever. Of the other tabs only the counts are read.
    """

    tabs: frozenset[Tab] = frozenset(Tab)
    newest: int = NEWEST


@dataclass(frozen=True, slots=True)
class PayoutsView:
    """What the page shows. `ready_cents` is approved and not sent; `may_send` and `may_settle` are the person's.

    `counts` are of whole tabs, whether they were read or not. `done` are the newest of its count. `checking_count` are
    paid by M-Pesa's word alone; the newest of them stand in `in_flight`.
    """

    tabs: frozenset[Tab]
    counts: dict[Tab, int]
    to_send: tuple[ToSend, ...]
    in_flight: tuple[PayoutCard, ...]
    checking_count: int
    done: tuple[PayoutRow, ...]
    parked: tuple[ParkedEntry, ...]
    ready_cents: int
    stop: Stop | None
    accounts: AccountsView
    flight: FlightSummary
    batches: tuple[BatchRow, ...]
    may_send: bool
    may_settle: bool

    @property
    def open_cards(self) -> tuple[PayoutCard, ...]:
        """The cards whose money may or may not have left."""
        return tuple(card for card in self.in_flight if card.may_have_left)


def read_payouts(work: Work, asked: Asked) -> PayoutsView:
    """The page as it is now."""
    work.allow(Act.LOOK)
    tabs, roles = asked.tabs, work.actor.roles
    flight = flight_summary.summary(work)
    checking = payout_cards.count_checking(work)
    # Few ever wait; nothing of them is worth to be counted apart.
    parked = relay_feed.list_parked(work)
    return PayoutsView(
        tabs=tabs,
        counts={
            Tab.TO_SEND: payouts.count_in(work, _NOT_SENT),
            Tab.IN_FLIGHT: flight.open_count,
            Tab.DONE: payouts.count_in(work, _DONE),
            Tab.PROBLEMS: len(parked),
        },
        to_send=_read_to_send(work) if Tab.TO_SEND in tabs else (),
        in_flight=payout_cards.in_flight(work) if Tab.IN_FLIGHT in tabs else (),
        checking_count=checking,
        done=payouts.list_in(work, _DONE, asked.newest) if Tab.DONE in tabs else (),
        parked=parked,
        ready_cents=payouts.ready_cents(work),
        stop=queue_stops.standing(work),
        accounts=account_view.read_accounts(work),
        flight=flight,
        batches=payout_batches.unfinished(work),
        may_send=may(roles, Act.SEND_PAYOUT),
        may_settle=may(roles, Act.SETTLE_PAYOUT),
    )


def tab_of(work: Work, number: str) -> Tab:
    """On which tab the payout of this number stands; of one that nobody knows, where most are."""
    payout_id = payouts.id_of(work, number)
    if payout_id is None:
        return Tab.DONE
    row = payouts.row_of(work, payout_id)
    if row.status in _NOT_SENT:
        return Tab.TO_SEND
    return Tab.IN_FLIGHT if payout_cards.has_card(work, row) else Tab.DONE


def locked_why(work: Work, payout_id: int) -> str:
    """Why this person cannot send this payout, whatever the reason; empty when it can go."""
    row = payouts.row_of(work, payout_id)
    if row.way is not Way.MPESA:
        return _by_hand_locked_why(work, row)
    why = pay_sheet.send_locked_why(work, row)
    return why or _plain_locked_why(work, row, batch_lines.waiting_among(work, [payout_id]))


def _read_to_send(work: Work) -> tuple[ToSend, ...]:
    rows = payouts.list_in(work, _NOT_SENT)[::-1]
    waiting = batch_lines.waiting_among(work, [row.payout_id for row in rows])
    return tuple(
        ToSend(card, _plain_locked_why(work, card.row, waiting))
        for card in payout_cards.cards_of(work, rows)
    )


def _plain_locked_why(work: Work, row: PayoutRow, in_batches: frozenset[int]) -> str:
    """What is seen from the row alone. The rest takes a dozen questions a row, and is asked for the row under the
    cursor, and for each payout when it is about to be paid.
    """
    if row.way is not Way.MPESA:
        return ""
    if why := pay_sheet.plain_locked_why(work, row):
        return why
    if row.payout_id in in_batches:
        return f"{row.number} waits in {row.batch_number}. Continue that batch, or end it first."
    if not may(work.actor.roles, Act.SEND_PAYOUT):
        return "Your roles do not send payouts. A treasurer does."
    return ""


def _by_hand_locked_why(work: Work, row: PayoutRow) -> str:
    act = Act.PAY_CASH if row.way is Way.CASH else Act.SEND_PAYOUT
    if not may(work.actor.roles, act):
        return f"Your roles do not {act.value}."
    return hand_overs.why_not_by_me(work, row.payout_id)


def is_proven(row: PayoutRow) -> bool:
    """Paid, and an independent source agrees."""
    return row.status is PayoutStatus.PAID and row.evidence is Evidence.VERIFIED
