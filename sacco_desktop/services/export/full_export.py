"""Everything that stands in the books, in open forms: lists in the office's words, and each table as it is kept."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Table as SqlTable
from sqlalchemy import select

from sacco_desktop.db.tables import Table
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export import export_balances, export_lists
from sacco_desktop.services.export.export_lists import Query, Value
from sacco_desktop.services.office import society

# What lets somebody in belongs to nobody else, so it stays in the books.
SECRET = frozenset({("user_account", "password_hash")})
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table or list with its columns; each call of `rows` reads it from its beginning. Moments and days are ISO,
    bytes Base64. `folder` is "lists" for what people read and "tables" for what the books keep.
    """

    folder: str
    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[tuple[Value, ...]]]


@dataclass(frozen=True, slots=True)
class ExportHead:
    """Which books went out, when, and where their journal stood: the last entry and its hash."""

    society: str
    made_at: str
    last_entry: int
    head_hash: str


Take = Callable[[ExportedTable], None]


def note_export(work: Work, place: str) -> None:
    """Write down who takes all books out, before it happens. Raises NotAllowed."""
    work.allow(Act.EXPORT_BOOKS)
    audit.record(work, "exported all books", place)


def read_all(work: Work, take: Take) -> ExportHead:
    """Hand over every list and every table, personal columns in clear, on one state of the books. Raises NotAllowed."""
    work.allow(Act.EXPORT_BOOKS)
    for name, (columns, rows) in {**export_balances.LISTS, **export_lists.LISTS}.items():
        take(ExportedTable("lists", name, columns, partial(rows, work)))
    for table in Table.metadata.sorted_tables:
        take(_table(work, table))
    number, head_hash = ledger.head(work)
    return ExportHead(society.letterhead(work).name, work.now.isoformat(), number, head_hash)


def _table(work: Work, table: SqlTable) -> ExportedTable:
    columns = [column for column in table.columns if (table.name, column.name) not in SECRET]
    query = select(*columns).order_by(*table.primary_key.columns)
    names = tuple(column.name for column in columns)
    return ExportedTable("tables", table.name, names, partial(_rows, work, query))


def _rows(work: Work, query: Query) -> Iterator[tuple[Value, ...]]:
    found = work.session.execute(query, execution_options={"yield_per": _AT_ONCE})
    return (tuple(map(_plain, row)) for row in found)


def _plain(value: object) -> Value:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert value is None or isinstance(value, str | int), (
        "a column of the books holds no other kind"
    )
    return value
