"""Writes an amount in words for vouchers and receipts, where figures alone are easy to alter."""

from __future__ import annotations

from sacco_desktop.domain.money import CENTS_PER_SHILLING

_ONES = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = (
    "zero",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
)
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))

# The Swahili words have not been reviewed by a Kenyan reader yet; screens and papers mark them so.
_ONES_SW = ("sifuri", "moja", "mbili", "tatu", "nne", "tano", "sita", "saba", "nane", "tisa")
_TENS_SW = (
    "sifuri",
    "kumi",
    "ishirini",
    "thelathini",
    "arobaini",
    "hamsini",
    "sitini",
    "sabini",
    "themanini",
    "tisini",
)
_SCALES_SW = ((10**12, "trilioni"), (10**9, "bilioni"), (10**6, "milioni"), (10**3, "elfu"))


def amount_in_words(cents: int) -> str:
    """English words for cents, such as `One thousand and five shillings and fifty cents only`."""
    shillings, rest = _parts(cents)
    words = []
    if shillings or not rest:
        words.append(f"{_english(shillings)} {'shilling' if shillings == 1 else 'shillings'}")
    if rest:
        words.append(f"{_english(rest)} {'cent' if rest == 1 else 'cents'}")
    return _capital(" and ".join(words)) + " only"


def amount_in_words_sw(cents: int) -> str:
    """Swahili words for cents: `Shilingi elfu moja, tano na senti hamsini tu` (unreviewed)."""
    shillings, rest = _parts(cents)
    words = []
    if shillings or not rest:
        words.append(f"shilingi {_swahili(shillings)}")
    if rest:
        words.append(f"senti {_swahili(rest)}")
    return _capital(" na ".join(words)) + " tu"


def _parts(cents: int) -> tuple[int, int]:
    if cents < 0 or cents >= 10**15 * CENTS_PER_SHILLING:
        raise ValueError("words exist for amounts from zero to below a thousand trillion shillings")
    return divmod(cents, CENTS_PER_SHILLING)


def _english(number: int) -> str:
    if number == 0:
        return _ONES[0]
    words = []
    for size, name in _SCALES:
        count, number = divmod(number, size)
        if count:
            words.append(f"{_english_below_thousand(count)} {name}")
    if number:
        joined = "and " if words and number < 100 else ""
        words.append(joined + _english_below_thousand(number))
    return " ".join(words)


def _english_below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        if rest < 20:
            words.append(_ONES[rest])
        else:
            words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    return " and ".join(words)


def _swahili(number: int) -> str:
    if number == 0:
        return _ONES_SW[0]
    words = []
    for size, name in _SCALES_SW:
        count, number = divmod(number, size)
        if count:
            words.append(f"{name} {_swahili_below_thousand(count)}")
    if number:
        words.append(_swahili_below_thousand(number))
    # The comma tells "elfu mia moja, tano" (100,005) from "elfu mia moja na tano" (105,000).
    return ", ".join(words)


def _swahili_below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [f"mia {_ONES_SW[hundreds]}"] if hundreds else []
    words += [_TENS_SW[tens]] if tens else []
    words += [_ONES_SW[ones]] if ones else []
    return " na ".join(words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
