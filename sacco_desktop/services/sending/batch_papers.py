"""The paper of a batch: its list as it was agreed to, and what has become of each payout by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.domain.batches import BatchStatus, LineStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import Letterhead, PaperStamp, Signature
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.sending import payout_batches, payout_cards
from sacco_desktop.services.sending.payout_batches import BatchLineRow
from sacco_desktop.services.sending.payout_cards import Chip

_STATUS = {
    BatchStatus.OPEN: "not begun",
    BatchStatus.SENDING: "being sent",
    BatchStatus.PAUSED: "stopped; the rest can be continued",
    BatchStatus.DONE: "done",
    BatchStatus.VOID: "ended; the rest was not sent",
}
_STATES = {
    Chip.ON_HOLD: "on hold",
    Chip.WAITING: "waiting",
    Chip.NOT_SURE: "not sure yet",
    Chip.PAID_CHECKING: "paid, checking",
    Chip.PAID: "paid",
    Chip.FAILED_CHECKING: "failed, checking",
    Chip.FAILED: "failed",
    Chip.CAME_BACK: "came back",
}


@dataclass(frozen=True, slots=True)
class BatchPaperLine:
    """One payout of the list; amounts in cents."""

    number: str
    member: str
    phone: str
    amount_cents: int
    charge_cents: int
    state: str
    receipt: str


@dataclass(frozen=True, slots=True)
class BatchPaper:
    """A batch on paper; `status` is in words, sums in cents."""

    letterhead: Letterhead
    stamp: PaperStamp
    number: str
    status: str
    made_at: datetime
    lines: tuple[BatchPaperLine, ...]
    sum_cents: int
    signatures: tuple[Signature, ...]


def batch_paper(work: Work, batch_id: int) -> BatchPaper:
    """Number one print of a batch's list. Raises NotFound."""
    work.allow(Act.LOOK)
    found = payout_batches.view(work, batch_id)
    batch = found.batch
    lines = tuple(_line(line) for line in found.lines)
    said: dict[str, str | int] = {
        "batch": batch.number,
        "status": batch.status.value,
        "cents": batch.sum_cents,
        "states": "|".join(f"{line.number} {line.state}" for line in lines),
    }
    return BatchPaper(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"batch {batch.number}", said),
        number=batch.number,
        status=_STATUS[batch.status],
        made_at=batch.made_at,
        lines=lines,
        sum_cents=batch.sum_cents,
        signatures=(Signature("Agreed to by password", batch.made_by, batch.made_at),),
    )


def _line(line: BatchLineRow) -> BatchPaperLine:
    row = line.row
    state = _STATES.get(payout_cards.chip_of(row), "not sent")
    if line.status is LineStatus.WAITING:
        state = "waits in the batch"
    elif line.status is LineStatus.LEFT:
        state = "not sent with this batch"
    return BatchPaperLine(
        number=row.number,
        member=f"{row.member_name} {row.member_number}".strip(),
        phone=display_phone(row.phone),
        amount_cents=row.mpesa_cents,
        charge_cents=row.charge_cents,
        state=state,
        receipt=row.receipt or "",
    )
