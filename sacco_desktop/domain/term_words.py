"""The terms of a loan in the office's words, so that nobody agrees to a code."""

from __future__ import annotations

from decimal import Decimal

from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.loan_terms import (
    REDUCING,
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
)
from sacco_desktop.domain.money import Rounding, format_kes

_METHODS = {
    Method.FLAT: "flat, on the whole amount for the whole term",
    Method.REDUCING_EQUAL_INSTALMENT: "reducing balance, equal instalments",
    Method.REDUCING_EQUAL_PRINCIPAL: "reducing balance, equal principal",
    Method.REDUCING_FLAT: "that of a reducing balance, averaged over the instalments",
    Method.UPFRONT: "in advance, taken off at the payout",
}
_DAY_COUNTS = {
    DayCount.PER_PERIOD: "each period bears the same part of the year",
    DayCount.THIRTY_360: "30 days a month, 360 a year",
    DayCount.ACTUAL_365: "the days of the calendar, 365 a year",
    DayCount.WEEKLY_364: "52 weeks of 7 days, 364 a year",
}
_ROUNDINGS = {
    Rounding.HALF_UP: "to the nearest {unit}",
    Rounding.HALF_EVEN: "to the nearest {unit}, halves to the even one",
    Rounding.UP: "up to the next {unit}",
}
_PERIODS = {
    Frequency.WEEKLY: "One week",
    Frequency.MONTHLY: "One month",
    Frequency.QUARTERLY: "Three months",
}

Facts = tuple[tuple[str, str], ...]


def interest_words(terms: LoanTerms) -> str:
    """`1 % per month, reducing balance, equal instalments`."""
    if terms.method is Method.NONE:
        return "no interest"
    return (
        f"{percent_words(terms.rate * 100)} % per {terms.rate_per.value}, {_METHODS[terms.method]}"
    )


def terms_words(terms: LoanTerms) -> str:
    """Interest and frequency in one line."""
    return f"{interest_words(terms)}, {terms.frequency.value}"


def term_facts(terms: LoanTerms) -> Facts:
    """Every term with its title; what does not apply to this loan is left out."""
    facts = [
        ("Interest", _sentence(interest_words(terms))),
        ("Instalments", f"{terms.instalments}, {terms.frequency.value}"),
        ("First due", _first_due(terms)),
        ("Rounding", f"Each instalment {_rounding(terms)}; the last takes the rest"),
    ]
    if terms.method is not Method.NONE:
        facts.append(("Days", _sentence(_days(terms))))
    if grace := _grace(terms):
        facts.append(("Grace", grace))
    if terms.method in REDUCING:
        facts.append(("If one is missed", _missed(terms)))
    if terms.instalment_fee_cents:
        facts.append(("Fees", f"{format_kes(terms.instalment_fee_cents)} with each instalment"))
    return tuple(facts)


def agreed_words(terms: LoanTerms) -> str:
    """The terms as approvals have been bound to them since the first books; another wording would void those that
    wait. What it leaves unsaid is in `unusual_terms`.
    """
    method = terms.method.value.replace("_", " ")
    rate = f"{percent_words(terms.rate * 100)} % per {terms.rate_per.value}"
    return f"{rate}, {method}, {terms.frequency.value}, {terms.instalments} instalments"


def unusual_terms(terms: LoanTerms) -> str:
    """Every term, when one of them is not what goes without saying; otherwise nothing."""
    plain = LoanTerms(
        principal_cents=terms.principal_cents,
        method=terms.method,
        rate=terms.rate,
        rate_per=terms.rate_per,
        frequency=terms.frequency,
        instalments=terms.instalments,
        rounding=Rounding.HALF_UP if terms.rounding_unit_cents == 1 else Rounding.UP,
        rounding_unit_cents=terms.rounding_unit_cents,
    )
    if terms == plain:
        return ""
    return ". ".join(f"{title}: {words}" for title, words in term_facts(terms)) + "."


def percent_words(percent: Decimal) -> str:
    """A figure without zeros that say nothing: `1.5`, `20`."""
    figures = f"{percent:f}"
    return figures.rstrip("0").rstrip(".") if "." in figures else figures


def _first_due(terms: LoanTerms) -> str:
    start = f"the {terms.grace_days} days of grace" if terms.grace_days else "the payout"
    if terms.first_due is FirstDue.END_OF_NEXT_MONTH:
        return f"At the end of the month after {start}"
    if terms.first_due is FirstDue.DAY_OF_NEXT_MONTH:
        return f"On day {terms.first_due_day} of the month after {start}"
    return f"{_PERIODS[terms.frequency]} after {start}"


def _rounding(terms: LoanTerms) -> str:
    unit = "cent" if terms.rounding_unit_cents == 1 else format_kes(terms.rounding_unit_cents)
    return _ROUNDINGS[terms.rounding].format(unit=unit)


def _days(terms: LoanTerms) -> str:
    words = _DAY_COUNTS[terms.day_count]
    if terms.broken_period is BrokenPeriod.BY_DAYS:
        return f"{words}; a longer or shorter first period by its days"
    if terms.first_due is not FirstDue.ONE_PERIOD:
        return f"{words}; the first counts as a whole one"
    return words


def _grace(terms: LoanTerms) -> str:
    graces = []
    if terms.grace_days:
        graces.append(f"the first period starts {terms.grace_days} days after the payout")
    if terms.principal_grace:
        graces.append(f"{_firsts(terms.principal_grace)} no principal")
    if terms.interest_grace:
        graces.append(f"{_firsts(terms.interest_grace)} no interest")
    return _sentence("; ".join(graces))


def _firsts(count: int) -> str:
    return "the first instalment has" if count == 1 else f"the first {count} instalments have"


def _missed(terms: LoanTerms) -> str:
    if terms.interest_on is InterestOn.BALANCE:
        return "Interest on what is still owed"
    return "Interest stays as in the schedule"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
