"""Payments to our paybill: each is in the books once by M-Pesa's receipt number, whichever roads tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select, update

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import (
    Entry,
    MpesaReceipt,
    Payout,
    ReceiptAllocation,
    ReceiptRefund,
    ReceiptWord,
)
from sacco_desktop.domain import money_in
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import PROVING, ReceiptState, Road
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import claim_meeting
from sacco_desktop.services.office import mpesa_connections, shortcodes
from sacco_desktop.services.sending.payout_news import Parked


@dataclass(frozen=True, slots=True)
class PayerTold:
    """Who paid, as far as M-Pesa told it: a whole number, its SHA-256, or a few of its figures."""

    phone: str | None = field(default=None, repr=False)
    hash: str | None = field(default=None, repr=False)
    masked: str | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """A payment as one road tells of it; in cents, moment in UTC. `reference` is what the payer typed."""

    receipt: str
    shortcode: str
    paid_at: datetime
    amount_cents: int
    road: Road
    reference: str = field(default="", repr=False)
    payer: PayerTold = PayerTold()


_KNOWN = Lookup(select(MpesaReceipt.id).where(MpesaReceipt.receipt == bindparam("receipt")))
_PAYOUT = Lookup(select(Payout.number).where(Payout.receipt == bindparam("receipt")))
_ALLOCATED = ReceiptState.ALLOCATED.value
_TAKEN_BACK = exists().where(
    Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
)
_LEFT = Lookup(
    select(
        MpesaReceipt.amount_cents
        - select(func.coalesce(func.sum(ReceiptAllocation.cents), 0))
        .where(ReceiptAllocation.receipt_id == MpesaReceipt.id, ~_TAKEN_BACK)
        .correlate(MpesaReceipt)
        .scalar_subquery()
    ).where(MpesaReceipt.id == bindparam("receipt_id"))
)

_REFUNDED = Lookup(
    select(func.coalesce(func.sum(ReceiptRefund.cents), 0))
    .join(Payout, Payout.id == ReceiptRefund.payout_id)
    .where(
        ReceiptRefund.receipt_id == bindparam("receipt_id"),
        Payout.status != PayoutStatus.CANCELLED.value,
    )
)


def hear(work: Work, heard: Heard) -> MpesaReceipt:
    """Book a payment that is new, and add to one that is known what this road tells. A second telling changes nothing.

    A sum that differs from what another road told makes it disputed; neither wins. Raises Parked for another paybill,
    and for a receipt that is one of our payouts.
    """
    work.allow_one_of(Act.FOLLOW_UP, Act.RECORD_FLOAT, Act.SETTLE_PAYOUT)
    if heard.amount_cents <= 0:
        raise Parked("It tells of a payment of nothing.")
    row_id = _KNOWN.value(work.session, receipt=heard.receipt)
    if row_id is None:
        row = _book(work, heard)
    else:
        row = work.session.get_one(MpesaReceipt, row_id)
        _compare(work, row, heard)
    _keep_word(work, row, heard)
    if heard.road in PROVING and row.state != ReceiptState.DISPUTED.value:
        prove(work, row)
        claim_meeting.meet(work, row)
    work.changed(Topic.SAVINGS, Topic.LEDGER)
    return row


def _book(work: Work, heard: Heard) -> MpesaReceipt:
    account = _account_of_ours(work, heard)
    # A clock that runs ahead, here or there, must not date money into the future.
    paid_at = min(heard.paid_at, work.now)
    day = open_days.open_day(work, business_date(paid_at))
    posted = ledger.post(
        work,
        money_in.received(heard.receipt, heard.shortcode, heard.amount_cents, day, account),
    )
    payer = heard.payer
    row = MpesaReceipt(
        receipt=heard.receipt,
        shortcode=heard.shortcode,
        paid_at=paid_at,
        amount_cents=heard.amount_cents,
        reference=heard.reference,
        payer_phone=payer.phone,
        payer_hash=payer.hash,
        payer_masked=payer.masked,
        payer_name=payer.name,
        evidence=Evidence.CLAIMED.value,
        state=ReceiptState.WAITING.value,
        entry_number=posted.number,
        heard_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    detail: audit.Detail = {"cents": heard.amount_cents, "road": heard.road.value}
    audit.record(work, "heard of a payment to the paybill", heard.receipt, detail)
    return row


def _account_of_ours(work: Work, heard: Heard) -> str:
    """The account of the shortcode that was paid to. Raises Parked for a strange one, and for a payout's receipt."""
    account = shortcodes.account_of(work, heard.shortcode)
    if account is None:
        own = mpesa_connections.current(work).shortcode
        raise Parked(
            f"It is a payment to {heard.shortcode}, and ours is {own}. Nothing was booked."
        )
    used = _PAYOUT.value(work.session, receipt=heard.receipt)
    if used is not None:
        raise Parked(
            f"Its receipt {heard.receipt} is that of our payout {used}. Nothing was booked."
        )
    return account


