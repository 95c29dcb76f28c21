"""What members pay in: products as data with dated terms, and when money of them may be paid back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sacco_desktop.domain import paying_out
from sacco_desktop.domain.chart import OWN_FUNDS, OWN_SAVINGS, control_owner
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.paying_out import NOTHING_SAID, OutTerms
from sacco_desktop.domain.people import clean_name

MOST_CENTS = 100_000_000_00
MOST_NOTICE_DAYS = 365
_CODE = re.compile(r"[a-z][a-z0-9_]{1,40}")


class ProductKind(StrEnum):
    """What the money of a product is to the society."""

    DEPOSITS = "deposits"
    SAVINGS = "savings"
    SHARES = "shares"
    FUND = "fund"


class Every(StrEnum):
    """How often each member is expected to pay."""

    NONE = "none"
    WEEK = "week"
    MONTH = "month"


class Withdrawal(StrEnum):
    """When money of a product is paid back."""

    NEVER = "never"
    BY_DECISION = "by_decision"
    BY_NOTICE = "by_notice"
    BY_CLAIM = "by_claim"


# What each kind can be: shares stay, savings are the member's, a fund helps whoever has a claim.
WITHDRAWALS: dict[ProductKind, tuple[Withdrawal, ...]] = {
    ProductKind.DEPOSITS: (Withdrawal.BY_DECISION, Withdrawal.NEVER, Withdrawal.BY_NOTICE),
    ProductKind.SAVINGS: (Withdrawal.BY_NOTICE, Withdrawal.NEVER),
    ProductKind.SHARES: (Withdrawal.NEVER,),
    ProductKind.FUND: (Withdrawal.BY_CLAIM, Withdrawal.NEVER),
}
OWN_KINDS = (ProductKind.SAVINGS, ProductKind.FUND)


@dataclass(frozen=True, slots=True)
class SavingsTerms:
    """What holds for a product from a day on; cents and days. `due_day` is 1 to 7 (Monday first) for a week, 1 to 31
    for a month, where a shorter month ends it.
    """

    name: str
    is_open: bool
    preset_cents: int
    every: Every
    expected_cents: int
    due_day: int
    withdrawal: Withdrawal
    least_cents: int
    notice_days: int
    out: OutTerms = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """Terms and the day from which they hold."""

    effective_on: date
    terms: SavingsTerms


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product of the data file with the terms that new books begin with."""

    code: str
    kind: ProductKind
    account_code: str
    terms: SavingsTerms


def read_products(text: str) -> tuple[NamedProduct, ...]:
    """The products of the data file, in its order. Raises ValueError for one that contradicts itself."""
    products = tuple(_product(row) for row in tomllib.loads(text)["product"])
    for what in ({one.code for one in products}, {one.account_code for one in products}):
        if len(what) != len(products):
            raise ValueError("each product and each account stands once")
    return products


def _product(row: Mapping[str, Any]) -> NamedProduct:
    kind = ProductKind(row["kind"])
    terms = SavingsTerms(
        name=row["name"],
        is_open=True,
        preset_cents=row["preset_cents"],
        every=Every(row["every"]),
        expected_cents=row["expected_cents"],
        due_day=row["due_day"],
        withdrawal=Withdrawal(row["withdrawal"]),
        least_cents=row["least_cents"],
        notice_days=row["notice_days"],
    )
    if _CODE.fullmatch(row["code"]) is None:
        raise ValueError(f"{row['code']} is no code of a product")
    held = control_owner(row["account_code"]) == "member"
    if held != (kind in {ProductKind.DEPOSITS, ProductKind.SAVINGS, ProductKind.SHARES}):
        raise ValueError(f"{row['code']}: what a member owns lies on an account of the member")
    try:
        checked_terms(kind, terms)
    except InvalidInput as error:
        raise ValueError(f"{row['code']}: {error.message}") from error
    return NamedProduct(row["code"], kind, row["account_code"], terms)


def checked_terms(kind: ProductKind, terms: SavingsTerms) -> SavingsTerms:
    """The terms in their kept form when a product of this kind can have them. Raises InvalidInput under the field."""
    name = clean_name(terms.name, "name")
    if terms.withdrawal not in WITHDRAWALS[kind]:
        raise InvalidInput(_WRONG_WITHDRAWAL[kind], "withdrawal")
    for field in ("preset_cents", "expected_cents", "least_cents"):
        if not 0 <= getattr(terms, field) <= MOST_CENTS:
            raise InvalidInput(f"Write an amount up to {format_amount(MOST_CENTS)}.", field)
    if (terms.every is Every.NONE) != (terms.expected_cents == 0):
        raise InvalidInput(
            "Say how often and how much together, or nothing of both.", "expected_cents"
        )
    last = 7 if terms.every is Every.WEEK else 31
    if not 1 <= terms.due_day <= last:
        raise InvalidInput(f"Write a day from 1 to {last}.", "due_day")
    if not 0 <= terms.notice_days <= MOST_NOTICE_DAYS:
        raise InvalidInput(f"Write 0 to {MOST_NOTICE_DAYS} days.", "notice_days")
    if terms.notice_days and terms.withdrawal is not Withdrawal.BY_NOTICE:
        raise InvalidInput("Notice is asked only where members withdraw by notice.", "notice_days")
    if kind not in {ProductKind.DEPOSITS, ProductKind.SAVINGS} and terms.least_cents:
        raise InvalidInput("Nothing is withdrawn that would have to stay.", "least_cents")
    out = paying_out.checked(
        terms.out,
        withdraws=terms.withdrawal in (Withdrawal.BY_NOTICE, Withdrawal.BY_DECISION),
        claims=terms.withdrawal is Withdrawal.BY_CLAIM,
        most_cents=MOST_CENTS,
    )
    return replace(terms, name=name, out=out)


