"""What a loan owed day by day, as penalties are reckoned from it: dues, what was paid of each and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.penalties.terms import Counted

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LoanDue:
    """An instalment as it fell due, in cents."""

    number: int
    on: date
    principal_cents: int
    interest_cents: int
    fee_cents: int = 0

    def cents(self, base: Counted) -> int:
        """What of it a rule counts."""
        if base is Counted.PRINCIPAL:
            return self.principal_cents
        return self.principal_cents + self.interest_cents + self.fee_cents


@dataclass(frozen=True, slots=True)
class PartPaid:
    """What was paid of one component of an instalment on a day, in cents; instalment 0 is principal repaid early."""

    number: int
    component: Component
    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What of a charge was paid or waived on a day, in cents."""

    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge in the books, in cents. The days up to `until` are counted by it."""

    rule: str
    subject: str
    period: date
    stage: int
    on: date
    until: date
    cents: int
    settled: tuple[Settled, ...] = ()
    waived_cents: int = 0

    @property
    def key(self) -> tuple[str, str, date, int]:
        """What can be charged once only."""
        return self.rule, self.subject, self.period, self.stage

    def left_on(self, day: date) -> int:
        """What of it was unpaid at the end of that day."""
        if day < self.on:
            return 0
        return self.cents - sum(one.cents for one in self.settled if one.on <= day)


@dataclass(frozen=True, slots=True)
class Spared:
    """What falls due in these days is charged by no rule, or not by this one; without a last day for good."""

    rule: str
    first: date
    last: date | None

    def covers(self, rule: str, day: date) -> bool:
        """Whether this rule spares what falls due on that day."""
        is_in_time = self.first <= day and (self.last is None or day <= self.last)
        return is_in_time and self.rule in ("", rule)


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """A loan as penalties see it. `lent_cents` is the whole principal of the schedule and what was repaid early."""

    number: str
    product: str
    lent_cents: int
    dues: tuple[LoanDue, ...]
    paid: tuple[PartPaid, ...]
    charged: tuple[Charged, ...] = ()
    spared: tuple[Spared, ...] = ()

    def is_spared(self, rule: str, day: date) -> bool:
        """Whether the member is exempt from this rule for what falls due on that day."""
        return any(one.covers(rule, day) for one in self.spared)

    def left_of(self, due: LoanDue, day: date, base: Counted) -> int:
        """What of an instalment was unpaid at the end of a day."""
        return due.cents(base) - sum(
            part.cents
            for part in self.paid
            if part.number == due.number
            and part.on <= day
            and (base is Counted.INSTALMENT or part.component is Component.PRINCIPAL)
        )

    def principal_left(self, day: date) -> int:
        """The principal outstanding at the end of a day."""
        return self.lent_cents - sum(
            part.cents
            for part in self.paid
            if part.component is Component.PRINCIPAL and part.on <= day
        )


@dataclass(frozen=True, slots=True)
class Late:
    """From `day` on so much is late, until the next of these says otherwise, in cents. `since` is the due date of the
    oldest of it, None where nothing is late.
    """

    day: date
    cents: int
    since: date | None


def late_steps(
    facts: LoanFacts, dues: Sequence[LoanDue], grace_days: int, until: date, base: Counted
) -> tuple[Late, ...]:
    """How much of these instalments was late beyond the days of grace, from each day on which that changed.

    A day counts by what was unpaid at the end of the day before, so an instalment is late from the day after its grace
    on, and on the day on which it is paid for the last time.
    """
    grace = timedelta(days=grace_days) + _DAY
    days = {due.on + grace for due in dues} | {part.on + _DAY for part in facts.paid}
    first = min((due.on + grace for due in dues), default=date.max)
    return tuple(
        _late(facts, dues, grace, day, base) for day in sorted(days) if first <= day <= until
    )


def _late(
    facts: LoanFacts, dues: Sequence[LoanDue], grace: timedelta, day: date, base: Counted
) -> Late:
    cents, since = 0, None
    for due in dues:
        if due.on + grace <= day:
            left = facts.left_of(due, day - _DAY, base)
            if left > 0:
                cents += left
                since = due.on if since is None else min(since, due.on)
    return Late(day, cents, since)


@dataclass(frozen=True, slots=True)
class Episode:
    """A time without a break in which something was late: the due date that began it, its first late day, and the last
    one; None while it lasts.
    """

    since: date
    began: date
    last: date | None
    steps: tuple[Late, ...]

    def late_on(self, day: date) -> int:
        """What was late on a day of it, in cents."""
        found = [step.cents for step in self.steps if step.day <= day]
        return found[-1] if found and (self.last is None or day <= self.last) else 0


def episodes(steps: Sequence[Late]) -> Iterator[Episode]:
    """The times of lateness in their order."""
    running: list[Late] = []
    for step in steps:
        if step.cents:
            running.append(step)
        elif running:
            yield _episode(running, step.day - _DAY)
            running = []
    if running:
        yield _episode(running, None)


def _episode(steps: Sequence[Late], last: date | None) -> Episode:
    since = steps[0].since
    assert since is not None, "something is late"
    return Episode(since, steps[0].day, last, tuple(steps))
