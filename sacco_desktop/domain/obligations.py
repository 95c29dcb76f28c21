"""What a member was expected to pay into a product by a day, what was paid, and how far it covers: pure arithmetic."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.savings import DatedTerms, Every, SavingsTerms

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that counts: its day and cents."""

    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """How a member stands with a product on a day, in cents.

    `paid_cents` counts from the first due day's terms on. `ahead_cents` is paid more than was due, and covers the dues
    until `covered_until`; `unpaid_since` is the oldest due day that is not paid in full.
    """

    expected_cents: int
    paid_cents: int
    ahead_cents: int
    overdue_cents: int
    covered_until: date | None
    unpaid_since: date | None
    next_due: date | None

    @property
    def is_expected(self) -> bool:
        """Whether anything was or will be due."""
        return bool(self.expected_cents) or self.next_due is not None


def obligation(
    terms: Sequence[DatedTerms], joined_on: date, paid: Sequence[Paid], as_of: date
) -> Obligation:
    """How a member who joined on that day stands on `as_of`. `terms` are the product's, the oldest first.

    Nothing is due before the member joined. A payment counts from the day on which the member first could owe: whatever
    was paid before that was nobody's due.
    """
    dues = list(_dues(terms, joined_on, as_of))
    now = _terms_on(terms, as_of)
    first = first_day(terms, joined_on)
    if first is None or first > as_of:
        return Obligation(0, 0, 0, 0, None, None, _next_due(now, as_of) if now else None)
    expected = sum(cents for _day, cents in dues)
    came = sum(one.cents for one in paid if first <= one.on <= as_of)
    ahead, overdue = max(0, came - expected), max(0, expected - came)
    covered, unpaid = _reach(dues, came)
    next_due = _next_due(now, as_of) if now else None
    if now and next_due and not overdue:
        covered = _ahead_until(now, next_due, ahead) or covered
    return Obligation(expected, came, ahead, overdue, covered, unpaid, next_due)


def first_day(terms: Sequence[DatedTerms], joined_on: date) -> date | None:
    """The first day on which the product could ask something of this member."""
    for place, one in enumerate(terms):
        ends = terms[place + 1].effective_on if place + 1 < len(terms) else date.max
        if one.terms.every is not Every.NONE and one.terms.is_open and joined_on < ends:
            return max(one.effective_on, joined_on)
    return None


def _dues(terms: Sequence[DatedTerms], joined_on: date, as_of: date) -> Iterator[tuple[date, int]]:
    """Every due day up to `as_of` with its cents: each by the terms that held on it."""
    for place, one in enumerate(terms):
        ends = terms[place + 1].effective_on if place + 1 < len(terms) else date.max
        if not one.terms.is_open or one.terms.every is Every.NONE:
            continue
        day = _due_from(one.terms, max(one.effective_on, joined_on))
        while day <= as_of and day < ends:
            yield day, one.terms.expected_cents
            day = _step(one.terms, day, 1)


def _due_from(terms: SavingsTerms, start: date) -> date:
    """The first due day on or after `start`."""
    if terms.every is Every.WEEK:
        return start + timedelta(days=(terms.due_day - start.isoweekday()) % 7)
    last = calendar.monthrange(start.year, start.month)[1]
    day = start.replace(day=min(terms.due_day, last))
    return day if day >= start else add_months(day, 1, terms.due_day)


def _step(terms: SavingsTerms, day: date, times: int) -> date:
    if terms.every is Every.WEEK:
        return day + times * _WEEK
    return add_months(day, times, terms.due_day)


def _terms_on(terms: Sequence[DatedTerms], on: date) -> SavingsTerms | None:
    """The terms that hold on a day, where they expect anything."""
    held = [one.terms for one in terms if one.effective_on <= on]
    if not held or not held[-1].is_open or held[-1].every is Every.NONE:
        return None
    return held[-1]


def _next_due(terms: SavingsTerms, as_of: date) -> date:
    return _due_from(terms, as_of + timedelta(days=1))


def _reach(dues: Sequence[tuple[date, int]], came: int) -> tuple[date | None, date | None]:
    """The last due day that is paid in full, and the first that is not."""
    covered: date | None = None
    for day, cents in dues:
        if came < cents:
            return covered, day
        came -= cents
        covered = day
    return covered, None


def _ahead_until(terms: SavingsTerms, next_due: date, ahead_cents: int) -> date | None:
    """The last due day still to come that is paid already; however much was paid, not beyond a hundred years."""
    times = min(ahead_cents // terms.expected_cents, 5_200)
    if times == 0:
        return None
    if terms.every is Every.MONTH:
        times = min(times, 1_200)
    return _step(terms, next_due, times - 1)
