"""The frozen data of each printed paper: services fill it in from the ledger, `documents` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.domain.loan_cost import LoanCost


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head of every paper of the society."""

    name: str
    registration_number: str
    postal_address: str
    phone: str
    is_practice: bool


@dataclass(frozen=True, slots=True)
class PaperStamp:
    """Who printed a paper, when, and the mark by which the program recognises it again.

    `fingerprint` is the hexadecimal SHA-256 of the paper's data; `copy_number` is 1 for the first print.
    """

    number: str
    printed_by: str
    printed_at: datetime
    copy_number: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A named amount in cents, as one row of a paper."""

    name: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A line for a signature: the act, who did it in the program, and when (None when not yet done)."""

    act: str
    full_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One posting as a paper shows it; amounts in cents."""

    account_code: str
    account_name: str
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class DisbursementVoucher:
    """The voucher of a payout: payee, gross, each deduction, net, how it was paid, who acted.

    `loan_number` is empty for a payout that is no loan; `product` then says what was paid. `to_words` is the account or
    the name of a payment by hand, in the place of the phone. `recovered_cents` is the charge that the member bears.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    voucher_number: str
    payee: str
    member_number: str
    national_id: str
    loan_number: str
    product: str
    gross_cents: int
    deductions: tuple[AmountLine, ...]
    net_cents: int
    paid_by_mpesa_cents: int
    left_in_deposits_cents: int
    charge_cents: int
    phone: str
    receipt: str
    status_words: str
    originator_conversation_id: str
    paid_at: datetime | None
    entry_number: int | None
    journal: tuple[JournalLine, ...]
    signatures: tuple[Signature, ...]
    recovered_cents: int = 0
    part_words: str = ""
    way_words: str = "M-Pesa"
    to_words: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of money taken at the counter: number, member, amount, what it paid, the balance after, who took it.

    `shares` are what a repayment paid, in words and cents; `after_words` say what `balance_after_cents` is.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    receipt_number: str
    member_name: str
    member_number: str
    amount_cents: int
    mode: str
    balance_after_cents: int
    value_date: date
    cashier: str
    entry_number: int
    title: str = "Deposit receipt"
    after_words: str = "Deposits after"
    shares: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One instalment as the schedule prints it; amounts in cents."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int
    instalment_cents: int
    balance_cents: int
    fee_cents: int = 0


@dataclass(frozen=True, slots=True)
class LoanSchedulePaper:
    """The schedule of a loan as shown and signed before anyone agrees, with what the loan costs in all.

    `loan_number` is empty while the application is not written, and the member's name and number while nobody is
    chosen. `terms` are titles with words; `asked_cents` is less than the amount where fees are lent with it.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    loan_number: str
    member_name: str
    member_number: str
    product: str
    asked_cents: int
    amount_cents: int
    terms: tuple[tuple[str, str], ...]
    disbursed_on: date
    is_final: bool
    rows: tuple[ScheduleRow, ...]
    total_principal_cents: int
    total_interest_cents: int
    total_fee_cents: int
    deductions: tuple[AmountLine, ...]
    net_cents: int
    cost: LoanCost


@dataclass(frozen=True, slots=True)
class LoanLetter:
    """One page about a running loan, such as what pays it off: facts in words, amounts in cents that come to `total`,
    what is to be known about them, and who signs.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    title: str
    loan_number: str
    product: str
    member_name: str
    member_number: str
    facts: tuple[tuple[str, str], ...]
    section: str
    amounts: tuple[AmountLine, ...]
    total: AmountLine
    notes: tuple[str, ...]
    pens: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MinuteItem:
    """One loan in the minutes: what was asked, what came of it, and how each person voted, by name.

    `wanted` is what the member wanted, where the committee decided on less.
    """

    loan_number: str
    member: str
    amount_cents: int
    outcome: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    abstained: tuple[str, ...]
    silent: tuple[str, ...]
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class SittingMinutes:
    """The minutes of a sitting of the committee. `present` are names with the offices held."""

    letterhead: Letterhead
    stamp: PaperStamp
    minute_number: str
    held_on: date
    place: str
    chair: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime
    present: tuple[tuple[str, str], ...]
    items: tuple[MinuteItem, ...]


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One check of a closed day in words; `reason` is empty where it was in order."""

    title: str
    is_green: bool
    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The sheet of a closed day, to be signed by two. `head_hash` stands for the whole journal up to `head_number`;
    `reopened` says in words who opened the day again, empty while it is closed; `entries_since` were posted up to this
    day after that.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    day: date
    closed_by: str
    signed_by: str
    closed_at: datetime
    head_number: int
    head_hash: str
    checks: tuple[DayCheck, ...]
    reopened: str
    reopened_why: str
    entries_since: int
