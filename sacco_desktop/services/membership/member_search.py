"""Finds members while a person types: any part of a number or a name, a phone or an ID whole or by its last four."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Dialect,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.orm import aliased

from sacco_desktop.db import member_index
from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import Member, MemberSearch
from sacco_desktop.domain.member_pieces import (
    Part,
    fits,
    is_number,
    parts_of,
    search_words,
    whole_phone,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work

AT_MOST = 8
# The index leaves few who do not fit, so the first reading, of hardly more than are wanted, is nearly always the only
# one.
_SPARE, _NEXT_READ, _LARGEST_READ = 4, 64, 1_024


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member as a search shows one."""

    member_id: int
    number: str
    full_name: str
    phone: str
    status: str


class ToFind(NamedTuple):
    """What of a member's row is searched; phone and ID in their kept forms."""

    number: str
    names: tuple[str, str, str]
    phone: str
    national_id: str


def find(work: Work, typed: str) -> tuple[FoundMember, ...]:
    """At most eight members whom every word fits that was typed, those who are longest in the books, by their number;
    one whole number, phone or ID means its owner alone.
    """
    work.allow(Act.LOOK)
    return tuple(_shown(row) for row in _found(work, typed, AT_MOST))


def ids(work: Work, typed: str, most: int = AT_MOST) -> list[int]:
    """The ids of at most so many of them."""
    work.allow(Act.LOOK)
    return [row[0] for row in _found(work, typed, most)]


def keep(work: Work, member: Member) -> None:
    """Let a member be found as the row says now."""
    names = (member.first_name, member.other_names, member.last_name)
    one = ToFind(member.number, names, member.phone, member.national_id)
    given = kept_columns(_dialect(work), one)
    if not _CHANGE.make(work.session, of_member=member.id, **given):
        _NEW.make(work.session, member_id=member.id, **given)


def keep_new(work: Work, members: Iterable[tuple[int, ToFind]]) -> None:
    """Let members be found who were just written, each by the id of the row."""
    dialect = _dialect(work)
    _MANY_NEW.write(
        work.session,
        ((member_id, *kept_columns(dialect, one).values()) for member_id, one in members),
    )


def kept_columns(dialect: Dialect, one: ToFind) -> dict[str, str]:
    """What must stand in the row beside a member, in the order of the columns."""
    words = search_words(one.number, *one.names)
    pieces = member_index.kept_pieces(dialect, words, one.phone, one.national_id)
    return {"words": words, "pieces": pieces}


_KEPT = ("words", "pieces")
_NEW = Change(
    insert(MemberSearch).values({name: bindparam(name) for name in ("member_id", *_KEPT)})
)
_MANY_NEW = ManyRows(MemberSearch, ("member_id", *_KEPT))
_CHANGE = Change(
    update(MemberSearch)
    .where(MemberSearch.member_id == bindparam("of_member"))
    .values({name: bindparam(name) for name in _KEPT})
)
_COLUMNS: tuple[Any, ...] = (
    Member.id,
    Member.number,
    Member.first_name,
    Member.other_names,
    Member.last_name,
    Member.phone,
    Member.status,
    Member.national_id,
)
_WHOLE = Lookup(
    select(*_COLUMNS).where(
        or_(
            Member.number == bindparam("number"),
            Member.phone == bindparam("phone"),
            Member.national_id == bindparam("national_id"),
        )
    )
)


# PostgreSQL does not give what its index finds in the order of the books, and guesses badly how much that is. So the
# first of the books are looked at one by one, where pieces that many have are soon found; what few have is found by the
# index, all of it at once.
NEAR = 500


def _on_sqlite() -> Lookup[Any]:
    """Those the index names behind a member, in the order of the books, in which SQLite's index is."""
    place: Any = literal_column("member_piece.rowid")
    return Lookup(
        select(*_COLUMNS, MemberSearch.words)
        .select_from(table("member_piece"))
        .join(MemberSearch, MemberSearch.member_id == place)
        .join(Member, Member.id == place)
        .where(member_index.matches("sqlite"), place > bindparam("behind"))
        .order_by(place)
        .limit(bindparam("most"))
    )


def _on_postgresql(searched: type[MemberSearch]) -> Lookup[Any]:
    """Those of `searched` whom the question fits, behind a member and in the order of the books."""
    fitting = select(searched.member_id, searched.words)
    named = (
        fitting.where(member_index.matches("postgresql", searched))
        .cte("named")
        .prefix_with("MATERIALIZED")
    )
    return Lookup(
        select(*_COLUMNS, named.c.words)
        .join(named, named.c.member_id == Member.id)
        .where(named.c.member_id > bindparam("behind"))
        .order_by(named.c.member_id)
        .limit(bindparam("most"))
    )


_FIRST_OF_ALL = (
    select(MemberSearch).order_by(MemberSearch.member_id).limit(bindparam("near")).subquery()
)
# What is asked in turn until enough are found.
_ASKED = {
    "sqlite": (_on_sqlite(),),
    "postgresql": (
        _on_postgresql(aliased(MemberSearch, _FIRST_OF_ALL)),
        _on_postgresql(MemberSearch),
    ),
}


def _found(work: Work, typed: str, most: int) -> list[tuple[Any, ...]]:
    if owners := _owners(work, typed):
        return owners
    parts = parts_of(typed)
    if not parts:
        return []
    found: list[tuple[Any, ...]] = []
    for row in _candidates(work, parts, most):
        if fits(row[-1], row[5], row[7], parts):
            found.append(row)
            if len(found) == most:
                break
    return sorted(found, key=lambda row: str(row[1]))


def _owners(work: Work, typed: str) -> list[tuple[Any, ...]]:
    """Whose whole number, phone or ID this is; figures are also read without the spaces between them."""
    word = typed.strip().upper()
    joined = "".join(word.split())
    if is_number(joined):
        word = joined
    elif not any(letter.isdigit() for letter in word):
        # Neither is without a figure.
        return []
    return _WHOLE.rows(work.session, number=word, phone=whole_phone(word), national_id=word)


def _candidates(work: Work, parts: Sequence[Part], most: int) -> Iterator[tuple[Any, ...]]:
    """Every member who may fit, in the order of the books, read as far as somebody wants them."""
    dialect = _dialect(work)
    asked = {"question": member_index.question(dialect, parts), "near": NEAR}
    behind, reads = 0, most + _SPARE
    *near, all_of_them = _ASKED[dialect.name]
    for lookup in near:
        rows = lookup.rows(work.session, **asked, behind=behind, most=reads)
        yield from rows
        behind = rows[-1][0] if rows else behind
    while True:
        rows = all_of_them.rows(work.session, **asked, behind=behind, most=reads)
        yield from rows
        if len(rows) < reads:
            return
        behind, reads = rows[-1][0], min(max(_NEXT_READ, 4 * reads), _LARGEST_READ)


def _shown(row: tuple[Any, ...]) -> FoundMember:
    member_id, number, first, other, last, phone, status = row[:7]
    full_name = " ".join(name for name in (first, other, last) if name)
    return FoundMember(member_id, number, full_name, phone, status)


def _dialect(work: Work) -> Dialect:
    return work.session.connection().dialect
