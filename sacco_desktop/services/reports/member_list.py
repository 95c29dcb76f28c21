"""A list of members for paper or another program, with the figures of the ledger; what leaves the books is noted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.member_status import words_of
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.phones import display_phone, masked_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.reports.frame import Content, as_of, framed
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

# Who sees a whole phone number and a whole ID number: whoever writes them down, or asks for them at the counter.
SEES_PERSONAL = (Act.REGISTER_MEMBER, Act.TAKE_DEPOSIT)

_PERSON = (ReportColumn("No."), ReportColumn("Name", is_wide=True), ReportColumn("Status"))
_MONEY = tuple(
    ReportColumn(title, ColumnKind.MONEY, is_added=True)
    for title in ("Share capital KES", "Deposits KES", "Loans KES")
)
_LATE = ReportColumn("Days late", ColumnKind.NUMBER)
_PAPER = (*_PERSON, ReportColumn("Phone"), *_MONEY, _LATE)
_FILE = (
    *_PERSON,
    ReportColumn("Phone"),
    *_MONEY,
    _LATE,
    ReportColumn("ID number"),
    ReportColumn("Joined", ColumnKind.DATE),
)


@dataclass(frozen=True, slots=True)
class WantedMembers:
    """Who shall stand on the list, in this order. `which` says in words how they were chosen.

    A paper is left on desks and in copiers, so it carries no ID numbers; a file has all columns and no sums.
    """

    member_ids: tuple[int, ...]
    which: str
    is_paper: bool


def member_list(work: Work, wanted: WantedMembers) -> Report:
    """The list as the books stand now. Raises InvalidInput when nobody would be on it."""
    work.allow(Act.LOOK)
    found = {row.member_id: row for row in members.list_members(work)}
    rows = [found[member_id] for member_id in wanted.member_ids if member_id in found]
    if not rows:
        raise InvalidInput("There is nobody on this list. Reset the filter or tick members.", "")
    is_full = any(may(work.actor.roles, act) for act in SEES_PERSONAL)
    lines = [_line(work, row, wanted, is_full=is_full) for row in rows]
    if wanted.is_paper:
        lines.append(_total(rows))
    request = ReportRequest(ReportKind.MEMBERS, work.today, work.today, _about(wanted))
    content = Content(
        title="List of members",
        when=as_of(work.today),
        columns=_PAPER if wanted.is_paper else _FILE,
        rows=tuple(lines),
        facts=(("Members", wanted.which),),
    )
    return framed(work, request, content)


def _line(work: Work, row: MemberRow, wanted: WantedMembers, *, is_full: bool) -> ReportRow:
    late = days_late(row.unpaid_since, business_date(work.now))
    phone = display_phone(row.phone) if is_full else masked_phone(row.phone)
    status = words_of(row.status)
    money = (row.shares_cents, row.deposits_cents, row.owed_cents)
    cells: tuple[Cell, ...] = (row.number, row.full_name, status, phone, *money, late)
    if not wanted.is_paper:
        national_id = row.national_id if is_full else f"••••{row.national_id[-3:]}"
        cells = (*cells, national_id, row.joined_on)
    return ReportRow(row.number, cells)


def _total(rows: list[MemberRow]) -> ReportRow:
    sums = (
        sum(row.shares_cents for row in rows),
        sum(row.deposits_cents for row in rows),
        sum(row.owed_cents for row in rows),
    )
    count = "1 member" if len(rows) == 1 else f"{len(rows):,} members"
    return ReportRow("total", ("", f"Total of {count}", "", "", *sums, ""), RowKind.TOTAL)


def _about(wanted: WantedMembers) -> str:
    """Tells one choice of members from another, so that only a second print of the same list says COPY."""
    ids = ",".join(str(member_id) for member_id in wanted.member_ids)
    return hashlib.sha256(ids.encode()).hexdigest()[:12]
