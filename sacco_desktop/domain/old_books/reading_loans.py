"""Reads the rows of a register of loans: by a product of the society, or by the terms that the old books give."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books import figures, own_terms
from sacco_desktop.domain.old_books.cells import is_empty, words_of
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import Line, LoanLine
from sacco_desktop.domain.old_books.own_terms import OwnInstalment
from sacco_desktop.domain.old_books.row_reader import (
    Known,
    KnownProduct,
    RowReader,
    same_name,
)
from sacco_desktop.domain.people import clean_name

# Weekly loans have up to twenty years; nobody lends for longer than a working life.
_LONGEST_YEARS = 50


def loan(reader: RowReader, known: Known) -> Line:
    """A loan that is being repaid, or was written off and is still owed."""
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
    has_terms = not is_empty(reader.cell(Meaning.TERMS))
    line = LoanLine(
        reader.read(Meaning.LOAN_NO, figures.old_loan_number, ""),
        member,
        "" if has_terms else _product(reader, known.products),
        reader.day(Meaning.GRANTED_ON, None),
        granted,
        reader.read(Meaning.INSTALMENTS, figures.count_of, 1),
        outstanding,
    )
    line = _written_off(reader, line)
    return _with_own_terms(reader, known, line) if has_terms and not reader.problems else line


def _written_off(reader: RowReader, line: LoanLine) -> LoanLine:
    """What is owed beside the books of a loan that was written off; nothing of it is outstanding in them."""
    if is_empty(reader.cell(Meaning.WRITTEN_OFF_ON)):
        owed = not is_empty(reader.cell(Meaning.WRITTEN_OFF)) and reader.amount(Meaning.WRITTEN_OFF)
        if owed:
            reader.wrong(Meaning.WRITTEN_OFF_ON, "Write the day on which the loan was written off.")
        return line
    day = reader.day(Meaning.WRITTEN_OFF_ON, None)
    if not reader.has(Meaning.WRITTEN_OFF):
        reader.wrong(Meaning.WRITTEN_OFF, "Say what is still owed of loans that were written off.")
    owed = reader.amount(Meaning.WRITTEN_OFF)
    if not reader.problems:
        if day < line.granted_on:
            reader.wrong(Meaning.WRITTEN_OFF_ON, "The loan was not paid out before this day.")
        if line.outstanding_cents:
            reader.wrong(
                Meaning.OUTSTANDING,
                "Of a loan that was written off nothing is outstanding in the books. Write 0, and what is still owed"
                f" under {Meaning.WRITTEN_OFF.value}.",
            )
    return line._replace(written_off_on=day, written_off_cents=owed)


def _with_own_terms(reader: RowReader, known: Known, line: LoanLine) -> LoanLine:
    """The loan with the terms and the rest of the schedule that stand in its row."""
    try:
        what = Meaning.TERMS
        own = own_terms.terms_of_text(
            words_of(reader.cell(what)), line.granted_cents, line.instalments, what.value
        )
        for fee in own.fees:
            if fee.account_code not in known.accounts:
                raise InvalidInput(
                    f"{what.value} name the account {fee.account_code} for {fee.name}, which is not in the chart."
                    " Open it first.",
                    what,
                )
        name = clean_name(words_of(reader.cell(Meaning.PRODUCT)), Meaning.PRODUCT.value)
        terms, left = own_terms.terms_as_text(own), ""
        if not is_empty(reader.cell(Meaning.INSTALMENTS_LEFT)) and line.outstanding_cents:
            what = Meaning.INSTALMENTS_LEFT
            rows = own_terms.schedule_of_text(
                words_of(reader.cell(what)), line.outstanding_cents, what.value
            )
            _check_days(line, rows, what.value)
            left = own_terms.schedule_as_text(rows)
        if own.anew is not None and not left and line.outstanding_cents:
            raise InvalidInput(
                "This loan was agreed anew, so what is left of its schedule must be told.",
                Meaning.INSTALMENTS_LEFT,
            )
    except InvalidInput as wrong:
        reader.wrong(Meaning(wrong.field), wrong.message)
        return line
    return line._replace(product_code=own.product_code, product_name=name, terms=terms, left=left)


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


def _check_days(line: LoanLine, rows: Sequence[OwnInstalment], what: str) -> None:
    """Raise InvalidInput for instalments that fall due before the loan was lent, or in another age."""
    if rows[0].row.due_on < line.granted_on:
        raise InvalidInput(f"{what} begin before the loan was paid out.", what)
    if rows[-1].row.due_on.year - line.granted_on.year > _LONGEST_YEARS:
        raise InvalidInput(f"{what} lie too far ahead.", what)
