"""Adds signed accounts up again: the rows of the statement and the postings of the books up to each signed day, and
every match that stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from sacco_desktop.db.tables import (
    Account,
    Entry,
    MatchSide,
    MatchUndoing,
    PostingRow,
    Reconciliation,
    ReconciliationReopening,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.faults import Fault
from sacco_desktop.services.books.work import Work

_STANDS = and_(
    StatementMatch.sealed_at.is_not(None),
    ~exists().where(MatchUndoing.match_id == StatementMatch.id),
)


def readable(work: Work) -> Iterator[Fault]:
    """Every fault of the signed accounts and of the matches, account by account."""
    signed = work.session.execute(
        select(
            Account.code,
            Reconciliation.account_id,
            Reconciliation.until,
            Reconciliation.statement_cents,
            Reconciliation.books_cents,
        )
        .join(Account, Account.id == Reconciliation.account_id)
        .where(~exists().where(ReconciliationReopening.reconciliation_id == Reconciliation.id))
        .order_by(Reconciliation.account_id, Reconciliation.until)
    ).all()
    for _account, rows in groupby(signed, lambda row: row.account_id):
        yield from _account_faults(work, list(rows))
    yield from _match_faults(work)


def _account_faults(work: Work, signed: list[Any]) -> Iterator[Fault]:
    """Each day's sum goes on from the one before, so that the account is read once however often it was signed."""
    account_id = signed[0].account_id
    first = work.session.execute(
        select(StatementLine.balance_cents - StatementLine.cents)
        .where(StatementLine.account_id == account_id)
        .order_by(StatementLine.at, StatementLine.id)
        .limit(1)
    ).scalar_one_or_none()
    statement, books, before = first, 0, None
    for row in signed:
        where = f"The reconciliation of account {row.code} up to {format_date(row.until)}"
        books += _booked(work, account_id, before, row.until)
        if row.books_cents != books:
            yield Fault(
                where,
                f"was signed over {format_kes(row.books_cents)}, and the books come to {format_kes(books)}.",
            )
        if statement is not None:
            statement += _told(work, account_id, before, row.until)
            if row.statement_cents != statement:
                told = f"{format_kes(row.statement_cents)}, and the statement comes to {format_kes(statement)}."
                yield Fault(where, f"was signed over {told}")
        before = row.until


def _booked(work: Work, account_id: int, after: Any, until: Any) -> int:
    query = (
        select(func.coalesce(func.sum(PostingRow.debit_cents - PostingRow.credit_cents), 0))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.account_id == account_id,
            Entry.posted_at.is_not(None),
            Entry.value_date <= until,
        )
    )
    if after is not None:
        query = query.where(Entry.value_date > after)
    return int(work.session.scalar(query) or 0)


def _told(work: Work, account_id: int, after: Any, until: Any) -> int:
    query = select(func.coalesce(func.sum(StatementLine.cents), 0)).where(
        StatementLine.account_id == account_id, StatementLine.day <= until
    )
    if after is not None:
        query = query.where(StatementLine.day > after)
    return int(work.session.scalar(query) or 0)


def _match_faults(work: Work) -> Iterator[Fault]:
    """Both sides of a match come to the same, each with the sum that its row or its posting really has."""
    really = case(
        (MatchSide.line_id.is_not(None), StatementLine.cents),
        else_=PostingRow.credit_cents - PostingRow.debit_cents,
    )
    rows = work.session.execute(
        select(StatementMatch.id)
        .join(MatchSide, MatchSide.match_id == StatementMatch.id)
        .outerjoin(StatementLine, StatementLine.id == MatchSide.line_id)
        .outerjoin(PostingRow, PostingRow.id == MatchSide.posting_id)
        .where(_STANDS)
        .group_by(StatementMatch.id)
        .having(
            or_(
                func.sum(MatchSide.cents) != 0,
                func.sum(case((really == MatchSide.cents, 0), else_=1)) != 0,
            )
        )
        .order_by(StatementMatch.id)
    )
    for (match_id,) in rows:
        yield Fault(
            f"Match {match_id}", "joins a statement and the books that do not come to the same."
        )
