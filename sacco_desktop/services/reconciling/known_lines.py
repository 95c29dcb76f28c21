"""What is known of an account's statements: how far they reach, and which lines and postings nothing is matched to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from sacco_desktop.db.tables import (
    Account,
    AccountStatement,
    Entry,
    MatchSide,
    MatchUndoing,
    PostingRow,
    Reconciliation,
    ReconciliationReopening,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.reconciling.classes import BookLine, Line
from sacco_desktop.domain.reconciling.entries import BEGINNING
from sacco_desktop.domain.reconciling.joining import Reach
from sacco_desktop.domain.reconciling.statement import RowKind
from sacco_desktop.services.books.work import Work

# A database takes so many values in one question.
_SLICE = 500


def reach_of(work: Work, account_id: int) -> Reach | None:
    """How far statements reach; None while there is none."""
    of_account = select(AccountStatement).where(AccountStatement.account_id == account_id)
    first = work.session.scalar(
        of_account.order_by(AccountStatement.first_day, AccountStatement.id).limit(1)
    )
    if first is None:
        return None
    last = work.session.scalars(
        of_account.order_by(AccountStatement.last_day.desc()).limit(1)
    ).one()
    opening = _before_all(work, account_id, first)
    closing = balance_on(work, account_id, last.last_day, opening)
    return Reach(first.first_day, last.last_day, opening, closing)


def _before_all(work: Work, account_id: int, first: AccountStatement) -> int:
    """What the account held before its first line; two statements may begin on one day."""
    line = work.session.execute(
        select(StatementLine.balance_cents, StatementLine.cents)
        .where(StatementLine.account_id == account_id)
        .order_by(StatementLine.at, StatementLine.id)
        .limit(1)
    ).one_or_none()
    return first.opening_cents if line is None else line.balance_cents - line.cents


def balance_on(work: Work, account_id: int, day: date, opening_cents: int) -> int:
    """What the statement says that the account held at the end of a day."""
    found = work.session.scalar(
        select(StatementLine.balance_cents)
        .where(StatementLine.account_id == account_id, StatementLine.day <= day)
        .order_by(StatementLine.at.desc(), StatementLine.id.desc())
        .limit(1)
    )
    return opening_cents if found is None else found


def signed_until(work: Work, account_id: int) -> date | None:
    """The last day that two people have signed for this account."""
    return work.session.scalar(
        select(func.max(Reconciliation.until)).where(
            Reconciliation.account_id == account_id,
            ~exists().where(ReconciliationReopening.reconciliation_id == Reconciliation.id),
        )
    )


def stands() -> ColumnElement[bool]:
    """A match that counts."""
    undone = exists().where(MatchUndoing.match_id == StatementMatch.id)
    return StatementMatch.sealed_at.is_not(None) & ~undone


def _is_matched(column: Any, row: Any) -> ColumnElement[bool]:
    return (
        exists()
        .where(MatchSide.match_id == StatementMatch.id)
        .where(column == row)
        .where(stands())
        .correlate(StatementLine, PostingRow)
    )


line_is_matched = _is_matched(MatchSide.line_id, StatementLine.id)
posting_is_matched = _is_matched(MatchSide.posting_id, PostingRow.id)


def open_lines(work: Work, account_id: int, until: date | None = None) -> list[Line]:
    """The lines of an account that nothing is matched to, oldest first. What is signed has none."""
    wanted = select(StatementLine).where(StatementLine.account_id == account_id, ~line_is_matched)
    signed = signed_until(work, account_id)
    if signed is not None:
        wanted = wanted.where(StatementLine.day > signed)
    if until is not None:
        wanted = wanted.where(StatementLine.day <= until)
    rows = work.session.scalars(wanted.order_by(StatementLine.at, StatementLine.id))
    return [line_of(row) for row in rows]


def count_open(work: Work, account_id: int, since: date, until: date) -> int:
    """How many lines and postings of an account from a day up to a day nothing is matched to."""
    lines = select(func.count(StatementLine.id)).where(
        StatementLine.account_id == account_id,
        StatementLine.day >= since,
        StatementLine.day <= until,
        ~line_is_matched,
    )
    postings = (
        select(func.count(PostingRow.id))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.account_id == account_id,
            Entry.posted_at.is_not(None),
            Entry.kind != BEGINNING,
            Entry.value_date >= since,
            Entry.value_date <= until,
            ~posting_is_matched,
        )
    )
    return (work.session.scalar(lines) or 0) + (work.session.scalar(postings) or 0)


def line_of(row: StatementLine) -> Line:
    """A kept line as the rules look at it."""
    return Line(
        row.id,
        row.receipt,
        row.at,
        row.day,
        row.cents,
        RowKind(row.kind),
        _said(row.reason, row.details),
        row.party,
        row.linked,
        row.typed,
    )


def _said(reason: str, details: str) -> str:
    """Both in one; mostly the details begin with the reason."""
    return details if details.startswith(reason) else f"{reason} {details}".strip()


def _postings() -> Select[int, int, str, str, date, int, int | None, str]:
    return (
        select(
            PostingRow.id,
            Entry.number,
            Account.code,
            Entry.reference,
            Entry.value_date,
            PostingRow.debit_cents - PostingRow.credit_cents,
            Entry.reverses_number,
            Entry.narration,
        )
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Entry.posted_at.is_not(None), Entry.kind != BEGINNING, ~posting_is_matched)
        .order_by(Entry.number, PostingRow.line)
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line and a posting of the same receipt and the same sum, neither of them matched yet."""

    line_id: int
    receipt: str
    cents: int
    posting_id: int
    entry: int
    reverses: int | None


