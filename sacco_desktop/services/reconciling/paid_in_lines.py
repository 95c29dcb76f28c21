"""Lines of payments to the paybill: they go through the one door by which such payments are booked, and prove those
that are booked already.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, StatementLine
from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.money_in import ReceiptState, Road
from sacco_desktop.domain.reconciling.classes import Line
from sacco_desktop.domain.reconciling.statement import RowKind
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import mpesa_receipts
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.reconciling import known_lines

_SLICE = 500


def goes_through_the_door(work: Work, account: str, line: Line) -> bool:
    """Whether this line is a payment to our paybill, so that it is booked as every other. Without a connection to
    M-Pesa the society has no paybill; and what two people took back as forged has had its one entry.
    """
    if account != MPESA_PAYBILL or line.kind is not RowKind.PAID_IN or not line.receipt:
        return False
    refuted = select(MpesaReceipt.id).where(
        MpesaReceipt.receipt == line.receipt, MpesaReceipt.state == ReceiptState.REFUTED.value
    )
    return _shortcode(work) is not None and work.session.scalar(refuted) is None


def book(work: Work, line: Line) -> int:
    """Book a payment of which no notice came; returns the number of its entry. Raises Parked where another road told
    something else of it.
    """
    return mpesa_receipts.hear(work, _heard(work, line)).entry_number


def prove(work: Work, account: str, lines: Mapping[str, int]) -> None:
    """What stands on the statement with its sum is proven, whichever road told of it first; `lines` are ids of lines by
    their receipt.
    """
    if account != MPESA_PAYBILL or _shortcode(work) is None:
        return
    named = sorted(lines)
    for at in range(0, len(named), _SLICE):
        known = select(MpesaReceipt.receipt).where(
            MpesaReceipt.receipt.in_(named[at : at + _SLICE])
        )
        for receipt in work.session.scalars(known).all():
            row = work.session.get_one(StatementLine, lines[receipt])
            if row.kind == RowKind.PAID_IN.value:
                mpesa_receipts.hear(work, _heard(work, known_lines.line_of(row)))


def refute(work: Work, receipt: str) -> None:
    """M-Pesa took a payment back whose money still waits for its owner: nobody can be given it any more."""
    row = work.session.scalar(
        select(MpesaReceipt).where(
            MpesaReceipt.receipt == receipt, MpesaReceipt.state == ReceiptState.WAITING.value
        )
    )
    if row is None or mpesa_receipts.left_cents(work, row.id) != row.amount_cents:
        return
    row.state = ReceiptState.REFUTED.value
    row.version += 1
    work.session.flush()
    audit.record(work, "knows a payment as reversed", receipt)


def _heard(work: Work, line: Line) -> Heard:
    number, _, name = line.party.partition(" - ")
    return Heard(
        receipt=line.receipt,
        shortcode=_shortcode(work) or "",
        paid_at=line.at,
        amount_cents=line.cents,
        road=Road.STATEMENT,
        reference=line.typed,
        payer=PayerTold(masked=number.strip() or None, name=name.strip()),
    )


def _shortcode(work: Work) -> str | None:
    try:
        return mpesa_connections.current(work).shortcode
    except NotFound:
        return None
