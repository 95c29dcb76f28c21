"""The general ledger of one account, posting by posting; of a control account, the accounts under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import Account, Entry, PostingRow
from sacco_desktop.domain.chart import AccountType, Side, normal_side
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports import figures
from sacco_desktop.services.reports.figures import AccountSums
from sacco_desktop.services.reports.frame import Content, framed, not_yet_in, period
from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)

_MONEY = ColumnKind.MONEY


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of ledger calls itself and its two sides."""

    title: str
    debit: str = "Debit KES"
    credit: str = "Credit KES"


@dataclass(frozen=True, slots=True)
class _Posting:
    """A posting of the account with what its entry says."""

    number: int
    day: date
    reference: str
    narration: str
    line: int
    memo: str
    debit_cents: int
    credit_cents: int


GENERAL_LEDGER = Words("General ledger")


def account_ledger(work: Work, request: ReportRequest) -> Report:
    """The account that the request is about. Raises NotFound."""
    account = ledger.account_of(work, request.about)
    if account.is_control:
        return _sub_accounts(work, request, account)
    return postings_of(work, request, account, GENERAL_LEDGER)


def postings_of(work: Work, request: ReportRequest, account: Account, words: Words) -> Report:
    """The balance brought forward, each posting with the balance after it, and what it all comes to."""
    sign = _sign(account)
    before, after = figures.balances_around(work, account, request.first, request.last)
    postings = _postings(work, account, request)
    debit = sum(each.debit_cents for each in postings)
    credit = sum(each.credit_cents for each in postings)
    forward = ("", "", "", "Balance brought forward", "", "", sign * before)
    closing = ("", "", "", "Total and balance", debit, credit, sign * after)
    content = Content(
        title=words.title,
        subject=f"{account.code} {account.name}",
        when=period(request.first, request.last),
        columns=(
            ReportColumn("Date", ColumnKind.DATE),
            ReportColumn("Entry", ColumnKind.NUMBER),
            ReportColumn("Reference"),
            ReportColumn("Narration", is_wide=True),
            ReportColumn(words.debit, _MONEY, is_added=True),
            ReportColumn(words.credit, _MONEY, is_added=True),
            ReportColumn("Balance KES", _MONEY),
        ),
        rows=(
            ReportRow("forward", forward, RowKind.BALANCE),
            *_rows(request, postings, before, sign),
            ReportRow("total", closing, RowKind.TOTAL),
        ),
        checks=(
            Check(
                "brought forward with these postings",
                before + debit - credit,
                "the balance of the account",
                after,
            ),
        ),
        notes=(_side_words(account), *not_yet_in(work, request.last)),
    )
    return framed(work, request, content)


def _postings(work: Work, account: Account, request: ReportRequest) -> tuple[_Posting, ...]:
    found = work.session.execute(
        select(
            Entry.number,
            Entry.value_date,
            Entry.reference,
            Entry.narration,
            PostingRow.line,
            PostingRow.memo,
            PostingRow.debit_cents,
            PostingRow.credit_cents,
        )
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.account_id == account.id,
            Entry.posted_at.is_not(None),
            Entry.value_date >= request.first,
            Entry.value_date <= request.last,
        )
        .order_by(Entry.value_date, Entry.number, PostingRow.line)
    )
    return tuple(_Posting(*row) for row in found)


def _rows(
    request: ReportRequest, postings: Iterable[_Posting], before: int, sign: int
) -> Iterator[ReportRow]:
    net = before
    for each in postings:
        net += each.debit_cents - each.credit_cents
        said = f"{each.narration} – {each.memo}" if each.memo else each.narration
        sides = (each.debit_cents or None, each.credit_cents or None)
        yield ReportRow(
            f"{each.number}/{each.line}",
            (each.day, each.number, each.reference, said, *sides, sign * net),
            opens=replace(request, kind=ReportKind.ENTRY, about=str(each.number)),
        )


def _sub_accounts(work: Work, request: ReportRequest, control: Account) -> Report:
    """The accounts under a control account; together they are what the trial balance shows for it."""
    sign = _sign(control)
    before = figures.sums_at(work, request.first - timedelta(days=1), control)
    moved = figures.sums_between(work, request.first, request.last, control)
    rows = tuple(
        _sub_row(request, old, move, sign) for old, move in zip(before, moved, strict=True)
    )
    opening = sign * sum(old.net_cents for old in before)
    debit = sum(move.debit_cents for move in moved)
    credit = sum(move.credit_cents for move in moved)
    closing = opening + sign * (debit - credit)
    whole = next(each for each in figures.sums_at(work, request.last) if each.code == control.code)
    total = ("", "Total", opening, debit, credit, closing)
    content = Content(
        title="Accounts under a control account",
        subject=f"{control.code} {control.name}",
        when=period(request.first, request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Before KES", _MONEY, is_added=True),
            ReportColumn("Debit KES", _MONEY, is_added=True),
            ReportColumn("Credit KES", _MONEY, is_added=True),
            ReportColumn("Balance KES", _MONEY, is_added=True),
        ),
        rows=(*rows, ReportRow("total", total, RowKind.TOTAL)),
        checks=(
            Check("the accounts together", closing, "the control account", sign * whole.net_cents),
        ),
        notes=(_side_words(control), *not_yet_in(work, request.last)),
    )
    return framed(work, request, content)


def _sub_row(request: ReportRequest, old: AccountSums, moved: AccountSums, sign: int) -> ReportRow:
    sides = (moved.debit_cents or None, moved.credit_cents or None)
    after = sign * (old.net_cents + moved.net_cents)
    cells = (old.code, old.name, sign * old.net_cents, *sides, after)
    opens = replace(request, kind=ReportKind.ACCOUNT, about=old.code)
    return ReportRow(old.code, cells, opens=opens)


def _sign(account: Account) -> int:
    return 1 if normal_side(AccountType(account.type)) is Side.DEBIT else -1


def _side_words(account: Account) -> str:
    side = normal_side(AccountType(account.type)).value
    return f"Balances are positive on the {side} side."
