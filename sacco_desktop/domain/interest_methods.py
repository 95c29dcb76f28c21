"""The methods of interest: how each instalment divides into principal and interest, from exact rates of periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm

from sacco_desktop.domain.instalments import Instalment
from sacco_desktop.domain.loan_terms import LoanTerms, Method
from sacco_desktop.domain.money import Rounding, rounded, rounded_ratio

Rows = list[Instalment]


@dataclass(frozen=True)
class Periods:
    """The days on which the periods end, the start of the first before them, and the exact rate of each; nothing for
    those in the grace of interest. `is_broken` says that the first is charged by its own days. The first period is
    that of the instalment numbered `after` + 1.
    """

    ends: tuple[date, ...]
    rates: tuple[Fraction, ...]
    is_broken: bool
    after: int = 0

    @cached_property
    def places(self) -> tuple[tuple[int, date], ...]:
        """The number of each instalment and the day on which it falls due."""
        return tuple(enumerate(self.ends[1:], start=self.after + 1))

    @cached_property
    def ratios(self) -> tuple[tuple[int, int], ...]:
        """The rates as whole numbers, numerator and denominator."""
        return tuple(rate.as_integer_ratio() for rate in self.rates)

    @cached_property
    def steps(self) -> tuple[tuple[int, date, int, int, int], ...]:
        """The same with three whole numbers: a balance times the first, plus the second, divided by the third without
        the rest, is the interest of the period, rounded half-up to the cent.
        """
        return tuple(
            (*place, 2 * up, down, 2 * down)
            for place, (up, down) in zip(self.places, self.ratios, strict=True)
        )

    @cached_property
    def _factors(self) -> dict[int, tuple[int, int]]:
        return {}

    def annuity_factor(self, graced: int) -> tuple[int, int]:
        """The exact equal instalment of one cent after `graced` instalments, as numerator and denominator. The same
        periods serve many loans, so it is kept.
        """
        if graced not in self._factors:
            self._factors[graced] = annuity(1, self.rates[graced:]).as_integer_ratio()
        return self._factors[graced]


def rows_of(terms: LoanTerms, periods: Periods) -> Rows:
    """The instalments by the method of these terms; the last takes every remainder."""
    return _ROWS[terms.method](terms, periods)


def _flat(terms: LoanTerms, periods: Periods) -> Rows:
    """Interest on the whole amount, agreed as a sum. A first period charged by its days bears its own interest, and
    the rest is shared equally.
    """
    charged = periods.rates[terms.interest_grace :]
    own = 1 if periods.is_broken and len(charged) > 1 else 0
    first = [round_interest(terms.principal_cents * rate, terms) for rate in charged[:own]]
    whole = round_interest(terms.principal_cents * sum(charged[own:], Fraction(0)), terms)
    shares = spread(whole, len(charged) - own, terms)
    return _with_interest(terms, periods, [*[0] * terms.interest_grace, *first, *shares])


def _reducing_flat(terms: LoanTerms, periods: Periods) -> Rows:
    """The interest of an equal-principal loan, averaged: P·i·(n+1)/2 in all when nothing is graced."""
    repaying = terms.instalments - terms.principal_grace
    share = Fraction(terms.principal_cents, repaying)
    whole = Fraction(0)
    for number, rate in enumerate(periods.rates):
        repaid = max(0, number - terms.principal_grace)
        whole += (terms.principal_cents - share * repaid) * rate
    charged = terms.instalments - terms.interest_grace
    shares = spread(round_interest(whole, terms), charged, terms)
    return _with_interest(terms, periods, [*[0] * terms.interest_grace, *shares])


def _no_interest(terms: LoanTerms, periods: Periods) -> Rows:
    return _with_interest(terms, periods, [0] * terms.instalments)


def _with_interest(terms: LoanTerms, periods: Periods, interest: list[int]) -> Rows:
    """Equal shares of the principal beside given interest; rounding up repays principal sooner."""
    return walk(terms, periods, lambda k, _balance: interest[k], with_share(terms))


def _reducing_equal_principal(terms: LoanTerms, periods: Periods) -> Rows:
    return walk(terms, periods, interest_by_balance(terms, periods), with_share(terms))


def _reducing_equal_instalment(terms: LoanTerms, periods: Periods) -> Rows:
    level = _level_cents(terms, periods)
    return walk(terms, periods, interest_by_balance(terms, periods), lambda _interest: level)


def _level_cents(terms: LoanTerms, periods: Periods) -> int:
    up, down = periods.annuity_factor(terms.principal_grace)
    whole = terms.principal_cents * up
    return rounded_ratio(whole, down, terms.rounding, terms.rounding_unit_cents)


_ROWS: dict[Method, Callable[[LoanTerms, Periods], Rows]] = {
    Method.FLAT: _flat,
    Method.REDUCING_EQUAL_INSTALMENT: _reducing_equal_instalment,
    Method.REDUCING_EQUAL_PRINCIPAL: _reducing_equal_principal,
    Method.REDUCING_FLAT: _reducing_flat,
    Method.UPFRONT: _no_interest,
    Method.NONE: _no_interest,
}


def walk(
    terms: LoanTerms,
    periods: Periods,
    interest_of: Callable[[int, int], int],
    instalment_of: Callable[[int], int],
) -> Rows:
    """From one instalment to the next: interest first, principal is what the rounded instalment leaves.

    `interest_of` has the place of the instalment, from 0, and the balance before it in cents; `instalment_of` has the
    interest, and gives the rounded instalment in cents. The last takes every remainder.
    """
    balance, last, rows = terms.principal_cents, terms.instalments - 1, []
    for k, (number, due_on) in enumerate(periods.places[: terms.instalments]):
        interest = interest_of(k, balance)
        if k == last:
            principal = balance
        elif k < terms.principal_grace:
            principal = 0
        else:
            principal = min(instalment_of(interest) - interest, balance)
        balance -= principal
        fee = terms.instalment_fee_cents
        rows.append(Instalment(number, due_on, principal, interest, balance, fee))
    return rows


def equal_instalments(terms: LoanTerms, periods: Periods) -> Rows | None:
    """The same rows as `rows_of` gives, much quicker, for equal instalments with interest rounded half-up: most loans
    are such, and registers hold them by the hundred thousand. Nothing for any other loan, and where an instalment after
    the grace would not repay a part of what is left.
    """
    if terms.method is not Method.REDUCING_EQUAL_INSTALMENT or terms.rounding is Rounding.HALF_EVEN:
        return None
    level, steps, grace = _level_cents(terms, periods), periods.steps, terms.principal_grace
    balance, fee = terms.principal_cents, terms.instalment_fee_cents
    # Nothing is called in the loop but the making of a row, past the constructor that takes the fields by name.
    new, rows = tuple.__new__, []
    for number, due_on, up, half, down in steps[:grace]:
        interest = (balance * up + half) // down
        rows.append(new(Instalment, (number, due_on, 0, interest, balance, fee)))
    for number, due_on, up, half, down in steps[grace:-1]:
        interest = (balance * up + half) // down
        principal = level - interest
        if not 0 < principal < balance:
            return None
        balance -= principal
        rows.append(new(Instalment, (number, due_on, principal, interest, balance, fee)))
    number, due_on, up, half, down = steps[-1]
    interest = (balance * up + half) // down
    rows.append(new(Instalment, (number, due_on, balance, interest, 0, fee)))
    return rows


def interest_by_balance(terms: LoanTerms, periods: Periods) -> Callable[[int, int], int]:
    """For `walk`: the interest of a period on the balance before it, rounded to the cent."""
    if terms.rounding is Rounding.HALF_EVEN:
        return lambda k, balance: round_interest(balance * periods.rates[k], terms)
    ratios = periods.ratios

    def half_up(k: int, balance: int) -> int:
        up, down = ratios[k]
        return (2 * balance * up + down) // (2 * down)

    return half_up


def with_share(terms: LoanTerms) -> Callable[[int], int]:
    """For `walk`: the equal share of the principal and the interest of the instalment, rounded together."""
    share, count = equal_share(terms).as_integer_ratio()
    return lambda interest: rounded_ratio(
        share + interest * count, count, terms.rounding, terms.rounding_unit_cents
    )


def annuity(principal_cents: int, rates: Sequence[Fraction]) -> Fraction:
    """The exact equal instalment that repays a loan over periods with these rates.

    With one rate i it is P·i ÷ (1 − (1+i)⁻ⁿ), without interest P ÷ n. Growth and payments are kept as whole numbers
    over one denominator, which stays quick for a thousand weeks.
    """
    whole = lcm(*(rate.denominator for rate in rates))
    growth, payments, scale = 1, 0, 1
    for rate in rates:
        factor = whole + rate.numerator * (whole // rate.denominator)
        growth *= factor
        payments = payments * factor + scale
        scale *= whole
    return Fraction(principal_cents * growth, payments * whole)


def equal_share(terms: LoanTerms) -> Fraction:
    """The exact principal of each instalment after the grace, in cents, where the principal is shared equally."""
    return Fraction(terms.principal_cents, terms.instalments - terms.principal_grace)


def round_interest(cents: Fraction, terms: LoanTerms) -> int:
    """Interest comes to whole cents: half-even where the society rounds so, otherwise half-up."""
    is_even = terms.rounding is Rounding.HALF_EVEN
    return rounded(cents, Rounding.HALF_EVEN if is_even else Rounding.HALF_UP)


def spread(total_cents: int, count: int, terms: LoanTerms) -> list[int]:
    """Equal shares, the last with the remainder; never more than is left."""
    share = round_interest(Fraction(total_cents, count), terms)
    shares = []
    left = total_cents
    for _ in range(count - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return [*shares, left]
