"""What each row of a statement is beside the books, by its receipt first; the same facts always give the same class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.chart import (
    BANK_CHARGES,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    SUNDRY_DEBTORS,
    UNALLOCATED_RECEIPTS,
)
from sacco_desktop.domain.reconciling.row_kinds import other_end
from sacco_desktop.domain.reconciling.statement import RowKind, Source

# A bank books a transfer within so many days of the slip.
NEAR = timedelta(days=3)
_CLOCKS_APART = timedelta(minutes=5)


class LineClass(StrEnum):
    """What a row that is left over is, and so what settles it."""

    MATCHED = "matched"
    MISSED_NOTICE = "missed_notice"
    WRONG_ACCOUNT = "wrong_account"
    CHARGE = "charge"
    REVERSAL = "reversal"
    SETTLEMENT = "settlement"
    NOT_OURS = "not_ours"
    AMOUNT_DIFFERS = "amount_differs"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the statement that nothing is matched to yet, in cents as the account moved."""

    line_id: int
    receipt: str
    at: datetime
    day: date
    cents: int
    kind: RowKind
    words: str = ""
    party: str = ""
    linked: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A posting on one of our money accounts that nothing is matched to yet: above zero what the entry put there."""

    posting_id: int
    entry: int
    account: str
    receipt: str
    on: date
    cents: int
    reverses: int | None = None
    narration: str = ""


@dataclass(frozen=True, slots=True)
class OpenPayout:
    """A payment of which the books do not know that it left, in cents."""

    attempt_id: int
    number: str
    cents: int
    phone: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a line is, and what one key does with it.

    `postings` are what it is matched with, `line_id` the other line that takes it back, `counter` the account on the
    other side of the entry to be made, `attempts` the payments that it may be, `away` the entry in the wrong account.
    """

    line: Line
    kind: LineClass
    postings: tuple[int, ...] = ()
    counter: str = ""
    twin: int | None = None
    attempts: tuple[OpenPayout, ...] = ()
    away: BookLine | None = None
    day_differs: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books know, laid out so that each line is looked up and nothing is searched."""

    source: Source
    account: str
    here: Mapping[str, Sequence[BookLine]]
    elsewhere: Mapping[str, Sequence[BookLine]]
    transfers: Mapping[int, Sequence[BookLine]]
    payouts: Mapping[int, Sequence[OpenPayout]]
    lines: Mapping[str, Sequence[Line]]
    # Receipts of this account that are matched already, with the account on the other side of their entry.
    settled: Mapping[str, str] = field(default_factory=dict)


def facts_of(
    source: Source,
    account: str,
    lines: Iterable[Line],
    books: Iterable[BookLine],
    payouts: Iterable[OpenPayout] = (),
    settled: Mapping[str, str] | None = None,
) -> Facts:
    """The facts laid out; `books` are unmatched postings of all our money accounts."""
    here: dict[str, list[BookLine]] = defaultdict(list)
    elsewhere: dict[str, list[BookLine]] = defaultdict(list)
    transfers: dict[int, list[BookLine]] = defaultdict(list)
    for book in books:
        (here if book.account == account else elsewhere)[book.receipt].append(book)
        if book.account == account:
            transfers[book.cents].append(book)
    open_payouts: dict[int, list[OpenPayout]] = defaultdict(list)
    for payout in payouts:
        open_payouts[-payout.cents].append(payout)
    by_receipt: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_receipt[line.receipt].append(line)
    return Facts(
        source, account, here, elsewhere, transfers, open_payouts, by_receipt, settled or {}
    )


def pairs_by_receipt(
    lines: Sequence[Line], books: Sequence[BookLine]
) -> list[tuple[Line, BookLine]]:
    """What belongs together beyond doubt: the same receipt and the same sum; each line and each posting once, and an
    entry that was taken back only after those that stand.
    """
    taken_back = {book.reverses for book in books if book.reverses is not None}
    waiting: dict[tuple[str, int], list[BookLine]] = defaultdict(list)
    last_first = sorted(
        books,
        key=lambda book: (book.entry not in taken_back and book.reverses is None, -book.entry),
    )
    for book in last_first:
        if book.receipt:
            waiting[book.receipt, book.cents].append(book)
    return [
        (line, same.pop())
        for line in lines
        if line.receipt and (same := waiting.get((line.receipt, line.cents)))
    ]


def taken_back_pairs(books: Sequence[BookLine]) -> list[tuple[BookLine, BookLine]]:
    """Postings that left no trace at the bank: an entry and the one that takes it back, neither on the statement."""
    by_entry = {(book.entry, book.cents): book for book in books}
    return [
        (original, book)
        for book in books
        if book.reverses is not None
        and (original := by_entry.get((book.reverses, -book.cents))) is not None
    ]


def classify(line: Line, facts: Facts) -> Finding:
    """What a line is. The first rule that fits decides; each needs more than an equal amount."""
    for rule in _RULES:
        found = rule(line, facts)
        if found is not None:
            return found
    return _not_ours(line)


def _same_receipt(line: Line, facts: Facts) -> Finding | None:
    same = facts.here.get(line.receipt, ()) if line.receipt else ()
    exact = next((book for book in same if book.cents == line.cents), None)
    if exact is not None:
        return Finding(
            line, LineClass.MATCHED, (exact.posting_id,), day_differs=exact.on != line.day
        )
    if line.kind in (RowKind.CHARGE, RowKind.REVERSAL):
        return None
    # A charge may stand beside its main row; only what has no row of its own on the statement can be this one.
    rows = {each.cents for each in facts.lines.get(line.receipt, ())}
    alike = (book for book in same if _same_way(book.cents, line.cents) and book.cents not in rows)
    other = next(alike, None)
    if other is None:
        return None
    counter = UNALLOCATED_RECEIPTS if line.cents > other.cents else SUNDRY_DEBTORS
    return Finding(line, LineClass.AMOUNT_DIFFERS, (other.posting_id,), counter)


def _charge(line: Line, facts: Facts) -> Finding | None:
    if line.kind is not RowKind.CHARGE:
        return None
    booked = facts.elsewhere.get(line.receipt, ()) if line.receipt else ()
    paid_from = next(
        (
            book
            for book in booked
            if book.account == MPESA_CHARGES_PAID and book.cents == line.cents
        ),
        None,
    )
    if paid_from is not None:
        # The books expected it on the account of charges, and M-Pesa took it here.
        return Finding(line, LineClass.CHARGE, counter=MPESA_CHARGES_PAID, away=paid_from)
    expense = BANK_CHARGES if facts.source is Source.BANK else MPESA_CHARGES
    return Finding(line, LineClass.CHARGE, counter=expense)


def _reversal(line: Line, facts: Facts) -> Finding | None:
    if line.kind is not RowKind.REVERSAL:
        return None
    # What we had taken back ourselves stands in the books under the receipt of the payment.
    taken_back = next(
        (
            book
            for book in facts.here.get(line.linked, ())
            if line.linked and book.reverses is not None and book.cents == line.cents
        ),
        None,
    )
    if taken_back is not None:
        differs = taken_back.on != line.day
        return Finding(line, LineClass.MATCHED, (taken_back.posting_id,), day_differs=differs)
    for receipt in (line.linked, line.receipt):
        if not receipt:
            continue
        twin = next(
            (
                each
                for each in facts.lines.get(receipt, ())
                if each.cents == -line.cents and each.line_id != line.line_id
            ),
            None,
        )
        is_booked = any(book.cents == -line.cents for book in facts.here.get(receipt, ()))
        if twin is not None and not is_booked:
            return Finding(line, LineClass.REVERSAL, twin=twin.line_id)
    # What came back of ours waits for its owner; what was taken from us is owed until somebody takes the entry back.
    waits = facts.settled.get(line.linked, "")
    counter = waits if waits == UNALLOCATED_RECEIPTS else SUNDRY_DEBTORS
    return Finding(
        line, LineClass.REVERSAL, counter=UNALLOCATED_RECEIPTS if line.cents > 0 else counter
    )


def _wrong_account(line: Line, facts: Facts) -> Finding | None:
    if not line.receipt or line.kind is RowKind.MOVE:
        return None
    for book in facts.elsewhere.get(line.receipt, ()):
        if book.cents == line.cents:
            return Finding(line, LineClass.WRONG_ACCOUNT, counter=book.account, away=book)
    return None


def _move(line: Line, facts: Facts) -> Finding | None:
    is_bank_transfer = facts.source is Source.BANK and line.kind is not RowKind.CHARGE
    if line.kind is not RowKind.MOVE and not is_bank_transfer:
        return None
    near = [book for book in facts.transfers.get(line.cents, ()) if abs(book.on - line.day) <= NEAR]
    if near:
        best = min(near, key=lambda book: (abs(book.on - line.day), book.entry))
        kind = LineClass.SETTLEMENT if line.kind is RowKind.MOVE else LineClass.MATCHED
        return Finding(line, kind, (best.posting_id,), day_differs=best.on != line.day)
    if line.kind is not RowKind.MOVE:
        return None
    counter = other_end(line.words, facts.account, facts.source)
    return Finding(line, LineClass.SETTLEMENT, counter=counter)


def _payout(line: Line, facts: Facts) -> Finding | None:
    if line.kind is not RowKind.PAID_OUT and not (line.kind is RowKind.OTHER and line.cents < 0):
        return None
    fitting = tuple(
        payout
        for payout in facts.payouts.get(line.cents, ())
        if payout.sent_at <= line.at + _CLOCKS_APART and may_be_phone(line.party, payout.phone)
    )
    return Finding(line, LineClass.MISSED_NOTICE, attempts=fitting) if fitting else None


def _paid_in(line: Line, _facts: Facts) -> Finding | None:
    if line.kind is not RowKind.PAID_IN or line.cents < 0:
        return None
    return Finding(line, LineClass.MISSED_NOTICE, counter=UNALLOCATED_RECEIPTS)


def _not_ours(line: Line) -> Finding:
    """Money that we know nothing of: what came in is owed to whoever sent it, what left is asked back."""
    counter = UNALLOCATED_RECEIPTS if line.cents > 0 else SUNDRY_DEBTORS
    return Finding(line, LineClass.NOT_OURS, counter=counter)


_RULES: tuple[Callable[[Line, Facts], Finding | None], ...] = (
    _same_receipt,
    _charge,
    _reversal,
    _wrong_account,
    _move,
    _payout,
    _paid_in,
)


def may_be_phone(party: str, phone: str) -> bool:
    """Whether a number that M-Pesa may have masked, as in `254712***678 - JANE`, can be this one; one that is not told
    can be any.
    """
    told = party.partition(" ")[0].replace("+", "")
    if not told or not all(sign.isdigit() or sign == "*" for sign in told) or len(told) < 9:
        return True
    head, star, tail = told.partition("*")
    if not star:
        return told == phone
    return phone.startswith(head) and phone.endswith(tail.replace("*", ""))


def _same_way(one: int, other: int) -> bool:
    return (one > 0) == (other > 0)
