"""Reads, writes, rounds and splits money. Every amount is an integer of cents, never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.errors import InvalidInput

CENTS_PER_SHILLING = 100
# A ledger column holds 64-bit integers, so thousands of the largest amounts can still be added up.
LARGEST_AMOUNT_CENTS = 999_999_999_999_999
MINUS = "\u2212"

AMOUNT_SENTENCE = "Write the amount in figures, for example 2,500 or 2500.50."

_LONGEST_TEXT = 80
_GAPS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", MINUS: "-"})
_CURRENCY = re.compile(r"KES\b|KES(?=[0-9.(-])", re.IGNORECASE)
_FIGURE = re.compile(
    r"""
    (?: [1-9][0-9]{0,2} (?:,[0-9]{3})+     # 1,234,567
      | [1-9][0-9]{0,2} (?:[ ][0-9]{3})+   # 1 234 567
      | [0-9]+ )                           # 1234567
    (?: \.[0-9]* )?
    | \.[0-9]+
    """,
    re.VERBOSE,
)

# Some write a point between thousands, so "1.250" is never read as 1.25.
_MORE_THAN_CENTS = re.compile(r"-?[0-9, ]*\.[0-9]{3,}")
_OUTER = " \t\r\n"


def parse_amount(text: str, field: str = "amount", *, allow_zero: bool = False) -> int:
    """Cents of what a person typed: `2,500`, `KES 2500.50`, or a sum such as `3*1,500`.

    Only ASCII figures count, so that nothing that merely looks like a number becomes money. The sum
    is exact and must come to whole cents. Raises InvalidInput under `field` for anything else, for
    nothing, for less than nothing, and for zero unless `allow_zero`.
    """
    cents = _cents_of(_without_currency(text), field)
    if cents < 0 or (cents == 0 and not allow_zero):
        least = "zero or more" if allow_zero else "more than zero"
        raise InvalidInput(f"The amount must be {least}. {AMOUNT_SENTENCE}", field)
    return cents


def parse_signed_amount(text: str, field: str = "amount") -> int:
    """Cents of an amount that may be negative: `-5`, `−5` (the true minus) or `(5)`."""
    figures = _without_currency(text)
    if figures.startswith("(") and figures.endswith(")"):
        return -parse_amount(figures[1:-1], field, allow_zero=True)
    return _cents_of(figures, field)


def format_amount(cents: int) -> str:
    """`1,234,567.00`, with the true minus U+2212 directly before a negative figure."""
    shillings, rest = divmod(abs(cents), CENTS_PER_SHILLING)
    sign = MINUS if cents < 0 else ""
    return f"{sign}{shillings:,}.{rest:02d}"


def format_kes(cents: int) -> str:
    """`KES 1,234.50`: the form of a figure that stands alone."""
    return f"KES {format_amount(cents)}"


def round_half_up(value: Decimal | Fraction) -> int:
    """The nearest whole number, a half away from zero: the rounding of interest, fees and taxes."""
    numerator, denominator = value.as_integer_ratio()
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -nearest if numerator < 0 else nearest


class Rounding(StrEnum):
    """Which way a sum goes that does not come to whole units."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


def rounded(value: Decimal | Fraction, rounding: Rounding, unit_cents: int = 1) -> int:
    """The multiple of `unit_cents` that `value` cents become: the one rounding of instalments and their interest."""
    numerator, denominator = value.as_integer_ratio()
    return rounded_ratio(numerator, denominator, rounding, unit_cents)


def rounded_ratio(numerator: int, denominator: int, rounding: Rounding, unit_cents: int = 1) -> int:
    """The same for `numerator` ÷ `denominator` cents, the second above zero: whole numbers are many times as quick."""
    if unit_cents < 1:
        raise ValueError("a rounding unit is at least one cent")
    units, whole = denominator * unit_cents, abs(numerator)
    if rounding is Rounding.UP:
        return -(-numerator // units) * unit_cents
    nearest = (2 * whole + units) // (2 * units)
    if rounding is Rounding.HALF_EVEN and nearest % 2 and 2 * whole == (2 * nearest - 1) * units:
        nearest -= 1
    return (-nearest if numerator < 0 else nearest) * unit_cents


def whole_shillings(cents: int) -> tuple[int, int]:
    """The part M-Pesa can pay, in cents but whole shillings, and the cents left over."""
    if cents < 0:
        raise ValueError("an amount to pay is never negative")
    left_over = cents % CENTS_PER_SHILLING
    return cents - left_over, left_over


def split_by_largest_remainder(total_cents: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of `total_cents` in proportion to `weights`; they always add up to the total.

    Odd cents go to the largest remainders, and among equal ones to the last, as custom has it.
    """
    if total_cents < 0 or any(weight < 0 for weight in weights) or sum(weights) <= 0:
        raise ValueError(
            "a split needs an amount and weights that are not negative, and one weight above zero"
        )
    whole = sum(weights)
    shares = [total_cents * weight // whole for weight in weights]
    remainders = [total_cents * weight % whole for weight in weights]
    by_need = sorted(
        range(len(weights)), key=lambda index: (remainders[index], index), reverse=True
    )
    for index in by_need[: total_cents - sum(shares)]:
        shares[index] += 1
    return tuple(shares)


def _without_currency(text: str) -> str:
    """The text without `KES` in front, with one kind of space and one kind of minus."""
    plain = text.translate(_GAPS).strip(_OUTER)
    found = _CURRENCY.match(plain)
    return plain[found.end() :].lstrip(" ") if found else plain


def _cents_of(figures: str, field: str) -> int:
    if len(figures) > _LONGEST_TEXT:
        raise InvalidInput(AMOUNT_SENTENCE, field)
    cents = _value_of(figures, field) * CENTS_PER_SHILLING
    if cents.denominator != 1 or _MORE_THAN_CENTS.fullmatch(figures):
        raise InvalidInput(
            "The amount does not come to whole cents. Write at most two decimals.", field
        )
    if abs(cents.numerator) > LARGEST_AMOUNT_CENTS:
        most = format_amount(LARGEST_AMOUNT_CENTS)
        raise InvalidInput(f"The amount is too large to keep. The most is {most}.", field)
    return cents.numerator


def _value_of(figures: str, field: str) -> Fraction:
    """Works out figures and `+ - * /`, products before sums; fractions keep thirds exact."""
    position = 0
    total, product, sign = Fraction(0), Fraction(1), 1
    operator = "*"
    if figures.startswith("-"):
        sign, position = -1, 1
    while True:
        figure = _FIGURE.match(figures, _after_spaces(figures, position))
        if figure is None:
            raise InvalidInput(AMOUNT_SENTENCE, field)
        value = _figure_value(figure.group())
        if operator == "/" and value == 0:
            raise InvalidInput("An amount cannot be divided by zero.", field)
        product = product / value if operator == "/" else product * value
        position = _after_spaces(figures, figure.end())
        if position == len(figures):
            return total + sign * product
        operator = figures[position]
        if operator not in "+-*/":
            raise InvalidInput(AMOUNT_SENTENCE, field)
        if operator in "+-":
            total, product = total + sign * product, Fraction(1)
            sign = -1 if operator == "-" else 1
        position += 1


def _after_spaces(figures: str, position: int) -> int:
    while position < len(figures) and figures[position] == " ":
        position += 1
    return position


def _figure_value(figure: str) -> Fraction:
    whole, _, decimals = figure.replace(",", "").replace(" ", "").partition(".")
    return Fraction(int(f"{whole}{decimals}"), 10 ** len(decimals))
