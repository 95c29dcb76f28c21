"""Builders of check-off lists: a file of an employer, asked for by Grace, agreed to by Lucy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.old_books.cells import Cell, OldFile, Sheet
from sacco_desktop.services.counter import check_offs
from sacco_desktop.services.counter.check_offs import CheckOffBack, CheckOffRow, NewCheckOff
from tests import make, make_savings
from tests.make import PracticeOffice

HEADING = ("Member no", "Amount")


def file_of(lines: Sequence[tuple[Cell, ...]], heading: tuple[str, ...] = HEADING) -> OldFile:
    """A file with one sheet, its fingerprint that of its lines."""
    digest = hashlib.sha256(repr(lines).encode()).hexdigest()
    return OldFile("may.xlsx", digest, "workbook", (Sheet("May", (heading, *lines)),))


def new_list(
    office: PracticeOffice, lines: Sequence[tuple[Cell, ...]], **changes: Any
) -> NewCheckOff:
    """A list whose employer paid exactly what its lines come to, unless something else is said."""
    total = sum(amount for _who, amount in lines if isinstance(amount, int)) * 100
    file = file_of(lines)
    day = make.day(office)
    new = NewCheckOff(
        make.key(), file, "May", "County of Voi", "2026-03", f"FT {make.key()}", day, total
    )
    return replace(new, **changes)


def asked(office: PracticeOffice, lines: Sequence[tuple[Cell, ...]], **changes: Any) -> CheckOffRow:
    """A list that waits for another person."""
    office.write(check_offs.ask, new_list(office, lines, **changes), office.grace)
    return office.read(check_offs.list_check_offs, None)[0]


def posted(
    office: PracticeOffice, lines: Sequence[tuple[Cell, ...]], **changes: Any
) -> CheckOffRow:
    """The same, agreed to by Lucy."""
    row = asked(office, lines, **changes)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF, row.list_id)
    make_savings.agree(office, request, office.lucy)
    return now(office, row)


def now(office: PracticeOffice, row: CheckOffRow) -> CheckOffRow:
    """The list as it stands."""
    rows = office.read(check_offs.list_check_offs, None)
    return next(one for one in rows if one.list_id == row.list_id)


def ask_back(office: PracticeOffice, row: CheckOffRow, reason: str = "Wrong month.") -> str:
    """Grace asks for it to be taken back."""
    back = CheckOffBack(row.list_id, row.version, reason)
    return office.write(check_offs.ask_back, back, office.grace)
