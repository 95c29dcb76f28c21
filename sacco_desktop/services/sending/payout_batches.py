"""Runs of payouts: a person agrees to a list and its sum with one password; the list is remembered until it is sent.

A batch sends nothing that was not on that list as it was shown. When something of it changes, the run is void.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from sacco_desktop.db.tables import BatchLine, Payout, PayoutBatch
from sacco_desktop.domain.batches import UNFINISHED, BatchStatus, LineStatus
from sacco_desktop.domain.errors import InvalidInput, NotFound, SamePerson, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import users
from sacco_desktop.services.payouts import batch_lines, payout_contents, payouts
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import pay_sheet, queue_stops

# Far longer than one payment takes with its result; a run without a sign of life for so long has died.
_DEAD_AFTER = timedelta(minutes=10)
_STOPPED = "The program stopped while this was being sent."


@dataclass(frozen=True, slots=True)
class ShownPayout:
    """One payout of a list as a person saw it, in cents."""

    payout_id: int
    version: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class NewBatch:
    """The list that a person agreed to, and the sum that stood on the button, in cents."""

    payouts: tuple[ShownPayout, ...]
    sum_cents: int


@dataclass(frozen=True, slots=True)
class BatchLineRow:
    """One payout of a batch as it stands now; `words` say why the batch ended without it."""

    row: PayoutRow
    status: LineStatus
    words: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with what of it has not gone out, in cents. `words` say why it stands or how it ended; `left_out` are
    the payouts that a person holds while the others go on.
    """

    batch_id: int
    number: str
    status: BatchStatus
    made_by: str
    made_at: datetime
    sent_by: str
    payouts: int
    sum_cents: int
    waiting: int
    waiting_cents: int
    words: str
    ended_at: datetime | None
    left_out: int = 0

    @property
    def gone(self) -> int:
        """How many of it went out."""
        return self.payouts - self.waiting - self.left_out

    @property
    def is_standing(self) -> bool:
        """Whether it waits for a person to continue it."""
        return self.status in (BatchStatus.OPEN, BatchStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with all its lines, in the order in which they were shown."""

    batch: BatchRow
    lines: tuple[BatchLineRow, ...]


@dataclass(frozen=True, slots=True)
class StartBatch:
    """Begin this batch, or continue it."""

    batch_id: int


@dataclass(frozen=True, slots=True)
class Started:
    """What may go out now, in its order. With `void_words` nothing may: the list is not any more what was agreed to."""

    payout_ids: tuple[int, ...]
    void_words: str = ""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run came to its end for now; `words` say why it went no further, or nothing."""

    batch_id: int
    words: str = ""


def open_batch(work: Work, new: NewBatch) -> BatchRow:
    """Write the list down that a person has just agreed to. Raises WrongState when it is not what was shown."""
    work.allow(Act.SEND_PAYOUT)
    queue_stops.check_going(work)
    if not new.payouts:
        raise InvalidInput("Tick the payouts that shall be sent.", "payouts")
    if sum(shown.amount_cents for shown in new.payouts) != new.sum_cents:
        raise WrongState("The sum is not that of the list. Open it again; nothing was sent.")
    rows = [_as_shown(work, shown) for shown in new.payouts]
    batch = PayoutBatch(
        number=f"B-{numbering.next_in(work, 'batch'):04d}",
        status=BatchStatus.OPEN.value,
        made_by=work.actor.user_id,
        made_at=work.now,
        payouts=len(rows),
        sum_cents=new.sum_cents,
        moved_at=work.now,
    )
    work.session.add(batch)
    work.session.flush()
    for place, payout in enumerate(rows, 1):
        work.session.add(
            BatchLine(
                batch_id=batch.id,
                place=place,
                payout_id=payout.id,
                amount_cents=payout.mpesa_cents,
                fingerprint=payout.fingerprint,
                status=LineStatus.WAITING.value,
            )
        )
    work.session.flush()
    audit.record(
        work, "made a batch of payouts", batch.number, {"n": len(rows), "cents": new.sum_cents}
    )
    work.changed(Topic.PAYOUTS)
    return _row(work, batch)


def _as_shown(work: Work, shown: ShownPayout) -> Payout:
    payout = load_payout(work, shown.payout_id)
    if (payout.version, payout.mpesa_cents) != (shown.version, shown.amount_cents):
        raise WrongState(
            f"{payout.number} has changed after it was shown. Open the list again; nothing was sent."
        )
    why = pay_sheet.send_locked_why(work, payouts.row_of(work, payout.id))
    if why:
        raise WrongState(f"{why} Nothing was sent.")
    line = batch_lines.waiting_line(work, payout.id)
    if line is not None:
        other = work.session.get_one(PayoutBatch, line.batch_id)
        raise WrongState(
            f"{payout.number} waits in {other.number}. Continue that batch, or end it first."
        )
    return payout


def start(work: Work, given: StartBatch) -> Started:
    """Begin or continue a batch as the person who has just given a password.

    A list that has changed is made void instead. Raises WrongState when somebody else sends it or it is over, and
    SamePerson when this person approved a part of it.
    """
    work.allow(Act.SEND_PAYOUT)
    batch = _load(work, given.batch_id)
    queue_stops.check_going(work)
    if batch.status == BatchStatus.SENDING.value:
        who = users.full_name_of(work, batch.sent_by)
        raise WrongState(f"{batch.number} is being sent by {who} on {batch.pc_name}.")
    if BatchStatus(batch.status) not in UNFINISHED:
        raise WrongState(f"{batch.number} is over. Make a new list.")
    changed = _changed_words(work, batch)
    if changed:
        _end(work, batch, BatchStatus.VOID, changed)
        return Started((), changed)
    left_out = batch_lines.leave_held(work, batch.id)
    waiting = _waiting(work, batch)
    if not waiting:
        _end(work, batch, BatchStatus.VOID, left_out)
        return Started((), left_out)
    for line in waiting:
        why = pay_sheet.send_locked_why(work, payouts.row_of(work, line.payout_id))
        if why:
            raise SamePerson(f"{why} Nothing was sent.")
    batch.status, batch.words = BatchStatus.SENDING.value, ""
    batch.sent_by, batch.pc_name, batch.moved_at = work.actor.user_id, work.pc_name, work.now
    work.session.flush()
    audit.record(work, "began to send a batch", batch.number, {"n": len(waiting)})
    work.changed(Topic.PAYOUTS)
    return Started(tuple(line.payout_id for line in waiting))


def _changed_words(work: Work, batch: PayoutBatch) -> str:
    """What of the waiting list is not any more as it was agreed to, in a sentence; empty when nothing is."""
    for line in _waiting(work, batch):
        payout = load_payout(work, line.payout_id)
        is_as_agreed = (payout.status, payout.fingerprint, payout.mpesa_cents) == (
            PayoutStatus.APPROVED.value,
            line.fingerprint,
            line.amount_cents,
        )
        if not is_as_agreed or payout_contents.content_changed(work, payout.id):
            return (
                f"{payout.number} has changed after the list was agreed to, so {batch.number} is void. What of it has"
                " not gone out stays ready. Make a new list."
            )
    return ""


def end_run(work: Work, run: RunEnd) -> BatchRow:
    """A run is over for now: done, void because its list changed, or paused with what of it still waits."""
    work.allow(Act.SEND_PAYOUT)
    batch = _load(work, run.batch_id)
    if batch.status != BatchStatus.SENDING.value:
        return _row(work, batch)
    left_out = batch_lines.leave_held(work, batch.id)
    changed = _changed_words(work, batch)
    if not _waiting(work, batch):
        _end(work, batch, BatchStatus.DONE, f"{run.words} {left_out}".strip())
    elif changed:
        _end(work, batch, BatchStatus.VOID, changed)
    else:
        stop = queue_stops.standing(work)
        _pause(work, batch, run.words or (stop.reason if stop else "") or "A person stopped it.")
    return _row(work, batch)


def _pause(work: Work, batch: PayoutBatch, words: str) -> None:
    batch.status, batch.words, batch.moved_at = BatchStatus.PAUSED.value, words, work.now
    work.session.flush()
    audit.record(work, "stopped a batch of payouts", batch.number, {"why": words})
    work.changed(Topic.PAYOUTS)


def _end(work: Work, batch: PayoutBatch, status: BatchStatus, words: str) -> None:
    for line in _waiting(work, batch):
        line.status, line.words = LineStatus.LEFT.value, words
    work.session.flush()
    batch.status, batch.words = status.value, words
    batch.ended_at = batch.moved_at = work.now
    work.session.flush()
    audit.record(work, "ended a batch of payouts", batch.number, {"why": words})
    work.changed(Topic.PAYOUTS)


def end_batch(work: Work, run: RunEnd) -> BatchRow:
    """A person ends a batch that stands; what has not gone out stays ready. Raises WrongState, InvalidInput."""
    work.allow(Act.SEND_PAYOUT)
    batch = _load(work, run.batch_id)
    if batch.status not in (BatchStatus.OPEN.value, BatchStatus.PAUSED.value):
        raise WrongState(f"{batch.number} is {batch.status} and cannot be ended now.")
    if not run.words.strip():
        raise InvalidInput("Write why it is not sent to its end.", "reason")
    _end(
        work,
        batch,
        BatchStatus.VOID,
        f"Ended by {work.actor.full_name}: {run.words.strip()}",
    )
    return _row(work, batch)


def recover(work: Work, _nothing: None = None) -> int:
    """At the start: what this PC was sending when it stopped stands now, until a person continues it."""
    return _recover(work, PayoutBatch.pc_name == work.pc_name)


def recover_stale(work: Work, _nothing: None = None) -> int:
    """While the program runs: the same for a batch of any PC without a sign of life for long."""
    return _recover(work, PayoutBatch.moved_at <= work.now - _DEAD_AFTER)


def _recover(work: Work, which: ColumnElement[bool]) -> int:
    work.allow(Act.FOLLOW_UP)
    found = work.session.scalars(
        select(PayoutBatch).where(PayoutBatch.status == BatchStatus.SENDING.value, which)
    ).all()
    for batch in found:
        if _waiting(work, batch):
            _pause(work, batch, _STOPPED)
        else:
            _end(work, batch, BatchStatus.DONE, _STOPPED)
    return len(found)


def list_batches(work: Work, _nothing: None = None) -> tuple[BatchRow, ...]:
    """All batches, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(select(PayoutBatch).order_by(PayoutBatch.id.desc()))
    return tuple(_row(work, batch) for batch in rows.all())


def unfinished(work: Work, _nothing: None = None) -> tuple[BatchRow, ...]:
    """The batches of which something may still go out, the oldest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(PayoutBatch)
        .where(PayoutBatch.status.in_([status.value for status in UNFINISHED]))
        .order_by(PayoutBatch.id)
    )
    return tuple(_row(work, batch) for batch in rows.all())


