"""One function per event, each building its whole balanced entry. Nothing else writes journals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sacco_desktop.domain.chart import (
    BANK_CHARGES,
    BANK_CURRENT,
    CASH_IN_HAND,
    EXIT_FEES,
    MEMBER_DEPOSITS,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    MPESA_CHARGES_RECOVERED,
    MPESA_UTILITY,
    REGISTRATION_FEES,
    RETAINED_EARNINGS,
    SUNDRY_DEBTORS,
    control_owner,
    sub_account_code,
)
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.ledger import (
    JournalEntry,
    Posting,
    assert_balanced,
    credit,
    debit,
    reversal_of,
)
from sacco_desktop.domain.money import CENTS_PER_SHILLING
from sacco_desktop.domain.mpesa_accounts import ROUTES, FloatRoute
from sacco_desktop.domain.payout_ways import ACCOUNT_OF_WAY, WAY_WORDS, Way

CASH_DEPOSIT = "cash_deposit"
LOAN_DISBURSEMENT = "loan_disbursement"
DEPOSIT_REFUND = "deposit_refund"
SAVINGS_WITHDRAWAL = "savings_withdrawal"
RECEIPT_REFUND = "receipt_refund"
EXIT_REFUND = "exit_refund"
WELFARE_CLAIM = "welfare_claim"
DIVIDEND_PAYMENT = "dividend_payment"
HONORARIUM = "honorarium"
OFFICE_EXPENSE = "office_expense"
B2C_CHARGE = "b2c_charge"
FLOAT_TOP_UP = "float_top_up"
PAID_TWICE = "paid_twice"
PAYMENT_RETURNED = "payment_returned"
BANK_RETURN_CHARGE = "bank_return_charge"
OPENING_BANK_BALANCE = "opening_bank_balance"
REGISTRATION_FEE = "registration_fee"
LOAN_FEES = "loan_fees"


@dataclass(frozen=True, slots=True)
class LoanPaidOut:
    """A payment of a loan, in cents: gross = deductions + paid + leftover + recovered.

    `paid_cents` is what the member received by `way`, by M-Pesa in whole shillings; `leftover_cents` stays in the
    member's deposits; `recovered_cents` is the charge that the member bears. A deduction to another loan names its
    sub-account; one to an account held by members goes to this member's. Of a loan paid in parts, the first that is
    paid carries the deductions, and gross is what that part grants.
    """

    loan_number: str
    member_number: str
    loan_control: str
    gross_cents: int
    deductions: tuple[Deduction, ...]
    paid_cents: int
    leftover_cents: int
    receipt: str
    on: date
    way: Way = Way.MPESA
    recovered_cents: int = 0
    part_words: str = ""


@dataclass(frozen=True, slots=True)
class MoneyOut:
    """A payment that is no loan, in cents: what it takes from `account_code` is paid + leftover + recovered + fee.

    `member_number` is empty when no member is paid; then nothing can be left over.
    """

    account_code: str
    member_number: str
    narration: str
    paid_cents: int
    leftover_cents: int
    recovered_cents: int
    receipt: str
    on: date
    way: Way = Way.MPESA
    fee_cents: int = 0


def cash_deposit(member_number: str, amount_cents: int, receipt: str, on: date) -> JournalEntry:
    """Deposits paid in at the counter: DR cash in hand, CR the member's deposits."""
    deposits = sub_account_code(MEMBER_DEPOSITS, member_number)
    narration = f"Cash deposit by {member_number}"
    lines = (debit(CASH_IN_HAND, amount_cents), credit(deposits, amount_cents))
    return _balanced(on, CASH_DEPOSIT, narration, receipt, lines)


def registration_fee(
    applicant: str, amount_cents: int, receipt: str, on: date, *, came_on: str = CASH_IN_HAND
) -> JournalEntry:
    """What an applicant pays for joining: DR the account it came on, CR registration fees, an income at once."""
    lines = (debit(came_on, amount_cents), credit(REGISTRATION_FEES, amount_cents))
    return _balanced(on, REGISTRATION_FEE, f"Registration fee of {applicant}", receipt, lines)


