"""How the index over members is asked and what it holds, on SQLite and on PostgreSQL; domain/member_pieces.py says why.

A server sees names anyway, but phone and ID only sealed; of their ends it gets marks that tell it nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import BindParameter, ColumnElement, Dialect, bindparam, cast, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY

from sacco_desktop.db.personal import cipher_of
from sacco_desktop.db.tables.member_search import MemberSearch
from sacco_desktop.domain.member_pieces import PIECE, Part, end_of_id, end_of_phone, pieces_of

_AND = {"sqlite": " AND ", "postgresql": " & "}
_OR = {"sqlite": " OR ", "postgresql": " | "}
_BEGINS = {"sqlite": '"*', "postgresql": "':*"}
_QUOTE = {"sqlite": '"', "postgresql": "'"}


def kept_pieces(dialect: Dialect, words: str, phone: str, national_id: str) -> str:
    """What the index holds of a member, as the column `pieces` has it."""
    kept = {
        _phone_mark(dialect, end_of_phone(phone)),
        _id_mark(dialect, end_of_id(national_id)),
    }
    return " ".join(sorted(kept.union(*map(_pieces_of_word, words.split()))))


@lru_cache(maxsize=4_096)
def _pieces_of_word(word: str) -> tuple[str, ...]:
    """Many members share a name, so an import of thousands asks for the same ones again and again."""
    return tuple(map(_written, pieces_of(word)))


def question(dialect: Dialect, parts: Sequence[Part]) -> str:
    """What finds every member who may fit all the parts, and few others, in the language of the index."""
    engine = dialect.name
    asked = []
    for part in parts:
        either = [_AND[engine].join(_piece(engine, piece) for piece in part.pieces)]
        if part.phone_end:
            either.append(_exactly(engine, _phone_mark(dialect, part.phone_end)))
        if part.id_end:
            either.append(_exactly(engine, _id_mark(dialect, part.id_end)))
        asked.append(f"({_OR[engine].join(f'({one})' for one in either)})")
    return _AND[engine].join(asked)


def matches(engine: str, searched: type[MemberSearch] = MemberSearch) -> ColumnElement[bool]:
    """The condition that the index answers; the parameter `question` is what `question` gives.

    On PostgreSQL it is on a row of `searched`, on SQLite on one of `member_piece`, which the statement must read.
    """
    asked: BindParameter[str] = bindparam("question")
    if engine == "postgresql":
        return searched.pieces.op("@@", is_comparison=True)(cast(asked, TSQUERY))
    return literal_column("member_piece").op("MATCH", is_comparison=True)(asked)


def _piece(engine: str, piece: str) -> str:
    quote, written = _QUOTE[engine], _written(piece)
    return (
        _exactly(engine, written) if len(piece) == PIECE else f"{quote}{written}{_BEGINS[engine]}"
    )


def _exactly(engine: str, token: str) -> str:
    quote = _QUOTE[engine]
    return f"{quote}{token}{quote}"


@lru_cache(maxsize=20_000)
def _written(piece: str) -> str:
    """The letters as figures, so that neither language reads anything into them."""
    return piece.encode().hex()


# A piece has only the figures 0 to f, so neither of these is one.
def _phone_mark(dialect: Dialect, end: str) -> str:
    return f"p{_mark(dialect, 'member_search.phone_end', end)}"


def _id_mark(dialect: Dialect, end: str) -> str:
    return f"n{_mark(dialect, 'member_search.id_end', end)}"


def _mark(dialect: Dialect, place: str, end: str) -> str:
    cipher = cipher_of(dialect)
    return _written(end) if cipher is None else cipher.mark_of(place, end)
