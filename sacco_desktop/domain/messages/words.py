"""The figures, dates and names of a message, in the language of the member and as short as they can be."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.messages.parts import plain
from sacco_desktop.domain.money import format_amount


class Language(StrEnum):
    """The languages in which members are written to."""

    ENGLISH = "en"
    SWAHILI = "sw"


LANGUAGE_WORDS = {Language.ENGLISH: "English", Language.SWAHILI: "Kiswahili"}
_SWAHILI_MONTHS = (
    "Jan",
    "Feb",
    "Mac",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Ago",
    "Sep",
    "Okt",
    "Nov",
    "Des",
)
_LONGEST_NAME, _LONGEST_VALUE = 20, 40
_SOCIETY_TAIL = re.compile(
    r"\s+(savings|sacco|co-?operative|multi-?purpose|deposit taking|dt)\b.*", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def money_words(cents: int) -> str:
    """`KES 1,250` or `KES 1,250.50`; a message has no room for cents that are none."""
    return f"KES {plain(format_amount(cents)).removesuffix('.00')}"


def date_words(day: date, language: Language) -> str:
    """`3 Aug 2026`, or `3 Ago 2026`."""
    if language is Language.ENGLISH:
        return format_date(day)
    return f"{day.day} {_SWAHILI_MONTHS[day.month - 1]} {day.year}"


def loan_words(number: str, language: Language) -> str:
    """`loan L-0001`, or `mkopo L-0001`."""
    return f"{'loan' if language is Language.ENGLISH else 'mkopo'} {number}"


def and_words(several: tuple[str, ...], language: Language) -> str:
    """`deposits and welfare`, `akiba na welfare`; of more than three only how many there are."""
    if len(several) > 3:
        count = len(several)
        return f"{count} products" if language is Language.ENGLISH else f"bidhaa {count}"
    word = "and" if language is Language.ENGLISH else "na"
    head, last = several[:-1], several[-1]
    return f"{', '.join(head)} {word} {last}" if head else last


def first_name(name: str) -> str:
    """The name by which a member is spoken to."""
    return value_words(name)[:_LONGEST_NAME].strip()


def value_words(value: str) -> str:
    """A name or a word of the office fit for a message: one line, no control character, not longer than it needs."""
    return plain(_CONTROL.sub(" ", value))[:_LONGEST_VALUE].strip()


def society_words(full_name: str) -> str:
    """The society as members call it: `Umoja SACCO` of `Umoja Savings and Credit Co-operative Society Ltd`."""
    tidy = value_words(full_name) if len(full_name) <= _LONGEST_NAME else plain(full_name)
    short = _SOCIETY_TAIL.sub("", tidy)[:_LONGEST_NAME].strip()
    return short if short == tidy else f"{short} SACCO"
