"""Batches in a history: a list agreed to once, stopped by whatever happens, continued or ended by a person."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from sacco_desktop.operations.send_batches import send_batch, send_new_batch
from sacco_desktop.operations.send_payouts import Sent
from sacco_desktop.services.sending import payout_batches
from sacco_desktop.services.sending.payout_batches import BatchRow, NewBatch, RunEnd, ShownPayout
from tests.faults.quick.desk import QuickDesk

# Sometimes a person stops after this one.
STOPS = 0.2


class BatchActs:
    """Sends lists at the desk that `at` gives."""

    def __init__(self, chance: random.Random, at: Callable[[], QuickDesk]) -> None:
        self._chance, self._at = chance, at

    def send(self, payout_ids: Sequence[int]) -> None:
        """Grace agrees to this list and sends it."""
        desk = self._at()
        rows = [desk.row(payout_id) for payout_id in payout_ids]
        shown = tuple(ShownPayout(row.payout_id, row.version, row.mpesa_cents) for row in rows)
        new = NewBatch(shown, sum(row.mpesa_cents for row in rows))
        gone, most = self._until()
        desk.run(
            lambda: send_new_batch(
                desk.office,
                new,
                desk.people["grace"],
                progress=gone.append,
                may_go_on=lambda: len(gone) < most,
                pause_seconds=0,
            )
        )

    def _until(self) -> tuple[list[Sent], int]:
        return [], 1 if self._chance.random() < STOPS else 99

    def go_on(self) -> None:
        """Somebody continues a batch that stands, or ends it."""
        desk = self._at()
        standing = self._standing()
        if not standing:
            return
        batch = self._chance.choice(standing)
        if self._chance.random() < 0.2:
            desk.write(payout_batches.end_batch, RunEnd(batch.batch_id, "Not today."), "grace")
            return
        desk.run(
            lambda: send_batch(desk.office, batch.batch_id, desk.people["grace"], pause_seconds=0)
        )

    def end_all(self) -> None:
        """What still stands is ended, so that each payout goes its own way; none may be left as being sent."""
        for batch in self._at().read(payout_batches.unfinished, None, "grace"):
            given = RunEnd(batch.batch_id, "The rest goes one by one.")
            self._at().write(payout_batches.end_batch, given, "grace")

    def _standing(self) -> list[BatchRow]:
        rows = self._at().read(payout_batches.unfinished, None, "grace")
        return [row for row in rows if row.is_standing]
