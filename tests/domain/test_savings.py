"""Products of savings as data, what their terms may be, and which rule refuses a withdrawal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sacco_desktop.domain.chart import OWN_FUNDS, OWN_SAVINGS
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.paying_out import OutTerms
from sacco_desktop.domain.savings import (
    Every,
    Holding,
    ProductKind,
    SavingsTerms,
    Withdrawal,
    checked_terms,
    own_account,
    read_products,
    withdrawal_refusal,
)
from sacco_desktop.domain.savings_words import terms_words
from sacco_desktop.settings import resources_dir

TEXT = (resources_dir() / "savings_products.toml").read_text("utf-8")
TERMS = SavingsTerms("Special savings", True, 0, Every.NONE, 0, 1, Withdrawal.BY_NOTICE, 50_000, 30)


def test_the_shipped_products_expect_nothing_and_pay_no_shares_back() -> None:
    products = {one.code: one for one in read_products(TEXT)}
    assert [one.account_code for one in products.values()] == [
        "2010",
        "2040",
        "3010",
        "2170",
    ]
    assert not any(one.terms.expected_cents for one in products.values())
    assert products["share_capital"].terms.withdrawal is Withdrawal.NEVER


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"withdrawal": Withdrawal.BY_CLAIM}, "withdrawal"),
        ({"preset_cents": -1}, "preset_cents"),
        ({"every": Every.WEEK}, "expected_cents"),
        ({"expected_cents": 1}, "expected_cents"),
        ({"every": Every.WEEK, "expected_cents": 1, "due_day": 8}, "due_day"),
        ({"notice_days": 366}, "notice_days"),
        ({"withdrawal": Withdrawal.NEVER}, "notice_days"),
    ],
)
def test_terms_that_contradict_themselves_are_refused_under_their_field(
    change: dict[str, Any], field: str
) -> None:
    assert checked_terms(ProductKind.SAVINGS, TERMS) == TERMS
    with pytest.raises(InvalidInput) as refused:
        checked_terms(ProductKind.SAVINGS, replace(TERMS, **change))
    assert refused.value.field == field


def test_a_file_whose_products_contradict_the_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="account of the member"):
        read_products(TEXT.replace('account_code = "2040"', 'account_code = "2150"'))
    with pytest.raises(ValueError, match="once"):
        read_products(TEXT.replace('code = "welfare"', 'code = "deposits"'))


def test_own_categories_have_accounts_of_their_own_until_there_are_no_more() -> None:
    assert own_account(ProductKind.SAVINGS, ["2040", "2041"]) == "2042"
    assert own_account(ProductKind.FUND, []) == OWN_FUNDS[0]
    for kind, used in ((ProductKind.SAVINGS, OWN_SAVINGS), (ProductKind.SHARES, ())):
        with pytest.raises(InvalidInput) as refused:
            own_account(kind, used)
        assert refused.value.field == "kind"


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Holding(100_000, noticed_cents=10_000), "KES 500.00 is the least balance"),
        (Holding(100_000, on_their_way_cents=95_000), "950.00 is on its way out"),
        (Holding(100_000, loans_cents=95_000), "cover for the member's loans"),
        (Holding(100_000, pledged_cents=95_000), "pledged as guarantee"),
        (Holding(200_000), "30 days' notice. None was given"),
        (Holding(200_000, noticed_cents=50_000), "given of KES 500.00 and not of more"),
        (Holding(200_000, notice_runs_until=date(2026, 4, 1)), "runs until 1 Apr 2026"),
        (Holding(200_000, noticed_cents=60_000), ""),
    ],
)
def test_a_refused_withdrawal_names_its_rule(held: Holding, words: str) -> None:
    refusal = withdrawal_refusal(ProductKind.SAVINGS, TERMS, held, 60_000)
    assert words in refusal
    assert bool(words) == bool(refusal)


def test_what_is_never_withdrawn_says_so_and_a_claim_needs_no_notice() -> None:
    never = replace(TERMS, withdrawal=Withdrawal.NEVER, notice_days=0)
    held = Holding(100)
    savings, deposits = ProductKind.SAVINGS, ProductKind.DEPOSITS
    assert "cannot be withdrawn" in withdrawal_refusal(savings, never, held, 1)
    assert "only when a member leaves" in withdrawal_refusal(deposits, never, held, 1)
    free = replace(never, withdrawal=Withdrawal.BY_NOTICE, least_cents=0)
    assert withdrawal_refusal(savings, free, held, 100) == ""
    assert "come to KES 1.00" in withdrawal_refusal(savings, free, held, 101)
    twice = replace(free, out=OutTerms(most_a_month=2))
    assert withdrawal_refusal(savings, twice, replace(held, times_this_month=1), 1) == ""
    refused = withdrawal_refusal(savings, twice, replace(held, times_this_month=2), 1)
    assert "withdrawn 2 times in a month" in refused


def test_terms_are_told_in_words() -> None:
    weekly = replace(TERMS, every=Every.WEEK, expected_cents=25_000, due_day=5)
    assert terms_words(weekly) == (
        "Special savings",
        "KES 250.00 each week, on Friday",
        "Withdrawn by notice of 30 days, KES 500.00 stays",
    )
