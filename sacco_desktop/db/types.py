"""Column types that STRICT SQLite tables and PostgreSQL both keep exactly: ISO times, ISO dates, yes or no,
wide integers; and personal text, which a server gets to see only sealed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from sacco_desktop.db.personal import cipher_of


class WideInteger(TypeDecorator[int]):
    """A 64-bit whole number; cents of a whole society do not fit into PostgreSQL's INTEGER."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        wide = BigInteger() if dialect.name == "postgresql" else Integer()
        return dialect.type_descriptor(wide)


class UtcMoment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC as ISO text of one width, so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone must not reach the books.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class IsoDate(TypeDecorator[date]):
    """A business date as ISO text."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[date | None], str | None]:
        """What is asked for each of a hundred thousand rows asks nothing else on its way."""
        return _iso_of

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return _iso_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


def _iso_of(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


class Flag(TypeDecorator[bool]):
    """Yes or no: 1 or 0 on SQLite, a boolean of its own on PostgreSQL, where a number is no condition."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int] | TypeEngine[bool]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Boolean())
        return dialect.type_descriptor(Integer())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | bool | None:
        if value is None or dialect.name == "postgresql":
            return value
        return int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class PersonalText(TypeDecorator[str]):
    """Text about a person. On a server it is sealed; `place` ("member.phone") keeps it from being moved to another
    column.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None] | None:
        """Nothing is done to a value on SQLite, where the file is encrypted as a whole."""
        return None if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.seal_text(self.place, value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Nothing is to be done with what comes out of a file, and lists read very many of these."""
        return None if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.unseal_text(self.place, value)


class PersonalBytes(TypeDecorator[bytes]):
    """The same for bytes that speak of persons."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.seal(self.place, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        cipher = cipher_of(dialect)
        return value if value is None or cipher is None else cipher.unseal(self.place, value)


class SearchPieces(TypeDecorator[str]):
    """Words of ASCII letters and figures, sorted, with spaces between; PostgreSQL keeps them ready for its index."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TSVECTOR())
        return dialect.type_descriptor(Text())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name != "postgresql":
            return value
        # PostgreSQL puts each into quotes, and shorter ones before longer ones.
        return " ".join(sorted(value.replace("'", "").split()))