def view(work: Work, batch_id: int) -> BatchView:
    """A batch with its lines as they stand now. Raises NotFound."""
    work.allow(Act.LOOK)
    batch = _load(work, batch_id)
    lines = work.session.scalars(
        select(BatchLine).where(BatchLine.batch_id == batch.id).order_by(BatchLine.place)
    ).all()
    return BatchView(
        _row(work, batch),
        tuple(
            BatchLineRow(payouts.row_of(work, line.payout_id), LineStatus(line.status), line.words)
            for line in lines
        ),
    )


def id_of(work: Work, number: str) -> int:
    """The batch of this number. Raises NotFound."""
    found = work.session.scalar(select(PayoutBatch.id).where(PayoutBatch.number == number))
    if found is None:
        raise NotFound("There is no such batch.")
    return found


def standing_words(batch: BatchRow) -> str:
    """`B-0003: 1 of 3 sent, KES 55,000.00 waits. The program stopped …`, for a bar or a job."""
    return (
        f"{batch.number}: {batch.gone} of {batch.payouts} sent, {format_kes(batch.waiting_cents)} waits."
        f" {batch.words}"
    ).strip()


def _load(work: Work, batch_id: int) -> PayoutBatch:
    batch = work.session.get(PayoutBatch, batch_id)
    if batch is None:
        raise NotFound("There is no such batch.")
    return batch


