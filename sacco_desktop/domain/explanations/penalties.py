"""Why a penalty is as much as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.penalties.terms import (
    FIXED,
    Basis,
    Growth,
    PenaltyTerms,
    Span,
    amount_cents,
    growth_cents,
)
from sacco_desktop.domain.penalties.words import percent_words

_RULES = {
    Basis.FIXED_ONCE: "A fixed sum is charged once for what was missed.",
    Basis.FIXED_PER_DAY: "A fixed sum is charged for each day on which something was late.",
    Basis.PERCENT_ONCE: "A percentage of what was late is charged once, on the day after the days of grace.",
    Basis.PERCENT_PER_MONTH: "A percentage of all that is late is charged in each month of lateness.",
    Basis.PERCENT_BY_DAYS: (
        "What was late bears a yearly percentage for each day; all days of a charge are added up and rounded once."
    ),
    Basis.PERCENT_OF_OUTSTANDING: (
        "A percentage of the whole outstanding principal is charged once for an instalment that was missed."
    ),
}
_GROWN = "A fine that is not paid in full grows by a part of it."
_CAP = " The society limits what a loan bears once it is late, so less is charged."


@dataclass(frozen=True, slots=True)
class ChargeToExplain:
    """A charge as the books keep it, in cents: what was paid and waived of it, and the stage by which it grew."""

    terms: PenaltyTerms
    spans: tuple[Span, ...]
    penalties_cents: int
    cents: int
    uncapped_cents: int
    paid_cents: int
    waived_cents: int
    grown_by: Growth | None = None


def penalty(charge: ChargeToExplain, why: str, frame: Frame) -> Explanation:
    """What the charge was reckoned from; the result is the charge as it was made."""
    reckoned = (
        amount_cents(charge.terms, charge.spans)
        if charge.grown_by is None
        else growth_cents(charge.grown_by, charge.spans[0].cents, charge.spans[0].cents)
    )
    steps = [Step("By the rule", reckoned)]
    if charge.cents < charge.uncapped_cents:
        steps.append(Step("Not charged, by the limit of the loan", charge.cents - reckoned))
    rule = _RULES[charge.terms.basis] if charge.grown_by is None else _GROWN
    notes = []
    if charge.paid_cents:
        notes.append(f"{format_kes(charge.paid_cents)} of it are paid.")
    if charge.waived_cents:
        notes.append(f"{format_kes(charge.waived_cents)} of it are waived.")
    return Explanation(
        title="Penalty",
        rule=rule + (_CAP if charge.cents < charge.uncapped_cents else ""),
        given=(Given("why", "For", why, Unit.WORDS), *_given(charge)),
        steps=tuple(steps),
        result_cents=charge.cents,
        frame=Frame(frame.about, frame.as_of, frame.sources, frame.entries, (*frame.notes, *notes)),
    )


def _given(charge: ChargeToExplain) -> Sequence[Given]:
    terms = charge.terms
    room = (
        [Given("room", "Room under the limit of the loan", charge.cents)]
        if charge.cents < charge.uncapped_cents
        else []
    )
    if charge.grown_by is not None:
        percent = Decimal(charge.grown_by.percent) / 100
        return (
            Given("kind", "Reckoned", "grown", Unit.WORDS, said="as growth of an unpaid fine"),
            Given("percent", f"After {charge.grown_by.days} days", percent, Unit.PERCENT),
            Given("late", "Counted of the fine", charge.spans[0].cents, of="1"),
            *room,
        )
    found = [Given("kind", "Reckoned", terms.basis.value, Unit.WORDS, said=_said(terms))]
    if terms.basis in FIXED:
        found.append(Given("sum", "The sum", terms.cents))
    else:
        found.append(Given("percent", "Percentage", Decimal(terms.percent) / 100, Unit.PERCENT))
        found.append(Given("year_days", "Days of a year", terms.year_days, Unit.DAYS))
    for place, span in enumerate(charge.spans, start=1):
        found += _span(span, str(place), terms.basis)
    if charge.penalties_cents:
        found.append(Given("penalties", "Of it unpaid penalties", charge.penalties_cents))
    bounds = (
        ("least", "At least", terms.least_cents),
        ("most", "At most", terms.most_cents),
        ("round_up_to", "Rounded up to whole", terms.round_up_to),
    )
    found += [Given(key, label, cents) for key, label, cents in bounds if cents]
    return (*found, *room)


def _span(span: Span, of: str, basis: Basis) -> list[Given]:
    if basis is Basis.FIXED_ONCE:
        return []
    days = f"{format_date(span.first)} to {format_date(span.last)}"
    found = [Given("late", f"Late, {days}", span.cents, of=of, on=span.first)]
    if basis in (Basis.FIXED_PER_DAY, Basis.PERCENT_BY_DAYS):
        found.append(Given("days", f"Days, {days}", span.days, Unit.DAYS, of=of))
    return found


def _said(terms: PenaltyTerms) -> str:
    if terms.basis is Basis.PERCENT_BY_DAYS:
        return f"{percent_words(terms.percent)} a year, by days"
    if terms.basis is Basis.PERCENT_PER_MONTH:
        return f"{percent_words(terms.percent)} each month"
    if terms.basis is Basis.FIXED_PER_DAY:
        return "for each day"
    return "once"
