"""Payments by M-Pesa for paper or another program: when, how much, from whom, and whose they became."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.dates import business_date, format_time
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import payment_list
from sacco_desktop.services.collecting.payment_list import PaymentsQuestion, Stand
from sacco_desktop.services.reports.frame import Content, framed, period
from sacco_desktop.services.reports.report import (
    Cell,
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)
from sacco_desktop.services.reports.savings_papers import about, chosen, money_columns

_STANDS = {
    Stand.NO_OWNER: "No owner",
    Stand.PART: "Part given",
    Stand.UNPROVEN: "Not proven",
    Stand.ASKED: "To approve",
    Stand.DISPUTED: "Two sums",
    Stand.GIVEN: "Has its owner",
    Stand.REFUTED: "Not at M-Pesa",
    Stand.RETURNING: "Being given back",
    Stand.RETURNED: "Given back",
}


@dataclass(frozen=True, slots=True)
class WantedPayments:
    """Which payments of some days, by their ids in this order; `which` says in words how they were chosen."""

    ids: tuple[int, ...]
    days: PaymentsQuestion
    which: str
    is_paper: bool


def payments_report(work: Work, wanted: WantedPayments) -> Report:
    """The payments as the books have them now. Raises InvalidInput when none would be on it."""
    work.allow(Act.LOOK)
    found = {row.receipt_id: row for row in payment_list.rows_of(work, wanted.ids)}
    rows = chosen(wanted.ids, found)
    lines = [
        ReportRow(
            row.receipt,
            (
                business_date(row.paid_at),
                format_time(row.paid_at),
                row.receipt,
                f"{row.payer_phone} {row.payer_name}".strip(),
                row.reference,
                "; ".join(row.owners),
                _STANDS[row.stand],
                row.amount_cents,
                row.left_cents,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        cells: tuple[Cell, ...] = ("", "", "", "Total", "", "", "")
        sums = sum(row.amount_cents for row in rows), sum(row.left_cents for row in rows)
        lines.append(ReportRow("total", (*cells, *sums), RowKind.TOTAL))
    first = max(wanted.days.first, min(business_date(row.paid_at) for row in rows))
    content = Content(
        title="Paid in by M-Pesa",
        when=period(first, wanted.days.last),
        columns=(
            ReportColumn("Date", ColumnKind.DATE),
            ReportColumn("Time"),
            ReportColumn("Receipt"),
            ReportColumn("From", is_wide=True),
            ReportColumn("Account"),
            ReportColumn("Given to", is_wide=True),
            ReportColumn("State"),
            *money_columns("Paid KES", "No owner KES"),
        ),
        rows=tuple(lines),
        facts=(("Payments", wanted.which),),
    )
    request = ReportRequest(ReportKind.PAYMENTS_IN, first, wanted.days.last, about(wanted.ids))
    return framed(work, request, content)
