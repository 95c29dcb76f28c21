"""Opening the last closed day again, by two people and for a reason: it takes entries until it is closed anew."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import DayReopening
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.closing import closed_days, day_signing
from sacco_desktop.services.closing.closed_days import ClosedDay
from sacco_desktop.services.closing.day_closings import in_words
from sacco_desktop.services.closing.day_signing import Outcome, Signatures, Signer


@dataclass(frozen=True, slots=True)
class DayToReopen:
    """Which closing shall count no more, and why."""

    closing_id: int
    reason: str
    signed: Signatures


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """The day that would be open again, and who can sign that."""

    day: ClosedDay
    signers: tuple[Signer, ...]


def before_reopening(work: Work, closing_id: int) -> ReopeningView:
    """What is shown before it. Raises NotAllowed, NotFound, WrongState for a day that cannot be reopened."""
    work.allow(Act.REOPEN_DAY)
    return ReopeningView(_last_closed(work, closing_id), day_signing.who_can_sign(work))


def reopen(work: Work, given: DayToReopen) -> Outcome:
    """Let the last closed day, and the days before it back to the closing before, take entries again.

    Raises NotAllowed, SamePerson, NotFound, WrongState for any other day, and InvalidInput under `reason` or `signer`.
    """
    work.allow(Act.REOPEN_DAY)
    day = _last_closed(work, given.closing_id)
    reason = in_words(given.reason, "reason", "Write why the day is reopened.")
    theirs = day_signing.signed(work, given.signed, Act.REOPEN_DAY)
    if isinstance(theirs, Outcome):
        return theirs
    work.session.add(
        DayReopening(
            closing_id=day.closing_id,
            reopened_by=work.actor.user_id,
            signed_by=theirs.actor.user_id,
            reopened_at=work.now,
            reason=reason,
        )
    )
    work.session.flush()
    name = format_date(day.day)
    detail: audit.Detail = {"why": reason}
    audit.record(work, "reopened the day", name, detail)
    audit.record(theirs, "signed the reopening of", name, detail)
    work.changed(Topic.LEDGER)
    return Outcome(f"{name} is open again. Close it anew when it is mended.")


def _last_closed(work: Work, closing_id: int) -> ClosedDay:
    day = closed_days.read(work, closing_id)
    if day.reopened is not None:
        raise WrongState(f"{format_date(day.day)} was reopened by {day.reopened.by} already.")
    if not day.can_reopen:
        raise WrongState("A later day is closed. Only the last closed day is reopened.")
    return day
