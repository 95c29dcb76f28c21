"""Amounts in words, as a voucher prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.amount_words import amount_in_words, amount_in_words_sw
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (7_695_500, "Seventy-six thousand nine hundred and fifty-five shillings only"),
        (
            7_695_550,
            "Seventy-six thousand nine hundred and fifty-five shillings and fifty cents only",
        ),
        (0, "Zero shillings only"),
        (1, "One cent only"),
        (50, "Fifty cents only"),
        (100, "One shilling only"),
        (101, "One shilling and one cent only"),
        (2_000, "Twenty shillings only"),
        (10_000, "One hundred shillings only"),
        (100_500, "One thousand and five shillings only"),
        (101_100, "One thousand and eleven shillings only"),
        (110_000, "One thousand one hundred shillings only"),
        (10_000_000, "One hundred thousand shillings only"),
        (100_000_500, "One million and five shillings only"),
        (
            123_456_789,
            "One million two hundred and thirty-four thousand five hundred and sixty-seven "
            "shillings and eighty-nine cents only",
        ),
    ],
)
def test_english_words(cents: int, words: str) -> None:
    assert amount_in_words(cents) == words


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (7_695_500, "Shilingi elfu sabini na sita, mia tisa na hamsini na tano tu"),
        (0, "Shilingi sifuri tu"),
        (50, "Senti hamsini tu"),
        (10_500_000, "Shilingi elfu mia moja na tano tu"),
        (10_000_500, "Shilingi elfu mia moja, tano tu"),
        (100_050, "Shilingi elfu moja na senti hamsini tu"),
    ],
)
def test_swahili_words(cents: int, words: str) -> None:
    assert amount_in_words_sw(cents) == words


@given(st.lists(st.integers(0, LARGEST_AMOUNT_CENTS), min_size=2, max_size=2, unique=True))
def test_two_amounts_never_share_their_words(pair: list[int]) -> None:
    for in_words in (amount_in_words, amount_in_words_sw):
        assert in_words(pair[0]) != in_words(pair[1])


@pytest.mark.parametrize("start", [0, 9_990_000, 99_990_000])
def test_neighbours_never_share_their_words(start: int) -> None:
    amounts = range(start, start + 120_000, 100)
    assert len({amount_in_words(cents) for cents in amounts}) == len(amounts)
    assert len({amount_in_words_sw(cents) for cents in amounts}) == len(amounts)


@pytest.mark.parametrize("cents", [-1, 10**17])
def test_refuses_what_has_no_words(cents: int) -> None:
    with pytest.raises(ValueError, match="words exist"):
        amount_in_words(cents)
