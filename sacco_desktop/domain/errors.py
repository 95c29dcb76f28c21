"""Every error that a person may meet, by kind. The message is a whole sentence for the office, made where the
rule is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class SaccoError(Exception):
    """A rule says no. The message says what was refused, why, and what to do next; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(SaccoError):
    """What was typed cannot be used. `field` names the field under which the sentence belongs."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(SaccoError):
    """The person's roles do not allow this act."""


class SamePerson(SaccoError):
    """Whoever made a request may not also be the one who approves it."""


class OverLimit(SaccoError):
    """The amount is above what this person's role may do, in one act or in one day."""


class ChangedMeanwhile(SaccoError):
    """Somebody else changed the record after this person read it."""


class AlreadyDecided(SaccoError):
    """Another person decided first; the first decision stands."""


class NotFound(SaccoError):
    """The record asked for does not exist."""


class WrongState(SaccoError):
    """The record is in a state in which this act makes no sense."""


class OnHold(WrongState):
    """A person stopped this payout, so nothing of it leaves until somebody who may send it lets it go."""


class KeyReused(SaccoError):
    """An idempotency key came again with other input."""


class UnbalancedEntry(SaccoError):
    """Debits and credits of an entry differ, or a posting is not exactly one of the two."""


class PostedIsFinal(SaccoError):
    """A posted entry may not be edited, deleted or added to; only a reversal corrects it."""


class PeriodClosed(SaccoError):
    """The date lies in a closed month, or in a closed day or before it."""


class InsufficientFloat(SaccoError):
    """The utility account does not hold enough for this payout and those in flight."""


class NotProven(SaccoError):
    """An earlier payment rests on one notice alone, and the society's rule wants its proof before this act."""


class QueueStopped(SaccoError):
    """Sending stands still until a person has looked, because M-Pesa refused our user or something does not fit."""


class BooksDamaged(SaccoError):
    """The books do not prove themselves: an entry, a balance or a link of the chain is not what it was."""


class BooksInUse(SaccoError):
    """Another program works on these books at this moment."""


class Locked(SaccoError):
    """Too many wrong passwords; the account opens again at a stated time."""


class OutsideUnavailable(SaccoError):
    """Something outside (M-Pesa, relay, mail) cannot be reached; work goes on and the clock retries."""

    def __init__(self, service: str, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.service = service
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one row of many, as a value: an import collects them all and saves nothing."""

    row: int
    column: str
    message: str
