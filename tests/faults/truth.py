"""What must be true whatever happened: the books held against Safaricom's own ledger."""

from __future__ import annotations

from collections.abc import Iterator

from sacco_desktop.demo.practice_office import FLOAT_CENTS
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.demo.safaricom.world import Transaction
from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services import ledger, verify
from sacco_desktop.services.payouts import PayoutRow
from tests.faults.desk import AttemptFacts, Desk


class Broken(AssertionError):
    """Something that must never be was: the sentences say what."""


def check(desk: Desk) -> None:
    """Raise Broken with every sentence that is not true at this moment, while nothing is being sent."""
    _raise(_wrong_now(desk))


def check_end(desk: Desk) -> None:
    """The same, and that every payout came to an end that Safaricom's ledger agrees with."""
    _raise([*_wrong_now(desk), *_wrong_at_the_end(desk)])


def check_safaricom(safaricom: SimulatedSafaricom) -> None:
    """Raise Broken when Safaricom's ledger alone shows a loan that was paid more than once."""
    _raise(list(_paid_twice(safaricom)))


def payments_of(safaricom: SimulatedSafaricom, payout_number: str) -> list[Transaction]:
    """What Safaricom has paid for a payout, under whatever id; the number travels in each request."""
    return [
        payment
        for payment in safaricom.transactions
        if payment.state == "Completed" and payment.request.get("Occassion") == payout_number
    ]


def _raise(wrong: list[str]) -> None:
    if wrong:
        raise Broken("; ".join(wrong))


def _paid_twice(safaricom: SimulatedSafaricom) -> Iterator[str]:
    numbers = {str(payment.request.get("Occassion")) for payment in safaricom.transactions}
    for number in sorted(numbers):
        count = len(payments_of(safaricom, number))
        if count > 1:
            yield f"{number} was paid {count} times"


def _wrong_now(desk: Desk) -> list[str]:
    safaricom = desk.day.safaricom
    rows, attempts = desk.rows(), desk.attempts()
    wrong = list(_paid_twice(safaricom))
    for row in rows:
        wrong += _wrong_row(row, payments_of(safaricom, row.number))
    for facts in attempts:
        wrong += _wrong_attempt(desk, facts)
    known = {facts.originator_id for facts in attempts}
    for payment in safaricom.transactions:
        if payment.version == "v3" and payment.originator_id not in known:
            wrong.append(f"{payment.originator_id} went out, but the books hold no such intent")
    return [*wrong, *_wrong_books(desk, rows)]


def _wrong_row(row: PayoutRow, payments: list[Transaction]) -> Iterator[str]:
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


def _wrong_attempt(desk: Desk, facts: AttemptFacts) -> Iterator[str]:
    name, status = facts.originator_id, facts.status
    payment = desk.day.safaricom.payment(name)
    is_paid = payment is not None and payment.state == "Completed"
    if status == AttemptStatus.FAILED.value and is_paid:
        yield f"{name} is booked as failed, but Safaricom paid it"
    if status == AttemptStatus.UNSENT.value and is_paid:
        yield f"{name} is held as never sent, but Safaricom paid it"
    if status == AttemptStatus.SENDING.value:
        yield f"{name} is left in sending"
    uncertain = status in (AttemptStatus.UNKNOWN.value, AttemptStatus.ACCEPTED.value)
    if uncertain and facts.next_question_at is None:
        yield f"{name} is {status}, and nobody will ever ask about it"
    if uncertain and desk.row(facts.payout_id).status is not PayoutStatus.IN_FLIGHT:
        yield f"{name} is {status}, but its payout is not shown as in flight"


def _wrong_books(desk: Desk, rows: tuple[PayoutRow, ...]) -> Iterator[str]:
    proof = desk.read(verify.verify, None)
    yield from (f"{fault.where} {fault.what}" for fault in proof.faults)
    if not desk.read(ledger.trial_balance, None).is_square:
        yield "the trial balance is not square"
    if not desk.day.safaricom.is_conserved:
        yield "Safaricom lost a cent, so the test itself is wrong"
    paid = [row for row in rows if row.status is PayoutStatus.PAID]
    posted = sorted(desk.disbursements())
    if posted != sorted((row.entry_number, row.receipt) for row in paid):
        yield f"the journal holds the disbursements {posted}, not one for each paid payout"
    left = FLOAT_CENTS - sum(row.mpesa_cents for row in paid)
    if desk.read(ledger.balance, MPESA_UTILITY) != left:
        yield "the utility account in the books is not what the paid payouts leave of it"


def _wrong_at_the_end(desk: Desk) -> Iterator[str]:
    ends = (PayoutStatus.PAID, PayoutStatus.CANCELLED, PayoutStatus.DRAFT, PayoutStatus.APPROVED)
    for row in desk.rows():
        count = len(payments_of(desk.day.safaricom, row.number))
        if row.status not in ends:
            yield f"{row.number} never came to an end: {row.status}, {row.attempt_status}"
        if (row.status is PayoutStatus.PAID) != (count == 1):
            yield f"{row.number} is {row.status} at the end, and Safaricom paid it {count} times"
