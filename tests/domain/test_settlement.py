"""What settles a running loan, and what principal repaid early does to its rows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_position import Position, position
from sacco_desktop.domain.loan_terms import DayCount, LoanTerms, Method, RatePer
from sacco_desktop.domain.payoff import PayoffInterest, PayoffRule
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.domain.settlement import (
    Running,
    holds_until,
    payoff_rule,
    settle,
    with_principal_repaid,
)

PAID_OUT = date(2024, 1, 1)
G02 = LoanTerms(
    10_000_000,
    Method.REDUCING_EQUAL_INSTALMENT,
    Decimal("0.01"),
    RatePer.MONTH,
    Frequency.MONTHLY,
    12,
)
BY_DAYS = PayoffRule(PayoffInterest.ACTUAL_365)
IN_MONTH_SEVEN = date(2024, 7, 11)


def running(terms: LoanTerms = G02) -> Running:
    return Running(terms, PAID_OUT, make_schedule(terms, PAID_OUT))


def after(found: Running, instalments: int, prepaid_cents: int = 0) -> Position:
    """Where the loan stands once so many instalments are paid."""
    paid = [
        part
        for row in found.rows[:instalments]
        for part in (
            Owed(row.number, Component.INTEREST, row.interest_cents),
            Owed(row.number, Component.PRINCIPAL, row.principal_cents),
        )
    ]
    return position(found.rows, paid, prepaid_cents)


def test_g17_and_what_is_late_is_owed_besides() -> None:
    loan = running()
    found = settle(loan, after(loan, 6), IN_MONTH_SEVEN, PayoffRule())
    assert (found.due_cents, found.principal_cents, found.total_cents) == (0, 5_149_209, 5_200_701)
    late = settle(loan, after(loan, 5), IN_MONTH_SEVEN, PayoffRule())
    assert (late.due_cents, late.total_cents) == (888_488, 5_200_701 + 888_488)
    assert (late.rows[-1].number, late.rows[-1].balance_cents) == (7, 0)
    by_days = settle(loan, after(loan, 6), IN_MONTH_SEVEN, BY_DAYS)
    assert (by_days.interest_cents, by_days.saved_cents) == (16_929, 164_787)


def test_what_was_prepaid_counts_and_what_is_over_is_told() -> None:
    loan = running()
    some = settle(loan, after(loan, 6, 200_000), IN_MONTH_SEVEN, PayoffRule())
    assert (some.to_bring_cents, some.over_cents) == (5_000_701, 0)
    all_of_it = settle(loan, after(loan, 6, 5_300_000), IN_MONTH_SEVEN, PayoffRule())
    assert (all_of_it.to_bring_cents, all_of_it.over_cents) == (0, 99_299)


def test_principal_that_a_guarantor_paid_ahead_bears_no_interest() -> None:
    loan = running()
    paid = [Owed(9, Component.PRINCIPAL, 853_820), Owed(10, Component.PRINCIPAL, 400_000)]
    ahead = position(loan.rows, [*_six(loan), *paid])
    found = settle(loan, ahead, IN_MONTH_SEVEN, PayoffRule())
    left = 5_149_209 - 853_820 - 400_000
    assert found.principal_cents == left
    assert found.interest_cents == round(51_492 * left / 5_149_209)
    # What was paid of those instalments stays where it was paid.
    assert [row.number for row in found.rows[6:]] == [9, 10, 11]
    assert position(found.rows, [*_six(loan), *paid]).principal_cents == left


def _six(loan: Running) -> list[Owed]:
    return [
        part
        for row in loan.rows[:6]
        for part in (
            Owed(row.number, Component.INTEREST, row.interest_cents),
            Owed(row.number, Component.PRINCIPAL, row.principal_cents),
        )
    ]


def test_the_same_sum_settles_it_until_something_changes() -> None:
    loan = running()
    whole_periods = holds_until(loan, after(loan, 6), IN_MONTH_SEVEN, PayoffRule())
    # On its due date the interest is owed as an instalment: the sum is the same, and from the next day on it is not.
    assert whole_periods == date(2024, 8, 1)
    assert holds_until(loan, after(loan, 6), IN_MONTH_SEVEN, BY_DAYS) == IN_MONTH_SEVEN


def test_the_rule_of_the_society() -> None:
    counts_days = replace(G02, day_count=DayCount.ACTUAL_365)
    assert payoff_rule(counts_days, "as_agreed", 50) == PayoffRule(
        PayoffInterest.ACTUAL_365, Decimal("0.5")
    )
    assert payoff_rule(counts_days, "full_period", 100).interest is PayoffInterest.FULL_PERIOD
    flat = running(replace(G02, method=Method.FLAT))
    rebate = settle(flat, after(flat, 6), IN_MONTH_SEVEN, payoff_rule(G02, "as_agreed", 25))
    assert (rebate.interest_cents, rebate.saved_cents) == (150_000, 450_000)


def test_principal_repaid_in_a_period_counts_from_its_end_and_on_a_due_date_at_once() -> None:
    loan = running()
    in_month = with_principal_repaid(loan, after(loan, 6), IN_MONTH_SEVEN, 2_000_000, Keep.TERM)
    assert in_month[6].interest_cents == loan.rows[6].interest_cents
    assert in_month[7].interest_cents == 23_122
    at_once = with_principal_repaid(
        loan, after(loan, 6), date(2024, 7, 1), 2_000_000, Keep.INSTALMENT
    )
    assert [row.interest_cents for row in at_once[6:]] == [31_492, 22_922, 14_266, 5_524]


def test_a_loan_from_old_books_keeps_the_places_of_its_rows() -> None:
    whole = running()
    old = Running(G02, PAID_OUT, whole.rows[6:])
    left = position(old.rows, ())
    assert settle(old, left, IN_MONTH_SEVEN, PayoffRule()).total_cents == 5_200_701
    rows = with_principal_repaid(old, left, date(2024, 7, 1), 2_000_000, Keep.INSTALMENT)
    assert [row.number for row in rows] == [7, 8, 9, 10]
    assert [row.interest_cents for row in rows] == [31_492, 22_922, 14_266, 5_524]


def test_the_last_instalment_is_paid_off_and_not_repaid_early() -> None:
    loan = running()
    with pytest.raises(InvalidInput) as refused:
        with_principal_repaid(loan, after(loan, 11), date(2024, 12, 11), 100, Keep.TERM)
    assert refused.value.field == "prepay"


@given(
    paid=st.integers(0, 11),
    day=st.integers(0, 366),
    method=st.sampled_from(list(Method)),
    rule=st.sampled_from(list(PayoffInterest)),
    prepaid=st.integers(0, 10_000_000),
)
def test_parts_are_never_negative_and_pay_exactly_all_principal(
    paid: int, day: int, method: Method, rule: PayoffInterest, prepaid: int
) -> None:
    loan = running(replace(G02, method=method))
    on = date.fromordinal(PAID_OUT.toordinal() + day)
    stands = after(loan, paid, prepaid)
    found = settle(loan, stands, on, PayoffRule(rule))
    assert min(found.principal_cents, found.interest_cents, found.due_cents) >= 0
    assert sum(row.principal_cents for row in found.rows) == G02.principal_cents
    assert found.to_bring_cents + prepaid - found.over_cents == found.total_cents
    settled = position(found.rows, _paid(loan, stands))
    assert settled.due_cents(on) == found.total_cents


def _paid(loan: Running, stands: Position) -> list[Owed]:
    return [
        Owed(row.number, component, cents)
        for row, left in zip(loan.rows, stands.left, strict=True)
        for component, cents in (
            (Component.INTEREST, row.interest_cents - left.interest_cents),
            (Component.PRINCIPAL, row.principal_cents - left.principal_cents),
        )
        if cents
    ]