def loan_fees(
    loan_words: str,
    fees: tuple[Deduction, ...],
    receipt: str,
    on: date,
    *,
    came_on: str = CASH_IN_HAND,
) -> JournalEntry:
    """Fees that a member brings beside a loan: DR the account they came on, CR each fee's account."""
    whole = sum(fee.amount_cents for fee in fees)
    credits = (credit(fee.account_code, fee.amount_cents, fee.name) for fee in fees)
    lines = (debit(came_on, whole), *credits)
    return _balanced(on, LOAN_FEES, f"Fees of {loan_words}", receipt, lines)


def loan_disbursement(paid: LoanPaidOut) -> JournalEntry:
    """A loan that was paid, or a part of one: DR the loan, CR what the money was drawn from and each deduction's
    account.

    The cash line is the net and never the gross, and each fee is posted once. Raises
    UnbalancedEntry when the parts do not add up to the gross, and ValueError for cents in the
    M-Pesa part or a deduction without its sub-account.
    """
    loan = sub_account_code(paid.loan_control, paid.loan_number)
    lines = [debit(loan, paid.gross_cents, "Loan granted"), *_drawn(paid)]
    for taken in filter(lambda deduction: deduction.amount_cents, paid.deductions):
        account = _account_of_deduction(taken, paid.member_number)
        lines.append(credit(account, taken.amount_cents, taken.name))
    lines += _kept(paid)
    narration = f"Loan {paid.loan_number} paid to {paid.member_number}"
    narration += f", {paid.part_words}" if paid.part_words else ""
    return _balanced(paid.on, LOAN_DISBURSEMENT, narration, paid.receipt, tuple(lines))


def deposit_refund(paid: MoneyOut) -> JournalEntry:
    """Deposits paid back: DR the member's own deposits, CR what the money was drawn from."""
    return _money_out(DEPOSIT_REFUND, paid)


def savings_withdrawal(paid: MoneyOut) -> JournalEntry:
    """Savings that a member takes out: DR the member's own savings, CR what the money was drawn from, and CR fees where
    the terms have one.
    """
    return _money_out(SAVINGS_WITHDRAWAL, paid)


def receipt_refund(paid: MoneyOut) -> JournalEntry:
    """Money that came by mistake goes back: DR unallocated receipts, CR what it was drawn from."""
    return _money_out(RECEIPT_REFUND, paid)


def exit_refund(paid: MoneyOut) -> JournalEntry:
    """A member who left is paid: DR refunds payable, CR what the money was drawn from."""
    return _money_out(EXIT_REFUND, paid)


def welfare_claim(paid: MoneyOut) -> JournalEntry:
    """The welfare fund helps a member: DR the fund, CR what the money was drawn from."""
    return _money_out(WELFARE_CLAIM, paid)


def dividend_payment(paid: MoneyOut) -> JournalEntry:
    """A dividend that was voted is paid: DR dividends payable, CR what the money was drawn from."""
    return _money_out(DIVIDEND_PAYMENT, paid)


def honorarium(paid: MoneyOut) -> JournalEntry:
    """An honorarium that was voted is paid: DR honoraria payable, CR what the money was drawn from."""
    return _money_out(HONORARIUM, paid)


def office_expense(paid: MoneyOut) -> JournalEntry:
    """A bill of the office is paid: DR its expense account, CR what the money was drawn from."""
    return _money_out(OFFICE_EXPENSE, paid)


# The event that each purpose of a payout leads to; a loan's has more parts and stands apart.
RULE_OF_PURPOSE: dict[str, Callable[[MoneyOut], JournalEntry]] = {
    "deposit_refund": deposit_refund,
    "savings_withdrawal": savings_withdrawal,
    "receipt_refund": receipt_refund,
    "exit_refund": exit_refund,
    "welfare_claim": welfare_claim,
    "dividend": dividend_payment,
    "honorarium": honorarium,
    "office_expense": office_expense,
}

# The kinds of entries by which money has left.
PAYOUT_KINDS = frozenset(
    {
        LOAN_DISBURSEMENT,
        DEPOSIT_REFUND,
        SAVINGS_WITHDRAWAL,
        RECEIPT_REFUND,
        EXIT_REFUND,
        WELFARE_CLAIM,
        DIVIDEND_PAYMENT,
        HONORARIUM,
        OFFICE_EXPENSE,
    }
)


