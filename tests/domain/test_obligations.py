"""What a member owes a product by a day: worked cases, and the sums that always hold."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.obligations import Obligation, Paid, obligation
from sacco_desktop.domain.savings import DatedTerms, Every, SavingsTerms, Withdrawal

NOTHING = SavingsTerms("Deposits", True, 0, Every.NONE, 0, 1, Withdrawal.BY_DECISION, 0, 0)
MONTHLY = replace(NOTHING, every=Every.MONTH, expected_cents=100_000, due_day=31)
WEEKLY = replace(NOTHING, every=Every.WEEK, expected_cents=25_000, due_day=5)  # each Friday
EVER, JOINED = date(2000, 1, 1), date(2025, 12, 1)
MARCH = date(2026, 3, 16)  # a Monday


def _of(*terms: tuple[date, SavingsTerms]) -> tuple[DatedTerms, ...]:
    return tuple(DatedTerms(on, each) for on, each in terms)


def _at(terms: SavingsTerms, as_of: date, *paid: tuple[date, int]) -> Obligation:
    dated = _of((EVER, NOTHING), (date(2026, 1, 1), terms))
    return obligation(dated, JOINED, [Paid(*one) for one in paid], as_of)


def test_nothing_is_due_where_nothing_is_expected() -> None:
    found = obligation(_of((EVER, NOTHING)), JOINED, [Paid(MARCH, 5)], MARCH)
    assert found == Obligation(0, 0, 0, 0, None, None, None)
    assert not found.is_expected


def test_a_month_that_is_too_short_is_due_on_its_last_day() -> None:
    before, on = _at(MONTHLY, date(2026, 2, 27)), _at(MONTHLY, date(2026, 2, 28))
    assert (before.expected_cents, on.expected_cents) == (100_000, 200_000)
    assert (before.next_due, on.next_due) == (date(2026, 2, 28), date(2026, 3, 31))
    assert on.unpaid_since == date(2026, 1, 31)


def test_what_is_paid_covers_the_oldest_first_and_then_what_is_to_come() -> None:
    part = _at(MONTHLY, MARCH, (date(2026, 1, 5), 150_000))
    assert (part.overdue_cents, part.covered_until) == (50_000, date(2026, 1, 31))
    assert part.unpaid_since == date(2026, 2, 28)
    ahead = _at(MONTHLY, MARCH, (date(2026, 1, 5), 450_000))
    assert (ahead.ahead_cents, ahead.overdue_cents) == (250_000, 0)
    assert (ahead.covered_until, ahead.unpaid_since) == (date(2026, 4, 30), None)


def test_weeks_are_counted_from_their_weekday() -> None:
    found = _at(WEEKLY, date(2026, 1, 16), (date(2026, 1, 2), 100_000))
    # The Fridays 2, 9 and 16 January; one more is covered.
    assert (found.expected_cents, found.ahead_cents) == (75_000, 25_000)
    assert (found.covered_until, found.next_due) == (date(2026, 1, 23), date(2026, 1, 23))


def test_nobody_owes_what_fell_due_before_joining_nor_pays_it() -> None:
    dated = _of((EVER, MONTHLY))
    paid = [Paid(date(2026, 2, 1), 70_000), Paid(date(2026, 3, 1), 30_000)]
    found = obligation(dated, date(2026, 2, 15), paid, MARCH)
    assert (found.expected_cents, found.paid_cents) == (100_000, 30_000)
    assert obligation(dated, date(2026, 4, 1), paid, MARCH).expected_cents == 0


def test_each_due_is_that_of_the_terms_of_its_day_also_when_they_end() -> None:
    dated = _of(
        (date(2026, 1, 1), MONTHLY),
        (date(2026, 2, 1), WEEKLY),
        (date(2026, 2, 14), replace(NOTHING, is_open=False)),
    )
    found = obligation(dated, JOINED, [], MARCH)
    assert found.expected_cents == 100_000 + 2 * 25_000
    assert found.next_due is None


def test_a_fortune_paid_ahead_is_counted_without_end() -> None:
    found = _at(replace(WEEKLY, expected_cents=1), MARCH, (MARCH, 10**12))
    assert found.covered_until is not None
    assert found.covered_until.year > 2100


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(
    terms=st.lists(st.tuples(DAYS, st.sampled_from([NOTHING, MONTHLY, WEEKLY])), max_size=4),
    joined=DAYS,
    paid=st.lists(st.tuples(DAYS, st.integers(1, 500_000)), max_size=6),
    as_of=DAYS,
)
def test_the_figures_always_agree(
    terms: list[tuple[date, SavingsTerms]],
    joined: date,
    paid: list[tuple[date, int]],
    as_of: date,
) -> None:
    dated = _of(*sorted(dict(terms).items(), key=lambda one: one[0]))
    payments = [Paid(*one) for one in paid]
    found = obligation(dated, joined, payments, as_of)
    assert found.expected_cents + found.ahead_cents == found.paid_cents + found.overdue_cents
    assert not (found.ahead_cents and found.overdue_cents)
    assert (found.unpaid_since is not None) == bool(found.overdue_cents)
    assert found.next_due is None or found.next_due > as_of
    assert found.paid_cents <= sum(cents for _day, cents in paid)
    later = obligation(dated, joined, payments, as_of + timedelta(days=40))
    assert later.expected_cents >= found.expected_cents
