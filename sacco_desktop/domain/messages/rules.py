"""When a message may leave, who still gets it, and when it is too late: pure rules over a society's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.dates import business_date, moment_of
from sacco_desktop.domain.messages.events import FACTS, Event, Weight

# A text to a number that was changed so lately tells nothing of money: the change may be a thief's.
FRESH_NUMBER = timedelta(hours=48)


class Wish(StrEnum):
    """Which messages a member wants."""

    ALL = "all"
    NO_REMINDERS = "no_reminders"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SendingRules:
    """Hours of the office's day between which nothing is sent (from, until; equal hours mean none), the most messages
    for one member in a day, and after how many days a message is no news any more.
    """

    quiet_from: int = 20
    quiet_until: int = 7
    daily_cap: int = 5
    stale_days: int = 3


def wants(wish: Wish, event: Event) -> bool:
    """Whether a member with this wish gets messages of the event. A code that was just asked for always goes out."""
    weight = FACTS[event].weight
    if weight is Weight.SECURITY:
        return True
    return wish is Wish.ALL or (wish is Wish.NO_REMINDERS and weight is Weight.NOTICE)


def may_leave_at(
    event: Event, wanted_at: datetime, rules: SendingRules, phone_changed_at: datetime | None = None
) -> datetime:
    """The first moment, from `wanted_at` on, at which a message may leave; in UTC.

    A number that was changed in the last 48 hours gets no word of money before they are over, and nobody is woken. Only
    a code that a member asked for at the counter leaves at once.
    """
    if FACTS[event].weight is Weight.SECURITY:
        return wanted_at
    moment = wanted_at
    # A change from the future was made before the clock was put back, and holds nothing up.
    if phone_changed_at is not None and phone_changed_at <= wanted_at:
        moment = max(moment, phone_changed_at + FRESH_NUMBER)
    return after_quiet_hours(moment, rules)


def after_quiet_hours(moment: datetime, rules: SendingRules) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies; in UTC."""
    begin, end = rules.quiet_from, rules.quiet_until
    if begin == end:
        return moment
    day = business_date(moment)
    hour = int((moment - moment_of(day)).total_seconds() // 3600)
    is_quiet = begin <= hour < end if begin < end else hour >= begin or hour < end
    if not is_quiet:
        return moment
    return moment_of(day if hour < end else day + timedelta(days=1), end)


def after_daily_cap(moment: datetime, rules: SendingRules) -> datetime:
    """When a message leaves whose member had enough of them today: after the quiet hours of the next day; in UTC."""
    tomorrow = moment_of(business_date(moment) + timedelta(days=1))
    return after_quiet_hours(tomorrow, rules)


def is_stale(made_at: datetime, now: datetime, rules: SendingRules) -> bool:
    """Whether a message has waited so long that it would only confuse."""
    return now - made_at > timedelta(days=rules.stale_days)
