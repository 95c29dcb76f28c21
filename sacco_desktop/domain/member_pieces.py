"""By what a member is searched: any part of number and names, and of phone and ID the whole or the last four.

An index holds each place of each word as a piece of three letters, so that every part of a word begins or makes pieces.
It only narrows the search down; `fits` has the last word, so that every database finds the same members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sacco_desktop.domain.folding import folded

PIECE = 3
END = 4
# More of them would narrow nothing down any further.
_MOST_PIECES = 12
# The longest name has three parts of 100 letters. Whatever is longer fits nobody.
_LONGEST = 400
_WHOLE_PHONE = 9


@dataclass(frozen=True, slots=True)
class Part:
    """One word that a person typed, folded, and how an index finds it: all `pieces` at once, the beginning of a piece
    where it has only one or two letters, or the end of a phone number or an ID.
    """

    word: str
    pieces: tuple[str, ...]
    phone_end: str
    id_end: str


def search_words(number: str, *names: str) -> str:
    """Number and names as they are searched, with single spaces."""
    return " ".join(folded(" ".join((number, *names))).split())


def pieces_of(words: str) -> list[str]:
    """Three letters from each place of each word on, fewer at its end; each once, in order."""
    return sorted({word[at : at + PIECE] for word in words.split() for at in range(len(word))})


def end_of_phone(phone: str) -> str:
    """The digits by which people tell phones apart."""
    return phone[-END:]


def end_of_id(national_id: str) -> str:
    """The same of an ID or a registration number, folded like everything that is searched."""
    return folded(national_id)[-END:]


def parts_of(typed: str) -> tuple[Part, ...]:
    """What was typed, word by word, none twice; nothing where nobody can fit."""
    text = folded(typed)
    if len(text) > _LONGEST:
        return ()
    words = tuple(dict.fromkeys(text.split()))
    # Who owns a whole phone or ID that stands alone is known without looking for its end.
    return tuple(_part(word, is_alone=len(words) == 1) for word in words)


def _part(word: str, *, is_alone: bool) -> Part:
    # Side by side, with the last: fewer pieces are asked for, and together they still hold every letter.
    places = [*range(0, len(word) - PIECE, PIECE)[:_MOST_PIECES], max(0, len(word) - PIECE)]
    pieces = tuple(dict.fromkeys(word[at : at + PIECE] for at in places))
    is_end = len(word) == END
    ends_phone = is_number(word) and (is_end or (not is_alone and len(word) >= _WHOLE_PHONE))
    ends_id = (is_end or not is_alone) and any(letter.isdigit() for letter in word)
    return Part(word, pieces, word[-END:] if ends_phone else "", word[-END:] if ends_id else "")


def is_number(word: str) -> bool:
    """Whether it is nothing but figures, behind a plus or not."""
    figures = word.removeprefix("+")
    return figures.isascii() and figures.isdigit()


def whole_phone(typed: str) -> str:
    """The stored form that this would have if it is a whole phone number; no check that it is one."""
    return f"254{typed.removeprefix('+').removeprefix('254').removeprefix('0')}"


def fits(words: str, phone: str, national_id: str, parts: Sequence[Part]) -> bool:
    """Whether each part is in the number or a name of a member, or is the phone, the ID or the end of either.

    `words` is what `search_words` made, phone and ID are in their kept forms.
    """
    return all(part.word in words or _names_number(part.word, phone, national_id) for part in parts)


def _names_number(word: str, phone: str, national_id: str) -> bool:
    if is_number(word):
        is_end = len(word) == END and word.isdigit()
        if is_end and (phone.endswith(word) or national_id.endswith(word)):
            return True
        if phone == whole_phone(word):
            return True
    return word == folded(national_id)
