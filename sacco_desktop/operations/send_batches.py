"""Sends a batch of payouts, and leaves it where it can be continued whatever stops it."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.domain.errors import SaccoError, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.send_payouts import PAUSE_SECONDS, Sent, send_payouts
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.sending import payout_batches
from sacco_desktop.services.sending.payout_batches import NewBatch, RunEnd, StartBatch


async def send_new_batch(
    office: Office,
    new: NewBatch,
    actor: Actor,
    *,
    progress: Callable[[Sent], None] = lambda _sent: None,
    may_go_on: Callable[[], bool] = lambda: True,
    pause_seconds: float = PAUSE_SECONDS,
) -> tuple[Sent, ...]:
    """Write down the list that `actor` has just agreed to with a password, and send it. Raises as `send_batch`."""
    batch = await office.write(payout_batches.open_batch, new, actor)
    return await send_batch(
        office,
        batch.batch_id,
        actor,
        progress=progress,
        may_go_on=may_go_on,
        pause_seconds=pause_seconds,
    )


async def send_batch(
    office: Office,
    batch_id: int,
    actor: Actor,
    *,
    progress: Callable[[Sent], None] = lambda _sent: None,
    may_go_on: Callable[[], bool] = lambda: True,
    pause_seconds: float = PAUSE_SECONDS,
) -> tuple[Sent, ...]:
    """Send what of a batch still waits, as `actor`, who has just given a password. It pauses at the first payout that
    cannot go out; a list that changed meanwhile is void.

    Raises WrongState, SamePerson, OutsideUnavailable and QueueStopped; nothing was sent then.
    """
    started = await office.write(payout_batches.start, StartBatch(batch_id), actor)
    if started.void_words:
        raise WrongState(f"Nothing was sent. {started.void_words}")
    why: list[str] = []

    def note(sent: Sent) -> None:
        # What a person holds is left out. Neither what was refused nor what reached nobody may be jumped over: the
        # person agreed to the whole list.
        if sent.is_held:
            pass
        elif sent.refusal:
            why.append(sent.refusal)
        elif sent.row.status is PayoutStatus.APPROVED:
            why.append(sent.row.reason)
        progress(sent)

    try:
        done = await send_payouts(
            office,
            started.payout_ids,
            actor,
            progress=note,
            may_go_on=lambda: not why and may_go_on(),
            pause_seconds=pause_seconds,
        )
    except SaccoError as trouble:
        await office.write(payout_batches.end_run, RunEnd(batch_id, trouble.message), actor)
        raise
    await office.write(payout_batches.end_run, RunEnd(batch_id, " ".join(why)), actor)
    return done
