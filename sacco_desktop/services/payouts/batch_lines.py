"""The lines of batches as sending moves them: a payout leaves its batch when it goes out, and comes back when it is
proven that nothing left.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import ById, Lookup
from sacco_desktop.db.tables import BatchLine, Payout, PayoutBatch
from sacco_desktop.domain.batches import BatchStatus, LineStatus
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import standing_holds
from sacco_desktop.services.payouts.payout_rows import read_many

_LINES = ById(BatchLine)
_WAITING = Lookup(
    select(BatchLine.id).where(
        BatchLine.payout_id == bindparam("payout_id"),
        BatchLine.status == LineStatus.WAITING.value,
    )
)


def leaves(work: Work, payout: Payout) -> None:
    """The payout goes out now. Raises WrongState when it is not what was agreed to with its batch."""
    line = waiting_line(work, payout.id)
    if line is None:
        return
    batch = work.session.get_one(PayoutBatch, line.batch_id)
    if (line.fingerprint, line.amount_cents) != (payout.fingerprint, payout.mpesa_cents):
        raise WrongState(
            f"{payout.number} is not what was shown when {batch.number} was sent. Nothing was sent."
        )
    line.status = LineStatus.GONE.value
    batch.moved_at = work.now
    work.session.flush()


def comes_back(work: Work, payout_id: int) -> None:
    """Nothing of the payout reached M-Pesa, so it waits in its batch again, if that still goes on."""
    line = work.session.scalar(
        select(BatchLine)
        .join(PayoutBatch, PayoutBatch.id == BatchLine.batch_id)
        .where(
            BatchLine.payout_id == payout_id,
            BatchLine.status == LineStatus.GONE.value,
            PayoutBatch.status.in_([BatchStatus.SENDING.value, BatchStatus.PAUSED.value]),
        )
        .order_by(BatchLine.id.desc())
        .limit(1)
    )
    if line is not None:
        line.status = LineStatus.WAITING.value
        work.session.flush()


def leave_held(work: Work, batch_id: int) -> str:
    """Leave out what a person holds, and say of all that was left out why; the rest goes on as it was agreed to."""
    words = []
    lines = work.session.execute(
        select(BatchLine, Payout.number)
        .join(Payout, Payout.id == BatchLine.payout_id)
        .where(BatchLine.batch_id == batch_id, BatchLine.status != LineStatus.GONE.value)
        .order_by(BatchLine.place)
    ).all()
    for line, number in lines:
        held = standing_holds.standing(work, line.payout_id)
        if line.status == LineStatus.WAITING.value and held is not None:
            line.status, line.words = LineStatus.LEFT.value, held.words
        if line.status == LineStatus.LEFT.value:
            words.append(f"{number} was left out. {line.words}")
    work.session.flush()
    return " ".join(words)


def waiting_line(work: Work, payout_id: int) -> BatchLine | None:
    """The line in which a payout waits to be sent, or None; the database knows one at most."""
    line_id = _WAITING.value(work.session, payout_id=payout_id)
    return None if line_id is None else _LINES.find(work.session, line_id)


def waiting_among(work: Work, payout_ids: Sequence[int]) -> frozenset[int]:
    """Those of the payouts that wait in some batch."""
    return frozenset(row.payout_id for row in read_many(work, _WAITING_AMONG, payout_ids))


_WAITING_AMONG = select(BatchLine.payout_id).where(
    BatchLine.payout_id.in_(bindparam("ids", expanding=True)),
    BatchLine.status == LineStatus.WAITING.value,
)
