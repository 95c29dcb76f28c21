"""How long a text message is: its alphabet, and the parts that a phone network charges for.

One part carries 160 letters of the GSM alphabet, or 70 of Unicode's 16-bit units when a single letter lies outside of
it; in a longer message every part gives some room to its numbering, so that 153 or 67 are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Alphabet(StrEnum):
    """In what the letters of a message are sent."""

    GSM = "GSM"
    UNICODE = "Unicode"


# 3GPP TS 23.038, the default alphabet and its extension, each of whose letters takes the room of two.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_ALONE = {Alphabet.GSM: 160, Alphabet.UNICODE: 70}
_OF_SEVERAL = {Alphabet.GSM: 153, Alphabet.UNICODE: 67}

# Letters that come from word processors and names, and the same in the GSM alphabet.
_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "•": "*", "·": "-", "…": "...", "\u00a0": " ",
        "\u202f": " ", "\u2009": " ", "\t": " ", "\r": " ", "\n": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Length:
    """How long a message is, in units of its alphabet; `left` is what still fits into its last part."""

    alphabet: Alphabet
    units: int
    parts: int
    left: int

    @property
    def words(self) -> str:
        """`152 letters, 1 part, 8 left`, as it stands under the text while it is written."""
        parts = "1 part" if self.parts == 1 else f"{self.parts} parts"
        kind = "" if self.alphabet is Alphabet.GSM else " with letters outside the GSM alphabet"
        return f"{self.units} letters{kind}, {parts}, {self.left} left"


def measure(text: str) -> Length:
    """The length of a message as the network counts it. An empty text has no part."""
    alphabet = Alphabet.GSM if is_gsm(text) else Alphabet.UNICODE
    sizes = tuple(_sizes(text, alphabet))
    units, alone = sum(sizes), _ALONE[alphabet]
    if units <= alone:
        return Length(alphabet, units, 1 if units else 0, alone - units if units else alone)
    # A letter of two units is never cut in two, so a part may stay one unit short.
    room, parts, used = _OF_SEVERAL[alphabet], 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return Length(alphabet, units, parts, room - used)


def is_gsm(text: str) -> bool:
    """Whether every letter stands in the GSM alphabet."""
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def plain(text: str) -> str:
    """The text with quotes, dashes and spaces of the GSM alphabet, on one line; other letters stay as they are."""
    return " ".join(text.translate(_PLAIN).split())


def _sizes(text: str, alphabet: Alphabet) -> Iterator[int]:
    for letter in text:
        if alphabet is Alphabet.GSM:
            yield 2 if letter in _EXTENDED else 1
        else:
            yield 2 if ord(letter) > 0xFFFF else 1
