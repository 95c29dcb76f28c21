"""Rules and charges of penalties in plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.penalties.terms import (
    BY_DAYS,
    FIXED,
    About,
    Basis,
    Counted,
    GrowsBy,
    Growth,
    PenaltyTerms,
)

ABOUT_WORDS = {
    About.LOAN: "Loans that are late",
    About.CONTRIBUTION: "Missed contributions",
    About.MEETING: "Meetings",
}
BASIS_WORDS = {
    Basis.FIXED_ONCE: "A fixed sum, once",
    Basis.FIXED_PER_DAY: "A fixed sum a day",
    Basis.PERCENT_ONCE: "A percentage, once",
    Basis.PERCENT_PER_MONTH: "A percentage a month",
    Basis.PERCENT_BY_DAYS: "A percentage a year, by days",
    Basis.PERCENT_OF_OUTSTANDING: "A percentage of all principal, once",
}
_OF = {GrowsBy.ORIGINAL: "of the fine", GrowsBy.UNPAID: "of what is unpaid"}
_ROUND_WORDS = {
    5: "up to 5 cents",
    100: "up to whole shillings",
    1000: "up to tens of shillings",
}


def percent_words(hundredths: int) -> str:
    """`5 %`, `12.5 %`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole} %" if not rest else f"{whole}.{rest:02d}".rstrip("0") + " %"


def terms_words(about: About, terms: PenaltyTerms) -> tuple[str, ...]:
    """What the terms say, one sentence without a full stop each."""
    if not terms.is_on:
        return (terms.name, "switched off")
    said = [terms.name, _reckoned(about, terms)]
    if about is not About.MEETING:
        said.append(f"{terms.grace_days} days of grace" if terms.grace_days else "no grace")
    if terms.product:
        said.append(f"only {terms.product.replace('_', ' ')}")
    if terms.least_cents:
        said.append(f"at least {format_kes(terms.least_cents)}")
    if terms.most_cents:
        said.append(f"at most {format_kes(terms.most_cents)}")
    if terms.round_up_to:
        said.append(f"rounded {_ROUND_WORDS[terms.round_up_to]}")
    said += [growth_words(stage) for stage in terms.growth]
    return tuple(said)


def _reckoned(about: About, terms: PenaltyTerms) -> str:
    what = "instalment" if about is About.LOAN else "payment"
    if about is About.MEETING:
        return format_kes(terms.cents)
    if terms.basis is Basis.FIXED_ONCE:
        return f"{format_kes(terms.cents)} for each {what} that is missed"
    if terms.basis is Basis.FIXED_PER_DAY:
        return f"{format_kes(terms.cents)} for each day late"
    percent = percent_words(terms.percent)
    late = "the principal that is late" if terms.base is Counted.PRINCIPAL else "what is late"
    if terms.basis is Basis.PERCENT_ONCE:
        return f"{percent} of {late} of each {what}, once"
    if terms.basis is Basis.PERCENT_PER_MONTH:
        more = " and of unpaid penalties" if terms.compound else ""
        return f"{percent} of {late}{more}, each month"
    if terms.basis is Basis.PERCENT_BY_DAYS:
        return f"{percent} a year of {late}, by days of a year of {terms.year_days}"
    return f"{percent} of the whole outstanding principal, once for each {what}"


def growth_words(stage: Growth) -> str:
    """`30 days unpaid: 20 % of the fine more`."""
    return f"{stage.days} days unpaid: {percent_words(stage.percent)} {_OF[stage.of]} more"


def is_by_days(basis: Basis) -> bool:
    """Whether each day counts."""
    return basis in BY_DAYS


def is_fixed(basis: Basis) -> bool:
    """Whether it is a sum and no percentage."""
    return basis in FIXED


def subject_words(about: About, subject: str, period: date, instalment: int) -> str:
    """What was late or missed: `L-0001, instalment 3 due 16 Jun 2026`."""
    day = format_date(period)
    owner, _, part = subject.partition("/")
    if about is About.MEETING:
        return f"Meeting of {day}"
    if about is About.CONTRIBUTION:
        return f"{part.replace('_', ' ').capitalize()} due {day}"
    return (
        f"{owner}, instalment {instalment} due {day}" if instalment else f"{owner}, late from {day}"
    )


def percent_of_text(text: str, field: str) -> int:
    """Hundredths of a percent from what a person typed: `5`, `12.5`, `0.75 %`. Raises InvalidInput."""
    figure = text.replace("%", "").strip()
    try:
        hundredths = Decimal(figure) * 100
    except InvalidOperation:
        hundredths = Decimal(-1)
    if not hundredths.is_finite() or hundredths <= 0 or hundredths != int(hundredths):
        raise InvalidInput("Write a percentage with at most two decimals, for example 12.5.", field)
    return int(hundredths)
