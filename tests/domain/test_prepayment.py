"""Principal repaid early: what it does to the rest of the schedule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_terms import LoanTerms, Method, RatePer
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.prepayment import Keep, after_prepayment
from sacco_desktop.domain.schedule import Instalment, make_schedule

PAID_OUT = date(2024, 1, 31)
G02 = LoanTerms(
    10_000_000,
    Method.REDUCING_EQUAL_INSTALMENT,
    Decimal("0.01"),
    RatePer.MONTH,
    Frequency.MONTHLY,
    12,
)


def prepaid(terms: LoanTerms, after: int, amount_cents: int, keep: Keep) -> tuple[Instalment, ...]:
    rows = make_schedule(terms, PAID_OUT)
    return after_prepayment(terms, PAID_OUT, rows, after, amount_cents, keep)


def test_the_same_instalment_for_a_shorter_time() -> None:
    rows = prepaid(G02, 6, 2_000_000, Keep.INSTALMENT)
    assert rows[5].balance_cents == 5_149_209 - 2_000_000
    assert [row.total_cents for row in rows] == [888_488] * 9 + [557_949]
    # 1 % of what is left: 31,492.09, then less the principal of each instalment.
    assert [row.interest_cents for row in rows[6:]] == [31_492, 22_922, 14_266, 5_524]


def test_a_smaller_instalment_for_the_same_time() -> None:
    rows = prepaid(G02, 6, 2_000_000, Keep.TERM)
    # 31,492.09 at 1 % over six months is an instalment of 5,433.91.
    assert [row.total_cents for row in rows[6:]] == [543_391] * 5 + [543_390]
    assert [row.due_on for row in rows] == [row.due_on for row in make_schedule(G02, PAID_OUT)]


def test_agreed_interest_stays_agreed() -> None:
    flat = LoanTerms(10_000_000, Method.FLAT, Decimal("0.01"), RatePer.MONTH, Frequency.MONTHLY, 12)
    for keep in Keep:
        rows = prepaid(flat, 6, 2_000_000, keep)
        assert sum(row.interest_cents for row in rows) == 1_200_000
    assert len(prepaid(flat, 6, 2_000_000, Keep.INSTALMENT)) == 10


@pytest.mark.parametrize("method", [Method.NONE, Method.UPFRONT])
@pytest.mark.parametrize("keep", list(Keep))
def test_loans_without_interest_in_the_rows_stay_so(method: Method, keep: Keep) -> None:
    terms = LoanTerms(10_000_000, method, Decimal("0.01"), RatePer.MONTH, Frequency.MONTHLY, 12)
    assert all(row.interest_cents == 0 for row in prepaid(terms, 3, 1_000_000, keep))


@pytest.mark.parametrize(
    ("after", "amount_cents"), [(12, 1), (-1, 1), (6, 0), (6, -5), (6, 5_149_209), (6, 9_999_999)]
)
def test_refuses_what_is_no_prepayment(after: int, amount_cents: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        prepaid(G02, after, amount_cents, Keep.TERM)
    assert refused.value.field == "prepay"


def test_a_second_prepayment_builds_on_the_first() -> None:
    once = prepaid(G02, 3, 1_000_000, Keep.TERM)
    twice = after_prepayment(G02, PAID_OUT, once, 6, 1_000_000, Keep.INSTALMENT)
    assert twice[:5] == once[:5]
    assert {row.total_cents for row in twice[3:-1]} == {once[4].total_cents}
    assert twice[-1].balance_cents == 0


@pytest.mark.parametrize("interest_grace", [1, 3])
def test_agreed_interest_stays_in_the_instalments_that_bear_it(interest_grace: int) -> None:
    terms = replace(G02, method=Method.FLAT, interest_grace=interest_grace)
    before = make_schedule(terms, PAID_OUT)
    rows = after_prepayment(terms, PAID_OUT, before, 0, 1_000_000, Keep.INSTALMENT)
    assert [row.interest_cents for row in rows[:interest_grace]] == [0] * interest_grace
    assert {row.total_cents for row in rows[:interest_grace]} == {before[0].total_cents}
    assert {row.total_cents for row in rows[interest_grace:-1]} == {before[-2].total_cents}
    assert sum(row.interest_cents for row in rows) == sum(row.interest_cents for row in before)
    assert len(rows) < len(before)


@st.composite
def cases(draw: st.DrawFn) -> tuple[LoanTerms, int, int, Keep]:
    count = draw(st.integers(2, 60))
    terms = LoanTerms(
        draw(st.integers(100_000, 500_000_000)),
        draw(st.sampled_from(list(Method))),
        Decimal(draw(st.integers(0, 40))) / 1000,
        RatePer.MONTH,
        draw(st.sampled_from(list(Frequency))),
        count,
        rounding=draw(st.sampled_from(list(Rounding))),
        rounding_unit_cents=draw(st.sampled_from([1, 5, 100])),
        principal_grace=draw(st.integers(0, min(3, count - 1))),
        interest_grace=draw(st.integers(0, min(3, count - 1))),
    )
    after = draw(st.integers(0, count - 1))
    return (
        terms,
        after,
        draw(st.integers(1, terms.principal_cents)),
        draw(st.sampled_from(list(Keep))),
    )


def most_that_rounding_adds(terms: LoanTerms) -> int:
    """Each rounded instalment may repay up to one unit less than before, which bears interest with its own interest
    until the last; and the interest of each is rounded to its own cent.
    """
    months = 3 if terms.frequency is Frequency.QUARTERLY else 1
    late_cents = Decimal(0)
    for _ in range(terms.instalments):
        late_cents = late_cents * (1 + terms.rate * months) + terms.rounding_unit_cents
    return terms.instalments + int(late_cents)


@given(cases())
def test_what_was_lent_is_repaid_whatever_is_paid_early(
    case: tuple[LoanTerms, int, int, Keep],
) -> None:
    terms, after, amount_cents, keep = case
    try:
        before = make_schedule(terms, PAID_OUT)
    except InvalidInput:
        reject()
    owed = before[after - 1].balance_cents if after else terms.principal_cents
    assume(amount_cents < owed)
    rows = after_prepayment(terms, PAID_OUT, before, after, amount_cents, keep)
    assert sum(row.principal_cents for row in rows) + amount_cents == terms.principal_cents
    assert rows[-1].balance_cents == 0
    assert all(row.principal_cents >= 0 and row.interest_cents >= 0 for row in rows)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [row.due_on for row in rows] == [row.due_on for row in before[: len(rows)]]
    paid, agreed = (sum(row.interest_cents for row in each) for each in (rows, before))
    assert paid <= agreed + most_that_rounding_adds(terms)
