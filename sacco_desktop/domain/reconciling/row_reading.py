"""Reads one row of a statement, or says why it cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Cell, Row, is_empty, words_of
from sacco_desktop.domain.old_books.figures import amount_of
from sacco_desktop.domain.old_books.old_dates import DateOrder
from sacco_desktop.domain.reconciling.headings import Columns, Says
from sacco_desktop.domain.reconciling.moments import day_in, moment_in
from sacco_desktop.domain.reconciling.row_kinds import kind_of, receipt_in, typed_in
from sacco_desktop.domain.reconciling.statement import RowKind, Source, StatementRow

_RECEIPT = re.compile(r"[A-Z0-9]{10}", re.ASCII)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Manner:
    """How the rows of a statement are read: whose it is, which column says what, and how a bank writes its days."""

    source: Source
    columns: Columns
    order: DateOrder
    today: date


@dataclass(frozen=True, slots=True)
class PlainRow:
    """A row before its balance is known; `balance_cents` is None where the statement has no such column."""

    page: int
    row: int
    receipt: str
    at: datetime
    cents: int
    balance_cents: int | None
    kind: RowKind
    details: str
    reason: str
    party: str
    linked: str
    typed: str

    def with_balance(self, balance_cents: int, nth: int) -> StatementRow:
        """The row as it is kept."""
        return StatementRow(
            self.page, self.row, self.receipt, self.at, self.cents, balance_cents, self.kind, self.details,
            self.reason, self.party, self.linked, self.typed, nth,
        )  # fmt: skip


def is_done(cells: Row, manner: Manner) -> bool:
    """Whether the row moved money; what was declined, cancelled or is still open did not."""
    status = _text(cells, manner, Says.STATUS)
    return not status or status.lower() == "completed"


def read_row(cells: Row, page: int, row: int, manner: Manner) -> PlainRow:
    """The row. Raises InvalidInput under the name of the column that is wrong."""
    source = manner.source
    currency = _text(cells, manner, Says.CURRENCY)
    if currency and currency.upper() not in {"KES", "KSH", "KSHS"}:
        raise InvalidInput(f"is {currency[:10]}, and the books are kept in KES.", Says.CURRENCY)
    cents = _cents(cells, manner)
    details, reason = _text(cells, manner, Says.DETAILS), _text(cells, manner, Says.REASON)
    receipt = _receipt(cells, manner)
    kind = kind_of(reason, details, cents, source)
    linked = _text(cells, manner, Says.LINKED)
    if kind is RowKind.REVERSAL and not linked:
        linked = receipt_in(details, but=receipt)
    return PlainRow(
        page=page,
        row=row,
        receipt=receipt,
        at=_moment(cells, manner),
        cents=cents,
        balance_cents=_balance(cells, manner),
        kind=kind,
        details=details,
        reason=reason,
        party=_text(cells, manner, Says.PARTY),
        linked=linked,
        typed=_text(cells, manner, Says.TYPED)
        or (typed_in(details) if source is Source.MPESA else ""),
    )


def _moment(cells: Row, manner: Manner) -> datetime:
    if manner.source is Source.MPESA:
        return moment_in(cell_at(cells, manner, Says.COMPLETED), Says.COMPLETED)
    says = Says.DAY if Says.DAY in manner.columns else Says.COMPLETED
    return day_in(cell_at(cells, manner, says), manner.order, manner.today, says)


def _receipt(cells: Row, manner: Manner) -> str:
    if manner.source is Source.BANK:
        return _text(cells, manner, Says.REFERENCE)
    cell = cell_at(cells, manner, Says.RECEIPT)
    text = words_of(cell).removeprefix("'")
    if is_empty(cell):
        raise InvalidInput("is empty, so this row is no transaction.", Says.RECEIPT)
    if not isinstance(cell, str) or _RECEIPT.fullmatch(text) is None:
        raise InvalidInput(
            f"is no receipt: {text[:20]}. A receipt has 10 capital letters and figures. Export the statement anew.",
            Says.RECEIPT,
        )
    return text


def _cents(cells: Row, manner: Manner) -> int:
    """What came in less what went out; the minus that some exports write before what went out says nothing more."""
    if Says.AMOUNT in manner.columns and Says.PAID_IN not in manner.columns:
        return _checked(amount_of(cell_at(cells, manner, Says.AMOUNT), Says.AMOUNT), Says.AMOUNT)
    paid_in, paid_out = (
        0 if is_empty(cell) else amount_of(cell, says)
        for says in (Says.PAID_IN, Says.PAID_OUT)
        for cell in (cell_at(cells, manner, says),)
    )
    if paid_in and paid_out:
        raise InvalidInput(
            "is filled beside Paid In. One row is money in or money out.", Says.PAID_OUT
        )
    return _checked(paid_in or -abs(paid_out), Says.PAID_IN)


def _checked(cents: int, says: Says) -> int:
    if cents == 0:
        raise InvalidInput("and Withdrawn are both empty, so the row moves nothing.", says)
    return cents


def _balance(cells: Row, manner: Manner) -> int | None:
    if Says.BALANCE not in manner.columns:
        return None
    return amount_of(cell_at(cells, manner, Says.BALANCE), Says.BALANCE)


def cell_at(cells: Row, manner: Manner, says: Says) -> Cell:
    """What stands in a column of the row."""
    at = manner.columns.get(says)
    return cells[at] if at is not None and at < len(cells) else None


def _text(cells: Row, manner: Manner, says: Says) -> str:
    return words_of(cell_at(cells, manner, says))[:_LONGEST]
