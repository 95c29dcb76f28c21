"""Which instalments a member hears of on a day."""

from datetime import date, timedelta

from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.reminders import OpenInstalment, Reminder, due_reminders

TODAY = date(2026, 3, 16)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def told(prepaid: int, due_days: int, *lines: tuple[int, int]) -> list[tuple[str, int, int]]:
    """Event, cents and days of the reminders of instalments so many days away with so many cents left."""
    given = [OpenInstalment(on(days), cents) for days, cents in lines]
    return [
        (one.event.value, one.cents, one.days)
        for one in due_reminders(given, prepaid, TODAY, due_days)
    ]


def test_soon_today_and_late_each_have_their_word() -> None:
    assert told(0, 3, (-31, 10), (-1, 20), (0, 30), (3, 40)) == [
        ("instalment_overdue", 10, 31),
        ("instalment_overdue", 20, 1),
        ("instalment_today", 30, 0),
        ("instalment_soon", 40, 3),
    ]
    assert told(0, 3, (-32, 10), (4, 40), (-5, 0)) == []
    assert told(0, 0, (0, 30), (1, 40)) == [("instalment_today", 30, 0)]


def test_what_was_prepaid_covers_what_comes_and_not_what_is_late() -> None:
    assert told(50, 3, (-1, 20), (0, 30), (3, 40)) == [
        ("instalment_overdue", 20, 1),
        ("instalment_soon", 20, 3),
    ]
    assert told(70, 3, (3, 40), (0, 30)) == []


def test_a_reminder_names_its_instalment() -> None:
    (one,) = due_reminders([OpenInstalment(on(2), 40)], 0, TODAY, 3)
    assert one == Reminder(Event.INSTALMENT_SOON, date(2026, 3, 18), 40, 2)
