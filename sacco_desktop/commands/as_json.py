"""What a command prints with `--json`."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any


def plain(value: Any) -> Any:
    """A frozen answer of a service as dictionaries."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(found) for key, found in asdict(value).items()}
    return value


def print_json(value: Any) -> None:
    """One line of JSON."""
    print(json.dumps(value, default=_encode, ensure_ascii=False))


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be printed")
