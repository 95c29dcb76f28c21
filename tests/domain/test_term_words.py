"""Terms in words: every choice has some, and none of them is a code."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
    RatePer,
)
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.term_words import (
    agreed_words,
    interest_words,
    term_facts,
    terms_words,
    unusual_terms,
)

PLAIN = LoanTerms(
    principal_cents=10_000_000,
    method=Method.REDUCING_EQUAL_INSTALMENT,
    rate=Decimal("0.0125"),
    rate_per=RatePer.MONTH,
    frequency=Frequency.MONTHLY,
    instalments=12,
)


def test_the_two_kinds_of_reducing_balance_are_spelled_out() -> None:
    assert terms_words(PLAIN) == "1.25 % per month, reducing balance, equal instalments, monthly"
    principal = replace(PLAIN, method=Method.REDUCING_EQUAL_PRINCIPAL)
    assert interest_words(principal) == "1.25 % per month, reducing balance, equal principal"
    assert interest_words(replace(PLAIN, method=Method.NONE)) == "no interest"


def test_every_term_of_a_loan_with_all_of_them() -> None:
    terms = replace(
        PLAIN,
        rounding=Rounding.UP,
        rounding_unit_cents=5,
        day_count=DayCount.ACTUAL_365,
        grace_days=28,
        principal_grace=2,
        interest_grace=1,
        first_due=FirstDue.DAY_OF_NEXT_MONTH,
        first_due_day=10,
        broken_period=BrokenPeriod.BY_DAYS,
        interest_on=InterestOn.BALANCE,
        instalment_fee_cents=2_000,
    )
    assert term_facts(terms) == (
        ("Interest", "1.25 % per month, reducing balance, equal instalments"),
        ("Instalments", "12, monthly"),
        ("First due", "On day 10 of the month after the 28 days of grace"),
        ("Rounding", "Each instalment up to the next KES 0.05; the last takes the rest"),
        (
            "Days",
            "The days of the calendar, 365 a year; a longer or shorter first period by its days",
        ),
        (
            "Grace",
            "The first period starts 28 days after the payout; the first 2 instalments have no principal;"
            " the first instalment has no interest",
        ),
        ("If one is missed", "Interest on what is still owed"),
        ("Fees", "KES 20.00 with each instalment"),
    )


def test_no_choice_is_told_as_a_code() -> None:
    for method, frequency, rounding, day_count, first_due in product(
        Method, Frequency, Rounding, DayCount, FirstDue
    ):
        terms = replace(
            PLAIN,
            method=method,
            frequency=frequency,
            rounding=rounding,
            day_count=day_count,
            first_due=first_due,
            first_due_day=10 if first_due is FirstDue.DAY_OF_NEXT_MONTH else None,
        )
        words = " ".join(word for fact in term_facts(terms) for word in fact)
        assert "_" not in words
        assert "None" not in words


@pytest.mark.parametrize(
    "change",
    [
        {"rounding": Rounding.HALF_EVEN},
        {"rounding": Rounding.UP},
        {"day_count": DayCount.THIRTY_360},
        {"grace_days": 1},
        {"principal_grace": 1},
        {"interest_grace": 1},
        {"first_due": FirstDue.END_OF_NEXT_MONTH},
        {"broken_period": BrokenPeriod.BY_DAYS},
        {"interest_on": InterestOn.BALANCE},
        {"instalment_fee_cents": 1},
    ],
)
def test_what_does_not_go_without_saying_is_said(change: dict[str, object]) -> None:
    unusual = unusual_terms(replace(PLAIN, **change))  # type: ignore[arg-type]
    assert unusual.startswith("Interest: 1.25 % per month")


def test_what_goes_without_saying_is_bound_by_the_words_of_the_first_books() -> None:
    assert unusual_terms(PLAIN) == ""
    whole = replace(PLAIN, rounding=Rounding.UP, rounding_unit_cents=100)
    assert unusual_terms(whole) == ""
    assert agreed_words(whole) == (
        "1.25 % per month, reducing equal instalment, monthly, 12 instalments"
    )
