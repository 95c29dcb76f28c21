"""Loan products: rates, limits and fees as dated data, copied onto a loan at its approval."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sacco_desktop.domain.chart import CONTROLS_BY_LOAN
from sacco_desktop.domain.dates import Frequency, format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.fees import Fee
from sacco_desktop.domain.money import format_kes, parse_amount
from sacco_desktop.domain.schedule import LoanTerms, Method, RatePer, make_schedule


@dataclass(frozen=True, slots=True)
class LoanProduct:
    """A kind of loan as offered from a date. Amounts are cents, `rate` is a fraction (0.01 is 1 %).

    `deposit_multiple` times the member's deposits is the ceiling of all loans together.
    """

    code: str
    name: str
    effective_on: date
    loan_control: str
    method: Method
    rate: Decimal
    rate_per: RatePer
    frequency: Frequency
    min_cents: int
    max_cents: int
    min_instalments: int
    max_instalments: int
    rounding_unit_cents: int
    grace_days: int
    deposit_multiple: Decimal
    fees: tuple[Fee, ...]

    def terms(self, principal_cents: int, instalments: int) -> LoanTerms:
        """The terms of a loan of this product. Raises InvalidInput outside the product's limits."""
        if not self.min_cents <= principal_cents <= self.max_cents:
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
        return LoanTerms(
            principal_cents,
            self.method,
            self.rate,
            self.rate_per,
            self.frequency,
            instalments,
            self.rounding_unit_cents,
            self.grace_days,
        )


def read_products(toml_text: str) -> tuple[LoanProduct, ...]:
    """The products of a file, by code and date. Raises InvalidInput naming the product at fault."""
    try:
        tables: object = tomllib.loads(toml_text, parse_float=Decimal).get("product", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"The file of loan products cannot be read: {error}.", "product"
        ) from None
    if not isinstance(tables, list):
        raise InvalidInput("Begin each loan product with [[product]].", "product")
    products = sorted((_product(table) for table in tables), key=lambda p: (p.code, p.effective_on))
    dated = {(product.code, product.effective_on) for product in products}
    if not products or len(dated) != len(products):
        raise InvalidInput(
            "The file of loan products is empty or gives one product twice for a date.", "product"
        )
    return tuple(products)


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


def _product(table: dict[str, Any]) -> LoanProduct:
    name = table.get("name", "without a name") if isinstance(table, dict) else "without a name"
    try:
        product = LoanProduct(
            code=_text(table["code"]),
            name=_text(table["name"]),
            effective_on=_day(table["effective_on"]),
            loan_control=_text(table["loan_control"]),
            method=Method(table["method"]),
            rate=_number(table["rate"]),
            rate_per=RatePer(table["rate_per"]),
            frequency=Frequency(table["frequency"]),
            min_cents=_amount(table["smallest"]),
            max_cents=_amount(table["largest"]),
            min_instalments=_count(table["fewest_instalments"]),
            max_instalments=_count(table["most_instalments"]),
            rounding_unit_cents=_amount(table["rounded_up_to"]),
            grace_days=_count(table.get("grace_days", 0)),
            deposit_multiple=_number(table["deposit_multiple"]),
            fees=tuple(_fee(fee) for fee in table.get("fee", [])),
        )
    except KeyError as missing:
        raise InvalidInput(f"The loan product {name} has no {missing}.", "product") from None
    except (TypeError, ValueError, InvalidInput) as error:
        raise InvalidInput(f"The loan product {name} cannot be read: {error}.", "product") from None
    _check(product)
    return product


def _check(product: LoanProduct) -> None:
    """Finds what no officer should be the first to meet: wrong limits, accounts or rates."""
    limits_in_order = (
        product.min_cents <= product.max_cents
        and 1 <= product.min_instalments <= product.max_instalments
    )
    if not limits_in_order or product.loan_control not in CONTROLS_BY_LOAN:
        raise InvalidInput(
            f"The limits or the loan account of {product.name} are wrong. "
            "Correct the file of loan products.",
            "product",
        )
    if any(fee.account_code in CONTROLS_BY_LOAN for fee in product.fees):
        raise InvalidInput(f"A fee of {product.name} goes to a loan account.", "product")
    try:
        make_schedule(
            product.terms(product.min_cents, product.min_instalments), product.effective_on
        )
    except InvalidInput as error:
        raise InvalidInput(
            f"{product.name} cannot be granted: {error.message}", "product"
        ) from None


def _fee(table: dict[str, Any]) -> Fee:
    return Fee(
        code=_text(table["code"]),
        name=_text(table["name"]),
        percent=_number(table["percent"]) if "percent" in table else None,
        amount_cents=_amount(table["amount"]) if "amount" in table else None,
        floor_cents=_amount(table["floor"]) if "floor" in table else None,
        cap_cents=_amount(table["cap"]) if "cap" in table else None,
        account_code=_text(table["account"]),
        excise_percent=_number(table.get("excise_percent", 0)),
    )


def _amount(value: object) -> int:
    return parse_amount(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is missing")
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError("effective_on must be a date")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count must be a whole number")
    return value


def _number(value: object) -> Decimal:
    if type(value) is not int and not isinstance(value, Decimal):
        raise ValueError("a rate must be a number")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError("a rate must not be below zero")
    return number
