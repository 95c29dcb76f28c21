"""What a penalty rule says from a day on: how it is reckoned, when, and what an unpaid fine grows by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import Rounding, rounded_ratio
from sacco_desktop.domain.people import clean_name

MOST_CENTS = 1_000_000_00
MOST_PERCENT = 100_00
MOST_GRACE_DAYS = 365
MOST_STAGES = 5


class About(StrEnum):
    """What a rule is about: loans that are late, contributions that were missed, or what happens at a meeting."""

    LOAN = "loan"
    CONTRIBUTION = "contribution"
    MEETING = "meeting"


class Basis(StrEnum):
    """How a penalty is reckoned."""

    FIXED_ONCE = "fixed_once"
    FIXED_PER_DAY = "fixed_per_day"
    PERCENT_ONCE = "percent_once"
    PERCENT_PER_MONTH = "percent_per_month"
    PERCENT_BY_DAYS = "percent_by_days"
    PERCENT_OF_OUTSTANDING = "percent_of_outstanding"


class Counted(StrEnum):
    """What of an instalment a percentage counts."""

    INSTALMENT = "instalment"
    PRINCIPAL = "principal"


class GrowsBy(StrEnum):
    """Of what a stage of growth is a part: of the fine as it was charged, or of all of it that is unpaid."""

    ORIGINAL = "original"
    UNPAID = "unpaid"


BASES: dict[About, tuple[Basis, ...]] = {
    About.LOAN: tuple(Basis),
    About.CONTRIBUTION: (Basis.FIXED_ONCE, Basis.PERCENT_ONCE),
    About.MEETING: (Basis.FIXED_ONCE,),
}
FIXED = (Basis.FIXED_ONCE, Basis.FIXED_PER_DAY)
# These are charged on a loan as a whole, month by month while it is late; the others once an instalment.
CONTINUING = (Basis.FIXED_PER_DAY, Basis.PERCENT_PER_MONTH, Basis.PERCENT_BY_DAYS)
BY_DAYS = (Basis.FIXED_PER_DAY, Basis.PERCENT_BY_DAYS)


@dataclass(frozen=True, slots=True)
class Growth:
    """One stage: so many days after the stage before, by so many hundredths of a percent."""

    days: int
    percent: int
    of: GrowsBy


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """What holds for a rule from a day on. Cents and days; percentages in hundredths (500 is 5 %).

    `least_cents` and `most_cents` bound one charge; `round_up_to` 0 is the nearest cent, otherwise a charge goes up to
    whole units of so many cents. `product` is the one it is about, empty for all. With `compound` a monthly percentage
    counts unpaid penalties of the rule too. `year_days` divides a yearly percentage into days.
    """

    name: str
    is_on: bool
    basis: Basis
    cents: int = 0
    percent: int = 0
    base: Counted = Counted.INSTALMENT
    least_cents: int = 0
    most_cents: int = 0
    round_up_to: int = 0
    grace_days: int = 0
    compound: bool = False
    year_days: int = 360
    product: str = ""
    growth: tuple[Growth, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedPenaltyTerms:
    """Terms, the day from which they hold, and the id of their row."""

    effective_on: date
    terms: PenaltyTerms
    terms_id: int = 0


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """A rule with all its terms, the oldest first."""

    code: str
    about: About
    dated: tuple[DatedPenaltyTerms, ...]

    def on(self, day: date) -> DatedPenaltyTerms | None:
        """The terms that hold on a day where the rule is switched on then; None where it is not."""
        held = [one for one in self.dated if one.effective_on <= day]
        return held[-1] if held and held[-1].terms.is_on else None

    @property
    def was_ever_on(self) -> bool:
        """Whether any of the terms charge anything."""
        return any(one.terms.is_on for one in self.dated)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, the first and last of them counted, on each of which the same sum was late, in cents."""

    first: date
    last: date
    cents: int

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


def amount_cents(terms: PenaltyTerms, spans: Sequence[Span]) -> int:
    """What these terms charge for what was late, in cents, before any cap of the loan."""
    if terms.basis is Basis.FIXED_ONCE:
        found = terms.cents
    elif terms.basis is Basis.FIXED_PER_DAY:
        found = terms.cents * sum(span.days for span in spans)
    elif terms.basis is Basis.PERCENT_BY_DAYS:
        late = sum(span.cents * span.days for span in spans)
        found = _part(terms, late * terms.percent, 100_00 * terms.year_days)
    else:
        found = _part(terms, sum(span.cents for span in spans) * terms.percent, 100_00)
    found = max(found, terms.least_cents)
    return min(found, terms.most_cents) if terms.most_cents else found


def _part(terms: PenaltyTerms, numerator: int, denominator: int) -> int:
    if terms.round_up_to:
        return rounded_ratio(numerator, denominator, Rounding.UP, terms.round_up_to)
    return rounded_ratio(numerator, denominator, Rounding.HALF_UP)


def growth_cents(stage: Growth, original_cents: int, unpaid_cents: int) -> int:
    """What an unpaid fine grows by at this stage, in cents; a half cent goes up."""
    base = original_cents if stage.of is GrowsBy.ORIGINAL else unpaid_cents
    return rounded_ratio(base * stage.percent, 100_00, Rounding.HALF_UP)


def checked_terms(about: About, terms: PenaltyTerms) -> PenaltyTerms:
    """The terms as they can be kept. Raises InvalidInput under the field that is wrong."""
    if terms.basis not in BASES[about]:
        raise InvalidInput("This kind of rule cannot be reckoned so.", "basis")
    is_fixed = terms.basis in FIXED
    if is_fixed and not 0 < terms.cents <= MOST_CENTS:
        raise InvalidInput("Write the sum that is charged.", "cents")
    if not is_fixed and not 0 < terms.percent <= MOST_PERCENT:
        raise InvalidInput("Write a percentage above 0 and not above 100.", "percent")
    if not 0 <= terms.grace_days <= MOST_GRACE_DAYS:
        raise InvalidInput(f"Write 0 to {MOST_GRACE_DAYS} days.", "grace_days")
    if min(terms.least_cents, terms.most_cents) < 0 or (
        terms.most_cents and terms.most_cents < max(terms.least_cents, 1)
    ):
        raise InvalidInput("The most cannot be less than the least.", "most_cents")
    if terms.round_up_to not in (0, 5, 100, 1000):
        raise InvalidInput("Choose one of the ways of rounding.", "round_up_to")
    if terms.year_days not in (360, 365):
        raise InvalidInput("A year is divided by 360 or 365 days.", "year_days")
    _check_growth(terms.growth)
    return replace(
        terms,
        name=clean_name(terms.name, "name"),
        cents=terms.cents if is_fixed else 0,
        percent=0 if is_fixed else terms.percent,
        compound=terms.compound and terms.basis is Basis.PERCENT_PER_MONTH,
    )


def _check_growth(growth: Sequence[Growth]) -> None:
    if len(growth) > MOST_STAGES:
        raise InvalidInput(f"A fine grows in {MOST_STAGES} stages at the most.", "growth")
    for stage in growth:
        if not 0 < stage.days <= 3650 or not 0 < stage.percent <= MOST_PERCENT:
            raise InvalidInput("Each stage of growth has its days and its percentage.", "growth")


def growth_kept(growth: Sequence[Growth]) -> str:
    """The stages as one text of the books."""
    return json.dumps([[one.days, one.percent, one.of.value] for one in growth])


def growth_of_kept(text: str) -> tuple[Growth, ...]:
    """The stages that a text of the books says."""
    return tuple(Growth(days, percent, GrowsBy(of)) for days, percent, of in json.loads(text))
