"""Finds members while a person types: any part of a number or a name, a phone or an ID whole or by its last four."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Dialect,
    Select,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    table,
    update,
)

from sacco_desktop.db import member_index
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
# The index leaves few who do not fit, so the first reading, of as many as are wanted, is nearly always the only one.
_NEXT_READ, _LARGEST_READ = 64, 1_024


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A member as a search shows one."""

    member_id: int
    number: str
    full_name: str
    phone: str
    status: str


@dataclass(frozen=True, slots=True)
class ToFind:
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


def keep_new(work: Work, members: Sequence[tuple[int, ToFind]]) -> None:
    """Let members be found who were just written, each by the id of the row."""
    dialect = _dialect(work)
    _NEW.make_all(
        work.session,
        [{"member_id": member_id, **kept_columns(dialect, one)} for member_id, one in members],
    )


def kept_columns(dialect: Dialect, one: ToFind) -> dict[str, str]:
    """What must stand in the row beside a member."""
    words = search_words(one.number, *one.names)
    pieces = member_index.kept_pieces(dialect, words, one.phone, one.national_id)
    return {"words": words, "pieces": pieces}


_KEPT = ("words", "pieces")
_NEW = Change(
    insert(MemberSearch).values({name: bindparam(name) for name in ("member_id", *_KEPT)})
)
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


def _by_index(engine: str) -> Lookup[Any]:
    """Those the index names behind a member, in the order of the books; SQLite's index gives them in it."""
    asked: Select[Any] = select(*_COLUMNS, MemberSearch.words)
    place: Any = MemberSearch.member_id
    if engine == "sqlite":
        place = literal_column("member_piece.rowid")
        asked = asked.select_from(table("member_piece")).join(
            MemberSearch, MemberSearch.member_id == place
        )
    else:
        asked = asked.select_from(MemberSearch)
    asked = asked.join(Member, Member.id == place)
    asked = asked.where(member_index.matches(engine), place > bindparam("behind"))
    return Lookup(asked.order_by(place).limit(bindparam("most")))


_BY_INDEX = {engine: _by_index(engine) for engine in ("sqlite", "postgresql")}


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
    dialect = _dialect(work)
    question = member_index.question(dialect, parts)
    behind, reads = 0, most
    while True:
        rows = _BY_INDEX[dialect.name].rows(
            work.session, question=question, behind=behind, most=reads
        )
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
