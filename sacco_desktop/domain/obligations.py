"""What a member was expected to pay into a product by a day, what was paid, and how far it covers: pure arithmetic."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

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


@dataclass(frozen=True, slots=True)
class Opening:
    """For whoever joined from `joined_from` on and before `joined_before`, payments count from `counts_from` on, or
    from the day of joining where that is later.
    """

    joined_from: date
    joined_before: date
    counts_from: date


@dataclass(frozen=True, slots=True)
class Dues:
    """What fell due up to a day: the days in their order, what had fallen due by each in all, in cents; and what comes
    next. The same for all who could owe from the same day on.
    """

    days: tuple[date, ...]
    sums: tuple[int, ...]
    next_due: date | None
    now: SavingsTerms | None

    def stand(self, paid_cents: int) -> Obligation:
        """How somebody stands who has paid so much."""
        expected = self.sums[-1] if self.sums else 0
        ahead, overdue = max(0, paid_cents - expected), max(0, expected - paid_cents)
        met = bisect_right(self.sums, paid_cents)
        covered = self.days[met - 1] if met else None
        unpaid = self.days[met] if met < len(self.days) else None
        if self.now and self.next_due and not overdue:
            covered = _ahead_until(self.now, self.next_due, ahead) or covered
        return Obligation(expected, paid_cents, ahead, overdue, covered, unpaid, self.next_due)


def obligation(
    terms: Sequence[DatedTerms], joined_on: date, paid: Sequence[Paid], as_of: date
) -> Obligation:
    """How a member who joined on that day stands on `as_of`. `terms` are the product's, the oldest first.

    Nothing is due before the member joined. A payment counts from the day on which the member first could owe: whatever
    was paid before that was nobody's due.
    """
    first = first_day(terms, joined_on)
    came = sum(one.cents for one in paid if first is not None and first <= one.on <= as_of)
    return dues_up_to(terms, first, as_of).stand(came)


def openings(terms: Sequence[DatedTerms]) -> tuple[Opening, ...]:
    """From when on payments count, by the day of joining; whoever joins after all of them is asked for nothing."""
    found: list[Opening] = []
    reached = date.min
    for one, ends in _with_ends(terms):
        if _asks(one.terms):
            found.append(Opening(reached, ends, one.effective_on))
            reached = ends
    return tuple(found)


def first_day(terms: Sequence[DatedTerms], joined_on: date) -> date | None:
    """The first day on which the product could ask something of this member; None when it never does."""
    for one in openings(terms):
        if one.joined_from <= joined_on < one.joined_before:
            return max(one.counts_from, joined_on)
    return None


def dues_up_to(terms: Sequence[DatedTerms], first: date | None, as_of: date) -> Dues:
    """What fell due up to `as_of`, for whoever could owe from `first` on."""
    now = _terms_on(terms, as_of)
    next_due = _next_due(now, as_of) if now else None
    if first is None or first > as_of:
        return Dues((), (), next_due, None)
    dues = list(_dues(terms, first, as_of))
    sums = accumulate(cents for _day, cents in dues)
    return Dues(tuple(day for day, _cents in dues), tuple(sums), next_due, now)


def _with_ends(terms: Sequence[DatedTerms]) -> Iterator[tuple[DatedTerms, date]]:
    """Each of the terms with the day on which others take their place."""
    for place, one in enumerate(terms):
        yield one, terms[place + 1].effective_on if place + 1 < len(terms) else date.max


def _asks(terms: SavingsTerms) -> bool:
    return terms.is_open and terms.every is not Every.NONE


def _dues(terms: Sequence[DatedTerms], first: date, as_of: date) -> Iterator[tuple[date, int]]:
    """Every due day from `first` up to `as_of` with its cents: each by the terms that held on it."""
    for one, ends in _with_ends(terms):
        if not _asks(one.terms):
            continue
        day = _due_from(one.terms, max(one.effective_on, first))
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
    if not held or not _asks(held[-1]):
        return None
    return held[-1]


def _next_due(terms: SavingsTerms, as_of: date) -> date:
    return _due_from(terms, as_of + timedelta(days=1))


def _ahead_until(terms: SavingsTerms, next_due: date, ahead_cents: int) -> date | None:
    """The last due day still to come that is paid already; however much was paid, not beyond a hundred years."""
    times = min(ahead_cents // terms.expected_cents, 5_200)
    if times == 0:
        return None
    if terms.every is Every.MONTH:
        times = min(times, 1_200)
    return _step(terms, next_due, times - 1)
