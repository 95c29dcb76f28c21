"""Checks a whole sheet before anything is written: totals rows, repeated headings, doubled members, what
is there already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.old_books import figures
from sacco_desktop.domain.old_books.cells import Cell, Row, Sheet, is_empty, words_of
from sacco_desktop.domain.old_books.headings import AMOUNTS, Meaning
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    Checked,
    CheckedRow,
    ControlTotal,
    GuarantorLine,
    Line,
    LoanLine,
    MemberLine,
    MonthsLine,
    ProductLine,
    RepaymentLine,
    RowState,
)
from sacco_desktop.domain.old_books.past import explained, months_of
from sacco_desktop.domain.old_books.plan import TOTALLED, BookKind, Plan
from sacco_desktop.domain.old_books.reading_rows import read_row
from sacco_desktop.domain.old_books.row_reader import Known, KnownAccount, RowReader

_TOTALS = re.compile(
    r"(grand |sub ?-?|page )?totals?( [a-z]+)?[:.]?|jumla( kuu)?|b/f|c/f", re.IGNORECASE
)

# What a person typed over a cell: (row of the sheet from 0, column from 0).
Corrections = Mapping[tuple[int, int], str]


def corrected(sheet: Sheet, corrections: Corrections) -> Sheet:
    """The sheet with what a person typed over some of its cells."""
    rows = [list(row) for row in sheet.rows]
    for (at, column), text in corrections.items():
        row = rows[at]
        row += [None] * (column + 1 - len(row))
        row[column] = text
    return replace(sheet, rows=tuple(tuple(row) for row in rows))


def check(
    sheet: Sheet, plan: Plan, known: Known, today: date, typed: Mapping[Meaning, int] | None = None
) -> Checked:
    """Every row below the heading with what is done with it, and the sums beside the old book's; writes nothing.

    `typed` are control totals in cents that a person took from the old book.
    """
    heading = sheet.rows[plan.heading_at : plan.data_at]
    months = months_of(heading, plan)
    headings = [_lowered(row) for row in heading]
    rows = []
    for at in range(plan.data_at, len(sheet.rows)):
        reader = RowReader(plan, sheet.rows[at], sheet.first_row + at, today, [], months)
        rows.append(_check_row(reader, known, headings))
    rows = _without_doubles(rows, known)
    if plan.kind is BookKind.REPAYMENTS:
        rows = explained(rows, known)
    return Checked(tuple(rows), _totals(sheet, plan, rows, typed or {}))


def _check_row(reader: RowReader, known: Known, headings: Sequence[list[str]]) -> CheckedRow:
    row, number, plan = reader.row, reader.number, reader.plan
    if all(is_empty(cell) for cell in row) or _is_heading(row, headings):
        return CheckedRow(number, RowState.NOT_DATA)
    if _is_totals(row, plan):
        return CheckedRow(number, RowState.TOTALS)
    line = read_row(reader, known)
    if line is None:
        return CheckedRow(number, RowState.PROBLEM, problems=tuple(reader.problems))
    return CheckedRow(number, RowState.READY, line)


def _is_heading(row: Row, headings: Sequence[list[str]]) -> bool:
    """The heading again, as printed registers have it on each page."""
    here = _lowered(row)
    return bool(here) and here in headings


def _lowered(row: Row) -> list[str]:
    return [words_of(cell).lower() for cell in row if not is_empty(cell)]


def _is_totals(row: Row, plan: Plan) -> bool:
    """A row that says "total", or has figures in columns of amounts and nothing that names anybody."""
    if any(isinstance(cell, str) and _TOTALS.fullmatch(cell.strip()) for cell in row):
        return True
    amounts = others = 0
    for index, cell in enumerate(row):
        if is_empty(cell):
            continue
        meaning = plan.columns[index] if index < len(plan.columns) else None
        amounts += meaning in AMOUNTS
        others += meaning is not None and meaning not in AMOUNTS
    return amounts > 0 and others == 0


def _names_of(line: Line) -> list[tuple[Meaning, str]]:
    """What may stand in one row of the file and of the books only."""
    if isinstance(line, MemberLine):
        return [
            (Meaning.MEMBER_NO, line.number),
            (Meaning.NATIONAL_ID, line.national_id),
            (Meaning.PHONE, line.phone),
        ]
    if isinstance(line, BalanceLine | MonthsLine):
        return [(Meaning.MEMBER_NO, line.number)]
    if isinstance(line, LoanLine):
        return [(Meaning.LOAN_NO, line.number)]
    if isinstance(line, GuarantorLine):
        return [(Meaning.GUARANTOR, f"{line.loan_number} {line.member_number}")]
    if isinstance(line, ProductLine):
        return [(Meaning.PRODUCT_CODE, f"{line.code} {line.effective_on}")]
    if isinstance(line, RepaymentLine):
        # Without a receipt the same sum on the same day may be one payment that was written down twice.
        paid = line.receipt or f"{line.paid_on} {line.paid_cents}"
        return [(Meaning.RECEIPT, f"{line.loan_number} {paid}")]
    return [(Meaning.ACCOUNT, line.code)]


def _without_doubles(rows: list[CheckedRow], known: Known) -> list[CheckedRow]:
    """The same member, phone or ID twice is an error of each of its rows, since nobody can say which is right."""
    where: dict[tuple[Meaning, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.line is not None:
            for name in _names_of(row.line):
                where[name].append(row.row)
    books = _BooksByName(known)
    return [_judged(row, where, books) if row.line is not None else row for row in rows]


def _judged(
    row: CheckedRow, where: Mapping[tuple[Meaning, str], list[int]], books: _BooksByName
) -> CheckedRow:
    assert row.line is not None, "only rows that could be read are judged"
    beside = books.compared(row, row.line)
    if beside.state is RowState.ALREADY:
        return beside
    problems = list(beside.problems)
    for meaning, name in _names_of(row.line):
        others = [str(other) for other in where[meaning, name] if other != row.row]
        if others:
            message = f"{meaning.value} stands in row {', '.join(others[:5])} as well."
            problems.append(Problem(row.row, meaning.value, message))
    if problems:
        return CheckedRow(row.row, RowState.PROBLEM, problems=tuple(problems))
    return row


class _BooksByName:
    """Finds what a line would collide with in the books."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._by_id = {one.national_id: one for one in known.members.values()}
        self._by_phone = {one.phone: one for one in known.members.values()}

    def compared(self, row: CheckedRow, line: Line) -> CheckedRow:
        """The row itself, or what the books say about it: already there, or taken by another."""
        if isinstance(line, MemberLine):
            return self._member(row, line)
        if isinstance(line, BalanceLine):
            has_opening = self._known.members[line.number].has_opening
            return _already(row, f"{line.number} has its opening balances") if has_opening else row
        if isinstance(line, LoanLine):
            if line.outstanding_cents + line.written_off_cents == 0:
                return _already(row, "Nothing is owed any more, so nothing is brought forward")
            there = line.number in self._known.loans
            return _already(row, f"Already in the books as {line.number}") if there else row
        if isinstance(line, GuarantorLine):
            there = (line.loan_number, line.member_number) in self._known.guarantees
            words = f"{line.member_number} guarantees {line.loan_number} already"
            return _already(row, words) if there else row
        if isinstance(line, RepaymentLine | MonthsLine):
            whose = line.number if isinstance(line, MonthsLine) else line.loan_number
            there = whose in self._known.with_history
            return _already(row, f"The past of {whose} is in the books") if there else row
        if isinstance(line, ProductLine):
            return self._product(row, line)
        return self._account(row, line)

    def _product(self, row: CheckedRow, line: ProductLine) -> CheckedRow:
        there = self._known.savings.get(line.code)
        terms = None if there is None else there.terms.get(line.effective_on)
        if terms is None:
            return row
        if terms == line.terms:
            return _already(row, f"{line.code} has these terms already")
        words = f"{line.code} has other terms from that day on in the books."
        problem = Problem(row.row, Meaning.HOLDS_FROM.value, words)
        return CheckedRow(row.row, RowState.PROBLEM, problems=(problem,))

    def _member(self, row: CheckedRow, line: MemberLine) -> CheckedRow:
        same = self._known.members.get(line.number)
        if same is not None and line.national_id == same.national_id:
            return _already(row, f"Already in the books as {same.number}")
        problems = []
        for meaning, other in (
            (Meaning.MEMBER_NO, same),
            (Meaning.NATIONAL_ID, self._by_id.get(line.national_id)),
            (Meaning.PHONE, self._by_phone.get(line.phone)),
        ):
            if other is not None:
                message = (
                    f"{meaning.value} belongs to {other.full_name}, {other.number}, in the books."
                )
                problems.append(Problem(row.row, meaning.value, message))
        if problems:
            return CheckedRow(row.row, RowState.PROBLEM, problems=tuple(problems))
        return row

    def _account(self, row: CheckedRow, line: AccountLine) -> CheckedRow:
        stands = self._known.accounts.get(line.code, KnownAccount(0))
        wanted = line.debit_cents - line.credit_cents
        if stands.debit_cents == wanted:
            return _already(row, "The account stands so already")
        if stands.follows:
            return _already(row, "It follows from the other accounts")
        now = f"{line.code} stands at {format_kes(abs(stands.debit_cents))} in the books."
        if stands.is_control:
            return _wrong(row, f"{now} Import the members and loans that make it up first.")
        if stands.debit_cents:
            return _wrong(row, f"{now} Reverse that entry first, or leave this row out.")
        return row


