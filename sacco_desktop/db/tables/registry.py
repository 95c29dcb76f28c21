"""The registry that every table belongs to: strict on SQLite, one naming scheme for constraints, our own
column types.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import SchemaItem

from sacco_desktop.db.types import Flag, IsoDate, UtcMoment, WideInteger

STRICT: dict[str, Any] = {"sqlite_strict": True}

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """A table of the books."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: WideInteger,
        str: Text,
        bytes: LargeBinary,
        bool: Flag,
        datetime: UtcMoment,
        date: IsoDate,
    }


def strict(*constraints: SchemaItem) -> tuple[Any, ...]:
    """Table arguments: the constraints, and STRICT on SQLite so that 1.5 or 'abc' never enters a cents column."""
    return (*constraints, STRICT)
