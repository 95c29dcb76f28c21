"""Compares what members are searched by with the members themselves, and on SQLite the index with what it is over: who
is not found is as good as gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Dialect, Row, Text, func, select, text, type_coerce

from sacco_desktop.db.personal import unsealed
from sacco_desktop.db.tables import Member, MemberSearch
from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.services.books.faults import Fault
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership.member_search import ToFind, kept_columns

_MEMBERS = (
    select(
        Member.id,
        Member.number,
        Member.first_name,
        Member.other_names,
        Member.last_name,
        type_coerce(Member.phone, Text).label("phone"),
        type_coerce(Member.national_id, Text).label("national_id"),
        MemberSearch.words,
        MemberSearch.pieces,
    )
    .outerjoin(MemberSearch, MemberSearch.member_id == Member.id)
    .order_by(Member.id)
    .execution_options(yield_per=1000)
)
# What the index has says for each piece in one line of whom; both sides are in the order of the ids.
_TOLD = text("SELECT term, group_concat(doc) FROM member_piece_told GROUP BY term ORDER BY term")


def readable(work: Work) -> Iterator[Fault]:
    """Every member who would not be found as the row says, in the order of the books."""
    dialect = work.session.connection().dialect
    expected: defaultdict[str, list[str]] = defaultdict(list)
    numbers: dict[str, str] = {}
    for row in work.session.execute(_MEMBERS):
        if words := _what_is_wrong(dialect, row):
            yield Fault(f"Member {row.number}", words)
        key = str(row.id)
        numbers[key] = row.number
        for piece in (row.pieces or "").split():
            expected[piece].append(key)
    if dialect.name == "sqlite":
        for key in sorted(_told_otherwise(work, expected), key=int):
            yield Fault(
                f"Member {numbers.get(key, key)}", "is not in the index of the search as it should."
            )
    strangers = work.session.scalar(
        select(func.count())
        .select_from(MemberSearch)
        .where(MemberSearch.member_id.not_in(select(Member.id)))
    )
    if strangers:
        yield Fault("The search", "knows somebody who is no member.")


def _what_is_wrong(dialect: Dialect, row: Row[*tuple[Any, ...]]) -> str:
    try:
        phone = unsealed(dialect, "member.phone", row.phone)
        card = unsealed(dialect, "member.national_id", row.national_id)
    except BooksDamaged:
        return "has a phone or an ID that was changed in the database itself."
    names = (row.first_name, row.other_names, row.last_name)
    wanted = kept_columns(dialect, ToFind(row.number, names, phone, card))
    if row.words is None:
        return "is unknown to the search."
    if (row.words, row.pieces) != (wanted["words"], wanted["pieces"]):
        return "is searched by other words or numbers than the row has."
    return ""


def _told_otherwise(work: Work, expected: dict[str, list[str]]) -> set[str]:
    """The ids of whom the index says something else than the rows it is over."""
    found: set[str] = set()
    left = set(expected)
    for piece, told in work.session.execute(_TOLD):
        wanted = expected.get(piece, [])
        left.discard(piece)
        if ",".join(wanted) != told:
            found |= set(wanted) ^ set(told.split(","))
    for piece in left:
        found |= set(expected[piece])
    return found
