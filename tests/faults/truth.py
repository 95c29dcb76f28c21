"""What must be true whatever happened: the books held against Safaricom's own ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from sacco_desktop.demo.practice_office import FLOAT_CENTS
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.demo.safaricom.world import Transaction
from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.proof import verify
from sacco_desktop.services.sending import payout_cards
from sacco_desktop.services.sending.payout_cards import Chip
from tests.faults.desk import Desk
from tests.faults.standing import AttemptStand, PayoutStand, Stand

_SAYS_PAID = (Chip.PAID, Chip.PAID_CHECKING)


class Broken(AssertionError):
    """Something that must never be was: the sentences say what."""


def check(desk: Desk, forgotten: frozenset[str] = frozenset()) -> None:
    """Raise Broken with every sentence that is not true at this moment, while nothing is being sent.

    `forgotten` are ids that went out before the books came back from an older copy: these may be missing for a while,
    but may not be wrong.
    """
    _raise(_wrong_now(desk, forgotten))


def check_end(desk: Desk) -> None:
    """The same, and that every payout came to an end that Safaricom's ledger agrees with."""
    desk.proven_entries = desk.balanced_entries = 0
    _raise([*_wrong_now(desk, frozenset()), *_wrong_at_the_end(desk)])


def check_safaricom(safaricom: SimulatedSafaricom) -> None:
    """Raise Broken when Safaricom's ledger alone shows a loan that was paid more than once."""
    _raise(list(_paid_twice(safaricom)))


def payments_of(safaricom: SimulatedSafaricom, payout_number: str) -> list[Transaction]:
    """What Safaricom has paid for a payout, under whatever id; the number travels in each request."""
    return _paid(safaricom.transactions, payout_number)


def _paid(payments: Iterable[Transaction], payout_number: str) -> list[Transaction]:
    return [p for p in payments if _is_paid(p) and p.request.get("Occassion") == payout_number]


def _is_paid(payment: Transaction) -> bool:
    return payment.state == "Completed"


def _raise(wrong: list[str]) -> None:
    if wrong:
        raise Broken("; ".join(wrong))


def _paid_twice(safaricom: SimulatedSafaricom) -> Iterator[str]:
    paid = [p.request.get("Occassion") for p in safaricom.transactions if _is_paid(p)]
    for number, count in sorted(Counter(map(str, paid)).items()):
        if count > 1:
            yield f"{number} was paid {count} times"


def _wrong_now(desk: Desk, forgotten: frozenset[str]) -> list[str]:
    payments = desk.day.safaricom.transactions
    now = desk.stand()
    wrong = list(_paid_twice(desk.day.safaricom))
    for row in now.payouts:
        wrong += _wrong_row(row, _paid(payments, row.number))
    numbers = {str(p.request.get("Occassion")) for p in payments if _is_paid(p)}
    wrong += _paid_twice_in_the_books(now.payouts, numbers)
    in_flight = {row.payout_id for row in now.payouts if row.status is PayoutStatus.IN_FLIGHT}
    for facts in now.attempts:
        paid = any(p.originator_id == facts.originator_id for p in payments if _is_paid(p))
        wrong += _wrong_attempt(facts, paid, facts.payout_id in in_flight)
    known = {facts.originator_id for facts in now.attempts} | forgotten
    for payment in payments:
        if payment.version == "v3" and payment.originator_id not in known:
            wrong.append(f"{payment.originator_id} went out, but the books hold no such intent")
    return [*wrong, *_wrong_books(desk, now)]


def _paid_twice_in_the_books(rows: Iterable[PayoutStand], all_paid: set[str]) -> Iterator[str]:
    """A loan, or a part of one, is paid once whatever the number of the payout is by which it goes."""
    paid = [(row.loan_id, row.part) for row in rows if row.loan_id and row.number in all_paid]
    for (loan_id, part), count in sorted(Counter(paid).items()):
        if count > 1:
            yield f"part {part} of loan {loan_id} was paid by {count} payouts"


def _wrong_by_hand(row: PayoutStand, payments: list[Transaction]) -> Iterator[str]:
    if payments or row.attempt_status is not None or row.receipt is not None:
        yield f"{row.number} is paid by {row.way}, and M-Pesa was asked to pay it"
    if (row.status is PayoutStatus.PAID) != (row.entry_number is not None):
        yield f"{row.number} is {row.status}, and its entry is {row.entry_number}"