_WRONG_WITHDRAWAL = {
    ProductKind.DEPOSITS: "Deposits are paid back by decision, by notice, or never while a member stays.",
    ProductKind.SAVINGS: "Savings are withdrawn by notice or never.",
    ProductKind.SHARES: "Share capital is never paid back; it moves to another member.",
    ProductKind.FUND: "A fund pays on a claim or never.",
}


def own_account(kind: ProductKind, used: Iterable[str]) -> str:
    """The next free account for a category of the society's own. Raises InvalidInput under `kind`."""
    if kind not in OWN_KINDS:
        raise InvalidInput("A category of your own is savings or a fund.", "kind")
    taken = set(used)
    family = OWN_SAVINGS if kind is ProductKind.SAVINGS else OWN_FUNDS
    free = next((code for code in family if code not in taken), None)
    if free is None:
        raise InvalidInput(f"There are {len(family)} of this kind already, and no more.", "kind")
    return free


def accounts_of_own(kind: ProductKind) -> tuple[str, ...]:
    """The accounts that are kept for categories of the society's own of this kind."""
    return {ProductKind.SAVINGS: OWN_SAVINGS, ProductKind.FUND: OWN_FUNDS}.get(kind, ())


def code_of_name(name: str) -> str:
    """The code that a new category keeps for ever: its first name in small letters."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:40]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a member has on an account, in cents: the balance, what other payouts take of it, what stays for own loans,
    what is promised for the loans of others, of how much notice was given that has run out, and how often money was
    asked for in this month already.
    """

    balance_cents: int
    on_their_way_cents: int = 0
    loans_cents: int = 0
    pledged_cents: int = 0
    noticed_cents: int = 0
    notice_runs_until: date | None = None
    times_this_month: int = 0


def withdrawal_refusal(
    kind: ProductKind, terms: SavingsTerms, held: Holding, wanted_cents: int
) -> str:
    """Why this withdrawal is refused, naming the rule and the figures; empty when it may be asked for."""
    if terms.withdrawal is Withdrawal.NEVER:
        return _never_words(kind, terms)
    most = terms.out.most_a_month
    if most and held.times_this_month >= most:
        times = "once" if most == 1 else f"{most} times"
        return f"{terms.name} are withdrawn {times} in a month, and that was done or asked for in this one."
    left = held.balance_cents - held.on_their_way_cents
    if wanted_cents > left:
        way = (
            f", of which {format_amount(held.on_their_way_cents)} is on its way out"
            if held.on_their_way_cents
            else ""
        )
        return f"{terms.name} come to {format_kes(held.balance_cents)}{way}."
    for cents, rule in (
        (held.loans_cents, "must stay as cover for the member's loans"),
        (held.pledged_cents, "is pledged as guarantee for the loans of others"),
        (terms.least_cents, "is the least balance of this product"),
    ):
        left -= cents
        if cents and wanted_cents > left:
            return (
                f"{format_kes(cents)} {rule}, so {format_amount(max(left, 0))} can be withdrawn"
                f" and not {format_amount(wanted_cents)}."
            )
    if terms.withdrawal is Withdrawal.BY_NOTICE and terms.notice_days:
        return _notice_refusal(terms, held, wanted_cents)
    return ""


def _never_words(kind: ProductKind, terms: SavingsTerms) -> str:
    if kind is ProductKind.DEPOSITS:
        return (
            f"{terms.name} are paid back only when a member leaves; that is the rule of the product. Settle the leaving"
            " on the member's page, or let two people agree to other terms."
        )
    return f"{terms.name} cannot be withdrawn; that is the rule of the product."


def _notice_refusal(terms: SavingsTerms, held: Holding, wanted_cents: int) -> str:
    if wanted_cents <= held.noticed_cents:
        return ""
    rule = f"{terms.name} need {terms.notice_days} days' notice."
    if held.notice_runs_until is not None:
        return f"{rule} The notice that was given runs until {format_date(held.notice_runs_until)}."
    if held.noticed_cents:
        return f"{rule} Notice was given of {format_kes(held.noticed_cents)} and not of more."
    return f"{rule} None was given; write it down first."
