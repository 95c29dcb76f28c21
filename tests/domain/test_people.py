"""Names, identity numbers and the numbers that the office gives."""

import pytest

from sacco_desktop.domain import people
from sacco_desktop.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Amina   Hassan ", "Amina Hassan"),
        ("O'Brien-Ng\u2019ang\u2019a", "O'Brien-Ng\u2019ang\u2019a"),
        ("Jose\u0301", "Jos\u00e9"),
        ("Umoja Group 2", "Umoja Group 2"),
        ("Wanjiru\nKamau", "Wanjiru Kamau"),
        ("A" * 100, "A" * 100),
    ],
)
def test_cleans_a_name(text: str, name: str) -> None:
    assert people.clean_name(text, "full_name") == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("   ", "Write the name"),
        ("A" * 101, "too long"),
        ("Amina\u202eHassan", "cannot be seen"),
        ("Amina\x00", "cannot be seen"),
        ("A\u200bmina", "cannot be seen"),
        ("Amina \ud800", "cannot be seen"),
        ("12345", "no letters"),
    ],
)
def test_refuses_a_name_nobody_could_read(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        people.clean_name(text, "full_name")
    assert refused.value.field == "full_name"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("00123456", "00123456"),
        (" 2345 6789 ", "23456789"),
        ("123-456-789", "123456789"),
        ("12345", "12345"),
    ],
)
def test_keeps_the_zeros_of_an_id_number(text: str, number: str) -> None:
    assert people.clean_national_id(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "A1234567", "1234", "1234567890123", "\u0661\u0662\u0663\u0664\u0665", "\u00b2" * 6],
)
def test_refuses_what_cannot_be_an_id_number(text: str) -> None:
    with pytest.raises(InvalidInput, match="ID number") as refused:
        people.clean_national_id(text)
    assert refused.value.field == "id_number"


def test_numbers_have_a_fixed_width_and_may_outgrow_it() -> None:
    assert people.member_number(1) == "M-0001"
    assert people.member_number(100_000) == "M-100000"
    assert people.loan_number(412) == "L-0412"
    assert people.payout_number(2026, 117) == "PO-2026-0117"
    assert people.receipt_number(2026, 8) == "RC-2026-0008"


def test_the_office_counts_from_one() -> None:
    with pytest.raises(ValueError, match="from one"):
        people.member_number(0)
