"""Loan products as shipped, and files that cannot be used."""

from datetime import date
from pathlib import Path

import pytest

from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.products import product_on, read_products
from sacco_desktop.domain.schedule import Frequency, Method, make_schedule

RESOURCES = Path(__file__).parents[2] / "resources"
SHIPPED = RESOURCES.joinpath("loan_products.toml").read_text("utf-8")
PRODUCTS = read_products(SHIPPED)
DAY = date(2026, 7, 3)
START = "\n[[product]]\n"
ONE = START + SHIPPED.split(START)[1]


def test_the_shipped_products() -> None:
    kinds = {product.code: (product.method, product.frequency) for product in PRODUCTS}
    assert kinds == {
        "development": (Method.REDUCING_EQUAL_INSTALMENT, Frequency.MONTHLY),
        "emergency": (Method.FLAT, Frequency.MONTHLY),
        "weekly": (Method.FLAT, Frequency.WEEKLY),
    }


def test_the_shipped_products_can_be_scheduled_at_every_limit() -> None:
    for product in PRODUCTS:
        for amount in (product.min_cents, product.max_cents):
            for count in (product.min_instalments, product.max_instalments):
                rows = make_schedule(product.terms(amount, count), DAY)
                assert sum(row.principal_cents for row in rows) == amount


def test_the_shipped_fees_go_to_accounts_of_the_chart() -> None:
    chart = read_chart(RESOURCES.joinpath("chart_of_accounts.csv").read_text("utf-8"))
    codes = {account.code for account in chart}
    assert {fee.account_code for product in PRODUCTS for fee in product.fees} <= codes


@pytest.mark.parametrize(
    ("amount", "count", "field"),
    [
        (499_999, 12, "principal"),
        (300_000_001, 12, "principal"),
        (500_000, 2, "instalments"),
        (500_000, 73, "instalments"),
    ],
)
def test_refuses_a_loan_outside_the_limits(amount: int, count: int, field: str) -> None:
    with pytest.raises(InvalidInput, match="Development loan") as refused:
        product_on(PRODUCTS, "development", DAY).terms(amount, count)
    assert refused.value.field == field


def test_the_product_of_the_day_is_the_newest_that_had_begun() -> None:
    later = ONE.replace("2024-01-01", "2026-07-04").replace("rate = 0.01", "rate = 0.012")
    both = read_products(ONE + later)
    assert str(product_on(both, "development", DAY).rate) == "0.01"
    assert str(product_on(both, "development", date(2026, 7, 4)).rate) == "0.012"
    with pytest.raises(NotFound, match="31 Dec 2023"):
        product_on(both, "development", date(2023, 12, 31))
    with pytest.raises(NotFound):
        product_on(both, "school", DAY)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('method = "reducing_equal_instalment"', 'method = "reducing"'),
        ("rate = 0.01", 'rate = "0.01"'),
        ("rate = 0.01", "rate = 1.5"),
        ("rate = 0.01", "rate = nan"),
        ("rate = 0.01", "rate = -0.01"),
        ("rate = 0.01", "rate = true"),
        ("effective_on = 2024-01-01", "effective_on = 2024-01-01T00:00:00"),
        ('smallest = "5,000.00"', 'smallest = "5k"'),
        ('smallest = "5,000.00"', "smallest = 5000"),
        ('smallest = "5,000.00"', 'smallest = "5,000,000.00"'),
        ("fewest_instalments = 3", "fewest_instalments = 0"),
        ("fewest_instalments = 3", "fewest_instalments = 3.0"),
        ("fewest_instalments = 3", "fewest_instalments = 100"),
        ('loan_control = "1110"', 'loan_control = "2010"'),
        ('code = "development"', 'code = ""'),
        ('name = "Development loan"', ""),
        ("rate_per = ", "rate_for = "),
        ("percent = 1.0", ""),
        ('account = "4020"', "account = 4020"),
        ('account = "4020"', 'account = "1110"'),
    ],
)
def test_refuses_a_product_with_a_fault_and_names_it(right: str, wrong: str) -> None:
    assert right in ONE
    with pytest.raises(InvalidInput, match=r"Development loan|without a name") as refused:
        read_products(ONE.replace(right, wrong, 1))
    assert refused.value.field == "product"


@pytest.mark.parametrize("text", ["", "product = 3", "product = [3]", "[[product]", ONE + ONE])
def test_refuses_a_file_that_is_no_list_of_products(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_products(text)
    assert refused.value.field == "product"
