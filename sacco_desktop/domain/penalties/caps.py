"""How much interest and penalties a loan that is late may bear at the most: in duplum, as many societies hold it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sacco_desktop.domain.penalties.facts import LoanFacts, episodes, late_steps
from sacco_desktop.domain.penalties.terms import Counted


class Cap(StrEnum):
    """The most that a late loan may bear: interest and penalties since it became late up to the principal of that
    day, penalties up to the loan as it was lent, or no limit.
    """

    PRINCIPAL = "principal"
    LENT = "lent"
    NONE = "none"


def room_cents(facts: LoanFacts, on: date, cap: Cap) -> int | None:
    """What may still be charged on that day, in cents; None without a limit."""
    if cap is Cap.NONE:
        return None
    if cap is Cap.LENT:
        penalties = sum(one.cents - one.waived_cents for one in facts.charged)
        return max(0, facts.lent_cents - penalties)
    since = _late_since(facts, on)
    if since is None:
        return None
    interest = sum(due.interest_cents for due in facts.dues if since < due.on <= on)
    penalties = sum(one.cents - one.waived_cents for one in facts.charged if one.on > since)
    return room_of(facts.principal_left(since), interest + penalties)


def room_of(principal_cents: int, accrued_cents: int) -> int:
    """What may still accrue on a loan with this principal when it became late, of which so much has accrued since."""
    return max(0, principal_cents - accrued_cents)


def _late_since(facts: LoanFacts, on: date) -> date | None:
    """The due date with which the lateness of that day began."""
    steps = late_steps(facts, facts.dues, 0, on, Counted.INSTALMENT)
    for episode in episodes(steps):
        if episode.began <= on and (episode.last is None or on <= episode.last):
            return episode.since
    return None
