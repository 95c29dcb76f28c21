"""Single values as M-Pesa writes them, each in several spellings: amounts, times, receipts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from sacco_desktop.gateways.daraja.outside_json import clean_text

# East Africa Time has had no daylight saving since 1960, so a fixed offset is the whole truth.
EAST_AFRICA_TIME = timezone(timedelta(hours=3), "EAT")

# Ten thousand million shillings: more than any shortcode holds, less than any integer column.
MOST_CENTS = 10**12

_AMOUNT = re.compile(
    r"(?:KES|KSH)?\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?)", re.I | re.A
)
_RECEIPT = re.compile(r"[A-Z0-9]{8,20}")
_PLACEHOLDER = re.compile(r"[A-Z0-9]{3}0{7}")
_PHONE = re.compile(r"\+?(254[17]\d{8})", re.ASCII)
_FOURTEEN_DIGITS = re.compile(r"\d{14}", re.ASCII)
_DOTTED_TIME = re.compile(r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}", re.ASCII)


def to_cents(value: object) -> int | None:
    """Shillings (`10`, `"5000.00"`, `"KES 1,200"`) as cents; None when it is no exact sum."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Decimal)):
        number = Decimal(value)
    else:
        found = _AMOUNT.fullmatch(clean_text(value))
        if found is None:
            return None
        try:
            number = Decimal(found.group(1).replace(",", ""))
        except InvalidOperation:
            return None
    if not number.is_finite() or abs(number) * 100 > MOST_CENTS:
        return None
    cents = number * 100
    return int(cents) if cents == cents.to_integral_value() else None


def charge_to_cents(value: object) -> int | None:
    """`Fee For B2C Payment|KES|22.40` as cents; a plain sum is understood, too."""
    return to_cents(clean_text(value).rpartition("|")[2])


def to_moment(value: object) -> datetime | None:
    """Nairobi time, `06.07.2024 22:48:52` or `20240706224852`, as an aware UTC moment."""
    text = clean_text(value)
    if _FOURTEEN_DIGITS.fullmatch(text):
        form = "%Y%m%d%H%M%S"
    elif _DOTTED_TIME.fullmatch(text):
        form = "%d.%m.%Y %H:%M:%S"
    else:
        return None
    try:
        local = datetime.strptime(text, form).replace(tzinfo=EAST_AFRICA_TIME)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_placeholder_receipt(text: str) -> bool:
    """`OAK0000000` and its like stand where there is no receipt; they repeat and prove nothing."""
    return _PLACEHOLDER.fullmatch(text) is not None


def to_receipt(value: object) -> str | None:
    """A real receipt, or None for a placeholder, an empty value or another shape."""
    text = clean_text(value)
    if not _RECEIPT.fullmatch(text) or is_placeholder_receipt(text):
        return None
    return text


def to_phone(value: object) -> str | None:
    """The twelve digits at the head of `254708374149 - JANE DOE`; None when absent or masked."""
    head = clean_text(value).partition(" - ")[0].replace(" ", "")
    found = _PHONE.fullmatch(head)
    return found.group(1) if found else None


def to_name(value: object) -> str:
    """The name in `254708374149 - JANE DOE`, or the whole text when no number precedes it."""
    text = clean_text(value)
    _, dash, name = text.partition(" - ")
    return name.strip() if dash else ("" if to_phone(text) else text)


def to_yes_or_no(value: object) -> bool | None:
    """`Y` and `N` as M-Pesa writes them."""
    return {"Y": True, "YES": True, "TRUE": True, "N": False, "NO": False, "FALSE": False}.get(
        clean_text(value).upper()
    )
