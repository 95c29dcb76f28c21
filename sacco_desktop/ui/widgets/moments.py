"""Lengths of time as people say them."""

from __future__ import annotations

from datetime import timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def age_words(age: timedelta) -> str:
    """`20 s`, `38 min`, `5 h`, `1 day`, `12 days`; a clock that was set back gives `0 s`."""
    if age < _MINUTE:
        return f"{max(0, int(age.total_seconds()))} s"
    if age < _HOUR:
        return f"{age // _MINUTE} min"
    if age < _DAY:
        return f"{age // _HOUR} h"
    days = age // _DAY
    return "1 day" if days == 1 else f"{days} days"
