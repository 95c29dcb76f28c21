"""The income statement of a period: what was earned and spent, beside the same days one year before."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.chart import AccountType
from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.statements import (
    INCOME_TAX,
    INTEREST_EXPENSE,
    INTEREST_INCOME,
    OPERATING_EXPENSES,
    OTHER_INCOME,
    AccountLine,
    belonging,
)
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports import figures
from sacco_desktop.services.reports.frame import Content, framed, not_yet_in, period
from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    Report,
    ReportColumn,
    ReportRequest,
)
from sacco_desktop.services.reports.statement_rows import StatementRows, account_lines

_INCOME, _EXPENSE = frozenset({AccountType.INCOME}), frozenset({AccountType.EXPENSE})


def income_statement(work: Work, request: ReportRequest) -> Report:
    """Income less expenses of the days from `first` to `last`; the surplus stands at the end."""
    before = (add_months(request.first, -12), _a_year_before(request.last))
    present = figures.sums_between(work, request.first, request.last)
    lines = account_lines(present, figures.sums_between(work, *before))
    rows = StatementRows(request)
    surplus = _put_together(rows, lines)
    earned = -sum(each.net_cents for each in present if each.type in _INCOME | _EXPENSE)
    content = Content(
        title="Income statement",
        when=period(request.first, request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("This period KES", ColumnKind.MONEY),
            ReportColumn("Year before KES", ColumnKind.MONEY),
        ),
        rows=tuple(rows.rows),
        checks=(Check("the surplus", surplus[0], "income less expenses", earned),),
        notes=(f"Year before: {period(*before)}.", *not_yet_in(work, request.last)),
    )
    return framed(work, request, content)


def _put_together(rows: StatementRows, lines: tuple[AccountLine, ...]) -> tuple[int, ...]:
    """Write the statement and give the surplus of both columns in cents."""
    interest, other = belonging(lines, _INCOME, INTEREST_INCOME, OTHER_INCOME)
    paid, operating, taxes = belonging(
        lines, _EXPENSE, INTEREST_EXPENSE, OPERATING_EXPENSES, INCOME_TAX
    )
    net = _less(rows.sections(interest), rows.sections(paid))
    rows.subtotal("Net interest income", net)
    gained = rows.sections(other)
    rows.subtotal("Total income", tuple(a + b for a, b in zip(net, gained, strict=True)))
    spent = rows.groups("Operating expenses", operating)
    rows.subtotal("Total operating expenses", spent)
    before_tax = _less([a + b for a, b in zip(net, gained, strict=True)], spent)
    rows.subtotal("Surplus before tax", before_tax)
    surplus = _less(before_tax, rows.sections(taxes))
    rows.total("Surplus of the period", surplus)
    return surplus


def _less(first: tuple[int, ...] | list[int], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(first, second, strict=True))


def _a_year_before(day: date) -> date:
    """The same day one year before; the end of February stays the end of February."""
    is_leap_end = (day.month, day.day) == (2, 28)
    before = add_months(day, -12)
    if is_leap_end and before.year % 4 == 0 and (before.year % 100 or before.year % 400 == 0):
        return before.replace(day=29)
    return before
