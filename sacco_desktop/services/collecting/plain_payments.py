"""Payments to our paybill that nothing else is known of yet, many at once: they leave the same rows as one that
`mpesa_receipts.hear` books, with a statement or two for each table.

After an outage the notices of days come together, and most of them are such. What is not plain is left to `hear`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import MpesaReceipt, Payout, Prompt, ReceiptWord
from sacco_desktop.domain import money_in
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.money_in import PROVING, ReceiptState
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, many_entries, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import allocations, prompt_times
from sacco_desktop.services.collecting.mpesa_receipts import Heard
from sacco_desktop.services.office import mpesa_connections

# A database takes so many values in one question.
_SLICE = 500
_LAST = Lookup(select(func.coalesce(func.max(MpesaReceipt.id), 0)))
_NEW = Lookup(
    select(MpesaReceipt.id).where(MpesaReceipt.id > bindparam("after")).order_by(MpesaReceipt.id)
)
_RECEIPTS = ManyRows(
    MpesaReceipt,
    (
        "receipt",
        "shortcode",
        "paid_at",
        "amount_cents",
        "reference",
        "payer_phone",
        "payer_hash",
        "payer_masked",
        "payer_name",
        "entry_number",
    ),
    same=("evidence", "state", "heard_at", "version"),
)
_WORDS = ManyRows(ReceiptWord, ("receipt_id", "road", "amount_cents", "words"), same=("heard_at",))


def which(work: Work, told: Sequence[Heard]) -> list[bool]:
    """Of each payment whether it is plain: a claim of a new receipt, to the paybill, that may answer no prompt."""
    own = mpesa_connections.own_shortcode(work)
    if own is None:
        return [False] * len(told)
    known = _known(work, [heard.receipt for heard in told]) | _of_prompts(work, told)
    found = []
    for heard in told:
        is_plain = heard.receipt not in known and heard.shortcode == own and heard.amount_cents > 0
        found.append(is_plain and heard.road not in PROVING)
        # The second word about one receipt is compared with the first.
        known.add(heard.receipt)
    return found


def _known(work: Work, receipts: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(receipts), _SLICE):
        some = receipts[start : start + _SLICE]
        for column in (MpesaReceipt.receipt, Payout.receipt):
            rows = work.session.scalars(select(column).where(column.in_(some)))
            found.update(receipt for receipt in rows if receipt)
    return found


def _of_prompts(work: Work, told: Sequence[Heard]) -> set[str]:
    """The receipts of payments whose sum was asked for on some phone at about that time."""
    earliest, latest = min(one.paid_at for one in told), max(one.paid_at for one in told)
    sums = set(
        work.session.scalars(
            select(Prompt.amount_cents).where(
                Prompt.receipt_id.is_(None), *prompt_times.may_answer(earliest, latest)
            )
        )
    )
    return {heard.receipt for heard in told if heard.amount_cents in sums}


def book(work: Work, told: Sequence[Heard]) -> list[str]:
    """Book plain payments and give each its purpose where that is known and a claim may count; what became of each in
    words. Raises PeriodClosed and what `settle` raises; whoever calls this takes all of it back then.
    """
    work.allow_one_of(Act.FOLLOW_UP, Act.RECORD_FLOAT, Act.SETTLE_PAYOUT)
    before = _LAST.value(work.session) or 0
    paid_at = [min(heard.paid_at, work.now) for heard in told]
    days: dict[date, date] = {}
    for day in {business_date(moment) for moment in paid_at}:
        days[day] = open_days.open_day(work, day)
    entries = [
        money_in.received(one.receipt, one.shortcode, one.amount_cents, days[business_date(moment)])
        for one, moment in zip(told, paid_at, strict=True)
    ]
    numbers = many_entries.post(work, entries)
    claimed = (Evidence.CLAIMED.value, ReceiptState.WAITING.value, work.now, 1)
    rows = map(_row, told, paid_at, numbers)
    _RECEIPTS.write(work.session, rows, claimed)
    ids = [row_id for (row_id,) in _NEW.rows(work.session, after=before)]
    words = (
        (row_id, one.road.value, one.amount_cents, one.reference)
        for row_id, one in zip(ids, told, strict=True)
    )
    _WORDS.write(work.session, words, (work.now,))
    audit.record_many(
        work,
        "heard of a payment to the paybill",
        [(one.receipt, {"cents": one.amount_cents, "road": one.road.value}) for one in told],
    )
    work.changed(Topic.SAVINGS, Topic.LEDGER)
    if not allocations.claims_count(work):
        return [allocations.waits_for_proof(one.receipt) for one in told]
    return [allocations.settle(work, work.session.get_one(MpesaReceipt, row_id)) for row_id in ids]


def _row(heard: Heard, paid_at: object, number: int) -> tuple[object, ...]:
    payer = heard.payer
    return (
        heard.receipt,
        heard.shortcode,
        paid_at,
        heard.amount_cents,
        heard.reference,
        payer.phone,
        payer.hash,
        payer.masked,
        payer.name,
        number,
    )
