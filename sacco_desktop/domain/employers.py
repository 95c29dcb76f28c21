"""Names of employers as people type them: which are one spelling, and which look like two spellings of one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

# `Voi Primary Sch.` and `Voi Primary School` come to 0.91; `Voi Primary` and `Wundanyi Primary` to 0.67.
_ALIKE = 0.8


def plain_name(text: str) -> str:
    """A name without case, points and double spaces: two names that come to the same are one."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def known_spelling(typed: str, names: Iterable[str]) -> str:
    """The spelling that is in use already where only case or points differ, else what was typed with single spaces."""
    clean = " ".join(typed.split())
    wanted = plain_name(clean)
    return next((name for name in names if wanted and plain_name(name) == wanted), clean)


def looks_like(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """The other names of a list that may be the same employer, the likeliest first."""
    plain = plain_name(name)
    found = [(_likeness(plain, plain_name(other)), other) for other in names if other != name]
    return tuple(other for likeness, other in sorted(found, reverse=True) if likeness >= _ALIKE)


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: how much two names share; short forms such as `TSC` for longer names are for a person to know."""
    if not one or not other:
        return 0
    return SequenceMatcher(None, one, other).ratio()
