"""Reads one row of an old book into what it becomes, and collects everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.domain.chart import LOAN_CONTROLS, MEMBER_DEPOSITS, SHARE_CAPITAL, may_own
from sacco_desktop.domain.old_books import (
    figures,
    reading_history,
    reading_loans,
    reading_members,
    reading_products,
)
from sacco_desktop.domain.old_books.cells import is_empty
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import AccountLine, BalanceLine, Line
from sacco_desktop.domain.old_books.plan import BookKind
from sacco_desktop.domain.old_books.row_reader import Known, RowReader, same_name

# Their accounts of these come with the members and loans themselves.
TOLD_WITH_OWNERS = LOAN_CONTROLS | {MEMBER_DEPOSITS, SHARE_CAPITAL}


def read_row(reader: RowReader, known: Known) -> Line | None:
    """What a row becomes, or None with problems noted in the reader."""
    line = _READERS[reader.plan.kind](reader, known)
    return None if reader.problems else line


def _balances(reader: RowReader, known: Known) -> Line:
    number = reader.read(Meaning.MEMBER_NO, figures.old_member_number, "")
    if number and number not in known.members:
        reader.wrong(Meaning.MEMBER_NO, f"There is no member {number}. Import the members first.")
    elif number and Meaning.NAME in reader.plan.columns:
        same_name(reader, known.members[number])
    return BalanceLine(
        number, reader.amount(Meaning.DEPOSITS), reader.amount(Meaning.SHARE_CAPITAL)
    )


def _account(reader: RowReader, known: Known) -> Line:
    code = reader.read(Meaning.ACCOUNT, figures.figures_of, "")
    if code and code not in known.accounts:
        _own_account(reader, known, code)
    debit, credit = _side(reader, Meaning.DEBIT), _side(reader, Meaning.CREDIT)
    if debit and credit:
        reader.wrong(Meaning.DEBIT, "An account stands on one side only, not on both.")
    if debit < 0 or credit < 0:
        reader.wrong(Meaning.DEBIT, "A figure below zero belongs on the other side.")
    return AccountLine(code, debit, credit)


def _own_account(reader: RowReader, known: Known, code: str) -> None:
    """`2040.M-0001`: an account that a member or a loan has, or will have by this row."""
    control, _, owner = code.partition(".")
    if not owner or control not in known.accounts:
        reader.wrong(Meaning.ACCOUNT, f"There is no account {code} in the chart.")
    elif owner not in known.owners:
        reader.wrong(Meaning.ACCOUNT, f"There is no {owner}. Import the members and loans first.")
    elif control in TOLD_WITH_OWNERS or not may_own(control, owner):
        reader.wrong(
            Meaning.ACCOUNT,
            f"{code} is no account that a trial balance brings. Deposits, share capital and loans come with the"
            " members and loans.",
        )


def _side(reader: RowReader, meaning: Meaning) -> int:
    """In a trial balance the other side of an account is left empty, which says what zero says."""
    return 0 if is_empty(reader.cell(meaning)) else reader.read(meaning, figures.amount_of, 0)


_READERS: dict[BookKind, Callable[[RowReader, Known], Line | None]] = {
    BookKind.MEMBERS: reading_members.member,
    BookKind.PRODUCTS: reading_products.product,
    BookKind.BALANCES: _balances,
    BookKind.LOANS: reading_loans.loan,
    BookKind.ACCOUNTS: _account,
    BookKind.GUARANTORS: reading_history.guarantor,
    BookKind.REPAYMENTS: reading_history.repayment,
    BookKind.DEPOSIT_MONTHS: reading_history.months,
}
