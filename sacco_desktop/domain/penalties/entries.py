"""The entries of penalties and fines: charged on the accrual basis, paid, and waived.

On the cash basis a charge is a memo only and becomes income when it is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sacco_desktop.domain.chart import LOAN_PENALTIES, OTHER_INCOME, PENALTIES_RECEIVABLE
from sacco_desktop.domain.ledger import JournalEntry, Posting, assert_balanced, credit, debit
from sacco_desktop.domain.loan_entries import PENALTY_CHARGED, PENALTY_WAIVED


def income_account(*, of_loan: bool) -> str:
    """Where the income of a penalty goes: penalties on loans, or other income for a member's fine."""
    return LOAN_PENALTIES if of_loan else OTHER_INCOME


def charged(words: str, cents: int, reference: str, on: date, *, of_loan: bool) -> JournalEntry:
    """Penalties fall due on the accrual basis: DR penalties receivable, CR their income."""
    lines = [debit(PENALTIES_RECEIVABLE, cents), credit(income_account(of_loan=of_loan), cents)]
    return _entry(on, PENALTY_CHARGED, words, reference, lines)


def waived(
    words: str, shares: Sequence[tuple[bool, int]], reference: str, on: date
) -> JournalEntry:
    """Penalties that were booked are waived: DR their income, CR penalties receivable. `shares` say of each whether a
    loan bore it, and its cents.
    """
    sums = {
        of_loan: sum(cents for is_of, cents in shares if is_of is of_loan)
        for of_loan in (True, False)
    }
    lines = [
        debit(income_account(of_loan=of_loan), cents) for of_loan, cents in sums.items() if cents
    ]
    lines.append(credit(PENALTIES_RECEIVABLE, sum(sums.values())))
    return _entry(on, PENALTY_WAIVED, words, reference, lines)


def fines_paid(booked_cents: int, other_cents: int) -> list[tuple[str, str, int]]:
    """What is credited where a member pays fines: the name, the account and the cents."""
    found = [
        ("Fines", PENALTIES_RECEIVABLE, booked_cents),
        ("Fines", OTHER_INCOME, other_cents),
    ]
    return [one for one in found if one[2]]


def _entry(
    on: date, kind: str, words: str, reference: str, lines: Sequence[Posting]
) -> JournalEntry:
    entry = JournalEntry(on, kind, words, reference, tuple(lines))
    assert_balanced(entry)
    return entry
