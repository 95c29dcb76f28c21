"""Reports of an invented society, as the services hand them over; tests change single facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportPaper,
    ReportRequest,
    ReportRow,
    RowKind,
)
from tests.documents.sample_papers import PRACTICE, UMOJA, stamp

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
READ_AT = datetime(2026, 7, 3, 11, 5, tzinfo=UTC)
MONEY = ColumnKind.MONEY


def paper(report: Report, copy_number: int = 1) -> ReportPaper:
    """A print of the report."""
    return ReportPaper(report, stamp("P-000117", copy_number))


def trial_balance(accounts: int = 6) -> Report:
    """Debits and credits by turns, the last one making both sides equal."""
    rows = [
        ReportRow(
            str(1000 + n),
            (str(1000 + n), f"Account number {n}", n * 1_234_56, None)
            if n % 2
            else (str(1000 + n), f"Account number {n}", None, n * 1_000_07),
        )
        for n in range(1, accounts)
    ]
    debit = sum(row.cells[2] for row in rows if isinstance(row.cells[2], int))
    credit = sum(row.cells[3] for row in rows if isinstance(row.cells[3], int))
    rest = debit - credit
    last = ("5999", "What makes it equal", *((None, rest) if rest > 0 else (-rest, None)))
    total = ReportRow("total", ("", "Total", *(max(debit, credit),) * 2), RowKind.TOTAL)
    return Report(
        request=ReportRequest(ReportKind.TRIAL_BALANCE, FIRST, LAST),
        letterhead=UMOJA,
        title="Trial balance",
        subject="",
        when="As of 30 Jun 2026",
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Debit KES", MONEY, is_added=True),
            ReportColumn("Credit KES", MONEY, is_added=True),
        ),
        rows=(*rows, ReportRow("5999", last), total),
        read_at=READ_AT,
        last_entry=2384,
        checks=(Check("all debits", max(debit, credit), "all credits", max(debit, credit)),),
        notes=("2 payouts are in flight, KES 42,000.00, and not in these figures yet.",),
    )


def account_ledger(postings: int = 90) -> Report:
    """A bank account that falls below zero, with postings of one side after the other."""
    balance = 5_000_00
    rows = [
        ReportRow(
            "forward", ("", "", "", "Balance brought forward", "", "", balance), RowKind.BALANCE
        )
    ]
    debits = credits = 0
    for n in range(1, postings + 1):
        debit, credit = (n * 111_11, 0) if n % 3 else (0, n * 1_777_07)
        debits, credits, balance = debits + debit, credits + credit, balance + debit - credit
        day = FIRST + timedelta(days=n)
        said = f"Posting {n} of Wanjikũ"
        cells = (day, 200 + n, f"R-{n}", said, debit or None, credit or None, balance)
        rows.append(ReportRow(f"{n}/1", cells))
    total = ("", "", "", "Total and balance", debits, credits, balance)
    return Report(
        request=ReportRequest(ReportKind.ACCOUNT, FIRST, LAST, "1020"),
        letterhead=PRACTICE,
        title="General ledger",
        subject="1020 Bank current account",
        when="1 Jan 2026 – 30 Jun 2026",
        columns=(
            ReportColumn("Date", ColumnKind.DATE),
            ReportColumn("Entry", ColumnKind.NUMBER),
            ReportColumn("Reference"),
            ReportColumn("Narration", is_wide=True),
            ReportColumn("Debit KES", MONEY, is_added=True),
            ReportColumn("Credit KES", MONEY, is_added=True),
            ReportColumn("Balance KES", MONEY),
        ),
        rows=(*rows, ReportRow("total", total, RowKind.TOTAL)),
        read_at=READ_AT,
        last_entry=2384,
        checks=(Check("brought forward with these postings", balance, "the balance", balance),),
        notes=("Balances are positive on the debit side.",),
    )


def position() -> Report:
    """A small statement with headings, sums of parts and a comparison."""

    def line(code: str, name: str, now: int | None, before: int | None) -> ReportRow:
        return ReportRow(code or name, (code, name, now, before))

    def strong(kind: RowKind, words: str, *cents: int) -> ReportRow:
        return ReportRow(words, ("", words, *(cents or ("", ""))), kind)

    return Report(
        request=ReportRequest(ReportKind.POSITION, FIRST, LAST),
        letterhead=UMOJA,
        title="Statement of financial position",
        subject="",
        when="As of 30 Jun 2026",
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("30 Jun 2026 KES", MONEY),
            ReportColumn("31 Dec 2025 KES", MONEY),
        ),
        rows=(
            strong(RowKind.HEADING, "Cash and bank"),
            line("1010", "Cash in hand / till", 1_000_00, 0),
            line("1032", "M-Pesa charges-paid account", -13_00, 0),
            strong(RowKind.SUBTOTAL, "Total cash and bank", 987_00, 0),
            strong(RowKind.TOTAL, "Total assets", 987_00, 0),
            strong(RowKind.HEADING, "Surplus not yet closed"),
            line("", "Surplus 1 Jan 2026 – 30 Jun 2026", 987_00, None),
            strong(RowKind.TOTAL, "Total liabilities and equity", 987_00, 0),
        ),
        read_at=READ_AT,
        last_entry=2384,
        checks=(Check("assets on 30 Jun 2026", 987_00, "liabilities and equity", 987_00),),
    )
