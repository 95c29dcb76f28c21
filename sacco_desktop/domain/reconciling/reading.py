"""Reads a whole statement: finds its heading, its pages and its opening and closing, and proves it before anything is
taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.old_books.cells import OldFile, Row, is_empty, words_of
from sacco_desktop.domain.old_books.figures import amount_of
from sacco_desktop.domain.old_books.old_dates import DateOrder, OrderFound, order_in
from sacco_desktop.domain.reconciling.headings import (
    Columns,
    Label,
    Says,
    StatementWords,
    columns_of,
    is_heading,
    label_in,
)
from sacco_desktop.domain.reconciling.moments import outside, period_in
from sacco_desktop.domain.reconciling.proving import Claims, Stated, prove
from sacco_desktop.domain.reconciling.row_reading import (
    Manner,
    PlainRow,
    cell_at,
    is_done,
    read_row,
)
from sacco_desktop.domain.reconciling.running_balance import DoesNotAddUp
from sacco_desktop.domain.reconciling.statement import Source, Statement

NO_HEADING = {
    Source.MPESA: (
        "No heading of M-Pesa's statement was found: Receipt No., Completion Time, Paid In, Withdrawn, Balance."
        " Export the organisation statement from the portal as CSV, Excel or PDF."
    ),
    Source.BANK: (
        "No heading of a bank statement was found: a date, and money in and out or an amount. Choose the columns."
    ),
}
_SUMS = (Label.OPENING, Label.CLOSING)
_BELOW = (Label.CLOSING, Label.TOTAL)
_MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What is known beforehand: whose statement it is and today's date; of a bank also the columns that a person chose,
    and the opening and closing where the file does not say them, in cents.
    """

    source: Source
    today: date
    columns: Columns | None = None
    opening_cents: int | None = None
    closing_cents: int | None = None


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement that adds up, or why it cannot be taken; never both."""

    statement: Statement | None
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Page:
    number: int
    columns: Columns
    labels: dict[Label, str] = field(default_factory=dict)
    rows: list[tuple[int, Row]] = field(default_factory=list)


def read_statement(file: OldFile, words: StatementWords, how: HowToRead) -> ReadStatement:
    """Read and prove a file. Raises InvalidInput under `file` where it is no such statement at all."""
    pages = [page for page in _pages(file, words, how) if page.rows]
    if not pages:
        raise InvalidInput(f"{file.name}: {NO_HEADING[how.source]}", "file")
    problems: list[Problem] = []
    plain, idle = _plain_rows(pages, words, how, problems)
    labels = _labels(pages)
    if not problems:
        problems += _outside_period(plain, labels)
    if problems:
        return ReadStatement(None, tuple(problems[:_MOST_PROBLEMS]))
    try:
        found = prove(plain, how.source, _claims(pages, labels, how))
    except DoesNotAddUp as broken:
        return ReadStatement(None, (Problem(broken.row, Says.BALANCE, str(broken)),))
    first, last = period_in(labels.get(Label.PERIOD, "")) or (found.rows[0].day, found.rows[-1].day)
    statement = Statement(
        source=how.source,
        first_day=first,
        last_day=min(last, how.today),
        opening_cents=found.opening_cents,
        closing_cents=found.closing_cents,
        rows=found.rows,
        holder=labels.get(Label.HOLDER, "")[:120],
        shortcode=labels.get(Label.SHORTCODE, "")[:12],
        account=_account(labels),
        pages=found.pages,
        doubled=found.doubled,
        idle=idle,
        order_words=found.order_words,
    )
    return ReadStatement(statement)


def _pages(file: OldFile, words: StatementWords, how: HowToRead) -> Iterator[_Page]:
    """What stands under each heading; a heading that comes again begins a page."""
    number = 0
    for sheet in file.sheets:
        above: dict[Label, str] = {}
        page: _Page | None = None
        for at, row in enumerate(sheet.rows, sheet.first_row):
            columns = columns_of(row, words)
            if is_heading(columns, how.source):
                if page is not None:
                    yield page
                number += 1
                page = _Page(number, how.columns or columns, above)
                above = {}
            elif (found := label_in(row, words)) is not None:
                is_of_next = page is None or (page.rows and found[0] not in _BELOW)
                (above if page is None or is_of_next else page.labels).setdefault(*found)
            elif page is not None and not all(map(is_empty, row)):
                page.rows.append((at, row))
            elif page is None and how.columns is not None and at > sheet.first_row:
                number += 1
                page = _Page(number, how.columns, above, [(at, row)])
        if page is not None:
            page.labels = {**above, **page.labels}
            yield page


def _plain_rows(
    pages: Sequence[_Page], words: StatementWords, how: HowToRead, problems: list[Problem]
) -> tuple[list[PlainRow], int]:
    found: list[PlainRow] = []
    idle = 0
    for page in pages:
        manner = Manner(how.source, page.columns, _order(page, how), how.today)
        for number, cells in page.rows:
            if _is_brought_forward(page, cells, manner, words):
                continue
            if not is_done(cells, manner):
                idle += 1
                continue
            try:
                found.append(read_row(cells, page.number, number, manner))
            except InvalidInput as wrong:
                problems.append(Problem(number, wrong.field, _sentence(wrong)))
    return found, idle


def _sentence(wrong: InvalidInput) -> str:
    message = wrong.message
    return message if message.startswith(wrong.field) else f"{wrong.field} {message}"


def _order(page: _Page, how: HowToRead) -> DateOrder:
    """A bank in Kenya writes the day first; one whose dates prove the month first is read so."""
    at = page.columns.get(Says.DAY)
    if how.source is Source.MPESA or at is None:
        return DateOrder.DAY_FIRST
    cells = [row[at] for _number, row in page.rows if at < len(row)]
    is_month_first = order_in(cells) is OrderFound.MONTH_FIRST
    return DateOrder.MONTH_FIRST if is_month_first else DateOrder.DAY_FIRST


def _is_brought_forward(page: _Page, cells: Row, manner: Manner, words: StatementWords) -> bool:
    """A row of a bank that only says the balance before the first or behind the last transaction, or the totals."""
    if manner.source is not Source.BANK:
        return False
    label = words.label_of(words_of(cell_at(cells, manner, Says.DETAILS)))
    if label not in (Label.OPENING, Label.CLOSING, Label.TOTAL):
        return False
    balance = cell_at(cells, manner, Says.BALANCE)
    if label is not Label.TOTAL and not is_empty(balance):
        page.labels.setdefault(label, words_of(balance))
    return True


def _labels(pages: Sequence[_Page]) -> Mapping[Label, str]:
    """What the file says of the whole; what several pages say each of itself is not among it."""
    found: dict[Label, str] = {}
    for page in pages:
        for label, text in page.labels.items():
            if text and not (label in _SUMS and _says_each(pages, label)):
                found.setdefault(label, text)
    return found


def _says_each(pages: Sequence[_Page], label: Label) -> bool:
    return len(pages) > 1 and all(page.labels.get(label) for page in pages)


def _claims(pages: Sequence[_Page], labels: Mapping[Label, str], how: HowToRead) -> Claims:
    opening, closing = how.opening_cents, how.closing_cents
    whole = Stated(
        _sum_in(labels, Label.OPENING) if opening is None else opening,
        _sum_in(labels, Label.CLOSING) if closing is None else closing,
    )
    by_page = {}
    for page in pages:
        first, last = (
            _sum_in(page.labels, label) if _says_each(pages, label) else None for label in _SUMS
        )
        by_page[page.number] = Stated(first, last)
    return Claims(whole, by_page)


def _sum_in(labels: Mapping[Label, str], label: Label) -> int | None:
    text = labels.get(label, "")
    return amount_of(text, f"The {label.value} balance") if text else None


def _outside_period(rows: Sequence[PlainRow], labels: Mapping[Label, str]) -> Iterator[Problem]:
    period = period_in(labels.get(Label.PERIOD, ""))
    if period is None:
        return
    for row in rows:
        day = row.with_balance(0, 0).day
        if words := outside(day, *period):
            yield Problem(row.row, Says.COMPLETED, f"{Says.COMPLETED} {words}")


def _account(labels: Mapping[Label, str]) -> str:
    """Which of our accounts at M-Pesa the file names; empty when it names none."""
    words = labels.get(Label.ACCOUNT, "").lower()
    names = (
        ("charge", "charges"),
        ("utility", "utility"),
        ("working", "working"),
        ("mmf", "working"),
    )
    return next((account for word, account in names if word in words), "")
