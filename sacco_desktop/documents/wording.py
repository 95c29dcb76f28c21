"""How papers say moments, phones and missing figures; sums and dates are formatted by `domain`."""

from __future__ import annotations

from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.phones import display_phone, normalise_phone

NOTHING = "—"


def moment_words(moment: datetime) -> str:
    """`3 Jul 2026, 14:05` by the office's clock. A moment without a zone raises ValueError."""
    return f"{format_date(business_date(moment))}, {format_time(moment)}"


def figure_or_nothing(amount_cents: int) -> str:
    """The figure of a column in which most rows have none, as the other side of a posting."""
    return format_amount(amount_cents) if amount_cents else NOTHING


def phone_words(phone: str) -> str:
    """`0722 908 114` for a Kenyan mobile number however it is spelt; anything else as it came.

    A voucher must show the number that was paid even when it makes no sense.
    """
    try:
        return display_phone(normalise_phone(phone))
    except InvalidInput:
        return phone
