"""Kenyan mobile numbers: one stored form, one shown form and one masked form."""

from __future__ import annotations

import re

from sacco_desktop.domain.errors import InvalidInput

PHONE_SENTENCE = "Write a Kenyan mobile number, for example 0722 908 114."

_SPACING = re.compile("[ \u00a0\u202f\t\u2010\u2011\u2013-]")
_MOBILE = re.compile(r"(?:\+?254|0)?([17][0-9]{8})")
_STORED = re.compile(r"254[17][0-9]{8}")


def normalise_phone(text: str, field: str = "phone") -> str:
    """The number as M-Pesa wants it, `2547XXXXXXXX` or `2541XXXXXXXX`.

    Reads `0722 908 114`, `722908114`, `254722908114` and `+254-722-908114`. Raises InvalidInput
    under `field`.
    """
    found = _MOBILE.fullmatch(_SPACING.sub("", text))
    if found is None:
        raise InvalidInput(PHONE_SENTENCE, field)
    return f"254{found.group(1)}"


def display_phone(stored: str) -> str:
    """`0722 908 114` for a stored number. Raises ValueError when it is not in the stored form."""
    local = _local(stored)
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def masked_phone(stored: str) -> str:
    """`0722 •••114`, for who need not see the number. Raises ValueError as display_phone does."""
    local = _local(stored)
    return f"{local[:4]} •••{local[7:]}"


def _local(stored: str) -> str:
    if _STORED.fullmatch(stored) is None:
        # The number itself stays out of the text, because errors reach the log.
        raise ValueError("this is not a phone number in its stored form")
    return f"0{stored[3:]}"
