"""What must be true of the rows themselves: everything is shown to somebody, nothing is missing in a numbered list, and
the accounts at M-Pesa are those in the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from sacco_desktop.db.tables import AuditRow, BatchLine, Entry, PayoutBatch, RelayEntry
from sacco_desktop.demo.practice_office import FLOAT_CENTS
from sacco_desktop.demo.safaricom.world import Transaction
from sacco_desktop.domain.chart import MPESA_CHARGES_PAID, MPESA_PAYBILL, MPESA_UTILITY
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.sending.payout_cards import SafeAction
from sacco_desktop.ui.pages.payouts.reading import Asked, PayoutsView, read_payouts
from tests.faults.desk import Desk
from tests.faults.standing import Stand


def not_shown(desk: Desk) -> Iterator[str]:
    """What the Payouts page, as it is read for a treasurer, keeps from her: each payout stands on it, whatever is open
    has a next step, and whatever waits for a person is listed.
    """
    page, now = desk.read(read_payouts, Asked(), "grace"), desk.stand()
    listed = _listed(page)
    for row in now.payouts:
        if row.payout_id not in listed.get(row.status, set()):
            yield f"{row.number} is {row.status}, and stands on no list of the Payouts page"
    for card in page.open_cards:
        if card.action is SafeAction.NONE and card.next_question_at is None:
            yield f"{card.row.number} is open, and its card has no next step"
    waiting, standing = desk.read(_waiting, None)
    if waiting != {entry.entry_id for entry in page.parked}:
        yield "an entry of a feed waits for a person and is not shown"
    if standing != {batch.batch_id for batch in page.batches}:
        yield "a batch is not over and is not shown"


def _listed(page: PayoutsView) -> dict[PayoutStatus, set[int]]:
    listed: dict[PayoutStatus, set[int]] = {}
    rows = [each.row for each in page.to_send] + [card.row for card in page.open_cards]
    for row in (*rows, *page.done):
        listed.setdefault(row.status, set()).add(row.payout_id)
    return listed


def _waiting(work: Work, _nothing: None) -> tuple[set[int], set[int]]:
    parked = work.session.scalars(select(RelayEntry.id).where(RelayEntry.state == "parked"))
    unfinished = select(PayoutBatch.id).where(PayoutBatch.ended_at.is_(None))
    return set(parked), set(work.session.scalars(unfinished))


def not_in_order(desk: Desk) -> Iterator[str]:
    """Numbers without gaps whatever the clocks said, and no batch that ended with a payout waiting in it.

    That nothing is posted into a closed month is a guard of the database, and histories in which it must act are wrong.
    """
    yield from desk.read(_order, None)


def _order(work: Work, _nothing: None) -> list[str]:
    wrong = []
    for what, count, last in (
        ("entries", *_count_and_last(work, Entry.number)),
        ("rows of the audit", *_count_and_last(work, AuditRow.id)),
    ):
        if count != last:
            wrong.append(f"there are {count} {what}, and the last one is number {last}")
    wrong += _feeds(work)
    left_open = select(func.count()).where(
        BatchLine.batch_id == PayoutBatch.id,
        BatchLine.status == "waiting",
        PayoutBatch.ended_at.is_not(None),
    )
    if work.session.scalar(left_open):
        wrong.append("a batch is over, and a payout still waits in it")
    return wrong


def _count_and_last(work: Work, number: InstrumentedAttribute[int]) -> tuple[int, int]:
    row = work.session.execute(select(func.count(), func.max(number))).one()
    return row[0], row[1] or 0


def _feeds(work: Work) -> Iterator[str]:
    """Within one epoch of a relay every number follows the one before it in the order in which it was taken in.

    Only a relay that was put back unnoticed begins again at a number that it gave out before; the table refuses the
    same entry twice.
    """
    rows = work.session.execute(
        select(RelayEntry.relay_id, RelayEntry.epoch, RelayEntry.sequence).order_by(RelayEntry.id)
    ).all()
    for relay_id in {row.relay_id for row in rows}:
        feed = [(row.epoch, row.sequence) for row in rows if row.relay_id == relay_id]
        for (epoch, before), (next_epoch, number) in pairwise(feed):
            given_out_again = number <= before and feed.count((epoch, number)) > 1
            if epoch == next_epoch and number != before + 1 and not given_out_again:
                yield f"entry {number} of a feed was taken in after {before}"


def not_the_same_money(desk: Desk, now: Stand, lent_cents: int) -> Iterator[str]:
    """The M-Pesa accounts of the books against Safaricom's: they differ by what is in review, and by nothing else.

    `lent_cents` is what came into the accounts at Safaricom and stands in no book, because the test put it there.
    """
    safaricom = desk.day.safaricom
    booked = {row.receipt for row in now.payouts if row.status is PayoutStatus.PAID}
    made = [payment for payment in safaricom.transactions if payment.state == "Completed"]
    review = [payment for payment in made if payment.receipt not in booked]
    start = safaricom.profile
    there = safaricom.balance_cents("utility") + safaricom.balance_cents("working") - lent_cents
    moved = there - start.utility_cents - start.working_cents + _sum(review)
    books = desk.read(_mpesa_moved, None)
    if moved != books:
        yield f"the M-Pesa accounts moved by {moved}, and in the books by {books}"
    charges = desk.read(ledger.balance, MPESA_CHARGES_PAID)
    told = safaricom.balance_cents("charges_paid") + sum(payment.fee_cents for payment in review)
    if charges != told:
        yield f"M-Pesa charged {told} for what is booked, and the books say {charges}"


def _sum(payments: list[Transaction]) -> int:
    return sum(payment.amount_cents for payment in payments)


def _mpesa_moved(work: Work, _nothing: None) -> int:
    """What the M-Pesa accounts in the books moved by since the office was furnished."""
    held = sum(ledger.balance(work, code) for code in (MPESA_UTILITY, MPESA_PAYBILL))
    return held - FLOAT_CENTS
