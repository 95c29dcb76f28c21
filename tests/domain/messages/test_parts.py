"""How long a message is, at every edge where a further part begins."""

import pytest

from sacco_desktop.domain.messages.parts import Alphabet, measure, plain


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts", "left"),
    [
        ("", Alphabet.GSM, 0, 0, 160),
        ("a" * 160, Alphabet.GSM, 160, 1, 0),
        ("a" * 161, Alphabet.GSM, 161, 2, 145),
        ("a" * 306, Alphabet.GSM, 306, 2, 0),
        ("a" * 307, Alphabet.GSM, 307, 3, 152),
        # An extended letter takes two places, and never stands half in one part and half in the next.
        ("€" * 80, Alphabet.GSM, 160, 1, 0),
        ("a" * 152 + "€" + "a" * 10, Alphabet.GSM, 164, 2, 141),
        ("€" * 81, Alphabet.GSM, 162, 2, 143),
        ("ĩ" * 70, Alphabet.UNICODE, 70, 1, 0),
        ("ĩ" * 71, Alphabet.UNICODE, 71, 2, 63),
        ("ĩ" * 66 + "😀" + "ĩ" * 10, Alphabet.UNICODE, 78, 2, 55),
        ("ĩ" + "a" * 69, Alphabet.UNICODE, 70, 1, 0),
    ],
)
def test_parts_are_counted_as_the_network_does(
    text: str, alphabet: Alphabet, units: int, parts: int, left: int
) -> None:
    found = measure(text)
    assert (found.alphabet, found.units, found.parts, found.left) == (alphabet, units, parts, left)


def test_every_letter_of_the_alphabet_has_its_place() -> None:
    """3GPP TS 23.038: 128 places, of which one leads to the extension, and ten letters behind it."""
    letters = map(chr, range(0x2100))
    one = [letter for letter in letters if measure(letter).alphabet is Alphabet.GSM]
    assert len(one) == 127 + 10
    assert sum(measure(letter).units for letter in one) == 127 + 20


def test_quotes_dashes_and_lines_do_not_cost_a_part() -> None:
    said = plain("Ng’ang’a – “loan”…\nKES\u00a01,000\u202f−5")
    assert said == "Ng'ang'a - \"loan\"... KES 1,000 -5"
    assert measure(said).alphabet is Alphabet.GSM
    assert measure(plain("Mũthoni")).alphabet is Alphabet.UNICODE


def test_the_counter_says_what_it_counts() -> None:
    assert measure("a" * 152).words == "152 letters, 1 part, 8 left"
    assert measure("ĩ" * 80).words == (
        "80 letters with letters outside the GSM alphabet, 2 parts, 54 left"
    )