def _wrong_row(row: PayoutStand, payments: list[Transaction]) -> Iterator[str]:
    if row.way is not Way.MPESA:
        yield from _wrong_by_hand(row, payments)
        return
    # The chip reads nothing but what both kinds of row have.
    chip = payout_cards.chip_of(cast(PayoutRow, row))
    if chip in _SAYS_PAID and not payments:
        yield f"{row.number} is shown as {chip}, and Safaricom did not pay it"
    if chip is Chip.FAILED and payments:
        yield f"{row.number} is shown as failed, and Safaricom paid it"
    if row.status is not PayoutStatus.PAID:
        if row.entry_number is not None or row.receipt is not None:
            yield f"{row.number} is {row.status} and yet it is posted"
        return
    if len(payments) != 1:
        yield f"{row.number} is booked as paid, and Safaricom paid it {len(payments)} times"
        return
    paid = payments[0]
    booked = (row.receipt, row.mpesa_cents, row.phone)
    if booked != (paid.receipt, paid.amount_cents, paid.phone):
        yield f"{row.number} is booked as {booked}, not as Safaricom paid it"


def _wrong_attempt(facts: AttemptStand, is_paid: bool, is_in_flight: bool) -> Iterator[str]:
    name, status = facts.originator_id, facts.status
    if status is AttemptStatus.FAILED and is_paid:
        yield f"{name} is booked as failed, but Safaricom paid it"
    if status is AttemptStatus.UNSENT and is_paid:
        yield f"{name} is held as never sent, but Safaricom paid it"
    if status is AttemptStatus.SENDING:
        yield f"{name} is left in sending"
    uncertain = status in (AttemptStatus.UNKNOWN, AttemptStatus.ACCEPTED)
    if uncertain and facts.next_question_at is None:
        yield f"{name} is {status}, and nobody will ever ask about it"
    if uncertain and not is_in_flight:
        yield f"{name} is {status}, but its payout is not shown as in flight"


def _wrong_books(desk: Desk, now: Stand) -> Iterator[str]:
    paid = [row for row in now.payouts if row.status is PayoutStatus.PAID]
    receipts = {row.entry_number: row.receipt for row in paid}
    of_mpesa = [(number, told) for number, told in now.posted if receipts.get(number) is not None]
    is_one_each = sorted(number for number, _ in now.posted) == sorted(
        number for number in receipts if number is not None
    )
    if not is_one_each or any(receipts[number] != told for number, told in of_mpesa):
        yield f"the journal holds the payments {now.posted}, not one for each paid payout"
    if desk.proven_entries == now.entries:
        return
    if desk.proven_entries >= 0:
        yield from _wrong_journal(desk)
        desk.proven_entries = now.entries
    if desk.balanced_entries == now.entries:
        return
    left = FLOAT_CENTS - sum(row.mpesa_cents for row in paid)
    if desk.read(ledger.balance, MPESA_UTILITY) - desk.topped_up_cents() != left:
        yield "the utility account in the books is not what the paid payouts leave of it"
    desk.balanced_entries = now.entries


def _wrong_journal(desk: Desk) -> Iterator[str]:
    proof = desk.read(verify.verify, None)
    yield from (f"{fault.where} {fault.what}" for fault in proof.faults)
    if not desk.read(ledger.trial_balance, None).is_square:
        yield "the trial balance is not square"
    if not desk.day.safaricom.is_conserved:
        yield "Safaricom lost a cent, so the test itself is wrong"


def _wrong_at_the_end(desk: Desk) -> Iterator[str]:
    ends = (PayoutStatus.PAID, PayoutStatus.CANCELLED, PayoutStatus.DRAFT, PayoutStatus.APPROVED)
    for row in desk.stand().payouts:
        count = len(payments_of(desk.day.safaricom, row.number))
        if row.way is Way.MPESA and row.status not in ends:
            yield f"{row.number} never came to an end: {row.status}, {row.attempt_status}"
        if row.way is Way.MPESA and (row.status is PayoutStatus.PAID) != (count == 1):
            yield f"{row.number} is {row.status} at the end, and Safaricom paid it {count} times"
