"""What a payment beside the schedule does to it: the same instalment for a shorter time, or a smaller one as long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import partial

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.interest_methods import (
    Periods,
    Rows,
    interest_by_balance,
    rows_of,
    spread,
    walk,
    with_share,
)
from sacco_desktop.domain.loan_terms import REDUCING, LoanTerms, Method
from sacco_desktop.domain.money import format_kes, rounded_ratio
from sacco_desktop.domain.schedule import Instalment, periods_of


class Keep(StrEnum):
    """What stays as it was when principal is repaid early."""

    INSTALMENT = "keep-instalment"
    TERM = "keep-term"


def after_prepayment(
    terms: LoanTerms,
    disbursed_on: date,
    schedule: Sequence[Instalment],
    after: int,
    amount_cents: int,
    keep: Keep,
) -> tuple[Instalment, ...]:
    """The schedule once `amount_cents` of principal are repaid together with instalment `after`; 0 is the payout's day.

    The balance of instalment `after` is what is owed behind both payments. Loans on a reducing balance bear interest on
    what is left from then on. Interest that was agreed as a sum stays agreed: what of it has not fallen due is shared
    over the instalments that are left. A schedule that was changed before may be changed again.
    Raises InvalidInput for an instalment that is the last or does not exist, and for an amount that leaves nothing.
    """
    owed = _owed_after(terms, schedule, after)
    if amount_cents <= 0:
        raise InvalidInput("The amount repaid early must be more than zero.", "prepay")
    left = owed - amount_cents
    if left <= 0:
        raise InvalidInput(
            f"After instalment {after} the loan owes {format_kes(owed)}. Ask for the payoff to settle it.",
            "prepay",
        )
    whole = periods_of(terms, disbursed_on)
    rest = Periods(
        whole.ends[after : len(schedule) + 1],
        whole.rates[after : len(schedule)],
        is_broken=False,
        after=after,
    )
    rest_terms = replace(
        terms,
        principal_cents=left,
        instalments=len(rest.rates),
        principal_grace=max(0, terms.principal_grace - after),
        interest_grace=max(0, terms.interest_grace - after),
    )
    rows = _REST[keep](terms, rest_terms, rest, schedule[after:])
    kept = [*schedule[:after]]
    if kept:
        kept[-1] = kept[-1]._replace(balance_cents=left)
    return (*kept, *rows)


def _owed_after(terms: LoanTerms, schedule: Sequence[Instalment], after: int) -> int:
    if not 0 <= after < len(schedule):
        last = len(schedule) - 1
        raise InvalidInput(f"Principal can be repaid early after instalment 0 to {last}.", "prepay")
    return schedule[after - 1].balance_cents if after else terms.principal_cents


def _same_term(
    _terms: LoanTerms, rest_terms: LoanTerms, rest: Periods, was: Sequence[Instalment]
) -> Rows:
    """The rest of the loan, as if it were lent anew for the time that is left."""
    if not _is_agreed(rest_terms.method):
        return _until_repaid(rows_of(rest_terms, rest))
    agreed = [row.interest_cents for row in was]
    return _until_repaid(walk(rest_terms, rest, lambda k, _: agreed[k], with_share(rest_terms)))


def _same_instalment(
    terms: LoanTerms, rest_terms: LoanTerms, rest: Periods, was: Sequence[Instalment]
) -> Rows:
    """Each instalment as large as it was, so that the last ones fall away."""
    if _is_agreed(terms.method):
        return _agreed_and_shorter(rest_terms, rest, was)
    paying = was[rest_terms.principal_grace]
    level = paying.principal_cents + paying.interest_cents
    is_level = terms.method is Method.REDUCING_EQUAL_INSTALMENT
    if terms.method not in REDUCING:
        rest = replace(rest, rates=(Fraction(0),) * len(rest.rates))
    whole = partial(_whole, terms)
    return _until_repaid(
        walk(
            rest_terms,
            rest,
            interest_by_balance(terms, rest),
            lambda due: whole(level if is_level else paying.principal_cents + due),
        )
    )


def _agreed_and_shorter(rest_terms: LoanTerms, rest: Periods, was: Sequence[Instalment]) -> Rows:
    """Instalments in the grace of interest repay principal as before; the others are as large as they were, and the
    interest that was agreed is shared over them.
    """
    agreed = sum(row.interest_cents for row in was)
    repaid_free, charged_from = rest_terms.principal_grace, rest_terms.interest_grace
    free, first = was[repaid_free], was[max(repaid_free, charged_from)]
    free_cents = free.principal_cents * max(0, charged_from - repaid_free)
    level = max(1, first.principal_cents + first.interest_cents)
    graced = max(repaid_free, charged_from)
    owed = max(0, rest_terms.principal_cents - free_cents) + agreed
    count = min(len(was), max(graced + -(-owed // level), graced + 1))
    shares = [*[0] * charged_from, *spread(agreed, count - charged_from, rest_terms)]
    return _until_repaid(
        walk(
            replace(rest_terms, instalments=count),
            rest,
            lambda k, _: shares[k],
            lambda due: _whole(rest_terms, level if due else free.principal_cents),
        )
    )


def _whole(terms: LoanTerms, cents: int) -> int:
    return rounded_ratio(cents, 1, terms.rounding, terms.rounding_unit_cents)


_REST: dict[Keep, Callable[[LoanTerms, LoanTerms, Periods, Sequence[Instalment]], Rows]] = {
    Keep.TERM: _same_term,
    Keep.INSTALMENT: _same_instalment,
}


def _is_agreed(method: Method) -> bool:
    """Whether the interest of this method is a sum that was agreed, which no balance changes."""
    return method in (Method.FLAT, Method.REDUCING_FLAT)


def _until_repaid(rows: Rows) -> Rows:
    """The instalments up to the one that repays the rest; interest agreed for later ones falls due with it."""
    for at, row in enumerate(rows, start=1):
        if row.balance_cents == 0 and row.principal_cents:
            interest = sum(one.interest_cents for one in rows[at - 1 :])
            return [*rows[: at - 1], row._replace(interest_cents=interest)]
    whole = sum(row.principal_cents for row in rows)
    raise ValueError(f"instalments that repay {whole} cents must repay something")
