"""Reads the figures of old books: amounts with KES and commas, and numbers that a workbook took for quantities.

Every doubt is an InvalidInput whose sentence stands in the row; nothing is guessed, and nothing empty becomes zero.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import CENTS_PER_SHILLING, LARGEST_AMOUNT_CENTS, MINUS
from sacco_desktop.domain.old_books.cells import LARGEST_EXACT, Cell, is_empty, is_formula
from sacco_desktop.domain.people import clean_national_id, loan_number, member_number
from sacco_desktop.domain.phones import normalise_phone

_GAPS = re.compile("[ \u00a0\u202f\u2009\t\r\n]+")
_CURRENCY = re.compile(r"^(?:KES|KSHS?|SHS?)\.?|(?:KES|KSHS?|SHS?)\.?$|/[=-]$", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2}0*)?|\.[0-9]{1,2}")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_NOTHING = frozenset({"-", "--", "nil", "\u2013", "\u2014"})
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
# Sums that Excel adds up carry dust of floats; a real third decimal is far above it.
_DUST = Decimal("0.001")

EMPTY = "is empty. Write 0 if there is none."
LOST_FIGURES = (
    "was turned into scientific notation, so figures may be lost. Write it from the register."
)
A_FORMULA = "holds a formula without its figure. Open the file where it was made, save it, and read it anew."
A_DATE = "is a date here. The workbook took it for one; write it from the register."


def amount_of(cell: Cell, what: str) -> int:
    """Cents of an amount, below zero when it has a minus before or behind it or stands in brackets.

    Raises InvalidInput under `what`, which also begins the sentence ("Deposits is empty. …").
    """
    _refuse_unfit(cell, what, EMPTY)
    if isinstance(cell, int | float):
        return _cents_of_number(cell, what)
    return _cents_of_text(str(cell), what)


def _cents_of_number(number: float, what: str) -> int:
    if number != number or number in (float("inf"), float("-inf")):
        raise InvalidInput(f"{what} is not a figure.", what)
    exact = Decimal(repr(number)) * CENTS_PER_SHILLING
    cents = int(exact.to_integral_value())
    if abs(exact - cents) > _DUST:
        raise InvalidInput(f"{what} has more than two decimals.", what)
    return _within(cents, what)


def _cents_of_text(text: str, what: str) -> int:
    plain = _GAPS.sub("", text).replace(MINUS, "-")
    if plain.lower() in _NOTHING:
        return 0
    if _SCIENTIFIC.fullmatch(plain):
        raise InvalidInput(f"{what} {LOST_FIGURES}", what)
    sign, plain = _sign_of(_CURRENCY.sub("", plain))
    plain = _CURRENCY.sub("", plain)
    if _AMOUNT.fullmatch(plain) is None:
        raise InvalidInput(f"{what} is not a number: {text.strip()[:40]}.", what)
    cents = Decimal(plain.replace(",", "")) * CENTS_PER_SHILLING
    return _within(sign * int(cents), what)


def _sign_of(plain: str) -> tuple[int, str]:
    if plain.startswith("(") and plain.endswith(")"):
        return -1, _CURRENCY.sub("", plain[1:-1])
    if plain.endswith("-"):
        return -1, plain[:-1]
    if plain.startswith("-"):
        return -1, plain[1:]
    return 1, plain.removeprefix("+")


def _within(cents: int, what: str) -> int:
    if abs(cents) > LARGEST_AMOUNT_CENTS:
        raise InvalidInput(f"{what} is too large to keep.", what)
    return cents


def _refuse_unfit(cell: Cell, what: str, empty: str) -> None:
    """Raise for what can be neither an amount nor a number of anything."""
    if is_empty(cell):
        raise InvalidInput(f"{what} {empty}", what)
    if is_formula(cell):
        raise InvalidInput(f"{what} {A_FORMULA}", what)
    if isinstance(cell, date):
        raise InvalidInput(f"{what} {A_DATE}", what)
    if isinstance(cell, bool):
        raise InvalidInput(f"{what} is yes or no here, not a figure.", what)


def figures_of(cell: Cell, what: str) -> str:
    """The text of a number that names something (a phone, an ID, a member): `712345678` for 712345678.0.

    Raises InvalidInput where a workbook has lost figures of it.
    """
    _refuse_unfit(cell, what, "is missing.")
    if isinstance(cell, int | float):
        if cell != cell or abs(cell) >= LARGEST_EXACT or cell != int(cell):
            raise InvalidInput(f"{what} {LOST_FIGURES}", what)
        return str(int(cell))
    text = " ".join(str(cell).split()).removeprefix("'")
    if _SCIENTIFIC.fullmatch(text):
        raise InvalidInput(f"{what} {LOST_FIGURES}", what)
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole else text


def phone_of(cell: Cell, what: str = "Phone") -> str:
    """A mobile number in its stored form, also where the workbook has lost the leading zero. Raises InvalidInput."""
    text = figures_of(cell, what).replace("(0)", "")
    try:
        return normalise_phone(text, what)
    except InvalidInput:
        figures = re.sub(r"[^0-9]", "", text)
        if len(figures) >= 18:
            raise InvalidInput(
                f"{what} holds more than one number. Keep the M-Pesa number.", what
            ) from None
        raise InvalidInput(
            f"{what} is no Kenyan mobile number: it has {len(figures)} figures.", what
        ) from None


def national_id_of(cell: Cell, what: str = "ID number") -> str:
    """An identity number. Raises InvalidInput."""
    return clean_national_id(figures_of(cell, what), what)


def count_of(cell: Cell, what: str) -> int:
    """A whole number above zero, such as of instalments. Raises InvalidInput."""
    text = figures_of(cell, what)
    if re.fullmatch(r"[0-9]{1,4}", text) is None or int(text) == 0:
        raise InvalidInput(f"{what} is not a whole number above zero.", what)
    return int(text)


def percent_of(cell: Cell, what: str) -> Decimal:
    """A rate in percent. A cell of the workbook's own percent form holds 0.12 for 12 %; both are read as written.

    Raises InvalidInput.
    """
    _refuse_unfit(cell, what, "is empty.")
    text = _GAPS.sub("", str(cell)).removesuffix("%")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", text) is None:
        raise InvalidInput(f"{what} is not a rate in percent.", what)
    return Decimal(text)


def old_member_number(cell: Cell, what: str = "Member number") -> str:
    """The number that a member keeps: `M-0005` for 5, 005, M/5 and M-0005; `M-UM-77-A` for UM/77 A."""
    return _kept_number(figures_of(cell, what), "M", what)


def old_loan_number(cell: Cell, what: str = "Loan number") -> str:
    """The number that a loan keeps: `L-0412` for 412, `L-DL-77` for DL/77."""
    return _kept_number(figures_of(cell, what), "L", what)


def _kept_number(text: str, letter: str, what: str) -> str:
    plain = re.sub(r"[^0-9A-Z]+", "-", text.upper()).strip("-")
    counted = re.fullmatch(rf"(?:{letter}-?)?0*([0-9]{{1,9}})", plain)
    if counted:
        if int(counted[1]) == 0:
            raise InvalidInput(f"{what} is zero.", what)
        number = int(counted[1])
        return member_number(number) if letter == "M" else loan_number(number)
    plain = plain.removeprefix(f"{letter}-")
    if not plain or len(plain) > 20 or re.search("[0-9]", plain) is None:
        raise InvalidInput(f"{what} is no number: {text[:40]}.", what)
    return f"{letter}-{plain}"
