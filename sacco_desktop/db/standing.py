"""Statements that stand ready: what each payout or each transaction says is put together once, and goes to the driver
as text with its values.

Putting a statement together, and reading its rows through the unit of work, costs many times what the database needs
for it. Nothing of an answer is kept: only the question stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, TypeVarTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    CompoundSelect,
    Delete,
    Dialect,
    Insert,
    Select,
    Update,
    bindparam,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.compiler import SQLCompiler

from sacco_desktop.db import straight
from sacco_desktop.db.tables import Table

Columns = TypeVarTuple("Columns")
First = TypeVar("First")
Model = TypeVar("Model", bound=Table)

_KEPT = "sacco_kept_rows"

_Turn = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one kind of database takes it: its values by name or in their order, and how each value and each
    column of an answer is turned.
    """

    text: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    given: tuple[tuple[str, _Turn], ...]
    answers: tuple[_Turn, ...]

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them. Raises KeyError for one that is missing."""
        turned = dict(self.fixed)
        for name, turn in self.given:
            value = given[name]
            turned[name] = value if turn is None else turn(value)
        return turned if self.order is None else tuple([turned[name] for name in self.order])

    def answer(self, row: Sequence[Any]) -> Any:
        """A row of an answer as Python has it."""
        if not self.answers:
            return tuple(row)
        pairs = zip(row, self.answers, strict=True)
        return tuple([value if turn is None else turn(value) for value, turn in pairs])


class _Ready:
    """A statement, and its text for each database that has asked for it."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._texts: WeakKeyDictionary[Dialect, _Text] = WeakKeyDictionary()

    def _run(
        self, session: Session, given: Mapping[str, Any], *, only_first: bool = False
    ) -> tuple[straight.Done, _Text]:
        # What the unit of work still holds back is written first, as before any other question.
        session.flush()
        # Asked for anew each time: in a savepoint it is this question that begins the savepoint.
        connection = session.connection()
        text = self._text(connection.dialect)
        done = straight.run(connection, text.text, text.values(given), only_first=only_first)
        return done, text

    def _text(self, dialect: Dialect) -> _Text:
        found = self._texts.get(dialect)
        if found is None:
            found = self._texts[dialect] = _text_of(self._statement, dialect)
        return found


class Lookup(_Ready, Generic[*Columns]):
    """A lookup of columns; what it is given has the names of its `bindparam`s."""

    def __init__(self, statement: Select[*Columns] | CompoundSelect[*Columns]) -> None:
        super().__init__(statement)

    def rows(self, session: Session, **given: object) -> list[tuple[*Columns]]:
        """All rows of the answer."""
        found, text = self._run(session, given)
        return [text.answer(row) for row in found.rows]

    def row(self, session: Session, **given: object) -> tuple[*Columns] | None:
        """The first row of the answer, or None."""
        found, text = self._run(session, given, only_first=True)
        return cast("tuple[*Columns]", text.answer(found.rows[0])) if found.rows else None

    def value(
        self: Lookup[First, *tuple[Any, ...]], session: Session, **given: object
    ) -> First | None:
        """The first column of the first row, or None."""
        row = self.row(session, **given)
        return None if row is None else row[0]


class ById(Generic[Model]):
    """The rows of a table by their number, each read once in a session: who holds none of them any more would make the
    session forget it, and the next one would read it again.
    """

    def __init__(
        self, table: type[Model], *, beside: tuple[type[Table], ColumnElement[bool]] | None = None
    ) -> None:
        """`beside` is another table and how its row is found: who asks for the one row mostly asks for that one next,
        so both are read at once.
        """
        self._table = table
        self._query: Select[Any] = select(table).where(table.__table__.c.id == bindparam("id"))
        if beside is not None:
            other, found_by = beside
            self._query = self._query.add_columns(other).outerjoin(other, found_by)
        self._changes: dict[tuple[str, ...], Change] = {}

    def find(self, session: Session, row_id: int) -> Model | None:
        """The row with this number, or None."""
        key = (self._table, (row_id,), None)
        if key in session.identity_map:
            return session.get(self._table, row_id)
        found = session.execute(self._query, {"id": row_id}).one_or_none()
        if found is None:
            return None
        session.info.setdefault(_KEPT, []).append(found)
        row: Model = found[0]
        return row

    def change(self, session: Session, row: Model, **new: object) -> None:
        """Write these columns of a row at once; the row as it was read says so too.

        Where the unit of work holds back other columns of the row, all are written in its one UPDATE: what a guard lets
        pass together it may refuse one after the other.
        """
        if inspect(row).modified:
            for name, value in new.items():
                setattr(row, name, value)
            session.flush()
            return
        names = tuple(new)
        if names not in self._changes:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
            one_row = self._table.__table__.c.id == bindparam("row_id")
            self._changes[names] = Change(update(self._table).where(one_row).values(values))
        given = {f"new_{name}": value for name, value in new.items()}
        self._changes[names].make(session, row_id=row.__dict__["id"], **given)
        for name, value in new.items():
            set_committed_value(row, name, value)


class Change(_Ready):
    """An INSERT, UPDATE or DELETE that passes by the unit of work."""

    def __init__(self, statement: Insert | Update | Delete) -> None:
        super().__init__(statement)

    @classmethod
    def new_row(cls, table: type[Table]) -> Change:
        """An INSERT of every column but the `id`, which the database gives."""
        return cls(_insert(table))

    @classmethod
    def new_numbered_row(cls, table: type[Table]) -> Change:
        """The same, for `make_numbered`."""
        return cls(_insert(table).returning(table.__table__.c.id))

    def make(self, session: Session, **given: object) -> int:
        """Make the change; how many rows it made or found."""
        return self._run(session, given)[0].touched

    def make_many(self, session: Session, given: Sequence[Mapping[str, Any]]) -> None:
        """Make the change once for each of these values, in their order."""
        session.flush()
        connection = session.connection()
        text = self._text(connection.dialect)
        straight.run(connection, text.text, [text.values(one) for one in given])

    def make_numbered(self, session: Session, **given: object) -> int:
        """Make the change and return the `id` of its row."""
        return int(self._run(session, given)[0].rows[0][0])


def _insert(table: type[Table]) -> Insert:
    names = [column.name for column in table.__table__.c if column.name != "id"]
    return insert(table).values({name: bindparam(name) for name in names})


def _text_of(statement: ClauseElement, dialect: Dialect) -> _Text:
    compiled = cast("SQLCompiler", statement.compile(dialect=dialect))
    left = [column.name for column in (*compiled.insert_prefetch, *compiled.update_prefetch)]
    if left:
        raise ValueError(f"A statement that stands ready gives {', '.join(left)} itself.")
    if compiled.post_compile_params:
        raise ValueError("A list that is as long as its values has no place in a standing text.")
    fixed: dict[str, Any] = {}
    given: list[tuple[str, _Turn]] = []
    for bind, name in compiled.bind_names.items():
        turn = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            given.append((name, turn))
        else:
            fixed[name] = bind.value if turn is None else turn(bind.value)
    order = None if compiled.positiontup is None else tuple(compiled.positiontup)
    return _Text(str(compiled), order, fixed, tuple(given), _answers(statement, dialect))


def _answers(statement: ClauseElement, dialect: Dialect) -> tuple[_Turn, ...]:
    if not isinstance(statement, Select | CompoundSelect):
        return ()
    turns = tuple(
        column.type.dialect_impl(dialect).result_processor(dialect, None)
        for column in statement.selected_columns
    )
    return () if all(turn is None for turn in turns) else turns
