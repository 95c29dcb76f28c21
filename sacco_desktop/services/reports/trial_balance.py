"""The trial balance as of a day, and with what moved in a period. Accounts without movement are listed too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sacco_desktop.domain.chart import Side, normal_side
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports import figures
from sacco_desktop.services.reports.figures import AccountSums
from sacco_desktop.services.reports.frame import Content, as_of, framed, not_yet_in, period
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


def trial_balance(work: Work, request: ReportRequest) -> Report:
    """Each account on the side on which it stands at the end of the day; both sides come to the same."""
    rows = [_row(request, account) for account in figures.sums_at(work, request.last)]
    debit, credit = (sum(_cents(row, place) for row in rows) for place in (2, 3))
    total = ReportRow("total", ("", "Total", debit, credit), RowKind.TOTAL)
    content = Content(
        title="Trial balance",
        when=as_of(request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Debit KES", _MONEY, is_added=True),
            ReportColumn("Credit KES", _MONEY, is_added=True),
        ),
        rows=(*rows, total),
        checks=(Check("all debits", debit, "all credits", credit),),
        notes=not_yet_in(work, request.last),
    )
    return framed(work, request, content)


def movements(work: Work, request: ReportRequest) -> Report:
    """Each account before the period, what moved in it, and how it stands at its end; debit is positive."""
    before = figures.sums_at(work, request.first - timedelta(days=1))
    moved = figures.sums_between(work, request.first, request.last)
    after = figures.sums_at(work, request.last)
    rows = [
        ReportRow(
            old.code,
            (old.code, old.name, *map(_nonzero, _four(old, move, new))),
            opens=_opens(request, old),
        )
        for old, move, new in zip(before, moved, after, strict=True)
    ]
    sums = [sum(_cents(row, place) for row in rows) for place in range(2, 6)]
    opening, debit, credit, closing = sums
    content = Content(
        title="Trial balance with movement",
        when=period(request.first, request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Before KES", _MONEY),
            ReportColumn("Debit KES", _MONEY, is_added=True),
            ReportColumn("Credit KES", _MONEY, is_added=True),
            ReportColumn("Balance KES", _MONEY),
        ),
        rows=(*rows, ReportRow("total", ("", "Total", *sums), RowKind.TOTAL)),
        checks=(
            Check("all debits", debit, "all credits", credit),
            Check("the balances before", opening, "nothing", 0),
            Check("the balances after", closing, "nothing", 0),
            *(_moves_right(*three) for three in zip(before, moved, after, strict=True)),
        ),
        notes=("Balances are positive on the debit side.", *not_yet_in(work, request.last)),
    )
    return framed(work, request, content)


def _row(request: ReportRequest, account: AccountSums) -> ReportRow:
    sides = _sides(account)
    return ReportRow(
        account.code, (account.code, account.name, *sides), opens=_opens(request, account)
    )


def _sides(account: AccountSums) -> tuple[int | None, int | None]:
    """The balance on its side. One that came to nothing says 0.00; one that never moved has no figure."""
    net = account.net_cents
    if net == 0:
        nothing = 0 if account.debit_cents else None
        return (nothing, None) if normal_side(account.type) is Side.DEBIT else (None, nothing)
    return (net, None) if net > 0 else (None, -net)


def _four(old: AccountSums, moved: AccountSums, new: AccountSums) -> Sequence[int]:
    return old.net_cents, moved.debit_cents, moved.credit_cents, new.net_cents


def _moves_right(old: AccountSums, moved: AccountSums, new: AccountSums) -> Check:
    expected = old.net_cents + moved.net_cents
    return Check(f"{old.code} with its movement", expected, "its balance", new.net_cents)


def _opens(request: ReportRequest, account: AccountSums) -> ReportRequest:
    return replace(request, kind=ReportKind.ACCOUNT, about=account.code)


def _nonzero(cents: int) -> int | None:
    return cents or None


def _cents(row: ReportRow, place: int) -> int:
    cell = row.cells[place]
    return cell if isinstance(cell, int) else 0
