"""Reads one row of an old book into what it becomes, and collects everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sacco_desktop.domain.chart import LOAN_CONTROLS, MEMBER_DEPOSITS, SHARE_CAPITAL, may_own
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books import figures, reading_history
from sacco_desktop.domain.old_books.cells import Cell, is_empty, words_of
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    Line,
    LoanLine,
    MemberLine,
)
from sacco_desktop.domain.old_books.plan import BookKind
from sacco_desktop.domain.old_books.row_reader import (
    Known,
    KnownProduct,
    RowReader,
    same_name,
)
from sacco_desktop.domain.people import clean_name

# Their accounts of these come with the members and loans themselves.
TOLD_WITH_OWNERS = LOAN_CONTROLS | {MEMBER_DEPOSITS, SHARE_CAPITAL}


def read_row(reader: RowReader, known: Known) -> Line | None:
    """What a row becomes, or None with problems noted in the reader."""
    line = _READERS[reader.plan.kind](reader, known)
    return None if reader.problems else line


def _member(reader: RowReader, _known: Known) -> Line:
    first, other, last = _names(reader)
    return MemberLine(
        reader.read(Meaning.MEMBER_NO, figures.old_member_number, ""),
        first,
        other,
        last,
        reader.read(Meaning.NATIONAL_ID, figures.national_id_of, ""),
        reader.read(Meaning.PHONE, figures.phone_of, ""),
        reader.day(Meaning.JOINED_ON, reader.plan.joined_on),
        reader.amount(Meaning.DEPOSITS),
        reader.amount(Meaning.SHARE_CAPITAL),
    )


def _names(reader: RowReader) -> tuple[str, str, str]:
    """First, other and last name; a full name is taken apart at its spaces."""
    if reader.has(Meaning.NAME):
        parts = reader.read(Meaning.NAME, _name, "").split()
        if len(parts) == 1:
            reader.wrong(Meaning.NAME, "Full name has one word only. Write first and last name.")
        return (parts[0], " ".join(parts[1:-1]), parts[-1]) if len(parts) > 1 else ("", "", "")
    first = reader.read(Meaning.FIRST_NAME, _name, "")
    others = reader.has(Meaning.OTHER_NAMES) and not is_empty(reader.cell(Meaning.OTHER_NAMES))
    other = reader.read(Meaning.OTHER_NAMES, _name, "") if others else ""
    return first, other, reader.read(Meaning.LAST_NAME, _name, "")


def _name(cell: Cell, what: str) -> str:
    if is_empty(cell):
        raise InvalidInput(f"{what} is missing.", what)
    if not isinstance(cell, str) or cell.lstrip().startswith("="):
        raise InvalidInput(f"{what} is no name: {words_of(cell)[:40]}.", what)
    return clean_name(cell, what)


def _balances(reader: RowReader, known: Known) -> Line:
    number = reader.read(Meaning.MEMBER_NO, figures.old_member_number, "")
    if number and number not in known.members:
        reader.wrong(Meaning.MEMBER_NO, f"There is no member {number}. Import the members first.")
    elif number and Meaning.NAME in reader.plan.columns:
        same_name(reader, known.members[number])
    return BalanceLine(
        number, reader.amount(Meaning.DEPOSITS), reader.amount(Meaning.SHARE_CAPITAL)
    )


def _loan(reader: RowReader, known: Known) -> Line:
    member = reader.read(Meaning.MEMBER_NO, figures.old_member_number, "")
    if member and member not in known.members:
        reader.wrong(Meaning.MEMBER_NO, f"There is no member {member}. Import the members first.")
    elif member and Meaning.NAME in reader.plan.columns:
        same_name(reader, known.members[member])
    granted = reader.amount(Meaning.GRANTED)
    outstanding = reader.amount(Meaning.OUTSTANDING)
    if granted == 0 and not reader.problems:
        reader.wrong(Meaning.GRANTED, "Amount granted is zero.")
    if outstanding > granted and not reader.problems:
        reader.wrong(Meaning.OUTSTANDING, "More is owed than was granted.")
    return LoanLine(
        reader.read(Meaning.LOAN_NO, figures.old_loan_number, ""),
        member,
        _product(reader, known.products),
        reader.day(Meaning.GRANTED_ON, None),
        granted,
        reader.read(Meaning.INSTALMENTS, figures.count_of, 1),
        outstanding,
    )


def _product(reader: RowReader, products: tuple[KnownProduct, ...]) -> str:
    words = words_of(reader.cell(Meaning.PRODUCT))
    plain = words.lower().removesuffix(" loan")
    for product in products:
        if plain and plain in {product.code, product.name.lower().removesuffix(" loan")}:
            _same_rate(reader, product)
            _fits(reader, product)
            return product.code
    names = ", ".join(product.name for product in products)
    reader.wrong(Meaning.PRODUCT, f"No product is called {words or '(empty)'}. There are: {names}.")
    return ""


def _fits(reader: RowReader, product: KnownProduct) -> None:
    count = reader.cell(Meaning.INSTALMENTS)
    if isinstance(count, int | float) and count < product.fewest_instalments:
        reader.wrong(
            Meaning.INSTALMENTS,
            f"{product.name} has at least {product.fewest_instalments} instalments.",
        )
    if product.has_instalment_fees:
        reader.wrong(
            Meaning.PRODUCT,
            f"{product.name} has a fee with each instalment, which an import cannot bring forward yet.",
        )


def _same_rate(reader: RowReader, product: KnownProduct) -> None:
    """A rate that the product does not have would change what the member owes, so it is never passed over."""
    if not reader.has(Meaning.RATE) or is_empty(reader.cell(Meaning.RATE)):
        return
    rate = reader.read(Meaning.RATE, figures.percent_of, product.rate_percent)
    times = 12 if product.per == "month" else Decimal(1) / 12
    same = (product.rate_percent, product.rate_percent * times)
    if all(one not in {rate, rate * 100} for one in same):
        reader.wrong(
            Meaning.RATE,
            f"{product.name} bears {product.rate_percent.normalize():f} % a {product.per}, not {rate:f} %.",
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
    BookKind.MEMBERS: _member,
    BookKind.BALANCES: _balances,
    BookKind.LOANS: _loan,
    BookKind.ACCOUNTS: _account,
    BookKind.GUARANTORS: reading_history.guarantor,
    BookKind.REPAYMENTS: reading_history.repayment,
    BookKind.DEPOSIT_MONTHS: reading_history.months,
}
