"""What the window itself shows of the office: its name and world, and what waits for the person at it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.office import society
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.sending import flight_summary, queue_stops


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """The society's name, its environment, and after how many idle minutes the window locks."""

    society: str
    environment: str
    lock_minutes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person, and what is on its way; amounts in cents. `stop` is why sending stands still."""

    loans: int
    payouts: int
    open_count: int
    open_cents: int
    unsure_long: int
    stop: str


def window_facts(work: Work, _nothing: None = None) -> WindowFacts:
    """The facts of these books for the window. Raises NotFound before the set-up."""
    found = society.society_of(work)
    minutes = society.number_setting(work, "window.lock_after_minutes")
    return WindowFacts(found.name, found.environment, minutes)


def waiting(work: Work, _nothing: None = None) -> Waiting:
    """Count what waits for the actor: things that this person may do, never all things."""
    work.allow(Act.LOOK)
    stop = queue_stops.standing(work)
    flight = flight_summary.summary(work)
    return Waiting(
        loans=_loans(work),
        payouts=_payouts(work, flight.unsure_long),
        open_count=flight.open_count,
        open_cents=flight.open_cents,
        unsure_long=flight.unsure_long,
        stop=stop.reason if stop else "",
    )


def to_decide(work: Work, _nothing: None = None) -> int:
    """How many requests the actor can decide on now. Who can is asked for each, so this is read only when requests,
    people or rules have changed.
    """
    return sum(row.can_decide for row in decisions.list_waiting(work))


def _loans(work: Work) -> int:
    mine = set()
    if may(work.actor.roles, Act.APPRAISE_LOAN):
        mine.add("submitted")
    if may(work.actor.roles, Act.REQUEST_PAYOUT):
        mine.add("approved")
    query = select(func.count()).select_from(Loan).where(Loan.status.in_(sorted(mine)))
    return work.session.scalar(query) or 0 if mine else 0


def _payouts(work: Work, unsure: int) -> int:
    if not may(work.actor.roles, Act.SEND_PAYOUT):
        return 0
    return payouts.count_ready(work) + unsure + len(relay_feed.list_parked(work))
