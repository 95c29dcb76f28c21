"""How money of a product goes out again: how often and for which fee, and what a fund pays for which event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes, parse_amount

MOST_TIMES = 31
MOST_WAIT_DAYS = 1_000
MOST_BENEFITS = 40
# So much of a line is shown again to whoever typed it.
_LONGEST_SAID = 40
_LONGEST_EVENT = 40
ANYBODY = "anybody"
# Whom an event of a claim met.
RELATIONS = ("member", "spouse", "child", "parent", "brother or sister", "other relative")


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a fund pays at the most, in cents, for an event that met this relative of a member."""

    event: str
    relation: str
    most_cents: int


@dataclass(frozen=True, slots=True)
class OutTerms:
    """What holds for money that goes out of a product; cents and days, and 0 where nothing is said.

    Of savings: withdrawals in a calendar month, and the fee of each. Of a fund: the days after joining before something
    may happen that it pays for, claims in a calendar year, and its benefits; without any, each event is judged alone.
    """

    most_a_month: int = 0
    fee_cents: int = 0
    wait_days: int = 0
    claims_a_year: int = 0
    benefits: tuple[Benefit, ...] = ()


NOTHING_SAID = OutTerms()


def checked(out: OutTerms, *, withdraws: bool, claims: bool, most_cents: int) -> OutTerms:
    """The same in its kept form where money of the product can go out so. Raises InvalidInput under the field."""
    for field, most in (
        ("most_a_month", MOST_TIMES),
        ("fee_cents", most_cents),
        ("wait_days", MOST_WAIT_DAYS),
        ("claims_a_year", MOST_TIMES),
    ):
        if not 0 <= getattr(out, field) <= most:
            limit = format_amount(most) if field == "fee_cents" else str(most)
            raise InvalidInput(f"Write 0 to {limit}.", field)
    if not withdraws and (out.most_a_month or out.fee_cents):
        field = "most_a_month" if out.most_a_month else "fee_cents"
        raise InvalidInput("Nothing of it is withdrawn by members.", field)
    if not claims and (out.wait_days or out.claims_a_year or out.benefits):
        field = next(f for f in ("wait_days", "claims_a_year", "benefits") if getattr(out, f))
        raise InvalidInput("Only a fund pays on a claim.", field)
    return replace(out, benefits=_checked_benefits(out.benefits, most_cents))


def _checked_benefits(benefits: Sequence[Benefit], most_cents: int) -> tuple[Benefit, ...]:
    found: dict[tuple[str, str], Benefit] = {}
    for one in benefits:
        event = " ".join(one.event.split())
        if not 1 < len(event) <= _LONGEST_EVENT:
            raise InvalidInput(f"Name each event in 2 to {_LONGEST_EVENT} letters.", "benefits")
        if one.relation not in (*RELATIONS, ANYBODY):
            known = ", ".join((*RELATIONS, ANYBODY))
            raise InvalidInput(f"Say whom {event} meets: {known}.", "benefits")
        if not 0 < one.most_cents <= most_cents:
            raise InvalidInput(f"Write what {event} pays, above zero.", "benefits")
        if (event.casefold(), one.relation) in found:
            raise InvalidInput(f"{event} of {one.relation} stands there twice.", "benefits")
        found[event.casefold(), one.relation] = replace(one, event=event)
    if len(found) > MOST_BENEFITS:
        raise InvalidInput(f"Write at most {MOST_BENEFITS} of them.", "benefits")
    return tuple(found.values())


def benefits_of_lines(text: str) -> tuple[Benefit, ...]:
    """What a person typed, one benefit a line: `Death, parent, 30,000`. Raises InvalidInput under `benefits`."""
    return tuple(_benefit(line) for line in text.splitlines() if line.strip())


