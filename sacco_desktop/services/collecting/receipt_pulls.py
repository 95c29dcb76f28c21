"""Reading M-Pesa's own list of payments to us: what time to ask for, and what each list brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, ReceiptPull
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import prompt_news
from sacco_desktop.services.collecting.mpesa_receipts import Heard
from sacco_desktop.services.collecting.prompt_news import PaymentNews
from sacco_desktop.services.office import mpesa_connections, shortcodes
from sacco_desktop.services.sending.payout_news import Parked

# M-Pesa's list reaches back so far; what is older only the portal's statement tells.
REACH = timedelta(hours=48)
# Payments can come into the list late.
OVERLAP = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PullWindow:
    """The time to ask for."""

    shortcode: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PullTold:
    """What the list brought for a window. `trouble` says why it was not had; a list in part counts as not had."""

    window: PullWindow
    payments: tuple[Heard, ...] = field(repr=False)
    unreadable: int = 0
    trouble: str = ""


def windows(work: Work, _nothing: None = None) -> tuple[PullWindow, ...]:
    """What to ask for of each shortcode of ours. Raises NotFound before M-Pesa is set up."""
    return tuple(window(work, row.shortcode) for row in shortcodes.list_shortcodes(work))


def window(work: Work, of: str | None = None) -> PullWindow:
    """From a little before the end of the last list of a shortcode, and never further back than M-Pesa reaches; of that
    of the connection where none is named. Raises NotFound.
    """
    work.allow(Act.LOOK)
    shortcode = of or mpesa_connections.current(work).shortcode
    last = work.session.scalar(
        select(ReceiptPull.until)
        .where(ReceiptPull.shortcode == shortcode, ReceiptPull.outcome == "told")
        .order_by(ReceiptPull.id.desc())
        .limit(1)
    )
    oldest = work.now - REACH
    since = oldest if last is None or last > work.now else max(oldest, last - OVERLAP)
    return PullWindow(shortcode, since, work.now)


def take_in(work: Work, told: PullTold) -> str:
    """Book what the list tells, prove what was only claimed, and say in words what it did."""
    work.allow(Act.FOLLOW_UP)
    known = set(
        work.session.scalars(
            select(MpesaReceipt.receipt).where(
                MpesaReceipt.receipt.in_([heard.receipt for heard in told.payments])
            )
        )
    )
    refused = []
    for heard in told.payments:
        try:
            with work.session.begin_nested():
                prompt_news.apply_payment(work, PaymentNews(heard))
        except Parked as parked:
            refused.append(parked.message)
    missed = len({heard.receipt for heard in told.payments} - known)
    words = told.trouble or f"{len(told.payments)} payments in M-Pesa's list, {missed} of them new."
    if told.unreadable:
        words += f" {told.unreadable} lines could not be read."
    work.session.add(
        ReceiptPull(
            shortcode=told.window.shortcode,
            asked_at=work.now,
            since=told.window.since,
            until=told.window.until,
            outcome="not_told" if told.trouble or told.unreadable else "told",
            rows=len(told.payments) + told.unreadable,
            missed=missed,
            words=" ".join([words, *refused]),
        )
    )
    work.session.flush()
    return words
