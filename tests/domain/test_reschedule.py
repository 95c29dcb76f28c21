"""A loan that is agreed anew: the principal is repaid exactly, and nothing that fell due is forgotten."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, reject
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_position import position
from sacco_desktop.domain.loan_terms import LoanTerms, Method, RatePer
from sacco_desktop.domain.payoff import PayoffRule
from sacco_desktop.domain.reschedule import agree_anew, terms_over
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.domain.settlement import Running, settle

PAID_OUT = date(2024, 1, 1)
G02 = LoanTerms(
    10_000_000,
    Method.REDUCING_EQUAL_INSTALMENT,
    Decimal("0.01"),
    RatePer.MONTH,
    Frequency.MONTHLY,
    12,
)


def running(terms: LoanTerms = G02) -> Running:
    return Running(terms, PAID_OUT, make_schedule(terms, PAID_OUT))


def paid_of(loan: Running, instalments: int) -> list[Owed]:
    return [
        part
        for row in loan.rows[:instalments]
        for part in (
            Owed(row.number, Component.INTEREST, row.interest_cents),
            Owed(row.number, Component.PRINCIPAL, row.principal_cents),
        )
        if part.cents
    ]


def test_late_interest_falls_due_with_the_first_new_instalment_and_is_not_lent() -> None:
    loan = running()
    # Six are paid, the seventh and the eighth are late, and ten of 30 days of the ninth have passed.
    found = position(loan.rows, paid_of(loan, 6))
    anew = agree_anew(loan, found, date(2024, 9, 11), 24)
    assert anew.principal_cents == 5_149_209
    assert anew.carried_cents == 51_492 + 43_122
    assert anew.used_cents == round(34_668 * 10 / 30)
    # 51,492.09 at 1 % over 24 months is 2,423.91.
    assert anew.new_rows[0].total_cents == 242_391
    first = anew.new_rows[0].due_on
    assert first == date(2024, 10, 11)
    stands = position(anew.rows, paid_of(loan, 6))
    assert stands.due_cents(date(2024, 9, 11)) == 0
    assert stands.due_cents(first) == 242_391 + anew.carried_cents + anew.used_cents
    # What carried over is asked for when the loan is then paid off.
    again = Running(terms_over(G02, 5_149_209, 24), anew.on, anew.rows, anew.before)
    payoff = settle(again, stands, date(2024, 9, 11), PayoffRule())
    assert payoff.total_cents == 5_149_209 + anew.carried_cents + anew.used_cents


@given(
    paid=st.integers(0, 11),
    day=st.integers(1, 500),
    method=st.sampled_from(list(Method)),
    count=st.integers(1, 60),
)
def test_whatever_was_paid_the_principal_comes_to_the_loan_and_no_part_is_negative(
    paid: int, day: int, method: Method, count: int
) -> None:
    loan = running(replace(G02, method=method))
    parts = paid_of(loan, paid)
    found = position(loan.rows, parts)
    on = date.fromordinal(PAID_OUT.toordinal() + day)
    try:
        anew = agree_anew(loan, found, on, count)
    except InvalidInput:
        # Terms that repay nothing in some instalment make no schedule.
        reject()
    assert sum(row.principal_cents for row in anew.rows) == G02.principal_cents
    assert anew.rows[-1].balance_cents == 0
    assert min(min(row[2:]) for row in anew.rows) >= 0
    stands = position(anew.rows, parts)
    assert stands.principal_cents == found.principal_cents
    assert stands.arrears_cents(on) == 0
