"""One function per event, each building its whole balanced entry. Nothing else writes journals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.chart import (
    BANK_CURRENT,
    CASH_IN_HAND,
    MEMBER_DEPOSITS,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    MPESA_UTILITY,
    RETAINED_EARNINGS,
    SUNDRY_DEBTORS,
    control_owner,
    sub_account_code,
)
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.ledger import JournalEntry, Posting, assert_balanced, credit, debit
from sacco_desktop.domain.money import CENTS_PER_SHILLING

CASH_DEPOSIT = "cash_deposit"
LOAN_DISBURSEMENT = "loan_disbursement"
B2C_CHARGE = "b2c_charge"
FLOAT_TOP_UP = "float_top_up"
PAID_TWICE = "paid_twice"
OPENING_BANK_BALANCE = "opening_bank_balance"


@dataclass(frozen=True, slots=True)
class LoanPaidOut:
    """A loan that M-Pesa has paid, in cents: gross = deductions + M-Pesa part + leftover.

    `mpesa_cents` is what the phone received, in whole shillings; `leftover_cents` stays in the
    member's deposits. A deduction to another loan names its sub-account; one to an account held by
    members goes to this member's.
    """

    loan_number: str
    member_number: str
    loan_control: str
    gross_cents: int
    deductions: tuple[Deduction, ...]
    mpesa_cents: int
    leftover_cents: int
    receipt: str
    on: date


def cash_deposit(member_number: str, amount_cents: int, receipt: str, on: date) -> JournalEntry:
    """Deposits paid in at the counter: DR cash in hand, CR the member's deposits."""
    deposits = sub_account_code(MEMBER_DEPOSITS, member_number)
    narration = f"Cash deposit by {member_number}"
    lines = (debit(CASH_IN_HAND, amount_cents), credit(deposits, amount_cents))
    return _balanced(on, CASH_DEPOSIT, narration, receipt, lines)


def loan_disbursement(paid: LoanPaidOut) -> JournalEntry:
    """A loan that M-Pesa paid: DR the loan, CR the utility account and each deduction's account.

    The cash line is the net and never the gross, and each fee is posted once. Raises
    UnbalancedEntry when the parts do not add up to the gross, and ValueError for cents in the
    M-Pesa part or a deduction without its sub-account.
    """
    if paid.mpesa_cents % CENTS_PER_SHILLING:
        raise ValueError("M-Pesa pays whole shillings only")
    loan = sub_account_code(paid.loan_control, paid.loan_number)
    lines = [debit(loan, paid.gross_cents, "Loan granted")]
    if paid.mpesa_cents:
        lines.append(credit(MPESA_UTILITY, paid.mpesa_cents, f"Paid by M-Pesa {paid.receipt}"))
    for taken in filter(lambda deduction: deduction.amount_cents, paid.deductions):
        account = _account_of_deduction(taken, paid.member_number)
        lines.append(credit(account, taken.amount_cents, taken.name))
    if paid.leftover_cents:
        deposits = sub_account_code(MEMBER_DEPOSITS, paid.member_number)
        lines.append(credit(deposits, paid.leftover_cents, "Part that M-Pesa cannot pay"))
    narration = f"Loan {paid.loan_number} paid to {paid.member_number}"
    return _balanced(paid.on, LOAN_DISBURSEMENT, narration, paid.receipt, tuple(lines))


def b2c_charge(
    charge_cents: int, payout_number: str, receipt: str, on: date
) -> JournalEntry | None:
    """What M-Pesa charges the society for a payout: DR M-Pesa charges, CR the charges-paid account.

    None when M-Pesa charges nothing, as it does for small payouts: an entry of zero is no entry.
    """
    if charge_cents == 0:
        return None
    lines = (debit(MPESA_CHARGES, charge_cents), credit(MPESA_CHARGES_PAID, charge_cents))
    return _balanced(on, B2C_CHARGE, f"M-Pesa charge for {payout_number}", receipt, lines)


@dataclass(frozen=True, slots=True)
class PaidTwice:
    """A payment that M-Pesa made besides the one in the books, in cents, and the member who has it."""

    payout_number: str
    member_number: str
    amount_cents: int
    receipt: str
    on: date


def paid_twice(paid: PaidTwice) -> JournalEntry:
    """A second payment of one payout, which the member owes: DR sundry debtors, CR M-Pesa utility."""
    lines = (
        debit(SUNDRY_DEBTORS, paid.amount_cents, f"Owed by {paid.member_number}"),
        credit(MPESA_UTILITY, paid.amount_cents, f"Paid by M-Pesa {paid.receipt}"),
    )
    narration = f"{paid.payout_number} paid twice to {paid.member_number}"
    return _balanced(paid.on, PAID_TWICE, narration, paid.receipt, lines)


def float_top_up(amount_cents: int, reference: str, on: date) -> JournalEntry:
    """Money moved to the account that payouts are drawn on: DR M-Pesa utility, CR bank."""
    lines = (debit(MPESA_UTILITY, amount_cents), credit(BANK_CURRENT, amount_cents))
    return _balanced(on, FLOAT_TOP_UP, "Bank to M-Pesa utility account", reference, lines)


def opening_bank_balance(amount_cents: int, reference: str, on: date) -> JournalEntry:
    """What the bank held when the books were opened: DR bank, CR retained earnings."""
    lines = (debit(BANK_CURRENT, amount_cents), credit(RETAINED_EARNINGS, amount_cents))
    return _balanced(
        on, OPENING_BANK_BALANCE, "Opening balance of the bank account", reference, lines
    )


def _account_of_deduction(taken: Deduction, member_number: str) -> str:
    owner = control_owner(taken.account_code)
    if owner == "member":
        return sub_account_code(taken.account_code, member_number)
    if owner == "loan":
        raise ValueError("a deduction that clears a loan names the sub-account of that loan")
    return taken.account_code


def _balanced(
    on: date, kind: str, narration: str, reference: str, lines: tuple[Posting, ...]
) -> JournalEntry:
    entry = JournalEntry(on, kind, narration, reference, lines)
    assert_balanced(entry)
    return entry
