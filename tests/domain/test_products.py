"""Loan products as shipped, and files that cannot be used."""

from datetime import date
from pathlib import Path

import pytest

from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.loan_terms import Method
from sacco_desktop.domain.product_file import read_products
from sacco_desktop.domain.products import product_on
from sacco_desktop.domain.schedule import make_schedule

RESOURCES = Path(__file__).parents[2] / "resources"
SHIPPED = RESOURCES.joinpath("loan_products.toml").read_text("utf-8")
PRODUCTS = read_products(SHIPPED)
DAY = date(2026, 7, 3)
START = "\n[[product]]\n"
ONE = START + SHIPPED.split(START)[1]


def test_the_shipped_products() -> None:
    kinds = {
        product.code: (product.pattern.method, product.pattern.frequency) for product in PRODUCTS
    }
    assert kinds == {
        "development": (Method.REDUCING_EQUAL_INSTALMENT, Frequency.MONTHLY),
        "emergency": (Method.FLAT, Frequency.MONTHLY),
        "group": (Method.REDUCING_EQUAL_INSTALMENT, Frequency.WEEKLY),
        "instant": (Method.UPFRONT, Frequency.MONTHLY),
        "school_fees": (Method.REDUCING_EQUAL_PRINCIPAL, Frequency.MONTHLY),
        "secured": (Method.REDUCING_EQUAL_INSTALMENT, Frequency.MONTHLY),
        "vehicle": (Method.REDUCING_EQUAL_INSTALMENT, Frequency.MONTHLY),
        "weekly": (Method.FLAT, Frequency.WEEKLY),
    }


def test_the_shipped_products_can_be_scheduled_at_every_limit() -> None:
    for product in PRODUCTS:
        for amount in (product.min_cents, product.max_cents):
            for count in (product.min_instalments, product.max_instalments):
                terms = product.terms(amount, count)
                rows = make_schedule(terms, DAY)
                assert sum(row.principal_cents for row in rows) == terms.principal_cents >= amount


def test_the_shipped_fees_go_to_accounts_of_the_chart() -> None:
    chart = read_chart(RESOURCES.joinpath("chart_of_accounts.csv").read_text("utf-8"))
    codes = {account.code for account in chart}
    assert {fee.account_code for product in PRODUCTS for fee in product.fees} <= codes


def test_fees_that_are_lent_and_fees_in_each_instalment_are_part_of_the_terms() -> None:
    terms = product_on(PRODUCTS, "group", DAY).terms(10_000_000, 52)
    # 1.5 % is lent on top, 0.02 % is paid with each instalment; both of the amount that was asked.
    assert (terms.principal_cents, terms.instalment_fee_cents) == (10_150_000, 2_000)
    plain = product_on(PRODUCTS, "development", DAY).terms(10_000_000, 12)
    assert (plain.principal_cents, plain.instalment_fee_cents) == (10_000_000, 0)


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
    assert str(product_on(both, "development", DAY).pattern.rate) == "0.01"
    assert str(product_on(both, "development", date(2026, 7, 4)).pattern.rate) == "0.012"
    with pytest.raises(NotFound, match="31 Dec 2023"):
        product_on(both, "development", date(2023, 12, 31))
    with pytest.raises(NotFound):
        product_on(both, "school", DAY)


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        (
            'method = "reducing_equal_instalment"',
            'method = "reducing"',
            "method: it is one of flat",
        ),
        ("rate = 0.01", 'rate = "0.01"', "rate:"),
        ("rate = 0.01", "rate = 1.5", "rate:"),
        ("rate = 0.01", "rate = nan", "rate:"),
        ("rate = 0.01", "rate = -0.01", "rate:"),
        ("rate = 0.01", "rate = true", "rate:"),
        ("rate = 0.01", "rate = 0.01\nrat = 0.01", "unknown field rat"),
        ("effective_on = 2024-01-01", "effective_on = 2024-01-01T00:00:00", "effective_on:"),
        ('smallest = "5,000.00"', 'smallest = "5k"', "smallest:"),
        ('smallest = "5,000.00"', "smallest = 5000", "smallest:"),
        ('smallest = "5,000.00"', 'smallest = "5,000,000.00"', "largest:"),
        ("fewest_instalments = 3", "fewest_instalments = 0", "instalments"),
        ("fewest_instalments = 3", "fewest_instalments = 3.0", "fewest_instalments:"),
        ("fewest_instalments = 3", "fewest_instalments = 100", "most_instalments:"),
        ('rounding = "up"', 'rounding = "down"', "rounding: it is one of half_up"),
        ('rounding_unit = "1.00"', 'rounding_unit = "1,000.01"', "rounding_unit:"),
        (
            'rounding_unit = "1.00"',
            'rounding_unit = "1.00"\nprincipal_grace = 3',
            "principal_grace:",
        ),
        (
            'rounding_unit = "1.00"',
            'rounding_unit = "1.00"\nday_count = "weekly-364"',
            "day_count:",
        ),
        ('rounding_unit = "1.00"', 'rounding_unit = "1.00"\nfirst_due_day = 10', "first_due_day:"),
        (
            'method = "reducing_equal_instalment"',
            'method = "flat"\ninterest_on = "balance"',
            "interest_on:",
        ),
        ('loan_control = "1110"', 'loan_control = "2010"', "loan_control:"),
        ('code = "development"', 'code = ""', "code:"),
        ('name = "Development loan"', "", "no name"),
        ("rate_per = ", "rate_for = ", "no rate_per"),
        ("deposit_multiple = 3", "deposit_multiple = 3\nmin_deposits = -1", "min_deposits:"),
        ("deposit_multiple = 3", "deposit_multiple = 3\nguarantors = [3]", "guarantors:"),
        (
            "deposit_multiple = 3",
            'deposit_multiple = 3\nguarantors = [{ up_to = "9.00", count = 1 }, { up_to = "9.00", count = 3 }]',
            "each up_to must be above",
        ),
        ("deposit_multiple = 3", 'deposit_multiple = 3\nat_once = "two"', "at_once: it is one of"),
        ("deposit_multiple = 3", 'deposit_multiple = 3\nmust_be_secured = "no"', "true or false"),
        ("percent = 1.0", "", "percentage or an amount"),
        ('account = "4020"', "account = 4020", "account:"),
        ('account = "4020"', 'account = "1110"', "loan account"),
        ('account = "4020"', 'account = "4020"\ntiming = "later"', "timing: it is one of"),
        ('account = "4020"', 'account = "4020"\nbasis = "shares"', "basis: it is one of"),
    ],
)
def test_refuses_a_product_with_a_fault_and_names_it_and_its_field(
    right: str, wrong: str, field: str
) -> None:
    assert right in ONE
    with pytest.raises(InvalidInput, match=r"Development loan|without a name") as refused:
        read_products(ONE.replace(right, wrong, 1))
    assert field in refused.value.message
    assert refused.value.field == "product"


@pytest.mark.parametrize("text", ["", "product = 3", "product = [3]", "[[product]", ONE + ONE])
def test_refuses_a_file_that_is_no_list_of_products(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_products(text)
    assert refused.value.field == "product"
