"""The loan products of the society in words: what is lent today, since when, to whom, and at what price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.fees import Fee, FeeBasis, FeeTiming
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.products import LoanProduct, product_on
from sacco_desktop.domain.term_words import Facts, interest_words, percent_words, term_facts
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_offers

_WHEN = {
    FeeTiming.UPFRONT_DEDUCTED: "taken off at the payout",
    FeeTiming.ADDED_TO_LOAN: "lent with the loan",
    FeeTiming.PER_INSTALMENT: "with each instalment",
    FeeTiming.PAID_SEPARATELY: "paid beside the loan",
}


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """A product as it is lent today. `coming` is the day from which it has other terms, if that is known."""

    code: str
    name: str
    since: date
    coming: date | None
    interest: str
    max_cents: int
    facts: Facts


def list_product_sheets(work: Work, _nothing: None = None) -> tuple[ProductSheet, ...]:
    """Every product that can be applied for today, by name."""
    work.allow(Act.LOOK)
    every = loan_offers.products(work)
    codes = {product.code for product in every if product.effective_on <= work.today}
    sheets = []
    for code in codes:
        later = [
            row.effective_on for row in every if row.code == code and row.effective_on > work.today
        ]
        sheets.append(_sheet(product_on(every, code, work.today), min(later, default=None)))
    return tuple(sorted(sheets, key=lambda sheet: sheet.name))


def _sheet(product: LoanProduct, coming: date | None) -> ProductSheet:
    terms = [fact for fact in term_facts(product.pattern) if fact[0] != "Instalments"]
    count = f"{product.min_instalments} to {product.max_instalments}"
    facts = [
        ("Amount", f"{format_kes(product.min_cents)} to {format_amount(product.max_cents)}"),
        ("Instalments", f"{count}, {product.pattern.frequency.value}"),
        *terms,
        *((fee.name, _fee_words(fee)) for fee in product.fees),
        (
            "Ceiling",
            f"{percent_words(product.deposit_multiple)} times the deposits, for all loans together",
        ),
        *_members(product),
    ]
    return ProductSheet(
        product.code,
        product.name,
        product.effective_on,
        coming,
        interest_words(product.pattern),
        product.max_cents,
        tuple(facts),
    )


def _members(product: LoanProduct) -> Facts:
    facts = []
    if product.min_membership_months:
        facts.append(("Members", f"Of {product.min_membership_months} months or more"))
    if product.min_deposits_cents:
        facts.append(("Deposits", f"{format_kes(product.min_deposits_cents)} or more"))
    return tuple(facts)


def _fee_words(fee: Fee) -> str:
    if fee.percent is None:
        words = format_kes(fee.amount_cents or 0)
    else:
        is_on_old = fee.basis is FeeBasis.CLEARED_PRINCIPAL
        basis = "the loan that is cleared" if is_on_old else "what is asked"
        words = f"{percent_words(fee.percent)} % of {basis}"
    if fee.floor_cents is not None:
        words += f", at least {format_kes(fee.floor_cents)}"
    if fee.cap_cents is not None:
        words += f", at most {format_kes(fee.cap_cents)}"
    if fee.excise_percent:
        words += f", and excise duty of {percent_words(fee.excise_percent)} % on it"
    return f"{words}, {_WHEN[fee.timing]}"


def since_words(sheet: ProductSheet) -> str:
    """`1 Jan 2024`, and from when the product is another."""
    if sheet.coming is None:
        return format_date(sheet.since)
    return f"{format_date(sheet.since)}, until {format_date(sheet.coming)}"
