"""Penalties: the worked cases, the day on which each comes due, and what holds for any loan and any run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.explanations.explanation import Frame
from sacco_desktop.domain.explanations.penalties import ChargeToExplain, penalty
from sacco_desktop.domain.penalties.caps import Cap, room_of
from sacco_desktop.domain.penalties.charging import NewCharge, Wanted, growth, loan_charges
from sacco_desktop.domain.penalties.facts import Charged, LoanDue, LoanFacts, PartPaid, Settled
from sacco_desktop.domain.penalties.terms import (
    About,
    Basis,
    DatedPenaltyTerms,
    GrowsBy,
    Growth,
    PenaltyRule,
    PenaltyTerms,
    Span,
    amount_cents,
    checked_terms,
    growth_kept,
    growth_of_kept,
)
from tests import reckoned_again

DUE = date(2026, 6, 5)
INSTALMENT = 888_488
FINE = PenaltyTerms("Late", True, Basis.FIXED_ONCE, cents=50_000)
SINCE = date(2026, 1, 1)


def rule(terms: PenaltyTerms, since: date = SINCE, code: str = "late") -> PenaltyRule:
    """A rule that holds from a day on."""
    return PenaltyRule(code, About.LOAN, (DatedPenaltyTerms(since, terms, 1),))


def loan(*dues: LoanDue, paid: tuple[PartPaid, ...] = (), lent: int = 10_000_000) -> LoanFacts:
    """A loan with these instalments; the one of the worked cases when none is named."""
    return LoanFacts("L-0001", "development", lent, dues or (one(1, DUE),), paid)


def one(number: int, on: date, principal: int = 788_488, interest: int = 100_000) -> LoanDue:
    """An instalment."""
    return LoanDue(number, on, principal, interest)


def charged(found: tuple[NewCharge, ...]) -> list[tuple[date, int]]:
    """What is charged and on which day."""
    return [(each.on, each.cents) for each in found]


def percent(basis: Basis, figure: int, **also: object) -> PenaltyTerms:
    """Terms by a percentage in hundredths."""
    return replace(PenaltyTerms("Late", True, basis, percent=figure), **also)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "late", "expected"),
    [
        (FINE, INSTALMENT, 50_000),
        (percent(Basis.PERCENT_ONCE, 1000), INSTALMENT, 88_849),
        (percent(Basis.PERCENT_ONCE, 500), INSTALMENT, 44_424),
        (percent(Basis.PERCENT_ONCE, 2000), 40_000, 8_000),
        (percent(Basis.PERCENT_ONCE, 2000, least_cents=20_000), 40_000, 20_000),
        (percent(Basis.PERCENT_ONCE, 500, most_cents=30_000), INSTALMENT, 30_000),
        (percent(Basis.PERCENT_ONCE, 500, round_up_to=5), INSTALMENT, 44_425),
        (percent(Basis.PERCENT_ONCE, 500, round_up_to=100), INSTALMENT, 44_500),
    ],
)
def test_what_is_charged_once(terms: PenaltyTerms, late: int, expected: int) -> None:
    """G-21, with a floor, a most and the ways of rounding."""
    assert amount_cents(terms, (Span(DUE, DUE, late),)) == expected


def test_daily_interest_is_rounded_once_for_all_days() -> None:
    """G-22: 25 days of 12 % a year are 74.04, and 74.00 only where each day were rounded by itself."""
    terms = percent(Basis.PERCENT_BY_DAYS, 1200)
    day = timedelta(days=1)
    assert amount_cents(terms, (Span(DUE + day, DUE + 25 * day, INSTALMENT),)) == 7_404
    each = amount_cents(terms, (Span(DUE + day, DUE + day, INSTALMENT),))
    assert each * 25 == 7_400
    paid = Wanted(DUE + 25 * day, close=True)
    found = loan_charges([rule(terms)], loan(), paid)
    assert charged(found) == [(DUE + 25 * day, 7_404)]
    assert found[0].spans == (Span(DUE + day, DUE + 25 * day, INSTALMENT),)


def test_fifty_shillings_a_day() -> None:
    """A sum for each day late is charged for a whole month at once, or when something is paid."""
    terms = PenaltyTerms("Late", True, Basis.FIXED_PER_DAY, cents=5_000)
    assert loan_charges([rule(terms)], loan(), Wanted(date(2026, 7, 4))) == ()
    found = loan_charges([rule(terms)], loan(), Wanted(date(2026, 7, 5)))
    assert charged(found) == [(date(2026, 7, 5), 150_000)]


@pytest.mark.parametrize(("compound", "second"), [(False, 88_849), (True, 91_070)])
def test_two_instalments_late_simple_and_compound(compound: bool, second: int) -> None:
    """G-23: 5 % a month; in the second month on both instalments, and where it compounds on the penalty too."""
    terms = percent(Basis.PERCENT_PER_MONTH, 500, compound=compound)
    facts = loan(one(1, DUE), one(2, date(2026, 7, 5)))
    found = loan_charges([rule(terms)], facts, Wanted(date(2026, 7, 6)))
    assert charged(found) == [(date(2026, 6, 6), 44_424), (date(2026, 7, 6), second)]


def test_no_more_than_the_principal_of_the_day_it_became_late() -> None:
    """G-24: 48,900 have accrued on 50,000, so of 2,500 only 1,100 are charged and then nothing."""
    assert room_of(5_000_000, 4_890_000) == 110_000
    months = [date(2026, month, 5) for month in (6, 7, 8)]
    facts = loan(
        one(1, months[0], 4_000_000, 0),
        one(2, months[1], 500_000, 4_890_000),
        one(3, months[2], 500_000, 0),
        lent=5_000_000,
    )
    terms = PenaltyTerms("Late", True, Basis.FIXED_ONCE, cents=250_000)
    started = rule(terms, since=months[1])
    found = loan_charges([started], facts, Wanted(date(2026, 9, 1)))
    assert charged(found) == [(date(2026, 7, 6), 110_000)]
    assert found[0].uncapped_cents == 250_000
    free = loan_charges([started], facts, Wanted(date(2026, 9, 1), cap=Cap.NONE))
    assert [each.cents for each in free] == [250_000, 250_000]
    small = replace(facts, lent_cents=300_000)
    lent = loan_charges([started], small, Wanted(date(2026, 9, 1), cap=Cap.LENT))
    assert [each.cents for each in lent] == [250_000, 50_000]


def test_due_date_and_grace_and_one_day() -> None:
    """A penalty is dated the day after the grace; who pays in the grace pays none, who pays in part bears less."""
    graced = rule(percent(Basis.PERCENT_ONCE, 1000, grace_days=5))
    last, charge = DUE + timedelta(days=5), DUE + timedelta(days=6)
    assert loan_charges([graced], loan(), Wanted(last)) == ()
    assert charged(loan_charges([graced], loan(), Wanted(charge))) == [(charge, 88_849)]
    part = PartPaid(1, Component.PRINCIPAL, last, 388_488)
    assert charged(loan_charges([graced], loan(paid=(part,)), Wanted(charge))) == [(charge, 50_000)]
    whole = replace(part, cents=788_488), PartPaid(1, Component.INTEREST, last, 100_000)
    assert loan_charges([graced], loan(paid=whole), Wanted(charge)) == ()
    late = tuple(replace(each, on=charge) for each in whole)
    assert charged(loan_charges([graced], loan(paid=late), Wanted(charge))) == [(charge, 88_849)]


def test_a_part_of_all_that_is_outstanding() -> None:
    """20 % of the whole balance, as it stood on the day."""
    early = PartPaid(0, Component.PRINCIPAL, date(2026, 2, 1), 1_000_000)
    terms = percent(Basis.PERCENT_OF_OUTSTANDING, 2000)
    found = loan_charges([rule(terms)], loan(paid=(early,)), Wanted(date(2026, 6, 6)))
    assert charged(found) == [(date(2026, 6, 6), 1_800_000)]


def test_nothing_is_charged_for_what_fell_due_before_the_rule() -> None:
    """Switching a rule on, off or making it dearer changes nothing for what fell due before."""
    dearer = replace(FINE, cents=90_000)
    off = replace(FINE, is_on=False)
    dues = [one(number, date(2026, 4 + number, 5)) for number in (1, 2, 3, 4)]
    dated = (
        DatedPenaltyTerms(SINCE, off, 1),
        DatedPenaltyTerms(date(2026, 6, 1), FINE, 2),
        DatedPenaltyTerms(date(2026, 7, 1), dearer, 3),
        DatedPenaltyTerms(date(2026, 8, 1), off, 4),
    )
    found = loan_charges(
        [PenaltyRule("late", About.LOAN, dated)], loan(*dues), Wanted(date(2026, 12, 1))
    )
    assert [(each.on, each.cents, each.terms_id) for each in found] == [
        (date(2026, 6, 6), 50_000, 2),
        (date(2026, 7, 6), 90_000, 3),
    ]
    assert loan_charges([rule(off)], loan(*dues), Wanted(date(2026, 12, 1))) == ()


GROWS = (Growth(30, 2000, GrowsBy.ORIGINAL), Growth(365, 5000, GrowsBy.UNPAID))


def test_a_fine_grows_while_it_is_unpaid() -> None:
    """+20 % of the fine after 30 days, +50 % of what is unpaid a year later, and never again."""
    growing = rule(replace(FINE, growth=GROWS))
    first = Charged("late", "L-0001/1", DUE, 0, date(2026, 6, 6), date(2026, 6, 6), 50_000)
    assert growth(growing, [first], date(2026, 7, 5)) is None
    second = growth(growing, [first], date(2026, 7, 6))
    assert second is not None
    assert (second.on, second.cents, second.stage) == (date(2026, 7, 6), 10_000, 1)
    in_part = replace(first, settled=(Settled(date(2026, 8, 1), 20_000),))
    third = growth(growing, [in_part, second.charged], date(2027, 7, 6))
    assert third is not None
    assert (third.on, third.cents, third.stage) == (date(2027, 7, 6), 20_000, 2)
    assert growth(growing, [in_part, second.charged, third.charged], date(2030, 1, 1)) is None
    paid = replace(first, settled=(Settled(date(2026, 7, 5), 50_000),))
    assert growth(growing, [paid], date(2026, 12, 1)) is None
    assert growth_of_kept(growth_kept(GROWS)) == GROWS
    found = loan_charges([growing], loan(), Wanted(date(2027, 12, 1)))
    assert charged(found) == [
        (date(2026, 6, 6), 50_000),
        (date(2026, 7, 6), 10_000),
        (date(2027, 7, 6), 30_000),
    ]


@pytest.mark.parametrize(
    ("about", "terms", "field"),
    [
        (About.MEETING, percent(Basis.PERCENT_ONCE, 500), "basis"),
        (About.CONTRIBUTION, percent(Basis.PERCENT_PER_MONTH, 500), "basis"),
        (About.LOAN, replace(FINE, cents=0), "cents"),
        (About.LOAN, percent(Basis.PERCENT_ONCE, 10_001), "percent"),
        (About.LOAN, replace(FINE, grace_days=-1), "grace_days"),
        (About.LOAN, replace(FINE, least_cents=500, most_cents=400), "most_cents"),
        (About.LOAN, replace(FINE, round_up_to=7), "round_up_to"),
        (About.LOAN, replace(FINE, year_days=366), "year_days"),
        (About.LOAN, replace(FINE, growth=(Growth(0, 100, GrowsBy.UNPAID),)), "growth"),
        (About.LOAN, replace(FINE, name=" "), "name"),
    ],
)
def test_terms_that_say_nothing_are_refused(about: About, terms: PenaltyTerms, field: str) -> None:
    """Each is named under its field."""
    with pytest.raises(InvalidInput) as refused:
        checked_terms(about, terms)
    assert refused.value.field == field


_TERMS = st.builds(
    PenaltyTerms,
    name=st.just("Late"),
    is_on=st.just(True),
    basis=st.sampled_from(list(Basis)),
    cents=st.integers(1, 50_000),
    percent=st.integers(1, 3_000),
    grace_days=st.integers(0, 12),
    least_cents=st.sampled_from([0, 0, 400]),
    most_cents=st.sampled_from([0, 0, 900]),
    round_up_to=st.sampled_from([0, 5, 100]),
    compound=st.booleans(),
    growth=st.sampled_from([(), GROWS]),
)


@st.composite
def _loans(draw: st.DrawFn) -> LoanFacts:
    first = draw(st.dates(date(2026, 1, 1), date(2026, 3, 31)))
    dues = tuple(
        one(number, first + timedelta(days=31 * number), 100_000, 10_000) for number in range(5)
    )
    paid = []
    for due in dues:
        if draw(st.booleans()):
            day = due.on + timedelta(days=draw(st.integers(-5, 80)))
            paid.append(PartPaid(due.number, Component.PRINCIPAL, day, 100_000))
            if draw(st.booleans()):
                paid.append(PartPaid(due.number, Component.INTEREST, day, 10_000))
    return loan(*dues, paid=tuple(paid), lent=500_000)


@settings(max_examples=25, deadline=None)
@given(
    facts=_loans(),
    terms=st.lists(_TERMS, min_size=1, max_size=2),
    gaps=st.lists(st.integers(1, 70), max_size=8),
)
def test_any_runs_charge_the_same_and_each_once(
    facts: LoanFacts, terms: list[PenaltyTerms], gaps: list[int]
) -> None:
    """Whoever charges each day, now and then, or once at the end, has the same charges with the same days."""
    rules = [rule(each, code=f"rule {place}") for place, each in enumerate(terms)]
    end = date(2027, 1, 1)
    whole = loan_charges(rules, facts, Wanted(end))
    done: tuple[NewCharge, ...] = ()
    day = date(2026, 1, 15)
    for gap in [*gaps, (end - day).days]:
        day = min(end, day + timedelta(days=gap))
        so_far = replace(facts, charged=tuple(each.charged for each in done))
        new = loan_charges(rules, so_far, Wanted(day))
        assert all(each.on <= day for each in new)
        done += new
    assert sorted(map(str, done)) == sorted(map(str, whole))
    again = replace(facts, charged=tuple(each.charged for each in whole))
    assert loan_charges(rules, again, Wanted(end)) == ()
    keys = [each.charged.key for each in whole]
    assert len(keys) == len(set(keys))
    assert all(0 < each.cents <= each.uncapped_cents for each in whole)


@settings(max_examples=25, deadline=None)
@given(facts=_loans(), terms=_TERMS, cap=st.sampled_from(list(Cap)))
def test_each_charge_is_reckoned_again_from_its_explanation(
    facts: LoanFacts, terms: PenaltyTerms, cap: Cap
) -> None:
    """What is said beside a penalty suffices to reckon it without this program."""
    found = loan_charges([rule(terms)], facts, Wanted(date(2026, 10, 1), close=True, cap=cap))
    for each in found:
        grown = terms.growth[each.stage - 1] if each.stage else None
        told = ChargeToExplain(
            terms, each.spans, each.penalties_cents, each.cents, each.uncapped_cents, 0, 0, grown
        )
        said = penalty(told, "L-0001", Frame("", each.on))
        assert reckoned_again.penalty(said.given) == each.cents
        assert sum(step.cents for step in said.steps) == each.cents == said.result_cents


@settings(max_examples=20, deadline=None)
@given(facts=_loans(), ended=st.lists(st.integers(0, 300), max_size=5))
def test_days_are_charged_once_however_often_something_is_paid(
    facts: LoanFacts, ended: list[int]
) -> None:
    """Closing a month early, because something is paid, counts no day twice and leaves none out."""
    rules = [rule(PenaltyTerms("Late", True, Basis.FIXED_PER_DAY, cents=100))]
    end = date(2027, 1, 1)
    done: tuple[NewCharge, ...] = ()
    for days in sorted(ended):
        day = date(2026, 1, 15) + timedelta(days=days)
        so_far = replace(facts, charged=tuple(each.charged for each in done))
        done += loan_charges(rules, so_far, Wanted(day, close=True, cap=Cap.NONE))
    so_far = replace(facts, charged=tuple(each.charged for each in done))
    done += loan_charges(rules, so_far, Wanted(end, close=True, cap=Cap.NONE))
    spans = sorted((span for each in done for span in each.spans), key=lambda span: span.first)
    assert all(before.last < after.first for before, after in pairwise(spans))
    whole = loan_charges(rules, facts, Wanted(end, close=True, cap=Cap.NONE))
    assert sum(each.cents for each in done) == sum(each.cents for each in whole)
