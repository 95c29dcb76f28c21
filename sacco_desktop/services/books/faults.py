"""What a proof of the books finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not prove itself: where it is and what is wrong with it."""

    where: str
    what: str
