"""Finds members by any part of their number and names, and by the ends of phone and ID."""

import sqlalchemy as sa
from alembic import op

from sacco_desktop.db import member_index, types
from sacco_desktop.db.personal import unsealed
from sacco_desktop.db.tables.member_search import SQLITE_INDEX
from sacco_desktop.domain.member_pieces import search_words

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_AT_ONCE = 5_000


def upgrade() -> None:
    """Every member who is there can be searched for at once."""
    table = op.create_table(
        "member_search",
        sa.Column("member_id", types.WideInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pieces", types.SearchPieces(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_member_search_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_search")),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    _fill(connection, table)
    if connection.dialect.name == "sqlite":
        for statement in SQLITE_INDEX:
            op.execute(statement)
        op.execute("INSERT INTO member_piece (member_piece) VALUES ('rebuild')")
    else:
        op.create_index(
            "ix_member_search_pieces",
            "member_search",
            ["pieces"],
            unique=False,
            postgresql_using="gin",
        )


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    dialect = connection.dialect
    found = connection.exec_driver_sql(
        "SELECT id, number, first_name, other_names, last_name, phone, national_id FROM member"
    ).all()
    rows = []
    for member_id, number, first, other, last, phone, card in found:
        words = search_words(number, first, other, last)
        plain_phone = unsealed(dialect, "member.phone", phone)
        plain_card = unsealed(dialect, "member.national_id", card)
        pieces = member_index.kept_pieces(dialect, words, plain_phone, plain_card)
        rows.append({"member_id": member_id, "words": words, "pieces": pieces})
    for at in range(0, len(rows), _AT_ONCE):
        connection.execute(sa.insert(table), rows[at : at + _AT_ONCE])
