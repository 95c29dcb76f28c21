"""Money commands happen once: the same key with the same input gives the first answer, with other input an error."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from sacco_desktop.db.tables import Command
from sacco_desktop.domain.errors import KeyReused
from sacco_desktop.services.books.work import Work


def once(
    work: Work, key: str, name: str, given: object, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Carry out `do` unless the command `key` was carried out before, and return its answer.

    `given` is the frozen input of the command; `do` returns an answer of texts and whole numbers. Raises KeyReused when
    the key was used with other input or by another command.
    """
    input_hash = hash_of(given)
    before = work.session.get(Command, key)
    if before is not None:
        if (before.name, before.input_hash) != (name, input_hash):
            raise KeyReused(
                "This form was already used for something else. Nothing was saved. Open it again."
            )
        answer: dict[str, Any] = json.loads(before.answer)
        return answer
    answer = do()
    work.session.add(
        Command(
            key=key,
            name=name,
            input_hash=input_hash,
            answer=json.dumps(answer, sort_keys=True),
            done_by=work.actor.user_id,
            done_at=work.now,
        )
    )
    work.session.flush()
    return answer


def hash_of(given: object) -> str:
    """The SHA-256 of a frozen dataclass, whatever its field order."""
    if not is_dataclass(given) or isinstance(given, type):
        raise TypeError("A money command takes a frozen dataclass.")
    text = json.dumps(asdict(given), sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a money command.")
