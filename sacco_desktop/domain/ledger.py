"""What a journal entry is and what must hold: balanced, final, linked to the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sacco_desktop.domain.chart import AccountType, Side, normal_side
from sacco_desktop.domain.errors import InvalidInput, UnbalancedEntry
from sacco_desktop.domain.money import format_kes

# What stands in the place of "the hash before" in the first entry of all.
GENESIS_HASH = "0" * 64
REVERSAL = "reversal"
# An entry that a person writes line by line; it never touches an account that a member or a loan owns.
MANUAL_JOURNAL = "manual_journal"

# Part of what is hashed, so that a later encoding can never give the hash of an earlier one.
_ENCODING = "sacco-entry-1"


class Posting(NamedTuple):
    """One line of an entry: cents on exactly one side of one account. Hashes of entries hold its fields in their
    order, so that it can never be another.
    """

    account_code: str
    debit_cents: int
    credit_cents: int
    memo: str = ""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One event in the books; `reverses` is the number of the entry that it takes back."""

    value_date: date
    kind: str
    narration: str
    reference: str
    postings: tuple[Posting, ...]
    reverses: int | None = None


def debit(code: str, cents: int, memo: str = "") -> Posting:
    """A debit of `cents` to an account."""
    return Posting(code, cents, 0, memo)


def credit(code: str, cents: int, memo: str = "") -> Posting:
    """A credit of `cents` to an account."""
    return Posting(code, 0, cents, memo)


def assert_balanced(entry: JournalEntry) -> None:
    """Raises UnbalancedEntry unless two or more one-sided postings add up to equal sides."""
    if len(entry.postings) < 2:
        raise UnbalancedEntry(
            f"The entry {entry.reference} has fewer than two lines, so nothing was posted."
        )
    debit_total = credit_total = 0
    for code, debit_cents, credit_cents, _memo in entry.postings:
        if not (debit_cents == 0 < credit_cents or credit_cents == 0 < debit_cents):
            raise UnbalancedEntry(
                f"A line of {entry.reference} on account {code} is not exactly one of "
                "debit and credit, so nothing was posted."
            )
        debit_total += debit_cents
        credit_total += credit_cents
    if debit_total != credit_total:
        raise UnbalancedEntry(
            f"The entry {entry.reference} has debits of {format_kes(debit_total)} "
            f"and credits of {format_kes(credit_total)}, so nothing was posted."
        )


def reversal_of(entry: JournalEntry, number: int, on: date, why: str) -> JournalEntry:
    """The entry that takes back entry `number`: the same lines with swapped sides, linked to it.

    The original is never touched. Raises InvalidInput under `reason` when no reason is given.
    """
    reason = " ".join(why.split())
    if not reason:
        raise InvalidInput("Write why the entry is reversed.", "reason")
    swapped = tuple(
        line._replace(debit_cents=line.credit_cents, credit_cents=line.debit_cents)
        for line in entry.postings
    )
    return JournalEntry(
        on, REVERSAL, f"Reversal of entry {number}: {reason}", entry.reference, swapped, number
    )


def entry_hash(
    previous_hash: str, number: int, posted_at_utc_iso: str, posted_by: int, entry: JournalEntry
) -> str:
    """The SHA-256 in hex over the entry and the hash of the one before (GENESIS_HASH at the start).

    The encoding is a JSON list of lists: every text is quoted, so no two different entries are
    encoded alike.
    """
    content = [
        _ENCODING,
        previous_hash,
        number,
        posted_at_utc_iso,
        posted_by,
        entry.value_date.isoformat(),
        entry.kind,
        entry.narration,
        entry.reference,
        entry.reverses,
        entry.postings,
    ]
    encoded = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(encoded.encode("ascii")).hexdigest()


def balance_cents(account_type: AccountType, debit_total: int, credit_total: int) -> int:
    """The balance in cents on the side where the account grows; negative when on the other."""
    if normal_side(account_type) is Side.DEBIT:
        return debit_total - credit_total
    return credit_total - debit_total
