"""What can be wrong with a relay beyond an outage; each message is a sentence for the office."""

from __future__ import annotations

from dataclasses import dataclass, field

from callback_relay.protocol.chain import Position
from callback_relay.protocol.page import EntryNotVerified, OpenedEntry
from sacco_desktop.domain.errors import SaccoError


class RelayRefused(SaccoError):
    """The relay said no, and asking again will not help."""

    def __init__(self, message: str, problem: str = "") -> None:
        super().__init__(message)
        self.problem = problem


class Revoked(RelayRefused):
    """The relay does not accept this device any more: stop, show it, pair again."""


class PairingRefused(RelayRefused):
    """The code is wrong, used or expired, or whoever answered does not know it."""


class NoteReused(RelayRefused):
    """Another note already stands under this id."""


class Diverged(RelayRefused):
    """Our position is not in the relay's feed: it was restored or is a copy. Locate the last common
    point next."""


class Pruned(RelayRefused):
    """What follows our position has been deleted there. Resume at `tail`, and open a gap case for
    the time between.

    The tail's hash is the relay's word alone until the next page, which is signed, links to it.
    """

    def __init__(self, message: str, problem: str, tail: Position) -> None:
        super().__init__(message, problem)
        self.tail = tail


@dataclass(frozen=True, slots=True)
class DamagedBytes:
    """The one entry of a page that could not be verified, and the place behind it for which the relay has signed."""

    header: bytes = field(repr=False)
    box: bytes = field(repr=False)
    place: Position


class FeedNotVerified(SaccoError):
    """The feed stops: an entry is not what it must be. It is never skipped by the program.

    `sequence` names the entry, `good` are verified entries before it that may be applied, and
    `good_until` is the place after them (None when the page as a whole was not signed for).
    `damaged` is the entry itself when the page held nothing else and the relay signed for its end.
    """

    def __init__(
        self,
        sequence: int,
        reason: str,
        good: tuple[OpenedEntry, ...],
        good_until: Position | None,
        damaged: DamagedBytes | None = None,
    ) -> None:
        super().__init__(
            f"The relay's entry {sequence} could not be verified ({reason}). Nothing after it is "
            "taken in until a person has looked at it."
        )
        self.sequence = sequence
        self.reason = reason
        self.good = good
        self.good_until = good_until
        self.damaged = damaged

    @classmethod
    def from_entry(cls, error: EntryNotVerified, damaged: DamagedBytes | None) -> FeedNotVerified:
        """The same finding as an error of the desktop."""
        return cls(error.sequence, error.reason, error.good, error.good_until, damaged)


class RelayNotProven(SaccoError):
    """An answer that must carry the relay's signature does not carry it; somebody may sit in
    between."""
