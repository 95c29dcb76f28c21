"""All penalties that are due by a day, from the rules and the dated facts alone; asking again adds nothing.

A rule counts for what fell due while it was switched on, by the terms of that day, and charges on days on which it is
still switched on. Each charge bears the day on which it came due, whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.penalties.caps import Cap, room_cents
from sacco_desktop.domain.penalties.facts import (
    Charged,
    Episode,
    LoanDue,
    LoanFacts,
    episodes,
    late_steps,
)
from sacco_desktop.domain.penalties.terms import (
    BY_DAYS,
    CONTINUING,
    Basis,
    Counted,
    DatedPenaltyTerms,
    PenaltyRule,
    PenaltyTerms,
    Span,
    amount_cents,
    growth_cents,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A penalty that came due on a day, in cents; `uncapped_cents` is what it would be without the cap of the loan.

    `spans` are the days and sums that it was reckoned from, `penalties_cents` the unpaid penalties that a compound rule
    counts with them.
    """

    rule: str
    terms_id: int
    subject: str
    period: date
    stage: int
    on: date
    until: date
    cents: int
    uncapped_cents: int
    spans: tuple[Span, ...]
    penalties_cents: int = 0
    instalment: int = 0

    @property
    def charged(self) -> Charged:
        """The same as a charge in the books on which nothing was paid."""
        return Charged(
            self.rule, self.subject, self.period, self.stage, self.on, self.until, self.cents
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Up to which day charges are wanted; with `close` the days of a month that runs are charged too, up to that day,
    because something is about to be paid.
    """

    until: date
    close: bool = False
    cap: Cap = Cap.PRINCIPAL


def loan_charges(
    rules: Sequence[PenaltyRule], facts: LoanFacts, wanted: Wanted
) -> tuple[NewCharge, ...]:
    """What the rules charge on a loan that is not charged yet, by day; exempt members are not asked about here."""
    done = list(facts.charged)
    found: list[NewCharge] = []
    while (charge := _next(rules, replace(facts, charged=tuple(done)), wanted)) is not None:
        done.append(charge.charged)
        found.append(charge)
    return tuple(found)


def _next(rules: Sequence[PenaltyRule], facts: LoanFacts, wanted: Wanted) -> NewCharge | None:
    """The first that is missing: a later one may count it, by its cap or because it compounds."""
    keys = {one.key for one in facts.charged}
    missing = []
    for rule in rules:
        for charge in _of_rule(rule, facts, wanted):
            if (charge.rule, charge.subject, charge.period, charge.stage) not in keys:
                missing.append(charge)
    missing += _growths(rules, facts.charged, wanted.until)
    for charge in sorted(missing, key=lambda one: (one.on, one.rule, one.period, one.stage)):
        capped = _capped(charge, facts, wanted.cap)
        if capped.cents:
            return capped
    return None


def _capped(charge: NewCharge, facts: LoanFacts, cap: Cap) -> NewCharge:
    room = room_cents(facts, charge.on, cap)
    return charge if room is None else replace(charge, cents=min(charge.cents, room))


def _of_rule(rule: PenaltyRule, facts: LoanFacts, wanted: Wanted) -> Iterator[NewCharge]:
    dues = []
    for due in facts.dues:
        dated = rule.on(due.on)
        if dated is None or facts.is_spared(rule.code, due.on):
            continue
        if dated.terms.product in ("", facts.product):
            dues.append((due, dated))
    for due, dated in dues:
        if dated.terms.basis not in CONTINUING:
            yield from _once(rule, facts, due, dated, wanted.until)
    yield from _continuing(
        rule, facts, [due for due, dated in dues if dated.terms.basis in CONTINUING], wanted
    )


def _once(
    rule: PenaltyRule, facts: LoanFacts, due: LoanDue, dated: DatedPenaltyTerms, until: date
) -> Iterator[NewCharge]:
    terms = dated.terms
    day = due.on + timedelta(days=terms.grace_days) + _DAY
    if day > until or rule.on(day) is None:
        return
    late = facts.left_of(due, day - _DAY, terms.base)
    if late <= 0:
        return
    if terms.basis is Basis.PERCENT_OF_OUTSTANDING:
        late = facts.principal_left(day - _DAY)
    subject = f"{facts.number}/{due.number}"
    yield _charge(rule, dated, subject, due.on, (Span(day, day, late),), due.number)


def _charge(
    rule: PenaltyRule,
    dated: DatedPenaltyTerms,
    subject: str,
    period: date,
    spans: tuple[Span, ...],
    instalment: int = 0,
) -> NewCharge:
    cents, last = amount_cents(dated.terms, spans), spans[-1].last
    return NewCharge(
        rule.code,
        dated.terms_id,
        subject,
        period,
        0,
        last,
        last,
        cents,
        cents,
        spans,
        instalment=instalment,
    )


def _continuing(
    rule: PenaltyRule, facts: LoanFacts, dues: Sequence[LoanDue], wanted: Wanted
) -> Iterator[NewCharge]:
    """A loan that is late bears such a penalty month by month; the terms of the due date that began it count."""
    for grace in sorted({one.terms.grace_days for one in rule.dated}):
        for base in Counted:
            for episode in episodes(late_steps(facts, dues, grace, wanted.until, base)):
                dated = rule.on(episode.since)
                assert dated is not None, "these fell due while the rule was on"
                terms = dated.terms
                if terms.grace_days != grace or terms.base is not base:
                    continue
                if terms.basis in BY_DAYS:
                    yield from _by_days(rule, facts, dated, episode, wanted)
                elif terms.basis is Basis.PERCENT_PER_MONTH:
                    yield from _by_month(rule, facts, dated, episode, wanted.until)


def _months(episode: Episode, terms: PenaltyTerms, until: date) -> Iterator[date]:
    """The first late day of each month of lateness."""
    times = 0
    while True:
        anniversary = add_months(episode.since, times, episode.since.day)
        day = anniversary + timedelta(days=terms.grace_days) + _DAY
        if day > until or (episode.last is not None and day > episode.last):
            return
        yield day
        times += 1


def _by_month(
    rule: PenaltyRule, facts: LoanFacts, dated: DatedPenaltyTerms, episode: Episode, until: date
) -> Iterator[NewCharge]:
    for day in _months(episode, dated.terms, until):
        if rule.on(day) is None:
            continue
        late = episode.late_on(day)
        unpaid = 0
        if dated.terms.compound:
            mine = (one for one in facts.charged if one.rule == rule.code)
            unpaid = sum(one.left_on(day - _DAY) for one in mine)
        charge = _charge(rule, dated, facts.number, day, (Span(day, day, late + unpaid),))
        yield replace(charge, penalties_cents=unpaid)


def _by_days(
    rule: PenaltyRule,
    facts: LoanFacts,
    dated: DatedPenaltyTerms,
    episode: Episode,
    wanted: Wanted,
) -> Iterator[NewCharge]:
    """A month is charged on its last day. What was charged within it, because something was paid, is not again."""
    through = max(
        (one.until for one in facts.charged if one.rule == rule.code and not one.stage),
        default=date.min,
    )
    starts = list(_months(episode, dated.terms, wanted.until))
    for times, start in enumerate(starts, start=1):
        anniversary = add_months(episode.since, times, episode.since.day)
        end = anniversary + timedelta(days=dated.terms.grace_days)
        if episode.last is not None:
            end = min(end, episode.last)
        if wanted.close:
            end = min(end, wanted.until)
        first = max(start, through + _DAY) if through != date.min else start
        if end > wanted.until or first > end or rule.on(end) is None:
            continue
        yield _charge(rule, dated, facts.number, first, tuple(_spans(episode, first, end)))


def _spans(episode: Episode, first: date, last: date) -> Iterator[Span]:
    days = [first, *(step.day for step in episode.steps if first < step.day <= last)]
    for place, day in enumerate(days):
        ends = days[place + 1] - _DAY if place + 1 < len(days) else last
        yield Span(day, ends, episode.late_on(day))


def _growths(
    rules: Sequence[PenaltyRule], charged: Sequence[Charged], until: date
) -> Iterator[NewCharge]:
    by_code = {rule.code: rule for rule in rules}
    fines: dict[tuple[str, str, date], list[Charged]] = {}
    for one in charged:
        fines.setdefault((one.rule, one.subject, one.period), []).append(one)
    for (code, _subject, _period), stages in fines.items():
        if code in by_code and (grown := growth(by_code[code], stages, until)) is not None:
            yield grown


def growth(rule: PenaltyRule, stages: Sequence[Charged], until: date) -> NewCharge | None:
    """The next stage by which a fine that was not paid in full has grown by that day, by the terms of the day on which
    it was charged; None where there is none. `stages` are its charge and the stages that it has grown by.
    """
    original, newest = min(stages, key=_stage), max(stages, key=_stage)
    dated = rule.on(original.on)
    if dated is None or newest.stage >= len(dated.terms.growth):
        return None
    stage = dated.terms.growth[newest.stage]
    day = newest.on + timedelta(days=stage.days)
    unpaid = sum(one.left_on(day - _DAY) for one in stages)
    if day > until or unpaid <= 0 or rule.on(day) is None:
        return None
    whole = original.cents - original.waived_cents
    cents = growth_cents(stage, whole, unpaid)
    return NewCharge(
        rule.code,
        dated.terms_id,
        original.subject,
        original.period,
        newest.stage + 1,
        day,
        day,
        cents,
        cents,
        (Span(day, day, whole if stage.of.value == "original" else unpaid),),
    )


def _stage(charge: Charged) -> int:
    return charge.stage
