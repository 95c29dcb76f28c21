"""The entries of a loan that runs: one function per event, each building its whole balanced entry.

How a loan is paid out is told in posting_rules.py. On the accrual basis interest and penalties are income on the day
they fall due and a receivable until they are paid; on the cash basis they are income when they are paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.chart import (
    ALLOWANCE_FOR_LOSSES,
    BAD_DEBTS_RECOVERED,
    BANK_CURRENT,
    CASH_IN_HAND,
    CHECK_OFF_CLEARING,
    INTEREST_RECEIVABLE,
    LOAN_INTEREST,
    LOAN_PENALTIES,
    MEMBER_DEPOSITS,
    MPESA_PAYBILL,
    PENALTIES_RECEIVABLE,
    PREPAID_INSTALMENTS,
    PROVISION_EXPENSE,
    UNALLOCATED_RECEIPTS,
    sub_account_code,
)
from sacco_desktop.domain.ledger import JournalEntry, Posting, assert_balanced, credit, debit

LOAN_REPAYMENT = "loan_repayment"
PREPAYMENT_USED = "prepayment_used"
INTEREST_ACCRUED = "interest_accrued"
INTEREST_SUSPENDED = "interest_suspended"
PENALTY_CHARGED = "penalty_charged"
PENALTY_WAIVED = "penalty_waived"
PROVISION_MOVED = "provision_moved"
LOAN_WRITTEN_OFF = "loan_written_off"
WRITTEN_OFF_RECOVERED = "written_off_recovered"
GUARANTOR_CALLED = "guarantor_called"
GUARANTORS_REPAID = "guarantors_repaid"


class Basis(StrEnum):
    """When interest and penalties become income; a setting of the society."""

    ACCRUAL = "accrual"
    CASH = "cash"


class Source(StrEnum):
    """Where the money of a repayment comes from."""

    CASH = "cash"
    BANK = "bank"
    PAYBILL = "paybill"
    CHECK_OFF = "check_off"
    DEPOSITS = "deposits"
    UNALLOCATED = "unallocated"
    GUARANTOR = "guarantor"


_ACCOUNT_OF_SOURCE = {
    Source.CASH: CASH_IN_HAND,
    Source.BANK: BANK_CURRENT,
    Source.PAYBILL: MPESA_PAYBILL,
    Source.CHECK_OFF: CHECK_OFF_CLEARING,
    Source.UNALLOCATED: UNALLOCATED_RECEIPTS,
}
_INCOME = {Component.INTEREST: LOAN_INTEREST, Component.PENALTY: LOAN_PENALTIES}
_RECEIVABLE = {Component.INTEREST: INTEREST_RECEIVABLE, Component.PENALTY: PENALTIES_RECEIVABLE}
_WORDS = {Component.INTEREST: "Interest", Component.PENALTY: "Penalty"}


@dataclass(frozen=True, slots=True)
class LoanAccounts:
    """A loan as its entries need it: number, member and the control account of its product."""

    loan_number: str
    member_number: str
    loan_control: str

    @property
    def loan(self) -> str:
        """The loan's own account."""
        return sub_account_code(self.loan_control, self.loan_number)

    @property
    def prepaid(self) -> str:
        """What was paid for instalments that have not fallen due."""
        return sub_account_code(PREPAID_INSTALMENTS, self.loan_number)

    @property
    def deposits(self) -> str:
        """The deposits of the member whose loan it is."""
        return sub_account_code(MEMBER_DEPOSITS, self.member_number)


@dataclass(frozen=True, slots=True)
class FeeShare:
    """What of a repayment is a fee that is paid with the instalments, in cents, and its account."""

    name: str
    account_code: str
    cents: int


@dataclass(frozen=True, slots=True)
class Repaid:
    """A repayment as it divides, in cents; the parts add up to what came in.

    What of interest and penalty was booked as income when it fell due is named beside it: that part pays a receivable.
    `prepaid_cents` is kept for instalments to come, `deposits_cents` goes to the member's deposits.
    """

    accounts: LoanAccounts
    source: Source
    receipt: str
    on: date
    principal_cents: int
    interest_cents: int
    penalty_cents: int = 0
    booked_interest_cents: int = 0
    booked_penalty_cents: int = 0
    fees: tuple[FeeShare, ...] = ()
    prepaid_cents: int = 0
    deposits_cents: int = 0

    @property
    def amount_cents(self) -> int:
        """What came in."""
        fees = sum(fee.cents for fee in self.fees)
        earned = self.interest_cents + self.penalty_cents + fees
        return self.principal_cents + earned + self.prepaid_cents + self.deposits_cents


