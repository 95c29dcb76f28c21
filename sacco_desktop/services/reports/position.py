"""The statement of financial position: what the society has and owes at the end of a day, and that both are equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sacco_desktop.domain.chart import AccountType
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.statements import ASSETS, EQUITY, LIABILITIES, belonging
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
)
from sacco_desktop.services.reports.statement_rows import Sections, StatementRows, account_lines

_RESULT = frozenset({AccountType.INCOME, AccountType.EXPENSE})


def financial_position(work: Work, request: ReportRequest) -> Report:
    """Assets, liabilities and equity at the end of `last`, beside the day before `first`.

    What was earned and not yet closed to retained earnings is equity; the surplus of the period stands apart.
    """
    day_before = request.first - timedelta(days=1)
    present = figures.sums_at(work, request.last)
    compared = figures.sums_at(work, day_before)
    lines = account_lines(present, compared)
    (assets,) = belonging(lines, frozenset({AccountType.ASSET, AccountType.CONTRA_ASSET}), ASSETS)
    (owed,) = belonging(lines, frozenset({AccountType.LIABILITY}), LIABILITIES)
    (own,) = belonging(lines, frozenset({AccountType.EQUITY}), EQUITY)
    rows = StatementRows(request)
    all_assets = rows.sections(assets)
    rows.total("Total assets", all_assets)
    liabilities = rows.sections(owed)
    rows.subtotal("Total liabilities", liabilities)
    equity = _equity(rows, own, (_earned(present), _earned(compared)))
    rows.subtotal("Total equity", equity)
    both = tuple(a + b for a, b in zip(liabilities, equity, strict=True))
    rows.total("Total liabilities and equity", both)
    content = Content(
        title="Statement of financial position",
        when=as_of(request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn(f"{format_date(request.last)} KES", ColumnKind.MONEY),
            ReportColumn(f"{format_date(day_before)} KES", ColumnKind.MONEY),
        ),
        rows=tuple(rows.rows),
        checks=tuple(
            Check(f"assets on {format_date(day)}", mine, "liabilities and equity", theirs)
            for day, mine, theirs in zip((request.last, day_before), all_assets, both, strict=True)
        ),
        notes=not_yet_in(work, request.last),
    )
    return framed(work, request, content)


def _equity(rows: StatementRows, own: Sections, earned: tuple[int, int]) -> tuple[int, ...]:
    """The sections of equity, then the surplus: of the period, and from before it as far as it was not closed."""
    kept = rows.sections(own)
    first, last = rows.request.first, rows.request.last
    now, before = earned
    rows.heading("Surplus not yet closed")
    rows.line(
        "surplus",
        f"Surplus {period(first, last)}",
        (now - before, None),
        replace(rows.request, kind=ReportKind.INCOME),
    )
    if before:
        words = f"Surplus before {format_date(first)}"
        rows.line("surplus_before", words, (before, before), None)
    rows.subtotal("Total surplus not yet closed", earned)
    return tuple(a + b for a, b in zip(kept, earned, strict=True))


def _earned(sums: tuple[AccountSums, ...]) -> int:
    """Income less expenses, as far as it was not closed to retained earnings, in cents."""
    return -sum(each.net_cents for each in sums if each.type in _RESULT)