def _compare(work: Work, row: MpesaReceipt, heard: Heard) -> None:
    if (row.amount_cents, row.shortcode) != (heard.amount_cents, heard.shortcode):
        if row.state in (ReceiptState.RETURNING.value, ReceiptState.RETURNED.value):
            raise Parked(
                f"It tells of {format_kes(heard.amount_cents)}, and {row.receipt} of {format_kes(row.amount_cents)} is"
                " being taken back. Compare it with M-Pesa's statement."
            )
        if row.state != ReceiptState.DISPUTED.value:
            row.state = ReceiptState.DISPUTED.value
            row.version += 1
            words = (
                f"{row.receipt}: {format_kes(row.amount_cents)} or {format_kes(heard.amount_cents)}"
            )
            audit.record(work, "was told two sums for a payment", words)
        return
    payer = heard.payer
    row.payer_phone = row.payer_phone or payer.phone
    row.payer_hash = row.payer_hash or payer.hash
    row.payer_masked = row.payer_masked or payer.masked
    row.payer_name = row.payer_name or payer.name
    # The answer to a prompt does not tell the account; another road does.
    row.reference = row.reference or heard.reference
    work.session.flush()


def _keep_word(work: Work, row: MpesaReceipt, heard: Heard) -> None:
    said = work.session.scalar(
        select(ReceiptWord.id).where(
            ReceiptWord.receipt_id == row.id,
            ReceiptWord.road == heard.road.value,
            ReceiptWord.amount_cents == heard.amount_cents,
        )
    )
    if said is None:
        work.session.add(
            ReceiptWord(
                receipt_id=row.id,
                road=heard.road.value,
                amount_cents=heard.amount_cents,
                words=heard.reference,
                heard_at=work.now,
            )
        )
        work.session.flush()


def prove(work: Work, row: MpesaReceipt) -> None:
    """A source that we fetched ourselves says so too, and no forger can have written it."""
    if row.evidence != Evidence.VERIFIED.value:
        row.evidence = Evidence.VERIFIED.value
        row.version += 1
        work.session.flush()
        audit.record(work, "proved a payment to the paybill", row.receipt)


def left_cents(work: Work, receipt_id: int) -> int:
    """What of a payment has no purpose yet; what was given one and taken back by reversal counts again, in cents."""
    left = int(_LEFT.value(work.session, receipt_id=receipt_id) or 0)
    return left - refunded_cents(work, receipt_id)


def refunded_cents(work: Work, receipt_id: int) -> int:
    """What of a payment a payout pays back, or has, in cents; one that was cancelled does not count."""
    found = _REFUNDED.value(work.session, receipt_id=receipt_id)
    return int(found or 0)


def payer_words(row: MpesaReceipt) -> str:
    """Who paid, as far as M-Pesa told it; empty when it told nothing that can be read."""
    return f"{row.payer_name} {row.payer_phone or row.payer_masked or ''}".strip()


