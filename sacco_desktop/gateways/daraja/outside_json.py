"""JSON from outside, read strictly: what could mean two things, or exhaust us, is refused."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn

MOST_BYTES = 256 * 1024
DEEPEST = 24
MOST_DIGITS = 24

# Anything a database, a log line or a label could choke on: controls and lone surrogates.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unreadable(ValueError):
    """The bytes cannot be understood without guessing; they are kept and shown to a person."""


def read_object(raw: bytes) -> dict[str, object]:
    """The JSON object in `raw`, its fractions as `Decimal`. Raises only `Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"The message is longer than {MOST_BYTES} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The message is not UTF-8 text.") from None
    try:
        value: object = json.loads(
            text,
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("The message is nested too deeply.") from None
    except ValueError:
        raise Unreadable("The message is not written as a notice is.") from None
    if not isinstance(value, dict):
        raise Unreadable("The message does not hold a notice.")
    _refuse_depth(value)
    return value


def clean_text(value: object) -> str:
    """A scalar as trimmed plain text; nothing, lists and objects as empty text."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNSAFE.sub("\ufffd", str(value)).strip()


def plain_text(text: str) -> str:
    """The text without characters that a database or a label could choke on."""
    return _UNSAFE.sub("\ufffd", text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Two readers could each take another one of the two values, and one of them may move money.
        raise Unreadable("The message names a field twice.")
    return found


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise Unreadable("The message holds a number that is too long.")
    return int(text)


def _fraction(text: str) -> Decimal:
    if len(text) > 2 * MOST_DIGITS:
        raise Unreadable("The message holds a number that is too long.")
    number = Decimal(text)
    if abs(number.adjusted()) > MOST_DIGITS:
        raise Unreadable("The message holds a number that is too large or too small.")
    return number


def _no_constant(text: str) -> NoReturn:
    raise Unreadable(f"The message holds {text}, which is no number.")


def _refuse_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(DEEPEST):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return
        level = below
    raise Unreadable("The message is nested too deeply.")
