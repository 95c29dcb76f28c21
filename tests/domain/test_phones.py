"""Phone numbers as people write them, and the one form in which we keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.phones import display_phone, masked_phone, normalise_phone

NOT_MOBILE = ["", "0722", "07229081140", "0822908114", "0202908114", "+255722908114", "+0722908114"]
LOOK_ALIKES = ["2540722908114", "07229O8114", "\u0660722908114", "\u00b2722908114", "0722_908_114"]
STORED = st.from_regex(r"254[17][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        "0722908114",
        "722908114",
        "254722908114",
        "+254722908114",
        "+254 722-908-114",
        " 0722 908 114 ",
    ],
)
def test_reads_every_way_of_writing_a_number(text: str) -> None:
    assert normalise_phone(text) == "254722908114"


def test_reads_the_newer_numbers() -> None:
    assert normalise_phone("0110 123 456") == "254110123456"


@pytest.mark.parametrize("text", [*NOT_MOBILE, *LOOK_ALIKES])
def test_refuses_what_m_pesa_could_not_pay(text: str) -> None:
    with pytest.raises(InvalidInput, match="0722 908 114") as refused:
        normalise_phone(text, "nominee_phone")
    assert refused.value.field == "nominee_phone"


def test_shows_and_masks() -> None:
    assert display_phone("254722908114") == "0722 908 114"
    assert masked_phone("254722908114") == "0722 •••114"


@given(STORED)
def test_what_is_shown_can_be_read_again(stored: str) -> None:
    assert normalise_phone(display_phone(stored)) == stored


@given(STORED)
def test_a_masked_number_keeps_three_figures_to_itself(stored: str) -> None:
    assert len(masked_phone(stored).replace(" ", "").replace("•", "")) == 7
    with pytest.raises(InvalidInput):
        normalise_phone(masked_phone(stored))


def test_an_error_does_not_repeat_the_number() -> None:
    with pytest.raises(ValueError, match="stored form") as refused:
        display_phone("0722908114")
    assert "0722908114" not in str(refused.value)
