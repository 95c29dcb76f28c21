"""What M-Pesa charges for a payout, by the table in force on the day."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.tariff import charge_for, read_tariffs

SHIPPED = Path(__file__).parents[2].joinpath("resources/tariffs/mpesa_b2c.csv").read_text("utf-8")
TARIFFS = read_tariffs(SHIPPED)
HEAD = "effective_on,from_kes,to_kes,fee_kes\n"
DAY = date(2026, 7, 3)


@pytest.mark.parametrize(
    ("shillings", "fee"),
    [
        (1, 0),
        (100, 0),
        (101, 5),
        (1_500, 5),
        (1_501, 9),
        (5_000, 9),
        (5_001, 11),
        (20_000, 11),
        (20_001, 13),
        (76_955, 13),
        (250_000, 13),
    ],
)
def test_the_shipped_bands_at_their_ends(shillings: int, fee: int) -> None:
    assert charge_for(TARIFFS, shillings * 100, DAY) == fee * 100


def test_above_the_limit_of_the_day() -> None:
    with pytest.raises(InvalidInput, match=r"KES 260,000\.00 is above .* 250,000\.00") as refused:
        charge_for(TARIFFS, 26_000_000, DAY)
    assert refused.value.field == "amount"
    with pytest.raises(InvalidInput, match=r"150,000\.00"):
        charge_for(TARIFFS, 15_000_100, date(2023, 9, 7))
    assert charge_for(TARIFFS, 15_000_100, date(2023, 9, 8)) == 1_300


def test_below_the_first_band() -> None:
    with pytest.raises(InvalidInput, match="no less than"):
        charge_for(TARIFFS, 0, DAY)


def test_before_the_first_tariff() -> None:
    with pytest.raises(NotFound, match="31 Jul 2023"):
        charge_for(TARIFFS, 10_000, date(2023, 7, 31))


@given(st.integers(100, 25_000_000))
def test_a_larger_payout_never_costs_less(amount: int) -> None:
    smaller = charge_for(TARIFFS, amount, DAY)
    assert smaller <= charge_for(TARIFFS, min(amount + 10_000, 25_000_000), DAY)


def test_rows_may_come_in_any_order_and_from_excel() -> None:
    rows = "2025-01-01,101,200,5.50\r\n2024-01-01,1,200,3\r\n2025-01-01,1,100,0\r\n"
    tariffs = read_tariffs("\ufeff# remark\n" + HEAD + rows)
    assert [tariff.effective_on.year for tariff in tariffs] == [2024, 2025]
    assert charge_for(tariffs, 20_000, DAY) == 550


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("2025-01-01,1,100,0\n2025-01-01,102,200,5\n", "a gap"),
        ("2025-01-01,1,100,0\n2025-01-01,100,200,5\n", "an overlap"),
        ("2025-01-01,1,100,0\n2025-01-01,1,100,0\n", "an overlap"),
        ("2025-01-01,100,1,0\n", "ends before it begins"),
        ("2025-01-01,1,100\n", "Line 2"),
        ("2025-01-01,1,100,0\n2025-01-01,101,1e5,5\n", "Line 3"),
        ("1/1/2025,1,100,0\n", "Line 2"),
        ("2025-01-01,1,100,-5\n", "Line 2"),
        ("", "no bands"),
    ],
)
def test_refuses_a_table_that_leaves_a_charge_open(rows: str, fault: str) -> None:
    with pytest.raises(InvalidInput, match=fault) as refused:
        read_tariffs(HEAD + rows)
    assert refused.value.field == "tariff"


@pytest.mark.parametrize("text", ["", "# only a remark\n", "from,to,fee\n1,2,3\n"])
def test_refuses_a_file_without_its_columns(text: str) -> None:
    with pytest.raises(InvalidInput, match="columns"):
        read_tariffs(text)
