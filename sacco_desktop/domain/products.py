"""Loan products: rates, limits and fees as dated data, copied onto a loan at its application."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sacco_desktop.domain.chart import CONTROLS_BY_LOAN, LOAN_CONTROLS
from sacco_desktop.domain.checklist import NeededPaper
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.eligibility import EligibilityTerms
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.fees import Fee, FeeTiming, fee_lines, total_cents
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.schedule import make_schedule


@dataclass(frozen=True, slots=True)
class LoanProduct:
    """A kind of loan as offered from a date; amounts are cents.

    `pattern` holds the terms of its smallest and shortest loan. `deposit_multiple` times the member's deposits is the
    ceiling of all loans together. A borrower has been a member for `min_membership_months` and has at least
    `min_deposits_cents`; `eligibility` holds these and every other rule about who may have one.
    """

    code: str
    name: str
    effective_on: date
    loan_control: str
    pattern: LoanTerms
    max_cents: int
    max_instalments: int
    deposit_multiple: Decimal
    min_membership_months: int
    min_deposits_cents: int
    fees: tuple[Fee, ...]
    eligibility: EligibilityTerms
    papers: tuple[NeededPaper, ...] = ()

    @property
    def min_cents(self) -> int:
        """The smallest loan, in cents."""
        return self.pattern.principal_cents

    @property
    def min_instalments(self) -> int:
        """The fewest instalments."""
        return self.pattern.instalments

    def terms(self, asked_cents: int, instalments: int) -> LoanTerms:
        """The terms of a loan of this product; fees that are lent too make the loan larger than what was asked.

        Raises InvalidInput outside the product's limits.
        """
        if not self.min_cents <= asked_cents <= self.max_cents:
            raise InvalidInput(
                f"The {self.name} is from {format_kes(self.min_cents)} "
                f"to {format_kes(self.max_cents)}.",
                "principal",
            )
        if not self.min_instalments <= instalments <= self.max_instalments:
            raise InvalidInput(
                f"The {self.name} has {self.min_instalments} to {self.max_instalments} instalments.",
                "instalments",
            )
        added = fee_lines(self.fees, FeeTiming.ADDED_TO_LOAN, asked_cents)
        each = fee_lines(self.fees, FeeTiming.PER_INSTALMENT, asked_cents)
        return replace(
            self.pattern,
            principal_cents=asked_cents + total_cents(added),
            instalments=instalments,
            instalment_fee_cents=total_cents(each),
        )


def product_on(products: Iterable[LoanProduct], code: str, on: date) -> LoanProduct:
    """The product as offered on a date. Raises NotFound when it was not offered then."""
    offered = [
        product for product in products if product.code == code and product.effective_on <= on
    ]
    if not offered:
        raise NotFound(
            f"The loan product {code} was not offered on {format_date(on)}. Choose another product."
        )
    return max(offered, key=lambda product: product.effective_on)


def check_product(product: LoanProduct) -> None:
    """Finds what no officer should be the first to meet: wrong limits, accounts or rates. Raises InvalidInput naming
    the product and what is wrong.
    """
    if product.min_cents > product.max_cents:
        raise _fault(product, "largest", "it is below smallest")
    if not 1 <= product.min_instalments <= product.max_instalments:
        raise _fault(product, "most_instalments", "it is below fewest_instalments, or both are 0")
    if product.loan_control not in LOAN_CONTROLS:
        raise _fault(product, "loan_control", "it is no account of loans to members")
    if any(fee.account_code in CONTROLS_BY_LOAN for fee in product.fees):
        raise InvalidInput(f"A fee of {product.name} goes to a loan account.", "product")
    bands = product.eligibility.bands
    if any(low.up_to_cents >= high.up_to_cents for low, high in itertools.pairwise(bands)):
        raise _fault(product, "guarantors", "each up_to must be above the one before")
    limits = itertools.product(
        (product.min_cents, product.max_cents), (product.min_instalments, product.max_instalments)
    )
    for cents, count in limits:
        try:
            make_schedule(product.terms(cents, count), product.effective_on)
        except InvalidInput as error:
            raise _fault(product, error.field, error.message) from None


def _fault(product: LoanProduct, field: str, why: str) -> InvalidInput:
    return InvalidInput(
        f"The loan product {product.name} cannot be granted. {field}: {why}", "product"
    )
