"""Which instalments a member is reminded of on a day: soon due, due today, and late. Pure; nothing is reminded twice,
because each has a key of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sacco_desktop.domain.messages.events import Event

# An instalment that became late while the PC was off is told of for so long; later the member knows it by other ways.
LATE_DAYS = 31


@dataclass(frozen=True, slots=True)
class OpenInstalment:
    """What is left of an instalment, in cents."""

    due_on: date
    left_cents: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of one instalment: what is left of it, in cents, and how many days it is away, or late."""

    event: Event
    due_on: date
    cents: int
    days: int


def first_due(today: date) -> date:
    """The earliest due date of which somebody may still be told."""
    return today - timedelta(days=LATE_DAYS)


def due_reminders(
    lines: Iterable[OpenInstalment], prepaid_cents: int, today: date, due_days: int
) -> tuple[Reminder, ...]:
    """The reminders of a loan today. What was prepaid covers the instalments to come, the next one first."""
    found = []
    for line in sorted(lines, key=lambda one: one.due_on):
        covered = min(prepaid_cents, line.left_cents) if line.due_on >= today else 0
        prepaid_cents -= covered
        left = line.left_cents - covered
        days = (line.due_on - today).days
        if not left or days > due_days or line.due_on < first_due(today):
            continue
        event = Event.INSTALMENT_TODAY
        if days:
            event = Event.INSTALMENT_SOON if days > 0 else Event.INSTALMENT_OVERDUE
        found.append(Reminder(event, line.due_on, left, abs(days)))
    return tuple(found)
