"""Statements of an office's own accounts, as files that were read: rows in, the portal's export out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.dates import NAIROBI
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.services.closing.day_signing import Signatures
from sacco_desktop.services.reconciling import account_standing, line_settling, statement_files
from sacco_desktop.services.reconciling.account_standing import AccountStanding, StandingQuestion
from sacco_desktop.services.reconciling.line_settling import NEEDS_WORDS, Settle
from sacco_desktop.services.reconciling.statement_files import GivenStatement, TakenIn
from tests import make
from tests.make import PASSWORD, PracticeOffice

DAY = date(2026, 3, 16)
HEAD: Row = (
    "Receipt No.", "Completion Time", "Initiation Time", "Details", "Transaction Status", "Paid In", "Withdrawn",
    "Balance", "Balance Confirmed", "Reason Type", "Other Party Info", "Linked Transaction ID", "A/C No.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """One row of a statement, in shillings above zero for what came in."""

    receipt: str
    kes: int
    reason: str
    day: date = DAY
    details: str = ""
    linked: str = ""
    party: str = ""


def portal_file(
    rows: Sequence[Moved],
    *,
    opening_kes: int = 0,
    name: str = "utility.csv",
    at_hour: int = 10,
    first_minute: int = 0,
) -> OldFile:
    """The rows as the portal exports them, the newest first; its fingerprint is that of what stands in it."""
    balance, found = opening_kes, []
    for at, row in enumerate(rows):
        balance += row.kes
        when = datetime(
            row.day.year, row.day.month, row.day.day, at_hour, tzinfo=NAIROBI
        ) + timedelta(minutes=first_minute + at)
        text = when.strftime("%d-%m-%Y %H:%M:%S")
        sides = (
            (format_amount(row.kes * 100), None)
            if row.kes > 0
            else (None, f"-{format_amount(-row.kes * 100)}")
        )
        found.append(
            (row.receipt, text, text, row.details or row.reason, "Completed", *sides, format_amount(balance * 100),
             "TRUE", row.reason, row.party or None, row.linked or None, None)
        )  # fmt: skip
    cells: tuple[Row, ...] = (("Short Code:", "600100"), HEAD, *reversed(found))
    fingerprint = hashlib.sha256(repr(cells).encode()).hexdigest()
    return OldFile(name, fingerprint, "Text, UTF-8, separated by comma", (Sheet("", cells),))


def take_in(
    office: PracticeOffice,
    rows: Sequence[Moved],
    account: str = MPESA_UTILITY,
    *,
    opening_kes: int = 0,
    at_hour: int = 10,
    first_minute: int = 0,
) -> TakenIn:
    """Grace takes a statement in."""
    file = portal_file(rows, opening_kes=opening_kes, at_hour=at_hour, first_minute=first_minute)
    return office.write(statement_files.take_in, GivenStatement(file, account), office.grace)


def view(
    office: PracticeOffice, account: str = MPESA_UTILITY, until: date | None = None
) -> AccountStanding:
    """The account as Grace sees it."""
    return office.read(account_standing.standing, StandingQuestion(account, until), office.grace)


def settle_all(office: PracticeOffice, account: str = MPESA_UTILITY) -> list[str]:
    """Grace settles one line after the other, each in its way, until none is left; what was done in words."""
    done = []
    while lines := view(office, account).lines:
        found = lines[0].finding
        reason = "Asked, and nobody knows." if found.kind in NEEDS_WORDS else ""
        given = Settle(make.key(), found.line.line_id, found.kind, reason)
        done.append(office.write(line_settling.settle, given, office.grace))
    return done


def signatures(office: PracticeOffice) -> Signatures:
    """Grace acts and Lucy signs."""
    return Signatures(office.lucy.user_id, PASSWORD, PASSWORD)