def repayment(paid: Repaid) -> JournalEntry:
    """A repayment: DR where the money came from, CR penalty, interest, fees and the loan. What is over is kept for
    later instalments or goes to the member's deposits.
    """
    accounts = paid.accounts
    source = (
        accounts.deposits if paid.source is Source.DEPOSITS else _ACCOUNT_OF_SOURCE[paid.source]
    )
    lines = [
        debit(source, paid.amount_cents),
        *_shares(paid),
        *_credit_if(accounts.prepaid, paid.prepaid_cents, "Kept for later instalments"),
        *_credit_if(accounts.deposits, paid.deposits_cents, "More than is owed"),
    ]
    words = f"Repayment of {accounts.loan_number} by {accounts.member_number}"
    return _entry(paid.on, LOAN_REPAYMENT, words, paid.receipt, lines)


def prepayment_used(paid: Repaid) -> JournalEntry:
    """Instalments fall due that were paid before: DR what was kept for them, CR interest, fees and the loan. What is
    kept beyond all that the loan owes goes to the member's deposits.
    """
    accounts = paid.accounts
    lines = [
        debit(accounts.prepaid, paid.amount_cents),
        *_shares(paid),
        *_credit_if(accounts.deposits, paid.deposits_cents, "More than is owed"),
    ]
    words = f"Instalment of {accounts.loan_number} paid before it fell due"
    return _entry(paid.on, PREPAYMENT_USED, words, paid.receipt, lines)


def _shares(paid: Repaid) -> list[Posting]:
    lines = _earned(Component.PENALTY, paid.penalty_cents, paid.booked_penalty_cents)
    lines += _earned(Component.INTEREST, paid.interest_cents, paid.booked_interest_cents)
    for fee in paid.fees:
        lines += _credit_if(fee.account_code, fee.cents, fee.name)
    return lines + _credit_if(paid.accounts.loan, paid.principal_cents, "Principal")


def _earned(component: Component, cents: int, booked_cents: int) -> list[Posting]:
    words = _WORDS[component]
    receivable = _credit_if(_RECEIVABLE[component], booked_cents, words)
    return receivable + _credit_if(_INCOME[component], cents - booked_cents, words)


def accrued(accounts: LoanAccounts, cents: int, reference: str, on: date) -> JournalEntry:
    """Interest falls due on the accrual basis: DR its receivable, CR its income."""
    words = f"Interest of {accounts.loan_number} falls due"
    lines = [debit(INTEREST_RECEIVABLE, cents), credit(LOAN_INTEREST, cents)]
    return _entry(on, INTEREST_ACCRUED, words, reference, lines)


def suspended(accounts: LoanAccounts, cents: int, reference: str, on: date) -> JournalEntry:
    """Interest of a loan too late to count on is income no more: DR interest, CR its receivable. It is still owed."""
    words = f"Interest of {accounts.loan_number} is suspended"
    lines = [debit(LOAN_INTEREST, cents), credit(INTEREST_RECEIVABLE, cents)]
    return _entry(on, INTEREST_SUSPENDED, words, reference, lines)


def provision_moved(
    needed_cents: int, held_cents: int, reference: str, on: date
) -> JournalEntry | None:
    """The allowance becomes what is needed: DR expense, CR allowance by the difference, or the other way when it was
    too large. None when nothing moves.
    """
    move = needed_cents - held_cents
    if move == 0:
        return None
    up, down = (PROVISION_EXPENSE, ALLOWANCE_FOR_LOSSES), (ALLOWANCE_FOR_LOSSES, PROVISION_EXPENSE)
    debited, credited = up if move > 0 else down
    lines = [debit(debited, abs(move)), credit(credited, abs(move))]
    return _entry(on, PROVISION_MOVED, "Allowance for loan losses", reference, lines)


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """What is written off a loan, in cents; interest and penalties only as far as they were booked as receivable."""

    accounts: LoanAccounts
    principal_cents: int
    interest_cents: int
    penalty_cents: int
    resolution: str
    on: date


