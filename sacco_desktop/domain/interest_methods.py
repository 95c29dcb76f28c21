"""The methods of interest: how each instalment divides into principal and interest, from exact rates of periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from sacco_desktop.domain.loan_terms import LoanTerms, Method
from sacco_desktop.domain.money import Rounding, rounded

# One (principal, interest) pair in cents for each instalment.
Parts = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Periods:
    """The days on which the periods end, the start of the first before them, and the exact rate of each; nothing for
    those in the grace of interest. `is_broken` says that the first is charged by its own days.
    """

    ends: tuple[date, ...]
    rates: tuple[Fraction, ...]
    is_broken: bool


def parts_of(terms: LoanTerms, periods: Periods) -> Parts:
    """Principal and interest of each instalment by the method of these terms; the last takes every remainder."""
    return _PARTS[terms.method](terms, periods)


def _flat(terms: LoanTerms, periods: Periods) -> Parts:
    """Interest on the whole amount, agreed as a sum. A first period charged by its days bears its own interest, and
    the rest is shared equally.
    """
    charged = periods.rates[terms.interest_grace :]
    own = 1 if periods.is_broken and len(charged) > 1 else 0
    first = [round_interest(terms.principal_cents * rate, terms) for rate in charged[:own]]
    whole = round_interest(terms.principal_cents * sum(charged[own:], Fraction(0)), terms)
    shares = spread(whole, len(charged) - own, terms)
    return _with_interest(terms, [*[0] * terms.interest_grace, *first, *shares])


def _reducing_flat(terms: LoanTerms, periods: Periods) -> Parts:
    """The interest of an equal-principal loan, averaged: P·i·(n+1)/2 in all when nothing is graced."""
    repaying = terms.instalments - terms.principal_grace
    share = Fraction(terms.principal_cents, repaying)
    whole = Fraction(0)
    for number, rate in enumerate(periods.rates):
        repaid = max(0, number - terms.principal_grace)
        whole += (terms.principal_cents - share * repaid) * rate
    charged = terms.instalments - terms.interest_grace
    shares = spread(round_interest(whole, terms), charged, terms)
    return _with_interest(terms, [*[0] * terms.interest_grace, *shares])


def _no_interest(terms: LoanTerms, _periods: Periods) -> Parts:
    return _with_interest(terms, [0] * terms.instalments)


def _with_interest(terms: LoanTerms, interest: list[int]) -> Parts:
    """Equal shares of the principal beside given interest; rounding up repays principal sooner."""
    share = equal_share(terms)
    return walk(terms, lambda k, _balance: interest[k], lambda row: share + row)


def _reducing_equal_principal(terms: LoanTerms, periods: Periods) -> Parts:
    share = equal_share(terms)
    return walk(
        terms,
        lambda k, balance: round_interest(balance * periods.rates[k], terms),
        lambda interest: share + interest,
    )


def _reducing_equal_instalment(terms: LoanTerms, periods: Periods) -> Parts:
    instalment = annuity(terms.principal_cents, periods.rates[terms.principal_grace :])
    return walk(
        terms,
        lambda k, balance: round_interest(balance * periods.rates[k], terms),
        lambda _interest: instalment,
    )


_PARTS: dict[Method, Callable[[LoanTerms, Periods], Parts]] = {
    Method.FLAT: _flat,
    Method.REDUCING_EQUAL_INSTALMENT: _reducing_equal_instalment,
    Method.REDUCING_EQUAL_PRINCIPAL: _reducing_equal_principal,
    Method.REDUCING_FLAT: _reducing_flat,
    Method.UPFRONT: _no_interest,
    Method.NONE: _no_interest,
}


def walk(
    terms: LoanTerms,
    interest_of: Callable[[int, int], int],
    instalment_of: Callable[[int], Fraction],
) -> Parts:
    """From one instalment to the next: interest first, principal is what the rounded instalment leaves.

    `interest_of` has the place of the instalment, from 0, and the balance before it in cents; `instalment_of` has the
    interest, and gives the exact instalment in cents. The last takes every remainder.
    """
    balance = terms.principal_cents
    parts: Parts = []
    for k in range(terms.instalments):
        interest = interest_of(k, balance)
        if k < terms.principal_grace:
            principal = 0
        elif k == terms.instalments - 1:
            principal = balance
        else:
            whole = rounded(instalment_of(interest), terms.rounding, terms.rounding_unit_cents)
            principal = min(balance, whole - interest)
        parts.append((principal, interest))
        balance -= principal
    return parts


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