def _money_out(kind: str, paid: MoneyOut) -> JournalEntry:
    account = paid.account_code
    if control_owner(account) == "member":
        account = sub_account_code(account, paid.member_number)
    taken = paid.paid_cents + paid.recovered_cents + paid.leftover_cents + paid.fee_cents
    kept = _kept(paid)
    if kept and kept[-1].account_code == account:
        # What stays in the deposits was never taken from them.
        taken -= kept.pop().credit_cents
    fee = [credit(EXIT_FEES, paid.fee_cents, "Fee of the society")] if paid.fee_cents else []
    lines = (debit(account, taken), *_drawn(paid), *fee, *kept)
    return _balanced(paid.on, kind, paid.narration, paid.receipt, lines)


def _drawn(paid: LoanPaidOut | MoneyOut) -> list[Posting]:
    """The credit of what the receiver got."""
    if paid.way is Way.MPESA and paid.paid_cents % CENTS_PER_SHILLING:
        raise ValueError("M-Pesa pays whole shillings only")
    if not paid.paid_cents:
        return []
    by = "by M-Pesa" if paid.way is Way.MPESA else f"by {WAY_WORDS[paid.way].lower()}"
    return [credit(ACCOUNT_OF_WAY[paid.way], paid.paid_cents, f"Paid {by} {paid.receipt}")]


def _kept(paid: LoanPaidOut | MoneyOut) -> list[Posting]:
    """The credits of what the receiver did not get: the charge they bear, and what goes to their deposits."""
    lines = []
    if paid.recovered_cents:
        words = "M-Pesa charge borne by the member"
        lines.append(credit(MPESA_CHARGES_RECOVERED, paid.recovered_cents, words))
    if paid.leftover_cents:
        deposits = sub_account_code(MEMBER_DEPOSITS, paid.member_number)
        reason = "that M-Pesa cannot pay" if paid.way is Way.MPESA else "that the till cannot pay"
        lines.append(credit(deposits, paid.leftover_cents, f"Part {reason}"))
    return lines


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


@dataclass(frozen=True, slots=True)
class Returned:
    """A payment by hand that came back after it was booked: by which paper that is known, when, and why."""

    payout_number: str
    paper: str
    on: date
    why: str


def payment_returned(original: JournalEntry, number: int, back: Returned) -> JournalEntry:
    """What a returned payment undoes: the lines of entry `number` with swapped sides, linked to it, so that the money
    lies where it was drawn from and is owed again. Raises InvalidInput under `reason` when none is given.
    """
    mirror = reversal_of(original, number, back.on, back.why)
    narration = (
        f"{back.payout_number} came back, entry {number} undone: {' '.join(back.why.split())}"
    )
    return replace(mirror, kind=PAYMENT_RETURNED, narration=narration, reference=back.paper)


def bank_return_charge(amount_cents: int, back: Returned) -> JournalEntry | None:
    """What the bank charges for a payment that came back: DR bank charges, CR bank. None when it charges nothing."""
    if amount_cents == 0:
        return None
    lines = (debit(BANK_CHARGES, amount_cents), credit(BANK_CURRENT, amount_cents))
    narration = f"Bank charge for the return of {back.payout_number}"
    return _balanced(back.on, BANK_RETURN_CHARGE, narration, back.paper, lines)


def float_top_up(
    amount_cents: int,
    reference: str,
    on: date,
    route: FloatRoute = FloatRoute.BANK_TO_UTILITY,
) -> JournalEntry:
    """Money moved towards the account that payouts are drawn on: DR where it goes, CR where it comes from."""
    ends = ROUTES[route]
    lines = (debit(ends.target, amount_cents), credit(ends.source, amount_cents))
    return _balanced(on, FLOAT_TOP_UP, _NARRATIONS[route], reference, lines)


_NARRATIONS = {
    FloatRoute.BANK_TO_UTILITY: "Bank to M-Pesa utility account",
    FloatRoute.BANK_TO_WORKING: "Bank to M-Pesa working account",
    FloatRoute.WORKING_TO_UTILITY: "M-Pesa working account to utility account",
}


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