def candidates(work: Work, account_id: int) -> list[Candidate]:
    """Every such pair of an account. A line or a posting may stand in several of them."""
    wanted = (
        select(
            StatementLine.id,
            StatementLine.receipt,
            StatementLine.cents,
            PostingRow.id,
            Entry.number,
            Entry.reverses_number,
        )
        .select_from(StatementLine)
        .join(Entry, Entry.reference == StatementLine.receipt)
        # With the sum the database looks receipts up one by one and does not begin with all postings of the account.
        .join(
            PostingRow,
            (PostingRow.entry_id == Entry.id)
            & (PostingRow.account_id + 0 == StatementLine.account_id),
        )
        .where(
            StatementLine.account_id == account_id,
            StatementLine.receipt != "",
            PostingRow.debit_cents - PostingRow.credit_cents == StatementLine.cents,
            Entry.posted_at.is_not(None),
            ~line_is_matched,
            ~posting_is_matched,
        )
        .order_by(StatementLine.id, Entry.number)
    )
    signed = signed_until(work, account_id)
    if signed is not None:
        wanted = wanted.where(StatementLine.day > signed)
    return [Candidate(*row) for row in work.session.execute(wanted)]


def open_postings(
    work: Work, account_id: int, since: date, until: date | None = None
) -> list[BookLine]:
    """The postings of an account from a day on that nothing is matched to, in the order of the journal."""
    wanted = _postings().where(PostingRow.account_id == account_id, Entry.value_date >= since)
    if until is not None:
        wanted = wanted.where(Entry.value_date <= until)
    return [BookLine(*row) for row in work.session.execute(wanted)]


def postings_named(work: Work, receipts: Sequence[str], codes: Sequence[str]) -> list[BookLine]:
    """Unmatched postings on these accounts whose entry has one of these receipts, whatever its day."""
    found: list[BookLine] = []
    named = sorted({receipt for receipt in receipts if receipt})
    for at in range(0, len(named), _SLICE):
        part = named[at : at + _SLICE]
        wanted = _postings().where(Account.code.in_(codes), Entry.reference.in_(part))
        found += [BookLine(*row) for row in work.session.execute(wanted)]
    return found
