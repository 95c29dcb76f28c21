"""Matches what belongs together beyond doubt, without anybody asking: the same receipt and the same sum on the same
account, and entries that were taken back and left no trace on the statement.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from sacco_desktop.db.tables import AccountStatement, Payout, StatementLine
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.classes import (
    BookLine,
    Line,
    LineClass,
    pairs_by_receipt,
    taken_back_pairs,
)
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_settling import raise_evidence
from sacco_desktop.services.reconciling import known_lines, paid_in_lines, statement_matches
from sacco_desktop.services.reconciling.statement_matches import BY_RECEIPT, NewMatch


def match_by_receipt(work: Work, code: str) -> int:
    """Match all that can be matched of an account; returns how many lines were. What the statement proves is proven."""
    work.allow(Act.RECONCILE)
    account = ledger.account_of(work, code)
    reach = known_lines.reach_of(work, account.id)
    if reach is None:
        return 0
    lines = known_lines.open_lines(work, account.id)
    books = known_lines.postings_named(work, [line.receipt for line in lines], (code,))
    pairs = pairs_by_receipt(lines, books)
    statement_matches.make(work, [_pair(account.id, line, book) for line, book in pairs])
    left = known_lines.open_postings(work, account.id, reach.first_day)
    statement_matches.make(
        work, [_taken_back(account.id, *both) for both in taken_back_pairs(left)]
    )
    matched = [line for line, _book in pairs]
    _prove_payouts(work, matched)
    paid_in_lines.prove(work, code, matched)
    return len(pairs)


def _pair(account_id: int, line: Line, book: BookLine) -> NewMatch:
    sides = ((line.line_id, line.cents),), ((book.posting_id, book.cents),)
    return NewMatch(account_id, LineClass.MATCHED, BY_RECEIPT, *sides)


def _taken_back(account_id: int, original: BookLine, back: BookLine) -> NewMatch:
    both = tuple((book.posting_id, book.cents) for book in (original, back))
    reason = f"Entry {original.entry} was taken back by entry {back.entry}."
    return NewMatch(account_id, LineClass.MATCHED, BY_RECEIPT, (), both, reason)


def _prove_payouts(work: Work, lines: Sequence[Line]) -> None:
    """A payout whose receipt and sum stand on M-Pesa's own statement is proven."""
    claimed = {
        (payout.receipt, -payout.mpesa_cents): payout
        for payout in work.session.scalars(
            select(Payout).where(
                Payout.status == PayoutStatus.PAID.value,
                Payout.evidence == Evidence.CLAIMED.value,
                Payout.receipt.is_not(None),
            )
        )
    }
    for line in lines:
        payout = claimed.get((line.receipt, line.cents))
        if payout is not None:
            raise_evidence(work, payout, _where(work, line))


def _where(work: Work, line: Line) -> str:
    row = work.session.get_one(StatementLine, line.line_id)
    statement = work.session.get_one(AccountStatement, row.statement_id)
    return f"It stands on M-Pesa's statement {statement.file_name}, row {row.file_row}."
