"""What members are searched by, beside the members themselves, and on SQLite the index over it."""

from __future__ import annotations

from sqlalchemy import Connection, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import SearchPieces


class MemberSearch(Table):
    """Number and names of a member, folded, and the pieces by which an index finds them. It is put together from the
    member's row, goes with it, and is compared with it by `verify`.
    """

    __tablename__ = "member_search"
    __table_args__ = strict(
        Index("ix_member_search_pieces", "pieces", postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    words: Mapped[str]
    pieces: Mapped[str] = mapped_column(SearchPieces())


# SQLite keeps the pieces of its index in tables of its own making; guard_laying.py has the triggers that keep it true.
# One or two letters begin pieces, so their beginnings have an index too; each letter has two figures there.
SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE member_piece USING fts5(pieces, content='member_search', content_rowid='member_id',"
    " tokenize='ascii', detail=none, columnsize=0, prefix='2 4')",
    "CREATE VIRTUAL TABLE member_piece_told USING fts5vocab(member_piece, instance)",
)
SQLITE_INDEX_TABLES = frozenset(
    {"member_piece", "member_piece_told"}
    | {f"member_piece_{part}" for part in ("config", "data", "idx")}
)


def _lay_index(_table: object, connection: Connection, **_how: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in SQLITE_INDEX:
            connection.exec_driver_sql(statement)


event.listen(MemberSearch.__table__, "after_create", _lay_index)
