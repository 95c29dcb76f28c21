"""Amounts as people type them, as we write them, and the roundings and splits of them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain import money
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import Rounding

AMOUNTS = st.integers(0, money.LARGEST_AMOUNT_CENTS)

# Python's own int() and float() would take these.
LOOK_ALIKES = ["\u00b2", "\u0663\u0664", "\uff11\uff12", "1_000", "1e5", "0x10", "NaN", "\u221e"]
# None of these may ever be read as zero.
WORDS = ["", " ", "abc", "KES", "5k", "2.5m", "5%", "10 shillings", "Ksh 5", "9" * 200]
# A comma in another place than before three figures may have been meant as a point.
WRONG_POINTS = ["2,50", "1,00,000", "1234,567", "0,500", "1,2345", "1.234,56", "1.2.3", "."]
NO_SUMS = ["1+", "*5", "1**2", "1//2", "+5", "2^3", "(5)", "=1+1", "12 34", "5\t600", "1,234 567"]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("2,500", 250_000),
        ("2500.50", 250_050),
        ("2500.5", 250_050),
        ("2500.", 250_000),
        (".5", 50),
        ("0.01", 1),
        ("007", 700),
        ("KES 1,234,567.00", 123_456_700),
        ("kes1,000", 100_000),
        ("1 234 567", 123_456_700),
        ("1\u00a0234\u202f567.05", 123_456_705),
        ("  45,000 \n", 4_500_000),
        ("3*1,500", 450_000),
        ("1000 + 2 * 250.25 - 0.50", 150_000),
        ("100/3*3", 10_000),
        ("1000*0.015", 1_500),
        ("10 - 4 - 3", 300),
        ("80/4/2", 1_000),
        ("2500 \u2212 500", 200_000),
    ],
)
def test_reads_what_a_person_types(text: str, cents: int) -> None:
    assert money.parse_amount(text) == cents


@pytest.mark.parametrize("text", [*LOOK_ALIKES, *WORDS, *WRONG_POINTS, *NO_SUMS])
def test_refuses_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        money.parse_amount(text, "deposit")
    assert refused.value.field == "deposit"
    assert refused.value.message == money.AMOUNT_SENTENCE


@pytest.mark.parametrize("text", ["100/3", "2500.505", "1.250", "2500.000", "0.1*0.01"])
def test_refuses_parts_of_a_cent(text: str) -> None:
    with pytest.raises(InvalidInput, match="whole cents"):
        money.parse_amount(text)


@pytest.mark.parametrize("text", ["0", "0.00", "5-5", "-1", "\u22125", "3-10"])
def test_refuses_zero_and_less(text: str) -> None:
    with pytest.raises(InvalidInput, match="more than zero"):
        money.parse_amount(text)


def test_zero_only_where_it_is_allowed_and_never_less() -> None:
    assert money.parse_amount("0.00", allow_zero=True) == 0
    with pytest.raises(InvalidInput, match="zero or more"):
        money.parse_amount("-0.01", allow_zero=True)


def test_dividing_by_zero_is_a_sentence_and_not_a_crash() -> None:
    with pytest.raises(InvalidInput, match="divided by zero"):
        money.parse_amount("5/0")


def test_the_largest_amount_and_one_cent_more() -> None:
    assert money.parse_amount("9,999,999,999,999.99") == money.LARGEST_AMOUNT_CENTS
    with pytest.raises(InvalidInput, match="too large"):
        money.parse_amount("9,999,999,999,999.99 + 0.01")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("-5", -500),
        ("\u22121,234.50", -123_450),
        ("(1,234.50)", -123_450),
        ("KES (5)", -500),
        ("KES \u22125.00", -500),
        ("7", 700),
        ("0", 0),
        ("-2*3+1", -500),
    ],
)
def test_reads_signed_amounts(text: str, cents: int) -> None:
    assert money.parse_signed_amount(text) == cents


@pytest.mark.parametrize("text", ["--5", "(-5)", "((5))", "()", "(5", "5-", "- ", "-(5)", ""])
def test_refuses_signs_that_contradict(text: str) -> None:
    with pytest.raises(InvalidInput):
        money.parse_signed_amount(text)


def test_writes_amounts_as_the_office_reads_them() -> None:
    assert money.format_amount(123_456_700) == "1,234,567.00"
    assert money.format_amount(5) == "0.05"
    assert money.format_amount(0) == "0.00"
    assert money.format_amount(-123_450) == "\u22121,234.50"
    assert money.format_kes(123_450) == "KES 1,234.50"
    assert money.format_kes(-5) == "KES \u22120.05"


@given(AMOUNTS)
def test_reading_what_was_written_gives_the_same_amount(cents: int) -> None:
    assert money.parse_amount(money.format_amount(cents), allow_zero=True) == cents
    assert money.parse_amount(money.format_kes(cents), allow_zero=True) == cents
    assert money.parse_signed_amount(money.format_kes(-cents)) == -cents


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        cents = money.parse_amount(text)
    except InvalidInput:
        return
    assert 0 < cents <= money.LARGEST_AMOUNT_CENTS


@given(st.text("0123456789,. +-*/()KES", max_size=20))
def test_any_mixture_of_allowed_signs_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        cents = money.parse_signed_amount(text)
    except InvalidInput:
        return
    assert abs(cents) <= money.LARGEST_AMOUNT_CENTS


@pytest.mark.parametrize(
    ("value", "whole"),
    [("2.5", 3), ("3.5", 4), ("2.4999", 2), ("-2.5", -3), ("-2.4", -2), ("0", 0), ("1E+3", 1000)],
)
def test_half_goes_away_from_zero(value: str, whole: int) -> None:
    assert money.round_half_up(Decimal(value)) == whole
    assert money.round_half_up(Fraction(value)) == whole


@pytest.mark.parametrize(
    ("value", "unit", "by_way"),
    [
        (Fraction("888488"), 100, (888_500, 888_500, 888_500)),
        (Fraction("888450"), 100, (888_500, 888_400, 888_500)),
        (Fraction("888550"), 100, (888_600, 888_600, 888_600)),
        (Fraction("888500"), 100, (888_500, 888_500, 888_500)),
        (Fraction("888501"), 100, (888_500, 888_500, 888_600)),
        (Fraction(1, 3), 5, (0, 0, 5)),
        (Fraction(0), 100, (0, 0, 0)),
        (Fraction("2.5"), 1, (3, 2, 3)),
    ],
)
def test_the_three_ways_of_rounding(
    value: Fraction, unit: int, by_way: tuple[int, int, int]
) -> None:
    ways = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP)
    assert tuple(money.rounded(value, way, unit) for way in ways) == by_way


def test_a_rounding_unit_is_at_least_a_cent() -> None:
    with pytest.raises(ValueError, match="unit"):
        money.rounded(Fraction(1), Rounding.UP, 0)


@given(AMOUNTS)
def test_whole_shillings_and_the_rest_are_the_amount(cents: int) -> None:
    payable, left_over = money.whole_shillings(cents)
    assert payable + left_over == cents
    assert payable % 100 == 0
    assert 0 <= left_over < 100


def test_nothing_negative_is_paid() -> None:
    with pytest.raises(ValueError, match="negative"):
        money.whole_shillings(-1)


def test_shares_of_guarantors() -> None:
    """A shortfall of 47,500.00 by pledges, and equally, where the last takes the odd cent."""
    pledges = (6_000_000, 4_000_000, 2_000_000)
    assert money.split_by_largest_remainder(4_750_000, pledges) == (2_375_000, 1_583_333, 791_667)
    assert money.split_by_largest_remainder(4_750_000, (1, 1, 1)) == (
        1_583_333,
        1_583_333,
        1_583_334,
    )


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_shares_add_up_and_stay_within_a_cent_of_their_weight(
    total: int, weights: list[int]
) -> None:
    shares = money.split_by_largest_remainder(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1
        assert weight or share == 0


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_refuses_splits_without_a_meaning(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="split"):
        money.split_by_largest_remainder(total, weights)