def written_off(loss: WrittenOff, allowance_cents: int) -> JournalEntry:
    """A loan is written off by a resolution: DR allowance as far as it goes and then expense, CR the loan; booked
    interest and penalties are taken out of income. The member still owes all of it.
    """
    covered = min(loss.principal_cents, max(0, allowance_cents))
    lines = [
        *_debit_if(ALLOWANCE_FOR_LOSSES, covered),
        *_debit_if(PROVISION_EXPENSE, loss.principal_cents - covered),
        *_credit_if(loss.accounts.loan, loss.principal_cents, "Principal"),
        *_debit_if(LOAN_INTEREST, loss.interest_cents),
        *_credit_if(INTEREST_RECEIVABLE, loss.interest_cents, "Interest"),
        *_debit_if(LOAN_PENALTIES, loss.penalty_cents),
        *_credit_if(PENALTIES_RECEIVABLE, loss.penalty_cents, "Penalty"),
    ]
    words = f"{loss.accounts.loan_number} written off"
    return _entry(loss.on, LOAN_WRITTEN_OFF, words, loss.resolution, lines)


def recovered(
    accounts: LoanAccounts,
    source: Source,
    cents: int,
    receipt: str,
    on: date,
    guarantor: str = "",
) -> JournalEntry:
    """Something is paid on a loan that was written off: DR where it came from, be it the deposits of the guarantor with
    this number, CR bad debts recovered.
    """
    memo = ""
    if source is Source.GUARANTOR:
        debited, memo = sub_account_code(MEMBER_DEPOSITS, guarantor), f"Paid by {guarantor}"
    elif source is Source.DEPOSITS:
        debited = accounts.deposits
    else:
        debited = _ACCOUNT_OF_SOURCE[source]
    lines = [debit(debited, cents), credit(BAD_DEBTS_RECOVERED, cents, memo)]
    words = f"Recovered of {accounts.loan_number}, which was written off"
    return _entry(on, WRITTEN_OFF_RECOVERED, words, receipt, lines)


def guarantor_called(paid: Repaid, guarantor_number: str) -> JournalEntry:
    """A guarantor's deposits pay for the borrower: DR the guarantor's deposits, CR the loan, and what else is paid."""
    deposits = sub_account_code(MEMBER_DEPOSITS, guarantor_number)
    lines = [debit(deposits, paid.amount_cents), *_shares(paid)]
    words = f"{guarantor_number} pays for {paid.accounts.loan_number} as guarantor"
    return _entry(paid.on, GUARANTOR_CALLED, words, paid.receipt, lines)


def guarantors_repaid(
    accounts: LoanAccounts,
    source: Source,
    shares: Sequence[tuple[str, int]],
    receipt: str,
    on: date,
) -> JournalEntry:
    """A borrower repays the guarantors who paid: DR where it came from, CR the deposits of each, by member number."""
    cents = sum(share for _number, share in shares)
    memo = f"Paid back for {accounts.loan_number}"
    lines = [
        debit(_ACCOUNT_OF_SOURCE[source], cents),
        *(
            credit(sub_account_code(MEMBER_DEPOSITS, number), share, memo)
            for number, share in shares
        ),
    ]
    words = f"{accounts.member_number} repays the guarantors of {accounts.loan_number}"
    return _entry(on, GUARANTORS_REPAID, words, receipt, lines)


def _debit_if(code: str, cents: int) -> list[Posting]:
    return [debit(code, cents)] if cents else []


def _credit_if(code: str, cents: int, memo: str) -> list[Posting]:
    return [credit(code, cents, memo)] if cents else []


def _entry(
    on: date, kind: str, narration: str, reference: str, lines: Sequence[Posting]
) -> JournalEntry:
    entry = JournalEntry(on, kind, narration, reference, tuple(lines))
    assert_balanced(entry)
    return entry