def take_up_undone(work: Work, _nothing: None = None) -> int:
    """Let payments wait again whose purpose was taken back by reversal; returns how many."""
    work.allow_one_of(Act.FOLLOW_UP, Act.TAKE_DEPOSIT)
    # Taken together with a sum that is no index, the database begins with the few entries that take something back.
    back = (
        select(ReceiptAllocation.receipt_id)
        .join(Entry, Entry.reverses_number + 0 == ReceiptAllocation.entry_number)
        .where(Entry.reverses_number > 0, Entry.posted_at.is_not(None))
    )
    cancelled = (
        select(ReceiptRefund.receipt_id)
        .join(Payout, Payout.id == ReceiptRefund.payout_id)
        .where(Payout.status == PayoutStatus.CANCELLED.value)
    )
    found = work.session.scalars(
        select(MpesaReceipt).where(
            MpesaReceipt.state == _ALLOCATED,
            MpesaReceipt.id.in_(back) | MpesaReceipt.id.in_(cancelled),
        )
    ).all()
    undone = [row for row in found if left_cents(work, row.id)]
    for row in undone:
        work.session.execute(
            update(MpesaReceipt)
            .where(MpesaReceipt.id == row.id)
            .values(state=ReceiptState.WAITING.value, version=MpesaReceipt.version + 1)
        )
        work.changed(Topic.SAVINGS)
    return len(undone)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A payment as a list shows it, in cents; `left_cents` has no purpose yet. `payer` is whatever is known."""

    receipt_id: int
    receipt: str
    paid_at: datetime
    amount_cents: int
    left_cents: int
    reference: str
    payer: str
    is_proven: bool
    state: ReceiptState
    roads: tuple[str, ...]


def list_waiting(work: Work, _nothing: None = None) -> tuple[ReceiptRow, ...]:
    """Every payment that somebody has to look at: without purpose, or disputed; the oldest first."""
    work.allow(Act.LOOK)
    states = (ReceiptState.WAITING.value, ReceiptState.DISPUTED.value)
    rows = work.session.scalars(
        select(MpesaReceipt).where(MpesaReceipt.state.in_(states)).order_by(MpesaReceipt.id)
    ).all()
    given = _given(work, states)
    roads: dict[int, list[str]] = {row.id: [] for row in rows}
    for receipt_id, road in work.session.execute(
        select(ReceiptWord.receipt_id, ReceiptWord.road)
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptWord.receipt_id)
        .where(MpesaReceipt.state.in_(states))
        .order_by(ReceiptWord.id)
    ):
        roads[receipt_id].append(road)
    return tuple(_row(row, given.get(row.id, 0), tuple(roads[row.id])) for row in rows)


def _given(work: Work, states: tuple[str, ...]) -> dict[int, int]:
    """What has a purpose of each payment in one of these states, or is paid back, in cents; for all of them at once."""
    rows = work.session.execute(
        select(ReceiptAllocation.receipt_id, func.sum(ReceiptAllocation.cents))
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptAllocation.receipt_id)
        .where(MpesaReceipt.state.in_(states), ~_TAKEN_BACK)
        .group_by(ReceiptAllocation.receipt_id)
    )
    given = {receipt_id: int(cents) for receipt_id, cents in rows}
    paid_back = work.session.execute(
        select(ReceiptRefund.receipt_id, func.sum(ReceiptRefund.cents))
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptRefund.receipt_id)
        .join(Payout, Payout.id == ReceiptRefund.payout_id)
        .where(MpesaReceipt.state.in_(states), Payout.status != PayoutStatus.CANCELLED.value)
        .group_by(ReceiptRefund.receipt_id)
    )
    for receipt_id, cents in paid_back:
        given[receipt_id] = given.get(receipt_id, 0) + int(cents)
    return given


def _row(row: MpesaReceipt, given_cents: int, roads: tuple[str, ...]) -> ReceiptRow:
    return ReceiptRow(
        receipt_id=row.id,
        receipt=row.receipt,
        paid_at=row.paid_at,
        amount_cents=row.amount_cents,
        left_cents=row.amount_cents - given_cents,
        reference=row.reference,
        payer=payer_words(row),
        is_proven=row.evidence == Evidence.VERIFIED.value,
        state=ReceiptState(row.state),
        roads=roads,
    )
