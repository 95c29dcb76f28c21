"""What each line that is left over is, found from the books as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, MpesaReceipt, Payout, PayoutAttempt
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.payouts import OPEN_ATTEMPTS, AttemptStatus
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS, MoneyAccount
from sacco_desktop.domain.reconciling.classes import (
    BookLine,
    Facts,
    Finding,
    Line,
    LineClass,
    OpenPayout,
    classify,
    facts_of,
    taken_back_pairs,
)
from sacco_desktop.domain.reconciling.entries import KIND_OF
from sacco_desktop.domain.reconciling.statement import RowKind
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reconciling import known_lines

# A failed attempt that M-Pesa paid after all is settled by two people, under Payouts.
_MAY_BE_PAID = (*(each.value for each in OPEN_ATTEMPTS), AttemptStatus.FAILED.value)


def findings_of(
    work: Work, account: MoneyAccount, lines: Sequence[Line], here: Sequence[BookLine]
) -> dict[int, Finding]:
    """What each line is, by its id; `here` are the unmatched postings of the account."""
    known = _facts(work, account, lines, here)
    return {line.line_id: classify(line, known) for line in lines}


def _facts(
    work: Work, account: MoneyAccount, lines: Sequence[Line], here: Sequence[BookLine]
) -> Facts:
    """Everything the rules look at."""
    receipts = [line.receipt for line in lines]
    named = known_lines.postings_named(work, receipts, [one.code for one in MONEY_ACCOUNTS])
    known = {book.posting_id: book for book in (*here, *named)}
    gone = {book.posting_id for pair in taken_back_pairs(list(known.values())) for book in pair}
    books = [book for key, book in known.items() if key not in gone]
    payouts = _payouts(work) if any(line.cents < 0 for line in lines) else ()
    linked = [line.linked for line in lines if line.kind is RowKind.REVERSAL and line.linked]
    return facts_of(account.source, account.code, lines, books, payouts, _waiting(work, linked))


def _payouts(work: Work) -> Iterable[OpenPayout]:
    rows = work.session.execute(
        select(
            PayoutAttempt.id,
            Payout.number,
            Payout.mpesa_cents,
            Payout.phone,
            PayoutAttempt.first_sent_at,
        )
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(PayoutAttempt.status.in_(_MAY_BE_PAID), PayoutAttempt.first_sent_at.is_not(None))
        .order_by(PayoutAttempt.id)
    )
    return [OpenPayout(*row) for row in rows]


def _waiting(work: Work, receipts: Sequence[str]) -> dict[str, str]:
    """Of these receipts, those whose money still waits for its owner."""
    if not receipts:
        return {}
    waiting = work.session.scalars(
        select(MpesaReceipt.receipt).where(
            MpesaReceipt.receipt.in_(receipts), MpesaReceipt.state == "waiting"
        )
    ).all()
    unknown = work.session.scalars(
        select(Entry.reference).where(
            Entry.reference.in_(receipts), Entry.kind == KIND_OF[LineClass.NOT_OURS]
        )
    ).all()
    return dict.fromkeys((*waiting, *unknown), UNALLOCATED_RECEIPTS)


def since_of(first_day: date, signed: date | None) -> date:
    """From which day on postings are looked for; what is signed has none left."""
    return first_day if signed is None else max(first_day, signed)
