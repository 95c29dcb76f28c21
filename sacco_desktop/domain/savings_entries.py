"""The entries of what members pay in: one function per event, each building its whole balanced entry.

Deposits and savings are what the society owes, share capital is its equity, funds belong to all members together; none
of them is income, so the cash and the accrual basis book them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.chart import (
    BANK_CHARGES,
    BANK_CURRENT,
    CASH_IN_HAND,
    CHECK_OFF_CLEARING,
    CHEQUES_TO_CLEAR,
    MEMBER_DEPOSITS,
    MEMBERS_CHEQUES,
    UNALLOCATED_RECEIPTS,
    control_owner,
    sub_account_code,
)
from sacco_desktop.domain.ledger import JournalEntry, Posting, assert_balanced, credit, debit

CONTRIBUTION = "contribution"
CHEQUE_RECEIVED = "cheque_received"
CHEQUE_CLEARED = "cheque_cleared"
CHEQUE_RETURN_CHARGE = "cheque_return_charge"
CHECK_OFF_RECEIVED = "check_off_received"
CHECK_OFF_SHARED = "check_off_shared"
CHECK_OFF_OWNER_FOUND = "check_off_owner_found"
CHECK_OFF_KEPT = "check_off_kept"
# The kinds whose reference is the number of a receipt.
PAID_IN_KINDS = (CONTRIBUTION, CHEQUE_RECEIVED)


class PaidBy(StrEnum):
    """How a member pays in."""

    CASH = "cash"
    BANK = "bank"
    CHEQUE = "cheque"
    CHECK_OFF = "check_off"
    MPESA = "mpesa"


_ACCOUNT_OF = {
    PaidBy.CASH: CASH_IN_HAND,
    PaidBy.BANK: BANK_CURRENT,
    PaidBy.CHECK_OFF: CHECK_OFF_CLEARING,
    # It came to the paybill before, by an entry of its own.
    PaidBy.MPESA: UNALLOCATED_RECEIPTS,
}


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment goes to one product, in cents, and the account of the product."""

    name: str
    account_code: str
    cents: int


@dataclass(frozen=True, slots=True)
class PaidIn:
    """A payment of one member as it divides, in cents."""

    member_number: str
    shares: tuple[Share, ...]
    receipt: str
    on: date

    @property
    def amount_cents(self) -> int:
        """What came in."""
        return sum(share.cents for share in self.shares)


def contribution(paid: PaidIn, by: PaidBy) -> JournalEntry:
    """Money paid in by cash, at the bank or by M-Pesa: DR where it lies, CR each product, on the member's own account
    where the member owns it. Raises ValueError for a cheque, which is money only when it is cleared.
    """
    if by not in (PaidBy.CASH, PaidBy.BANK, PaidBy.MPESA):
        raise ValueError("a cheque and a check-off list have entries of their own")
    lines = [debit(_ACCOUNT_OF[by], paid.amount_cents), *_credits(paid)]
    return _entry(paid.on, CONTRIBUTION, _words(paid), paid.receipt, lines)


def cheque_received(paid: PaidIn) -> JournalEntry:
    """A cheque that the bank has not cleared: DR cheques to clear, CR members for cheques to clear. The member has
    nothing of it yet.
    """
    cents = paid.amount_cents
    lines = [debit(CHEQUES_TO_CLEAR, cents), credit(MEMBERS_CHEQUES, cents)]
    return _entry(paid.on, CHEQUE_RECEIVED, f"Cheque of {paid.member_number}", paid.receipt, lines)


def cheque_cleared(paid: PaidIn) -> JournalEntry:
    """The bank has cleared a cheque: DR bank, CR cheques to clear; and DR members for cheques to clear, CR each
    product.
    """
    cents = paid.amount_cents
    lines = [
        debit(BANK_CURRENT, cents),
        credit(CHEQUES_TO_CLEAR, cents),
        debit(MEMBERS_CHEQUES, cents),
        *_credits(paid),
    ]
    words = f"Cheque of {paid.member_number} cleared"
    return _entry(paid.on, CHEQUE_CLEARED, words, paid.receipt, lines)


def cheque_return_charge(cents: int, receipt: str, on: date) -> JournalEntry | None:
    """What the bank charges for a cheque that came back: DR bank charges, CR bank. None when it charges nothing."""
    if cents == 0:
        return None
    lines = [debit(BANK_CHARGES, cents), credit(BANK_CURRENT, cents)]
    words = f"Bank charge for the cheque of {receipt}"
    return _entry(on, CHEQUE_RETURN_CHARGE, words, receipt, lines)


def check_off_received(cents: int, employer: str, number: str, on: date) -> JournalEntry:
    """An employer pays the sum of a check-off list: DR bank, CR check-off clearing."""
    lines = [debit(BANK_CURRENT, cents), credit(CHECK_OFF_CLEARING, cents)]
    return _entry(on, CHECK_OFF_RECEIVED, f"Check-off of {employer}", number, lines)


def check_off_shared(
    paid: Sequence[PaidIn], employer: str, number: str, on: date, unallocated_cents: int = 0
) -> JournalEntry:
    """The lines of a check-off list go to their members: DR check-off clearing, CR each product, and CR unallocated
    receipts for what has no member.
    """
    cents = sum(one.amount_cents for one in paid) + unallocated_cents
    lines = [debit(CHECK_OFF_CLEARING, cents)]
    for one in paid:
        lines += _credits(one)
    if unallocated_cents:
        lines.append(credit(UNALLOCATED_RECEIPTS, unallocated_cents, "Of nobody yet"))
    return _entry(on, CHECK_OFF_SHARED, f"Check-off of {employer}, shared", number, lines)


def check_off_owner_found(paid: PaidIn, number: str) -> JournalEntry:
    """Money of a check-off list that had no owner goes to its member: DR unallocated receipts, CR each product."""
    lines = [debit(UNALLOCATED_RECEIPTS, paid.amount_cents), *_credits(paid)]
    words = f"{_words(paid)}, found later"
    return _entry(paid.on, CHECK_OFF_OWNER_FOUND, words, number, lines)


def check_off_kept(
    member_number: str, cents: int, number: str, on: date, *, found_later: bool
) -> JournalEntry:
    """A repayment that a check-off paid is taken back, and what the employer paid stays the member's: DR check-off
    clearing, or unallocated receipts where its owner was found later, CR the member's deposits.
    """
    came_from = UNALLOCATED_RECEIPTS if found_later else CHECK_OFF_CLEARING
    deposits = sub_account_code(MEMBER_DEPOSITS, member_number)
    lines = [debit(came_from, cents), credit(deposits, cents, "Deposits")]
    words = f"Check-off of {member_number}, no repayment any more"
    return _entry(on, CHECK_OFF_KEPT, words, number, lines)


def account_of(share: Share, member_number: str) -> str:
    """The account that this share goes to: the member's own, or the one that all have together."""
    if control_owner(share.account_code) == "member":
        return sub_account_code(share.account_code, member_number)
    return share.account_code


def _credits(paid: PaidIn) -> list[Posting]:
    return [
        credit(account_of(share, paid.member_number), share.cents, share.name)
        for share in paid.shares
    ]


def _words(paid: PaidIn) -> str:
    names = ", ".join(share.name for share in paid.shares)
    return f"{names} of {paid.member_number}"


def _entry(
    on: date, kind: str, narration: str, reference: str, lines: Sequence[Posting]
) -> JournalEntry:
    entry = JournalEntry(on, kind, narration, reference, tuple(lines))
    assert_balanced(entry)
    return entry
