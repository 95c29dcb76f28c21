"""The terms of a savings product in plain words, for the window, for papers and for whoever approves them."""

from __future__ import annotations

from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.paying_out import out_words
from sacco_desktop.domain.savings import Every, ProductKind, SavingsTerms, Withdrawal
from sacco_desktop.domain.savings_entries import PaidBy

KIND_WORDS = {
    ProductKind.DEPOSITS: "Deposits",
    ProductKind.SAVINGS: "Savings of each member",
    ProductKind.SHARES: "Share capital",
    ProductKind.FUND: "Fund of all members",
}
EVERY_WORDS = {
    Every.NONE: "Nothing expected",
    Every.WEEK: "Each week",
    Every.MONTH: "Each month",
}
WITHDRAWAL_WORDS = {
    Withdrawal.NEVER: "Never withdrawn",
    Withdrawal.BY_DECISION: "Paid back when two people decide",
    Withdrawal.BY_NOTICE: "Withdrawn by notice",
    Withdrawal.BY_CLAIM: "Paid on an approved claim",
}
PAID_BY_WORDS = {
    PaidBy.CASH: "Cash",
    PaidBy.BANK: "Bank slip",
    PaidBy.CHEQUE: "Cheque",
    PaidBy.CHECK_OFF: "Check-off",
    PaidBy.MPESA: "M-Pesa",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def due_words(terms: SavingsTerms) -> str:
    """`KES 500.00 each week, on Monday`, or that nothing is expected."""
    if terms.every is Every.NONE:
        return EVERY_WORDS[Every.NONE]
    day = WEEKDAYS[terms.due_day - 1] if terms.every is Every.WEEK else f"day {terms.due_day}"
    return f"{format_kes(terms.expected_cents)} {EVERY_WORDS[terms.every].lower()}, on {day}"


def withdrawal_words(terms: SavingsTerms) -> str:
    """`Withdrawn by notice of 30 days, KES 500.00 stays`."""
    words = WITHDRAWAL_WORDS[terms.withdrawal]
    if terms.notice_days:
        words += f" of {terms.notice_days} days"
    if terms.least_cents:
        words += f", {format_kes(terms.least_cents)} stays"
    return words


def terms_words(terms: SavingsTerms) -> tuple[str, ...]:
    """Everything that holds for a product, part by part."""
    parts = [terms.name, due_words(terms), withdrawal_words(terms)]
    if terms.preset_cents:
        parts.append(f"{format_kes(terms.preset_cents)} stands in the field")
    if not terms.is_open:
        parts.append("Takes no more money")
    return (*parts, *out_words(terms.out))
