"""The cash book: what came in and went out of cash, bank and M-Pesa accounts; one of them, or all side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.statements import is_cash
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports import figures
from sacco_desktop.services.reports.account_ledger import Words, postings_of
from sacco_desktop.services.reports.figures import AccountSums
from sacco_desktop.services.reports.frame import Content, framed, not_yet_in, period
from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    Report,
    ReportColumn,
    ReportRequest,
    ReportRow,
    RowKind,
)

_MONEY = ColumnKind.MONEY
CASH_BOOK = Words("Cash book", "Receipts KES", "Payments KES")


def cash_book(work: Work, request: ReportRequest) -> Report:
    """The account that the request is about, or all of them. Raises NotFound and InvalidInput for other accounts."""
    if not request.about:
        return _all_accounts(work, request)
    account = ledger.account_of(work, request.about)
    if not is_cash(figures.form_line_of(account.code)):
        raise InvalidInput(f"{account.code} is no cash, bank or M-Pesa account.", "account")
    return postings_of(work, request, account, CASH_BOOK)


def _all_accounts(work: Work, request: ReportRequest) -> Report:
    before = _of_cash(figures.sums_at(work, request.first - timedelta(days=1)))
    moved = _of_cash(figures.sums_between(work, request.first, request.last))
    after = _of_cash(figures.sums_at(work, request.last))
    rows = tuple(_row(request, *three) for three in zip(before, moved, after, strict=True))
    opening, closing = (sum(each.net_cents for each in found) for found in (before, after))
    receipts = sum(move.debit_cents for move in moved)
    payments = sum(move.credit_cents for move in moved)
    total = ("", "Total", opening, receipts, payments, closing)
    content = Content(
        title="Cash book",
        subject="All cash, bank and M-Pesa accounts",
        when=period(request.first, request.last),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Before KES", _MONEY, is_added=True),
            ReportColumn("Receipts KES", _MONEY, is_added=True),
            ReportColumn("Payments KES", _MONEY, is_added=True),
            ReportColumn("Balance KES", _MONEY, is_added=True),
        ),
        rows=(*rows, ReportRow("total", total, RowKind.TOTAL)),
        checks=(
            Check(
                "before, with receipts less payments",
                opening + receipts - payments,
                "the balances",
                closing,
            ),
        ),
        notes=(
            "Money moved between these accounts is a payment of one and a receipt of another.",
            *not_yet_in(work, request.last),
        ),
    )
    return framed(work, request, content)


def _of_cash(found: tuple[AccountSums, ...]) -> tuple[AccountSums, ...]:
    return tuple(each for each in found if is_cash(figures.form_line_of(each.code)))


def _row(
    request: ReportRequest, old: AccountSums, moved: AccountSums, new: AccountSums
) -> ReportRow:
    sides = (moved.debit_cents or None, moved.credit_cents or None)
    cells = (old.code, old.name, old.net_cents, *sides, new.net_cents)
    return ReportRow(old.code, cells, opens=replace(request, about=old.code))
