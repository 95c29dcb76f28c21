"""What every report is, as frozen data: the window shows it, paper prints it, a spreadsheet takes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sacco_desktop.services.books.papers import Letterhead, PaperStamp

# "" where nothing belongs, None where there could be a figure and is none, an int for cents or a plain number.
Cell = str | int | date | None


class ReportKind(StrEnum):
    """The reports, and what is read on the way from a figure down to its paper."""

    TRIAL_BALANCE = "trial_balance"
    MOVEMENTS = "movements"
    INCOME = "income"
    POSITION = "position"
    ACCOUNT = "account"
    CASH_BOOK = "cash_book"
    ENTRY = "entry"
    LOAN_CLASSES = "loan_classes"
    LATE_LOANS = "late_loans"
    LOAN_REGISTER = "loan_register"
    INSIDER_LOANS = "insider_loans"
    MEMBERS = "members"
    RECEIPTS = "receipts"
    OBLIGATIONS = "obligations"
    SHARES = "shares"
    CHEQUES = "cheques"
    PRODUCTS = "products"
    NO_OWNER = "no_owner"
    ALLOWANCE = "allowance"
    PAYMENTS_IN = "payments_in"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which report over which days, both included. `about` is an account's code or an entry's number.

    What is "as of a day" stands as of the end of `last`; `first` then only says where the present period begins.
    """

    kind: ReportKind
    first: date
    last: date
    about: str = ""


class ColumnKind(StrEnum):
    """What a column holds: texts, dates, plain numbers, or cents."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column. `is_added` says that the figures of its lines make a sum worth carrying to the next page."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    is_wide: bool = False
    is_added: bool = False


class RowKind(StrEnum):
    """What a row is: only LINE rows are added up, the others say where one is or what they come to."""

    LINE = "line"
    HEADING = "heading"
    BALANCE = "balance"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row with a cell for each column. `opens` is what lies behind its figures."""

    key: str
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.LINE
    opens: ReportRequest | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures in cents that must be equal, in the words of a person who compares them."""

    first_words: str
    first_cents: int
    second_words: str
    second_cents: int

    @property
    def holds(self) -> bool:
        """Whether they are equal."""
        return self.first_cents == self.second_cents


class PaperKind(StrEnum):
    """The papers that stand behind entries."""

    RECEIPT = "receipt"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class PaperLink:
    """The paper of an entry: the number of a receipt, or the id and number of a payout."""

    kind: PaperKind
    number: str
    payout_id: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: `when` and `read_at` say of which days and as seen when, `last_entry` up to which entry."""

    request: ReportRequest
    letterhead: Letterhead
    title: str
    subject: str
    when: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    read_at: datetime
    last_entry: int
    checks: tuple[Check, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    paper: PaperLink | None = None

    @property
    def is_proven(self) -> bool:
        """Whether all figures that must be equal are."""
        return all(check.holds for check in self.checks)

    @property
    def lines(self) -> tuple[ReportRow, ...]:
        """The rows that are added up."""
        return tuple(row for row in self.rows if row.kind is RowKind.LINE)

    def digest(self) -> str:
        """The SHA-256 in hex of everything that the report states."""
        said = [self.title, self.subject, self.when, [column.title for column in self.columns]]
        rows = [[_plain(cell) for cell in row.cells] for row in self.rows]
        text = json.dumps([said, self.facts, rows], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A report that is printed: the report and the stamp of this print."""

    report: Report
    stamp: PaperStamp


def _plain(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, date) else cell
