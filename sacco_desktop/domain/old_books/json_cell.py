"""Cells that hold JSON, as other books of this program wrote it, read as narrowly as what a person types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS

Value = TypeVar("Value")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,40}")
_MOST_ROWS = 40


class Fields:
    """The fields of a JSON object; each is read by a narrow reader, and nothing may be left unread."""

    def __init__(self, said: Mapping[str, Any], what: str) -> None:
        self._said, self._what = dict(said), what

    def take(self, name: str, read: Callable[[Any], Value], otherwise: Any = InvalidInput) -> Value:
        """A field as `read` reads it; `otherwise` where it may be absent. Raises InvalidInput."""
        if name not in self._said:
            if otherwise is InvalidInput:
                raise InvalidInput(f"{self._what} say nothing of {name}.", self._what)
            absent: Value = otherwise
            return absent
        try:
            return read(self._said.pop(name))
        except (TypeError, ValueError):
            raise InvalidInput(f"{self._what} cannot be read: {name}.", self._what) from None

    def choice(self, name: str, kind: Callable[[str], Value]) -> Value:
        """A field that is one of a few words. Raises InvalidInput."""
        return self.take(name, lambda value: kind(text_in(value)))

    def close(self) -> None:
        """Raise InvalidInput when something was left unread."""
        if self._said:
            unknown = ", ".join(sorted(self._said))[:60]
            raise InvalidInput(f"{self._what} say what is not known here: {unknown}.", self._what)


def mapping_in(text: str, what: str) -> Mapping[str, Any]:
    """The object that a cell holds. Raises InvalidInput under `what`."""
    found: Mapping[str, Any] = parsed(text, what, dict)
    return found


def parsed(text: str, what: str, kind: type) -> Any:
    """What a cell holds, when it is of this kind. Raises InvalidInput under `what`."""
    try:
        # Whoever sends NaN, a number of a million figures or a hundred thousand brackets means nothing with it.
        found = json.loads(text, parse_float=_refused, parse_constant=_refused)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, kind):
        raise InvalidInput(f"{what} cannot be read. Take the cell as the export wrote it.", what)
    return found


def _refused(_figures: str) -> Any:
    raise ValueError


def whole(value: Any) -> int:
    """A whole number from zero to the largest amount of cents. Raises ValueError, like those below."""
    if type(value) is not int or not 0 <= value <= LARGEST_AMOUNT_CENTS:
        raise ValueError
    return value


def text_in(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError
    return value


def rows_in(value: Any) -> list[Any]:
    """A list that is not long."""
    if not isinstance(value, list) or len(value) > _MOST_ROWS:
        raise ValueError
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise ValueError
    return value


def code(value: Any) -> str:
    """A code such as `school_fees`."""
    if _CODE.fullmatch(text_in(value)) is None:
        raise ValueError
    return str(value)


def day(value: Any) -> date:
    """An ISO day."""
    if not isinstance(value, str) or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError
    return date.fromisoformat(value)
