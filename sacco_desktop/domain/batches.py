"""The life of a batch of payouts and of its lines, and what a person agreed to when sending one."""

from __future__ import annotations

from enum import StrEnum


class BatchStatus(StrEnum):
    """Where a run of payouts stands. VOID means that its list changed after a person had agreed to it."""

    OPEN = "open"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    VOID = "void"


class LineStatus(StrEnum):
    """Where one payout of a batch stands: it waits, it has gone out, or the batch ended without it."""

    WAITING = "waiting"
    GONE = "gone"
    LEFT = "left"


UNFINISHED = frozenset({BatchStatus.OPEN, BatchStatus.SENDING, BatchStatus.PAUSED})

BATCH_MOVES: frozenset[tuple[BatchStatus, BatchStatus]] = frozenset(
    {
        (BatchStatus.OPEN, BatchStatus.SENDING),
        (BatchStatus.OPEN, BatchStatus.VOID),
        (BatchStatus.SENDING, BatchStatus.PAUSED),
        (BatchStatus.SENDING, BatchStatus.DONE),
        (BatchStatus.SENDING, BatchStatus.VOID),
        (BatchStatus.PAUSED, BatchStatus.SENDING),
        (BatchStatus.PAUSED, BatchStatus.DONE),
        (BatchStatus.PAUSED, BatchStatus.VOID),
    }
)

# A line comes back when it is proven that nothing reached M-Pesa: it goes out again under the same id.
LINE_MOVES: frozenset[tuple[LineStatus, LineStatus]] = frozenset(
    {
        (LineStatus.WAITING, LineStatus.GONE),
        (LineStatus.WAITING, LineStatus.LEFT),
        (LineStatus.GONE, LineStatus.WAITING),
    }
)
