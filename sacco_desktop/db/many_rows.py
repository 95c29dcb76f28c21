"""Rows by the thousand go into a table by statements that hold many of them each, past the unit of work.

Of a row that has an INSERT of its own, more than half of the time on SQLite is the statement: its beginning and end,
and what checks and guards set up in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect
from sqlalchemy.orm import Session

from sacco_desktop.db import straight
from sacco_desktop.db.tables import Table

_AT_ONCE = 100

_Turn = Callable[[Any], Any] | None


class ManyRows:
    """An INSERT of any number of rows. `columns` differ from row to row, `same` are those that do not."""

    def __init__(
        self, table: type[Table], columns: Sequence[str], *, same: Sequence[str] = ()
    ) -> None:
        self._table = table
        self._columns, self._same = tuple(columns), tuple(same)
        self._texts: WeakKeyDictionary[Dialect, _Text] = WeakKeyDictionary()

    def write(
        self, session: Session, rows: Iterable[tuple[Any, ...]], same: tuple[Any, ...] = ()
    ) -> None:
        """Write the rows, each with its values in the order of the columns."""
        # What the unit of work still holds back is written first, as before any other statement.
        session.flush()
        connection = session.connection()
        text = self._text(connection.dialect)
        left = iter(rows)
        while some := tuple(islice(left, _AT_ONCE)):
            straight.run(connection, text.of(len(some)), text.values(some, same))

    def _text(self, dialect: Dialect) -> _Text:
        found = self._texts.get(dialect)
        if found is None:
            found = self._texts[dialect] = self._made(dialect)
        return found

    def _made(self, dialect: Dialect) -> _Text:
        columns, quoted = self._table.__table__.c, dialect.identifier_preparer.quote
        named = (*self._columns, *self._same)
        left = [one.name for one in columns if one.default is not None and one.name not in named]
        if left:
            raise ValueError(f"A statement for many rows gives {', '.join(left)} itself.")
        turns = [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in named]
        names = ", ".join(map(quoted, named))
        return _Text(
            f"INSERT INTO {quoted(self._table.__tablename__)} ({names}) VALUES ",  # noqa: S608
            tuple(turns[: len(self._columns)]),
            tuple(turns[len(self._columns) :]),
            dialect.paramstyle == "qmark",
            {},
        )


@dataclass(frozen=True, slots=True)
class _Text:
    """The statement as one kind of database takes it, and how the values of a row and those of all rows are turned.
    SQLite takes numbered places, so what is the same for all rows is handed over once.
    """

    before: str
    turns: tuple[_Turn, ...]
    turns_of_same: tuple[_Turn, ...]
    is_numbered: bool
    kept: dict[int, str]

    def of(self, count: int) -> str:
        """The text for so many rows."""
        if count not in self.kept:
            self.kept[count] = f"{self.before}{', '.join(self._places(count))}"
        return self.kept[count]

    def _places(self, count: int) -> list[str]:
        own, same = len(self.turns), len(self.turns_of_same)
        if not self.is_numbered:
            return [f"({', '.join(['%s'] * (own + same))})"] * count
        shared = [f"?{place}" for place in range(1, same + 1)]
        firsts = range(same + 1, same + 1 + count * own, own)
        return [
            f"({', '.join([*(f'?{place}' for place in range(first, first + own)), *shared])})"
            for first in firsts
        ]

    def values(self, rows: Sequence[tuple[Any, ...]], same: tuple[Any, ...]) -> tuple[Any, ...]:
        """The values as the driver takes them. Raises ValueError for a row of another width."""
        flat, width = list(chain.from_iterable(rows)), len(self.turns)
        if len(flat) != len(rows) * width:
            raise ValueError("A row has other columns than the statement that writes it.")
        for place, turn in enumerate(self.turns):
            if turn is not None:
                flat[place::width] = map(turn, flat[place::width])
        shared = [
            value if turn is None else turn(value)
            for value, turn in zip(same, self.turns_of_same, strict=True)
        ]
        if self.is_numbered:
            return (*shared, *flat)
        starts = range(0, len(flat), width)
        return tuple(chain.from_iterable((*flat[at : at + width], *shared) for at in starts))