def _benefit(line: str) -> Benefit:
    parts = [part.strip() for part in line.split(",", 2)]
    try:
        event, relation, most = parts
        return Benefit(event, relation.casefold(), parse_amount(most, "benefits"))
    except (ValueError, InvalidInput):
        said = line.strip()
        if len(said) > _LONGEST_SAID:
            said = f"{said[:_LONGEST_SAID]}…"
        raise InvalidInput(
            f"“{said}” cannot be read. Write event, relative and amount, as in: Death, parent, 30,000",
            "benefits",
        ) from None


def lines_of_benefits(benefits: Sequence[Benefit]) -> str:
    """The same as a person types it."""
    return "\n".join(
        f"{one.event}, {one.relation}, {format_amount(one.most_cents)}" for one in benefits
    )


def benefits_kept(benefits: Sequence[Benefit]) -> str:
    """The same as its row keeps it."""
    rows = [[one.event, one.relation, one.most_cents] for one in benefits]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=256)
def benefits_of_kept(kept: str) -> tuple[Benefit, ...]:
    """What a row kept."""
    return tuple(Benefit(event, relation, cents) for event, relation, cents in json.loads(kept))


def out_words(out: OutTerms) -> tuple[str, ...]:
    """Everything that is said, part by part, for whoever reads or approves it."""
    parts = []
    if out.most_a_month:
        times = "once" if out.most_a_month == 1 else f"{out.most_a_month} times"
        parts.append(f"At most {times} in a month")
    if out.fee_cents:
        parts.append(f"Fee {format_kes(out.fee_cents)} each time")
    if out.wait_days:
        parts.append(f"Pays for what happens {out.wait_days} days after joining or later")
    if out.claims_a_year:
        word = "claim" if out.claims_a_year == 1 else "claims"
        parts.append(f"At most {out.claims_a_year} {word} of a member in a year")
    parts += [
        f"{one.event} of {one.relation}: up to {format_kes(one.most_cents)}" for one in out.benefits
    ]
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a member claims: which event met whom, on which day, and how many cents are asked for."""

    event: str
    relation: str
    happened_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Claimant:
    """What of a member counts for a claim: when they joined, and the claims of the year that stand or were paid."""

    joined_on: date
    claims_this_year: int = 0


def most_for(out: OutTerms, event: str, relation: str) -> int:
    """The most that is paid for an event, in cents; 0 where each is judged alone. Raises InvalidInput, saying what the
    fund pays for.
    """
    if not out.benefits:
        return 0
    wanted = event.casefold()
    met = [one for one in out.benefits if one.event.casefold() == wanted]
    if not met:
        names = ", ".join(dict.fromkeys(one.event for one in out.benefits))
        raise InvalidInput(f"The fund does not pay for this. It pays for: {names}.", "event")
    exact = [one for one in met if one.relation == relation]
    found = exact or [one for one in met if one.relation == ANYBODY]
    if not found:
        whom = ", ".join(one.relation for one in met)
        raise InvalidInput(f"For {met[0].event} the fund pays when it meets: {whom}.", "relation")
    return found[0].most_cents


def check_claim(name: str, out: OutTerms, claim: Claim, by: Claimant) -> int:
    """The most that the claim may come to, in cents, 0 without a limit. Raises InvalidInput under the field whose rule
    says no; `name` is that of the fund.
    """
    if claim.cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    most = most_for(out, claim.event, claim.relation)
    opens_on = by.joined_on + timedelta(days=out.wait_days)
    if claim.happened_on < by.joined_on:
        raise InvalidInput("That was before the person was a member.", "happened_on")
    if claim.happened_on < opens_on:
        raise InvalidInput(
            f"{name} pays for what happens {out.wait_days} days after joining or later, for this member from"
            f" {format_date(opens_on)} on.",
            "happened_on",
        )
    if out.claims_a_year and by.claims_this_year >= out.claims_a_year:
        raise InvalidInput(
            f"{name} pays {out.claims_a_year} in a year, and the member has had {by.claims_this_year}.",
            "happened_on",
        )
    if most and claim.cents > most:
        raise InvalidInput(
            f"{name} pays {format_kes(most)} at the most for this, and not {format_amount(claim.cents)}.",
            "amount",
        )
    return most