def _wrong(row: CheckedRow, words: str) -> CheckedRow:
    problem = Problem(row.row, Meaning.ACCOUNT.value, words)
    return CheckedRow(row.row, RowState.PROBLEM, problems=(problem,))


def _already(row: CheckedRow, words: str) -> CheckedRow:
    return CheckedRow(row.row, RowState.ALREADY, words=f"{words}.")


def _totals(
    sheet: Sheet, plan: Plan, rows: Sequence[CheckedRow], typed: Mapping[Meaning, int]
) -> tuple[ControlTotal, ...]:
    """For each column of amounts: our sum, the sum of all rows that can be read, and the file's own last total."""
    last = next((row for row in reversed(rows) if row.state is RowState.TOTALS), None)
    found = []
    for meaning in TOTALLED[plan.kind]:
        column = plan.column_of(meaning)
        if column is None and plan.kind is not BookKind.DEPOSIT_MONTHS:
            continue
        ready = sum(_cents(row.line, meaning) for row in rows if row.line is not None)
        everything = sum(
            _readable(_cell(sheet, row, column), meaning)
            for row in rows
            if column is not None
            and row.state in {RowState.READY, RowState.PROBLEM, RowState.ALREADY}
        )
        if plan.kind is BookKind.ACCOUNTS:
            # Accounts that stand right already belong to the total of a trial balance as well.
            ready = everything
        old = typed.get(meaning)
        if old is None and last is not None and column is not None:
            cell = _cell(sheet, last, column)
            old = None if is_empty(cell) else _old_figure(cell, meaning)
        found.append(ControlTotal(meaning.value, ready, everything, old))
    return tuple(found)


