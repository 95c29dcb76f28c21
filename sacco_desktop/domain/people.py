"""Names, identity numbers, and the numbers of members, loans, payouts and receipts."""

from __future__ import annotations

import re
import unicodedata

from sacco_desktop.domain.errors import InvalidInput

LONGEST_NAME = 100
SHORTEST_ID = 5
LONGEST_ID = 12

_ID_SPACING = re.compile("[ \u00a0\u202f\t-]")
_ID = re.compile(r"[0-9]+")
_PASSPORT = re.compile(r"[A-Z]{1,3}[0-9]{5,9}")
LONGEST_REGISTRATION = 40
# Control, direction, private and unassigned characters can hide or reorder what a person reads.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean_name(text: str, field: str) -> str:
    """A name with single spaces. Raises InvalidInput when it is empty, too long or unreadable."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise InvalidInput("Write the name.", field)
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"The name is too long. Use at most {LONGEST_NAME} letters.", field)
    if any(unicodedata.category(character) in _UNREADABLE for character in name):
        raise InvalidInput(
            "The name holds a character that cannot be seen. Type the name again.", field
        )
    if not any(character.isalpha() for character in name):
        raise InvalidInput(
            "The name has no letters. Write the name as on the identity card.", field
        )
    return name


def clean_national_id(text: str, field: str = "id_number") -> str:
    """An identity number as figures only, with its leading zeros.

    Old cards have 6 to 8 figures and new ones 9; an unusual length is for a person to judge, so
    only what cannot be a number at all (fewer than 5, more than 12, or anything but figures) raises
    InvalidInput.
    """
    number = _ID_SPACING.sub("", text)
    if _ID.fullmatch(number) is None:
        raise InvalidInput("Write the ID number in figures, for example 23456789.", field)
    if not SHORTEST_ID <= len(number) <= LONGEST_ID:
        raise InvalidInput(
            f"The ID number has {len(number)} figures. "
            f"Write the {SHORTEST_ID} to {LONGEST_ID} figures of the card.",
            field,
        )
    return number


def clean_identity(text: str, field: str = "national_id") -> str:
    """An identity number as clean_national_id reads it, or the number of a passport: letters, then figures."""
    number = _ID_SPACING.sub("", text).upper()
    if _PASSPORT.fullmatch(number) is not None:
        return number
    return clean_national_id(text, field)


def clean_registration(text: str, field: str = "national_id") -> str:
    """The registration number of a group or an organisation, in capitals. Raises InvalidInput."""
    number = " ".join(text.split()).upper()
    if not any(character.isdigit() for character in number):
        raise InvalidInput("Write the number of the registration certificate.", field)
    if len(number) > LONGEST_REGISTRATION:
        raise InvalidInput(f"Write at most {LONGEST_REGISTRATION} letters.", field)
    return number


def application_number(number: int) -> str:
    """`AP-0001`: somebody who wants to join."""
    return f"AP-{_counted(number)}"


def member_number(number: int) -> str:
    """`M-0001`."""
    return f"M-{_counted(number)}"


def loan_number(number: int) -> str:
    """`L-0412`."""
    return f"L-{_counted(number)}"


def payout_number(year: int, number: int) -> str:
    """`PO-2026-0117`; payouts are counted anew each year."""
    return f"PO-{year:04d}-{_counted(number)}"


def receipt_number(year: int, number: int) -> str:
    """`RC-2026-0117`; receipts are counted anew each year."""
    return f"RC-{year:04d}-{_counted(number)}"


def prepayment_number(year: int, number: int) -> str:
    """`PP-2026-0117`: what was prepaid is used for an instalment that falls due."""
    return f"PP-{year:04d}-{_counted(number)}"


def _counted(number: int) -> str:
    if number < 1:
        raise ValueError("the office counts from one")
    return f"{number:04d}"
