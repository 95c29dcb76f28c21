"""Reads the rows of a list of products that members pay into: what each is, where its money lies, and its terms."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books import figures, json_cell, product_terms
from sacco_desktop.domain.old_books.cells import Cell, words_of
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import Line, ProductLine
from sacco_desktop.domain.old_books.old_dates import DateOrder, date_of
from sacco_desktop.domain.old_books.row_reader import Known, RowReader
from sacco_desktop.domain.savings import OWN_KINDS, ProductKind, accounts_of_own

# Two years: a general meeting agrees to terms for the year after the next at the most.
_AHEAD_DAYS = 731


def product(reader: RowReader, known: Known) -> Line:
    """What holds for a product from a day on; one of the society's own has one of the accounts kept for that."""
    code = reader.read(Meaning.PRODUCT_CODE, _code, "")
    kind = reader.read(Meaning.MONEY_KIND, _kind, ProductKind.DEPOSITS)
    account = reader.read(Meaning.ACCOUNT, figures.figures_of, "")
    day = reader.read(Meaning.HOLDS_FROM, lambda cell, what: _day(reader, cell, what), reader.today)
    terms = reader.read(
        Meaning.TERMS,
        lambda cell, what: product_terms.terms_as_text(
            product_terms.terms_of_text(words_of(cell), kind, what)
        ),
        "",
    )
    if not reader.problems:
        _fits(reader, known, code, kind, account)
    return ProductLine(code, kind.value, account, day, terms)


def _fits(reader: RowReader, known: Known, code: str, kind: ProductKind, account: str) -> None:
    there = known.savings.get(code)
    if there is not None:
        if (there.kind, there.account_code) != (kind.value, account):
            reader.wrong(
                Meaning.PRODUCT_CODE,
                f"{code} is {there.kind} on account {there.account_code} in the books.",
            )
        return
    other = next((one for one, had in known.savings.items() if had.account_code == account), None)
    if other is not None:
        reader.wrong(Meaning.ACCOUNT, f"{account} holds the money of {other} in the books.")
    elif kind not in OWN_KINDS or account not in accounts_of_own(kind):
        own = " or ".join(accounts_of_own(one)[0] for one in OWN_KINDS)
        reader.wrong(
            Meaning.ACCOUNT,
            f"A product of the society's own lies on an account kept for that, such as {own}.",
        )


def _code(cell: Cell, what: str) -> str:
    try:
        return json_cell.code(words_of(cell))
    except ValueError:
        raise InvalidInput(f"{what} is no code: {words_of(cell)[:40]}.", what) from None


def _kind(cell: Cell, what: str) -> ProductKind:
    try:
        return ProductKind(words_of(cell).lower())
    except ValueError:
        kinds = ", ".join(ProductKind)
        raise InvalidInput(f"{what} is one of {kinds}.", what) from None


def _day(reader: RowReader, cell: Cell, what: str) -> date:
    """From when terms hold: terms that were agreed to may begin in the time to come."""
    order = reader.plan.order or DateOrder.DAY_FIRST
    return date_of(cell, order, reader.today, what, ahead_days=_AHEAD_DAYS)