def _waiting(work: Work, batch: PayoutBatch) -> Sequence[BatchLine]:
    return work.session.scalars(
        select(BatchLine)
        .where(BatchLine.batch_id == batch.id, BatchLine.status == LineStatus.WAITING.value)
        .order_by(BatchLine.place)
    ).all()


def _row(work: Work, batch: PayoutBatch) -> BatchRow:
    not_gone = work.session.scalars(
        select(BatchLine).where(
            BatchLine.batch_id == batch.id, BatchLine.status != LineStatus.GONE.value
        )
    ).all()
    goes_on = BatchStatus(batch.status) in UNFINISHED
    left = [line for line in not_gone if goes_on and line.status == LineStatus.LEFT.value]
    lines = [line for line in not_gone if line not in left]
    return BatchRow(
        batch_id=batch.id,
        number=batch.number,
        status=BatchStatus(batch.status),
        made_by=users.full_name_of(work, batch.made_by),
        made_at=batch.made_at,
        sent_by=users.full_name_of(work, batch.sent_by),
        payouts=batch.payouts,
        sum_cents=batch.sum_cents,
        waiting=len(lines),
        waiting_cents=sum(line.amount_cents for line in lines),
        words=batch.words,
        ended_at=batch.ended_at,
        left_out=len(left),
    )
