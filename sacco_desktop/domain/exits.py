"""What a member who leaves is paid: balances less fees, and what must be in order before. Plain figures, no books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.chart import (
    EXIT_FEES,
    MEMBER_DEPOSITS,
    REFUNDS_PAYABLE,
    SHARE_CAPITAL,
    sub_account_code,
)
from sacco_desktop.domain.ledger import JournalEntry, assert_balanced, credit, debit

EXIT_SETTLED = "exit_settled"
SHARES_TRANSFERRED = "shares_transferred"


@dataclass(frozen=True, slots=True)
class ExitCheck:
    """Something that must be in order before a member leaves, and how it stands."""

    name: str
    title: str
    is_met: bool
    words: str


@dataclass(frozen=True, slots=True)
class ExitRules:
    """The society's rules: a fee in cents, and what leaving before the notice has run costs in whole percent."""

    fee_cents: int
    early_percent: int


@dataclass(frozen=True, slots=True)
class ExitSums:
    """What is paid back and what is kept of it, in cents: deposits + shares = fee + refund."""

    deposits_cents: int
    shares_cents: int
    fee_cents: int
    refund_cents: int


def exit_sums(
    deposits_cents: int, shares_cents: int, rules: ExitRules, *, is_early: bool
) -> ExitSums:
    """The fee is never more than what there is. A part of a cent of the percentage is not charged."""
    early = deposits_cents * rules.early_percent // 100 if is_early else 0
    whole = deposits_cents + shares_cents
    fee = min(whole, rules.fee_cents + early)
    return ExitSums(deposits_cents, shares_cents, fee, whole - fee)


def exit_settled(
    member_number: str,
    taken: Sequence[tuple[str, int]],
    fee_cents: int,
    reference: str,
    on: date,
) -> JournalEntry:
    """What a member has becomes what is owed to who left: DR each account, CR fees and refunds payable, in cents."""
    whole = sum(cents for _account, cents in taken)
    lines = [debit(account, cents) for account, cents in taken]
    if fee_cents:
        lines.append(credit(EXIT_FEES, fee_cents, "Fee on leaving"))
    if whole > fee_cents:
        lines.append(credit(sub_account_code(REFUNDS_PAYABLE, member_number), whole - fee_cents))
    narration = f"Balances of {member_number} on leaving"
    entry = JournalEntry(on, EXIT_SETTLED, narration, reference, tuple(lines))
    assert_balanced(entry)
    return entry


@dataclass(frozen=True, slots=True)
class SharesTransferred:
    """Share capital that goes from one member to another at par, in cents, and what the seller pays for it."""

    seller_number: str
    buyer_number: str
    cents: int
    fee_cents: int
    reference: str
    on: date


def shares_transferred(done: SharesTransferred) -> JournalEntry:
    """Shares change hands: DR the seller's, CR the buyer's; a fee comes out of the seller's deposits."""
    seller, buyer = done.seller_number, done.buyer_number
    lines = [
        debit(sub_account_code(SHARE_CAPITAL, seller), done.cents),
        credit(sub_account_code(SHARE_CAPITAL, buyer), done.cents),
    ]
    if done.fee_cents:
        words = "Fee for the transfer"
        deposits = sub_account_code(MEMBER_DEPOSITS, seller)
        lines += [debit(deposits, done.fee_cents, words), credit(EXIT_FEES, done.fee_cents, words)]
    narration = f"Share capital from {seller} to {buyer}"
    entry = JournalEntry(done.on, SHARES_TRANSFERRED, narration, done.reference, tuple(lines))
    assert_balanced(entry)
    return entry


def divide_by_shares(cents: int, shares: Sequence[int]) -> tuple[int, ...]:
    """A sum in the proportion of the shares, to the cent: what rounding leaves goes to the first ones."""
    whole = sum(shares)
    parts = [cents * share // whole for share in shares]
    for index in range(cents - sum(parts)):
        parts[index] += 1
    return tuple(parts)
