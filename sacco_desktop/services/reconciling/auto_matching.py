"""Matches what belongs together beyond doubt, without anybody asking: the same receipt and the same sum on the same
account, and entries that were taken back and left no trace on the statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from sacco_desktop.db.tables import AccountStatement, Payout, StatementLine
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS
from sacco_desktop.domain.reconciling.classes import (
    BookLine,
    LineClass,
    pairs_by_receipt,
    taken_back_pairs,
)
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_settling import raise_evidence
from sacco_desktop.services.reconciling import known_lines, paid_in_lines, statement_matches
from sacco_desktop.services.reconciling.known_lines import Candidate
from sacco_desktop.services.reconciling.statement_matches import BY_RECEIPT, NewMatch


def match_by_receipt(work: Work, code: str) -> int:
    """Match all that can be matched of an account; returns how many lines were. What the statement proves is proven."""
    work.allow(Act.RECONCILE)
    account = ledger.account_of(work, code)
    reach = known_lines.reach_of(work, account.id)
    if reach is None:
        return 0
    found = pairs(work, account.id)
    statement_matches.make(work, [_pair(account.id, one) for one in found])
    left = known_lines.open_postings(work, account.id, reach.first_day)
    statement_matches.make(
        work, [_taken_back(account.id, *both) for both in taken_back_pairs(left)]
    )
    _prove_payouts(work, found)
    paid_in_lines.prove(work, code, {one.receipt: one.line_id for one in found})
    return len(found)


def pairs(work: Work, account_id: int) -> list[Candidate]:
    """What belongs together beyond doubt, each line and each posting once."""
    found = known_lines.candidates(work, account_id)
    lines = Counter(one.line_id for one in found)
    postings = Counter(one.posting_id for one in found)
    sure = [one for one in found if lines[one.line_id] == postings[one.posting_id] == 1]
    if len(sure) == len(found):
        return sure
    chosen = {one.line_id for one in sure}
    return [*sure, *_chosen(work, [one for one in found if one.line_id not in chosen])]


def _chosen(work: Work, several: Sequence[Candidate]) -> list[Candidate]:
    """Of lines and postings that stand in several pairs, those that the rule takes."""
    known = {(one.line_id, one.posting_id): one for one in several}
    rows = (
        work.session.get_one(StatementLine, key) for key in sorted({one.line_id for one in several})
    )
    lines = [known_lines.line_of(row) for row in rows]
    codes = [one.code for one in MONEY_ACCOUNTS]
    books = known_lines.postings_named(work, [one.receipt for one in several], codes)
    wanted = {one.posting_id for one in several} | {
        book.posting_id for book in books if book.reverses is not None
    }
    taken = pairs_by_receipt(lines, [book for book in books if book.posting_id in wanted])
    return [
        known[line.line_id, book.posting_id]
        for line, book in taken
        if (line.line_id, book.posting_id) in known
    ]


def _pair(account_id: int, one: Candidate) -> NewMatch:
    line, posting = ((one.line_id, one.cents),), ((one.posting_id, one.cents),)
    return NewMatch(account_id, LineClass.MATCHED, BY_RECEIPT, line, posting)


def _taken_back(account_id: int, original: BookLine, back: BookLine) -> NewMatch:
    both = tuple((book.posting_id, book.cents) for book in (original, back))
    reason = f"Entry {original.entry} was taken back by entry {back.entry}."
    return NewMatch(account_id, LineClass.MATCHED, BY_RECEIPT, (), both, reason)


def _prove_payouts(work: Work, found: Sequence[Candidate]) -> None:
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
    for one in found if claimed else ():
        payout = claimed.get((one.receipt, one.cents))
        if payout is not None:
            raise_evidence(work, payout, _where(work, one.line_id))


def _where(work: Work, line_id: int) -> str:
    row = work.session.get_one(StatementLine, line_id)
    statement = work.session.get_one(AccountStatement, row.statement_id)
    return f"It stands on M-Pesa's statement {statement.file_name}, row {row.file_row}."
