"""More lists of the Savings page for paper or another program: cheques, products, check-off money without owner."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_words import KIND_WORDS, due_words, withdrawal_words
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.counter import unowned_money
from sacco_desktop.services.counter.unowned_money import ASKED, GIVEN, UnownedRow
from sacco_desktop.services.reports.frame import Content, as_of, framed
from sacco_desktop.services.reports.report import (
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)
from sacco_desktop.services.reports.savings_papers import about, chosen, money_columns
from sacco_desktop.services.savings import savings_lists, savings_sheets
from sacco_desktop.services.savings.savings_lists import PaidState

_CHEQUE_STATES = {
    PaidState.WAITS: "To clear",
    PaidState.COUNTS: "Cleared",
    PaidState.BACK: "Came back",
}


@dataclass(frozen=True, slots=True)
class WantedRows:
    """Which rows by their ids, in this order; `which` says in words how they were chosen."""

    ids: tuple[int, ...]
    which: str
    is_paper: bool


@dataclass(frozen=True, slots=True)
class WantedUnowned:
    """The same where a row is named by its list and its line."""

    keys: tuple[tuple[int, int], ...]
    which: str
    is_paper: bool


def cheques_report(work: Work, wanted: WantedRows) -> Report:
    """The cheques of members as they stand today. Raises InvalidInput when none would be on it."""
    rows = chosen(
        wanted.ids, {row.contribution_id: row for row in savings_lists.list_cheques(work)}
    )
    lines = [
        ReportRow(
            row.receipt,
            (
                row.reference,
                row.member_number,
                row.member_name,
                row.value_date,
                (work.today - row.value_date).days if row.state is PaidState.WAITS else None,
                _CHEQUE_STATES[row.state],
                row.cleared_on,
                row.receipt,
                row.amount_cents,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        waits = sum(row.amount_cents for row in rows if row.state is PaidState.WAITS)
        cells = ("", "", "Total of those that wait", "", None, "", "", "", waits)
        lines.append(ReportRow("total", cells, RowKind.TOTAL))
    content = Content(
        title="Cheques of members",
        when=as_of(work.today),
        columns=(
            ReportColumn("Cheque"),
            ReportColumn("No."),
            ReportColumn("Name", is_wide=True),
            ReportColumn("Brought", ColumnKind.DATE),
            ReportColumn("Days it waits", ColumnKind.NUMBER),
            ReportColumn("Status"),
            ReportColumn("Cleared on", ColumnKind.DATE),
            ReportColumn("Receipt"),
            ReportColumn("KES", ColumnKind.MONEY),
        ),
        rows=tuple(lines),
        facts=(("Cheques", wanted.which),),
    )
    request = ReportRequest(ReportKind.CHEQUES, work.today, work.today, about(wanted.ids))
    return framed(work, request, content)


def products_report(work: Work, wanted: WantedRows) -> Report:
    """The products with their terms of today, and what is held of each. Of debts, equity and funds there is no sum."""
    found = {row.product.product_id: row for row in savings_sheets.list_sheets(work)}
    rows = chosen(wanted.ids, found)
    content = Content(
        title="What members can pay into",
        when=as_of(work.today),
        columns=(
            ReportColumn("Product", is_wide=True),
            ReportColumn("Money is"),
            ReportColumn("Expected", is_wide=True),
            ReportColumn("Paid back", is_wide=True),
            ReportColumn("Since", ColumnKind.DATE),
            ReportColumn("Account"),
            ReportColumn("Held KES", ColumnKind.MONEY),
        ),
        rows=tuple(
            ReportRow(
                row.product.code,
                (
                    row.product.terms.name,
                    KIND_WORDS[row.product.kind],
                    due_words(row.product.terms),
                    withdrawal_words(row.product.terms),
                    row.product.since,
                    row.product.account_code,
                    row.held_cents,
                ),
            )
            for row in rows
        ),
        facts=(("Products", wanted.which),),
    )
    request = ReportRequest(ReportKind.PRODUCTS, work.today, work.today, about(wanted.ids))
    return framed(work, request, content)


def unowned_report(work: Work, wanted: WantedUnowned) -> Report:
    """Check-off money without owner as of today. Raises InvalidInput when none would be on it."""
    work.allow(Act.LOOK)
    rows = chosen(wanted.keys, {row.key: row for row in unowned_money.list_unowned(work)})
    lines = [
        ReportRow(
            f"{row.list_number} {row.row or ''}",
            (
                row.list_number if row.row is None else f"{row.list_number}, row {row.row}",
                row.employer,
                " ".join(part for part in (row.named, row.name) if part),
                row.problem,
                row.since,
                _owner_words(row),
                row.left_cents,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        waits = sum(row.left_cents for row in rows)
        cells = ("", "Total", "", "", "", "", waits)
        lines.append(ReportRow("total", cells, RowKind.TOTAL))
    content = Content(
        title="Check-off money without owner",
        when=as_of(work.today),
        columns=(
            ReportColumn("List"),
            ReportColumn("Employer", is_wide=True),
            ReportColumn("The list names", is_wide=True),
            ReportColumn("Why it has no owner", is_wide=True),
            ReportColumn("Since", ColumnKind.DATE),
            ReportColumn("Owner found"),
            *money_columns("Waits KES"),
        ),
        rows=tuple(lines),
        facts=(("Lines", wanted.which),),
    )
    request = ReportRequest(ReportKind.NO_OWNER, work.today, work.today, about(wanted.keys))
    return framed(work, request, content)


def _owner_words(row: UnownedRow) -> str:
    named = [one for one in row.owners if one.status in (ASKED, GIVEN)]
    return ", ".join(
        one.member_number + (" (to approve)" if one.status == ASKED else "") for one in named
    )
