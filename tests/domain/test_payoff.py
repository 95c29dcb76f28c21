"""Settling a loan early (golden case G-17 and its neighbours)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_terms import BrokenPeriod, DayCount, LoanTerms, Method, RatePer
from sacco_desktop.domain.payoff import Payoff, PayoffInterest, PayoffRule, payoff, rule_for
from sacco_desktop.domain.schedule import make_schedule

PAID_OUT = date(2024, 1, 1)
G02 = LoanTerms(
    10_000_000,
    Method.REDUCING_EQUAL_INSTALMENT,
    Decimal("0.01"),
    RatePer.MONTH,
    Frequency.MONTHLY,
    12,
)


def settled(terms: LoanTerms, on: date, rule: PayoffRule) -> Payoff:
    return payoff(terms, PAID_OUT, make_schedule(terms, PAID_OUT), on, rule)


@pytest.mark.parametrize(
    ("interest", "total_cents"),
    [
        (PayoffInterest.FULL_PERIOD, 5_200_701),
        (PayoffInterest.ACTUAL_365, 5_166_138),
        (PayoffInterest.THIRTY_360, 5_166_373),
    ],
)
def test_g17_ten_days_into_the_seventh_month(interest: PayoffInterest, total_cents: int) -> None:
    found = settled(G02, date(2024, 7, 11), PayoffRule(interest))
    assert found.last_paid == 6
    assert found.principal_cents == 5_149_209
    assert found.total_cents == total_cents


def test_g17_the_interest_that_is_saved() -> None:
    found = settled(G02, date(2024, 7, 11), PayoffRule(PayoffInterest.ACTUAL_365))
    assert found.saved_cents == 164_787


@pytest.mark.parametrize("interest", list(PayoffInterest))
def test_on_the_day_of_an_instalment_only_principal_is_owed(interest: PayoffInterest) -> None:
    found = settled(G02, date(2024, 7, 1), PayoffRule(interest))
    assert (found.last_paid, found.interest_cents) == (6, 0)


def test_on_the_day_it_is_paid_out_the_whole_amount_is_owed_and_nothing_else() -> None:
    assert settled(G02, PAID_OUT, PayoffRule()).total_cents == 10_000_000


@pytest.mark.parametrize(("share", "interest_cents"), [("1", 600_000), ("0", 0), ("0.5", 300_000)])
def test_interest_agreed_as_a_sum_is_asked_for_by_the_societys_share(
    share: str, interest_cents: int
) -> None:
    flat = replace(G02, method=Method.FLAT)
    rule = PayoffRule(agreed_share=Decimal(share))
    assert settled(flat, date(2024, 7, 11), rule).interest_cents == interest_cents


def test_graced_interest_stays_graced() -> None:
    graced = replace(G02, interest_grace=3)
    rule = PayoffRule(PayoffInterest.ACTUAL_365)
    assert settled(graced, date(2024, 3, 20), rule).interest_cents == 0


def test_days_of_grace_bear_nothing_unless_the_first_period_is_charged_by_its_days() -> None:
    rule = PayoffRule(PayoffInterest.ACTUAL_365)
    late = replace(G02, grace_days=30)
    assert settled(late, date(2024, 1, 20), rule).interest_cents == 0
    assert settled(late, date(2024, 2, 10), rule).interest_cents == 32_877
    by_days = replace(G02, broken_period=BrokenPeriod.BY_DAYS)
    assert settled(by_days, date(2024, 1, 11), rule).interest_cents == 32_877


@pytest.mark.parametrize("on", [date(2023, 12, 31), date(2025, 1, 1)])
def test_refuses_a_day_on_which_nothing_can_be_settled(on: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        settled(G02, on, PayoffRule())
    assert refused.value.field == "payoff"


def test_a_loan_that_counts_days_is_settled_by_days() -> None:
    assert rule_for(G02).interest is PayoffInterest.FULL_PERIOD
    by_days = replace(G02, day_count=DayCount.ACTUAL_365)
    assert rule_for(by_days).interest is PayoffInterest.ACTUAL_365
    assert (
        rule_for(replace(G02, day_count=DayCount.THIRTY_360)).interest is PayoffInterest.THIRTY_360
    )
