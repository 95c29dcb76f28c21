"""Reads the file of loan products; each fault is named by its product and its field."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sacco_desktop.domain.checklist import NeededPaper, PaperStep
from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.eligibility import (
    EligibilityTerms,
    GuarantorBand,
    LoansAtOnce,
    MultipleOf,
    PayReading,
)
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Fee, FeeBasis, FeeTiming
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
    RatePer,
)
from sacco_desktop.domain.money import Rounding, parse_amount
from sacco_desktop.domain.products import LoanProduct, check_product

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)
_OF_A_PAPER = {"code", "name", "before"}


def read_products(toml_text: str) -> tuple[LoanProduct, ...]:
    """The products of a file, by code and date. Raises InvalidInput naming the product and the field at fault."""
    try:
        tables: object = tomllib.loads(toml_text, parse_float=Decimal).get("product", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"The file of loan products cannot be read: {error}.", "product"
        ) from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InvalidInput("Begin each loan product with [[product]].", "product")
    products = sorted((_product(table) for table in tables), key=lambda p: (p.code, p.effective_on))
    dated = {(product.code, product.effective_on) for product in products}
    if not products or len(dated) != len(products):
        raise InvalidInput(
            "The file of loan products is empty or gives one product twice for a date.", "product"
        )
    return tuple(products)


class _Fields:
    """The fields of one table, each asked for once; what nobody asked for is a slip of the pen and is refused."""

    def __init__(self, words: str, table: dict[str, Any]) -> None:
        self._words = words
        self._left = dict(table)

    def read(self, name: str, reader: Callable[[Any], Value]) -> Value:
        """A field that must be there."""
        if name not in self._left:
            raise InvalidInput(f"{self._words} has no {name}.", "product")
        return self._read(name, reader)

    def perhaps(self, name: str, reader: Callable[[Any], Value], otherwise: Value) -> Value:
        """A field that may be missing."""
        return self._read(name, reader) if name in self._left else otherwise

    def close(self) -> None:
        """Refuse what was not read."""
        for name in self._left:
            raise InvalidInput(f"{self._words} has the unknown field {name}.", "product")

    def _read(self, name: str, reader: Callable[[Any], Value]) -> Value:
        try:
            return reader(self._left.pop(name))
        except (TypeError, ValueError, InvalidInput) as error:
            if isinstance(error, InvalidInput) and error.field == "product":
                raise  # a fee has said it already
            raise InvalidInput(
                f"{self._words} cannot be read. {name}: {error}", "product"
            ) from None


def _product(table: dict[str, Any]) -> LoanProduct:
    name = table.get("name", "without a name")
    fields = _Fields(f"The loan product {name}", table)
    code = fields.read("code", _text)
    multiple = fields.read("deposit_multiple", _number)
    months = fields.perhaps("min_membership_months", _count, 0)
    least = fields.perhaps("min_deposits", _amount, 0)
    product = LoanProduct(
        code=code,
        name=fields.read("name", _text),
        effective_on=fields.read("effective_on", _day),
        loan_control=fields.read("loan_control", _text),
        pattern=_terms(fields),
        max_cents=fields.read("largest", _amount),
        max_instalments=fields.read("most_instalments", _count),
        deposit_multiple=multiple,
        min_membership_months=months,
        min_deposits_cents=least,
        fees=fields.perhaps(
            "fee", lambda tables: tuple(_fee(name, fee) for fee in _list(tables)), ()
        ),
        eligibility=_eligibility(
            fields, EligibilityTerms(code, name, multiple, membership_months=months), least
        ),
        papers=fields.perhaps("papers", _papers, ()),
    )
    fields.close()
    check_product(product)
    return product


def _terms(fields: _Fields) -> LoanTerms:
    return LoanTerms(
        principal_cents=fields.read("smallest", _amount),
        method=fields.read("method", _one_of(Method)),
        rate=fields.read("rate", _number),
        rate_per=fields.read("rate_per", _one_of(RatePer)),
        frequency=fields.read("frequency", _one_of(Frequency)),
        instalments=fields.read("fewest_instalments", _count),
        rounding=fields.read("rounding", _one_of(Rounding)),
        rounding_unit_cents=fields.read("rounding_unit", _amount),
        day_count=fields.perhaps("day_count", _one_of(DayCount), DayCount.PER_PERIOD),
        grace_days=fields.perhaps("grace_days", _count, 0),
        principal_grace=fields.perhaps("principal_grace", _count, 0),
        interest_grace=fields.perhaps("interest_grace", _count, 0),
        first_due=fields.perhaps("first_due", _one_of(FirstDue), FirstDue.ONE_PERIOD),
        first_due_day=fields.perhaps("first_due_day", _count, None),
        broken_period=fields.perhaps("broken_period", _one_of(BrokenPeriod), BrokenPeriod.IGNORED),
        interest_on=fields.perhaps("interest_on", _one_of(InterestOn), InterestOn.SCHEDULE),
    )


def _eligibility(fields: _Fields, begun: EligibilityTerms, least_cents: int) -> EligibilityTerms:
    """Who may have the loan. What is not written is no rule, but that the deposits carry all loans together."""
    return replace(
        begun,
        least_deposits_cents=least_cents,
        multiple_of=fields.perhaps("multiple_of", _one_of(MultipleOf), MultipleOf.DEPOSITS),
        least_share_capital_cents=fields.perhaps("least_share_capital", _amount, 0),
        saved_within_months=fields.perhaps("saved_within_months", _count, 0),
        lump_months=fields.perhaps("lump_months", _count, 0),
        lump_from_cents=fields.perhaps("lump_from", _amount, 0),
        at_once=fields.perhaps("at_once", _one_of(LoansAtOnce), LoansAtOnce.ANY_NUMBER),
        pay_reading=fields.perhaps("pay_reading", _one_of(PayReading), PayReading.NOT_APPLIED),
        bands=fields.perhaps("guarantors", lambda bands: tuple(map(_band, _list(bands))), ()),
        must_be_secured=fields.perhaps("must_be_secured", _yes, False),
        most_days_late=fields.perhaps("most_days_late", _count, None),
        credit_report_above_cents=fields.perhaps("credit_report_above", _amount, None),
        credit_report_days=fields.perhaps("credit_report_days", _count, 90),
    )


def _papers(tables: object) -> tuple[NeededPaper, ...]:
    found = tuple(_paper(table) for table in _list(tables))
    if len({one.code for one in found}) != len(found):
        raise ValueError("each paper has a code of its own.")
    return found


def _paper(table: object) -> NeededPaper:
    if not isinstance(table, dict) or not {"code", "name"} <= table.keys() <= _OF_A_PAPER:
        raise ValueError("each paper has code and name, and may have before.")
    before = _one_of(PaperStep)(table.get("before", PaperStep.APPRAISAL.value))
    return NeededPaper(_text(table["code"]), _text(table["name"]), before)


def _band(table: object) -> GuarantorBand:
    if not isinstance(table, dict) or table.keys() != {"up_to", "count"}:
        raise ValueError("each band has up_to and count.")
    return GuarantorBand(_amount(table["up_to"]), _count(table["count"]))


def _fee(product_name: str, table: object) -> Fee:
    if not isinstance(table, dict):
        raise InvalidInput(f"Begin each fee of {product_name} with [[product.fee]].", "product")
    words = f"The fee {table.get('code', 'without a code')} of the loan product {product_name}"
    fields = _Fields(words, table)
    try:
        fee = Fee(
            code=fields.read("code", _text),
            name=fields.read("name", _text),
            percent=fields.perhaps("percent", _number, None),
            amount_cents=fields.perhaps("amount", _amount, None),
            floor_cents=fields.perhaps("floor", _amount, None),
            cap_cents=fields.perhaps("cap", _amount, None),
            account_code=fields.read("account", _text),
            excise_percent=fields.perhaps("excise_percent", _number, Decimal(0)),
            timing=fields.perhaps("timing", _one_of(FeeTiming), FeeTiming.UPFRONT_DEDUCTED),
            basis=fields.perhaps("basis", _one_of(FeeBasis), FeeBasis.APPROVED_AMOUNT),
        )
    except InvalidInput as error:
        if product_name in error.message:
            raise
        raise InvalidInput(f"{words}: {error.message}", "product") from None
    fields.close()
    return fee


def _one_of(kind: type[Choice]) -> Callable[[object], Choice]:
    def read(value: object) -> Choice:
        try:
            return kind(_text(value))
        except ValueError:
            raise ValueError(f"it is one of {', '.join(kind)}.") from None

    return read


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("begin each fee with [[product.fee]].")
    return value


def _amount(value: object) -> int:
    return parse_amount(_text(value))


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("it must be a text in quotation marks.")
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError("it must be a date, such as 2026-01-31.")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("it must be a whole number and not below zero.")
    return value


def _number(value: object) -> Decimal:
    if type(value) is not int and not isinstance(value, Decimal):
        raise ValueError("it must be a number.")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError("it must not be below zero.")
    return number
