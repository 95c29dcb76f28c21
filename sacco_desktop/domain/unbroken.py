"""What a line must not end in the middle of: an amount and its currency, a date, a figure and its per cent, a phone
number.

Texts are kept, searched and exported with usual spaces; only who lays lines out, on the screen or on paper, asks here.
"""

from __future__ import annotations

import re

from sacco_desktop.domain.money import MINUS

NO_BREAK = "\u00a0"

_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_ONE_THING = re.compile(
    rf"""
      \bKES\ [{MINUS}-]?[0-9]                                         # KES 5,000.00
    | (?:\b(?:{_DAYS})\ )?\b[0-9]{{1,2}}\ (?:{_MONTHS})\b(?:\ [0-9]{{4}}\b)?  # Fri 3 Jul 2026
    | [0-9]\ %                                                      # 12 %
    | \b0[0-9]{{3}}\ [0-9]{{3}}\ [0-9]{{3}}\b                           # 0712 345 678
    """,
    re.VERBOSE,
)


def unbroken(text: str) -> str:
    """The text with spaces that no line ends at, inside what people read as one thing."""
    return _ONE_THING.sub(lambda found: found[0].replace(" ", NO_BREAK), text)
