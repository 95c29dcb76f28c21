"""Counts what a reading says to the database: a list asks as much for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from tests.make import PracticeOffice


def statements_of(office: PracticeOffice, read: Callable[[], object]) -> int:
    """How many statements a reading runs, once whatever it keeps is there."""
    said: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    read()
    event.listen(office.database.reader, "before_cursor_execute", keep)
    try:
        read()
    finally:
        event.remove(office.database.reader, "before_cursor_execute", keep)
    return len(said)
