"""How long before or after its prompt a payment may come and still answer it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from sacco_desktop.db.tables import Prompt

# A payment may be told of this long after its prompt.
_BELONGS_WITHIN = timedelta(hours=24)
_CLOCKS_DIFFER = timedelta(minutes=5)


def may_answer(earliest: datetime, latest: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a prompt that a payment between these moments may answer."""
    return (
        Prompt.asked_at >= earliest - _BELONGS_WITHIN,
        Prompt.asked_at <= latest + _CLOCKS_DIFFER,
    )
