"""The schedule that an old loan goes on with adds up to what is owed."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.loan_terms import LoanTerms, Method, RatePer
from sacco_desktop.domain.old_books.remaining import remaining_schedule
from sacco_desktop.domain.schedule import make_schedule

TERMS = LoanTerms(
    12_000_00, Method.REDUCING_EQUAL_PRINCIPAL, Decimal("0.01"), RatePer.MONTH, Frequency.MONTHLY, 12
)  # fmt: skip
SCHEDULE = make_schedule(TERMS, date(2025, 9, 16))


def test_what_was_repaid_repaid_the_first_instalments() -> None:
    left = remaining_schedule(SCHEDULE, 7_500_00, date(2026, 3, 16))
    assert [(row.number, row.principal_cents, row.interest_cents) for row in left[:3]] == [
        (5, 500_00, 0),
        (6, 1_000_00, 0),
        (7, 1_000_00, 60_00),
    ]
    assert left[0].due_on == date(2026, 2, 16)
    assert [row.balance_cents for row in left][-1] == 0


def test_who_is_ahead_owes_nothing_before_the_next_unpaid_instalment() -> None:
    left = remaining_schedule(SCHEDULE, 3_000_00, date(2026, 3, 16))
    assert [row.number for row in left] == [10, 11, 12]


@given(st.integers(1, 12_000_00), st.integers(0, 400))
def test_it_always_adds_up_to_what_is_owed(owed: int, days: int) -> None:
    left = remaining_schedule(
        SCHEDULE, owed, date.fromordinal(SCHEDULE[0].due_on.toordinal() + days)
    )
    assert sum(row.principal_cents for row in left) == owed
    assert left[-1].balance_cents == 0
    assert all(min(row.principal_cents, row.interest_cents) >= 0 for row in left)
