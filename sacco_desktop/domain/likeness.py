"""How what a payer typed is like a number of ours: figures exchanged, one wrong, letters left out. Pure.

Nothing here is sure; it only says what is worth a look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sacco_desktop.domain.account_references import squeezed
from sacco_desktop.domain.people import loan_number, member_number

_FIGURES = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
# A longer row of figures is a phone or an ID.
_MOST_FIGURES = 7
# Words that say what is paid and not by whom.
_NO_NAMES = frozenset(
    {
        "acc", "account", "akiba", "ada", "deposit", "deposits", "fee", "fees", "fine", "fines", "hisa", "loan",
        "malipo", "member", "mkopo", "monthly", "payment", "reg", "repayment", "sacco", "savings", "shares",
        "share", "welfare", "for", "and", "kwa", "the",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LikeNumber:
    """A number of ours that may be meant. `is_exact` says that only its letters were left out."""

    number: str
    words: str
    is_exact: bool


def like_numbers(typed: str) -> tuple[LikeNumber, ...]:
    """The numbers of members and loans that the typed figures are like, those first that are more likely."""
    plain = squeezed(typed)
    found = _FIGURES.findall(plain)
    if len(found) != 1 or not 1 <= len(found[0].lstrip("0")) <= _MOST_FIGURES:
        return ()
    figures = found[0]
    is_of_loan = plain.startswith(("LOAN", "LN", "L")) and not plain.startswith(("LM",))
    named = (loan_number, "loan") if is_of_loan else (member_number, "member")
    write, what = named
    likes = [LikeNumber(write(int(figures)), f"The figures typed are those of {what} {{}}.", True)]
    for other, words in _near(figures):
        likes.append(LikeNumber(write(other), f"{{}} is like what was typed: {words}.", False))
    return tuple(likes)


def _near(figures: str) -> list[tuple[int, str]]:
    """Other figures than these: neighbours exchanged, one left out, one too many. Each once, and never nothing."""
    near: dict[int, str] = {}
    for at in range(len(figures) - 1):
        turned = figures[:at] + figures[at + 1] + figures[at] + figures[at + 2 :]
        near.setdefault(int(turned), "two figures are exchanged")
    for at in range(len(figures)):
        rest = figures[:at] + figures[at + 1 :]
        if rest:
            near.setdefault(int(rest), "one figure too many")
    near.pop(int(figures), None)
    near.pop(0, None)
    return list(near.items())


def fits_mask(phone: str, masked: str) -> bool:
    """Whether a stored number may be the one that M-Pesa shows as `2547 ***** 126`."""
    shown = "".join(masked.split())
    return bool(shown) and shown[:4] == phone[:4] and shown[-3:] == phone[-3:]


def name_words(text: str) -> tuple[str, ...]:
    """The words of a text that may be names of people: three letters or more, and not what a payment is for."""
    words = [word for word in _LETTERS.findall(text) if word.casefold() not in _NO_NAMES]
    return tuple(dict.fromkeys(words))