def _cell(sheet: Sheet, row: CheckedRow, column: int) -> Cell:
    cells = sheet.rows[row.row - sheet.first_row]
    return cells[column] if column < len(cells) else None


def _readable(cell: Cell, meaning: Meaning) -> int:
    return _old_figure(cell, meaning) or 0


def _old_figure(cell: Cell, meaning: Meaning) -> int | None:
    """What a cell says in cents; None where it says nothing that can be read."""
    try:
        return figures.amount_of(cell, meaning.value)
    except InvalidInput:
        return None


def _cents(line: Line, meaning: Meaning) -> int:
    if isinstance(line, MonthsLine):
        return line.deposits_cents
    if isinstance(line, GuarantorLine):
        return line.pledge_cents
    if isinstance(line, RepaymentLine):
        paid = {
            Meaning.PRINCIPAL_PAID: line.principal_cents,
            Meaning.INTEREST_PAID: line.interest_cents,
        }
        return paid.get(meaning, line.paid_cents) or 0
    if isinstance(line, MemberLine | BalanceLine):
        return line.deposits_cents if meaning is Meaning.DEPOSITS else line.shares_cents
    if isinstance(line, LoanLine):
        is_owed = meaning is Meaning.OUTSTANDING
        return line.outstanding_cents if is_owed else line.written_off_cents
    if isinstance(line, ProductLine):
        return 0
    return line.debit_cents if meaning is Meaning.DEBIT else line.credit_cents
