"""The lists of the Savings page for paper or another program: receipts, what is expected, share capital."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.member_status import words_of
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_words import PAID_BY_WORDS
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import share_list
from sacco_desktop.services.reports.frame import Content, as_of, framed, period
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
from sacco_desktop.services.savings import obligations, savings_lists
from sacco_desktop.services.savings.obligations import ObligationQuestion
from sacco_desktop.services.savings.savings_lists import PaidInQuestion, PaidState

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")

_STATES = {
    PaidState.WAITS: "To clear",
    PaidState.COUNTS: "In the books",
    PaidState.BACK: "Taken back",
}


@dataclass(frozen=True, slots=True)
class WantedReceipts:
    """Which receipts of some days, by their ids in this order; `which` says in words how they were chosen."""

    ids: tuple[int, ...]
    days: PaidInQuestion
    which: str
    is_paper: bool


@dataclass(frozen=True, slots=True)
class WantedObligations:
    """Which members and products as of a day, as pairs of their ids; the rest as above."""

    keys: tuple[tuple[int, int], ...]
    as_of: date
    which: str
    is_paper: bool


@dataclass(frozen=True, slots=True)
class WantedShares:
    """The share capital of which members; the rest as above."""

    member_ids: tuple[int, ...]
    which: str
    is_paper: bool


def receipts_report(work: Work, wanted: WantedReceipts) -> Report:
    """The receipts as the books have them now. Raises InvalidInput when none would be on it."""
    work.allow(Act.LOOK)
    found = {
        row.contribution_id: row for row in savings_lists.list_contributions(work, wanted.days)
    }
    rows = chosen(wanted.ids, found)
    lines = [
        ReportRow(
            row.receipt,
            (
                row.value_date,
                row.receipt,
                row.member_number,
                row.member_name,
                row.words,
                f"{PAID_BY_WORDS[row.source]} {row.reference}".rstrip(),
                _STATES[row.state],
                row.amount_cents,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        stands = sum(row.amount_cents for row in rows if row.state is not PaidState.BACK)
        cells: tuple[Cell, ...] = ("", "", "", "Total without what was taken back", "", "", "")
        lines.append(ReportRow("total", (*cells, stands), RowKind.TOTAL))
    first = max(wanted.days.first, min(row.value_date for row in rows))
    content = Content(
        title="Paid in by members",
        when=period(first, wanted.days.last),
        columns=(
            ReportColumn("Date", ColumnKind.DATE),
            ReportColumn("Receipt"),
            ReportColumn("No."),
            ReportColumn("Name", is_wide=True),
            ReportColumn("For", is_wide=True),
            ReportColumn("How"),
            ReportColumn("Status"),
            ReportColumn("KES", ColumnKind.MONEY),
        ),
        rows=tuple(lines),
        facts=(("Receipts", wanted.which),),
    )
    request = ReportRequest(ReportKind.RECEIPTS, first, wanted.days.last, about(wanted.ids))
    return framed(work, request, content)


def obligations_report(work: Work, wanted: WantedObligations) -> Report:
    """What is expected of whom as of the day. Raises InvalidInput when nobody would be on it."""
    question = ObligationQuestion(wanted.as_of)
    rows = chosen(
        wanted.keys, {row.key: row for row in obligations.list_obligations(work, question)}
    )
    lines = [
        ReportRow(
            f"{row.number} {row.product.code}",
            (
                row.number,
                row.full_name,
                row.product.terms.name,
                row.stand.expected_cents,
                row.stand.paid_cents,
                row.stand.overdue_cents,
                row.stand.unpaid_since,
                row.stand.covered_until,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        stands = [row.stand for row in rows]
        sums = (
            sum(one.expected_cents for one in stands),
            sum(one.paid_cents for one in stands),
            sum(one.overdue_cents for one in stands),
        )
        lines.append(ReportRow("total", ("", "Total", "", *sums, "", ""), RowKind.TOTAL))
    content = Content(
        title="What members are expected to pay in",
        when=as_of(wanted.as_of),
        columns=(
            ReportColumn("No."),
            ReportColumn("Name", is_wide=True),
            ReportColumn("For"),
            *money_columns("Expected KES", "Paid KES", "Overdue KES"),
            ReportColumn("Overdue since", ColumnKind.DATE),
            ReportColumn("Covered until", ColumnKind.DATE),
        ),
        rows=tuple(lines),
        facts=(("Lines", wanted.which),),
    )
    request = ReportRequest(ReportKind.OBLIGATIONS, wanted.as_of, wanted.as_of, about(wanted.keys))
    return framed(work, request, content)


def shares_report(work: Work, wanted: WantedShares) -> Report:
    """The share capital of members as of today. Raises InvalidInput when nobody would be on it."""
    rows = chosen(wanted.member_ids, {row.member_id: row for row in share_list.list_shares(work)})
    lines = [
        ReportRow(
            row.number,
            (
                row.number,
                row.full_name,
                words_of(row.status),
                row.held_cents,
                row.missing_cents,
                row.joined_on,
            ),
        )
        for row in rows
    ]
    if wanted.is_paper:
        sums = sum(row.held_cents for row in rows), sum(row.missing_cents for row in rows)
        lines.append(ReportRow("total", ("", "Total", "", *sums, ""), RowKind.TOTAL))
    content = Content(
        title="Share capital of members",
        when=as_of(work.today),
        columns=(
            ReportColumn("No."),
            ReportColumn("Name", is_wide=True),
            ReportColumn("Status"),
            *money_columns("Share capital KES", "Missing to the least KES"),
            ReportColumn("Joined", ColumnKind.DATE),
        ),
        rows=tuple(lines),
        facts=(("Members", wanted.which),),
    )
    request = ReportRequest(ReportKind.SHARES, work.today, work.today, about(wanted.member_ids))
    return framed(work, request, content)


def chosen(keys: Sequence[Key], found: dict[Key, Row]) -> list[Row]:
    """The rows of these keys in their order. Raises InvalidInput when there are none."""
    rows = [found[key] for key in keys if key in found]
    if not rows:
        raise InvalidInput("There is nothing on this list. Reset the filter.", "")
    return rows


def money_columns(*titles: str) -> tuple[ReportColumn, ...]:
    """Columns of amounts that a total adds up."""
    return tuple(ReportColumn(title, ColumnKind.MONEY, is_added=True) for title in titles)


def about(keys: Sequence[Hashable]) -> str:
    """Tells one choice of rows from another, so that only a second print of the same list says COPY."""
    return hashlib.sha256(repr(tuple(keys)).encode()).hexdigest()[:12]
