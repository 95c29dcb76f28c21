"""Twenty workbooks as societies really keep them: each is read right, asks its question, or names its problems, and
never is anything imported in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.old_books.lines import MemberLine, RowState
from tests.gateways.old_books import dirty_books as dirty
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import asked, started, totalled

TEXT_JANE = (
    "1",
    "JANE WANJIKU KAMAU",
    "23456789",
    "0712345678",
    "25/03/2019",
    "184,500.00",
    "20,000",
)
TEXT_OTIENO = ("2", "Otieno Okoth", "11223344", "0733111222", "13/04/2020", "500.50", "0")


@dataclass(frozen=True)
class Dirty:
    """A file, what is to be found in it, and words of its questions or problems."""

    name: str
    data: Callable[[], bytes]
    ready: int = 2
    problems: tuple[str, ...] = ()
    questions: int = 0
    deposits_cents: int = 18500050


def _merged(sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"] = "UMOJA SACCO LTD"
    sheet.merge_cells("A1:G1")
    sheet["A3"], sheet["F3"] = "MEMBER DETAILS", "BALANCES"
    sheet.merge_cells("A3:E3")
    sheet.merge_cells("F3:G3")


def _with(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    at = {"no": 0, "name": 1, "id": 2, "phone": 3, "joined": 4, "deposits": 5, "shares": 6}
    changed = list(row)
    for name, cell in cells.items():
        changed[at[name]] = cell
    return tuple(changed)


def xlsx(*rows: tuple[Any, ...]) -> Callable[[], bytes]:
    return lambda: dirty.xlsx([HEAD, *rows])


BOOKS = (
    Dirty("merged headings", lambda: dirty.xlsx([HEAD, JANE, OTIENO], _merged)),
    Dirty(
        "text with KES and commas",
        xlsx(_with(JANE, deposits="KES 184,500.00"), _with(OTIENO, deposits="Ksh 500.50")),
    ),
    Dirty(
        "trailing minus",
        xlsx(JANE, _with(OTIENO, deposits="500.50-")),
        1,
        ("Deposits is below zero.",),
        deposits_cents=18450000,
    ),
    Dirty("day first", lambda: dirty.text([HEAD, TEXT_JANE, TEXT_OTIENO])),
    Dirty(
        "day or month first",
        lambda: dirty.text([HEAD, _with(TEXT_JANE, joined="03/04/2019"), _with(TEXT_OTIENO, joined="05/06/2020")]),
        questions=1,
    ),
    Dirty(
        "days and months mixed",
        lambda: dirty.text([HEAD, TEXT_JANE, _with(TEXT_OTIENO, joined="04/25/2020")]),
        1,
        ("Date joined is not a date: 04/25/2020.",),
        1,
        18450000,
    ),
    Dirty(
        "lost leading zeros",
        xlsx(_with(JANE, no="001", phone=712345678), _with(OTIENO, no="002", phone="733111222")),
    ),
    Dirty(
        "scientific notation",
        lambda: dirty.text([HEAD, _with(TEXT_JANE, phone="2.54712E+11"), _with(TEXT_OTIENO, id="1.1E+07")]),
        0,
        ("Phone was turned into scientific notation", "ID number was turned into scientific notation"),
        deposits_cents=0,
    ),
    Dirty("numbers as floats", xlsx(_with(JANE, id=23456789.0, phone=254712345678.0), OTIENO)),
    Dirty("totals row", xlsx(JANE, OTIENO, (None, "TOTAL", None, None, None, 185000.5, 20000))),
    Dirty("totals row without a word", xlsx(JANE, OTIENO, (None, None, None, None, None, 185000.5, 20000))),
    Dirty("a subtotal on each page", xlsx(JANE, (None, "Sub-total", *[None] * 3, 184500, 20000), HEAD, OTIENO)),
    Dirty(
        "a member twice",
        xlsx(JANE, _with(JANE, name="JANE W. KAMAU", phone=722000111), OTIENO),
        1,
        ("stands in row 3 as well", "stands in row 2 as well"),
        deposits_cents=50050,
    ),
    Dirty(
        "a phone twice",
        xlsx(JANE, _with(OTIENO, phone=712345678)),
        0,
        ("Phone stands in row",),
        deposits_cents=0,
    ),
    Dirty(
        "formulas",
        xlsx(JANE, _with(OTIENO, deposits="=500.5+0")),
        1,
        ("holds a formula without its figure",),
        deposits_cents=18450000,
    ),
    Dirty(
        "another encoding",
        lambda: dirty.text([HEAD, _with(TEXT_JANE, name="Zoë Kamau"), TEXT_OTIENO], ";", "cp1252"),
    ),
    Dirty("UTF-16 with tabs", lambda: dirty.text([HEAD, TEXT_JANE, TEXT_OTIENO], "\t", "utf-16")),
    Dirty("an old .xls", lambda: dirty.xls([HEAD, JANE, OTIENO])),
    Dirty(
        "deposits called shares",
        lambda: dirty.xlsx([(*HEAD[:5], "Shares"), JANE[:6], OTIENO[:6]]),
        questions=1,
        deposits_cents=0,
    ),
    Dirty(
        "empty amounts and words among figures",
        xlsx(_with(JANE, deposits=None), _with(OTIENO, deposits="to be checked")),
        0,
        ("Deposits is empty. Write 0 if there is none.", "Deposits is not a number: to be checked."),
        deposits_cents=0,
    ),
    Dirty(
        "dates as numbers and swapped by Excel",
        xlsx(
            _with(JANE, joined=date(2019, 3, 5)),
            _with(OTIENO, joined=date(2020, 4, 3)),
            (3, "Amina Hassan", 33445566, 722000111, date(2021, 1, 2), 0, 0),
            (4, "Ann Moraa", 44556677, 722000222, "25/04/2020", 0, 0),
            (5, "Brian Mutua", 55667788, 722000333, 43924, 0, 0),
        ),
        5,
        questions=1,
    ),
)  # fmt: skip


@pytest.mark.parametrize("book", BOOKS, ids=[book.name for book in BOOKS])
def test_nothing_of_a_dirty_book_is_taken_in_silence(office: PracticeOffice, book: Dirty) -> None:
    view = started(office, book.data(), "umoja.xlsx")
    told = " ".join(problem.message for problem in view.checked.problems)
    for words in book.problems:
        assert words in told
    assert bool(told) == bool(book.problems)
    assert len(view.open_questions) == book.questions
    assert len(view.checked.lines) == book.ready
    deposits = sum(
        line.deposits_cents for line in view.checked.lines if isinstance(line, MemberLine)
    )
    assert deposits == book.deposits_cents
    view = totalled(office, view)
    if book.questions:
        with pytest.raises(WrongState, match="Answer the questions"):
            asked(office, view, leaves_out=True)
    elif not book.ready:
        with pytest.raises(WrongState, match="Nothing in this file is ready"):
            asked(office, view, leaves_out=True)
    elif book.problems:
        with pytest.raises(InvalidInput, match="have problems"):
            asked(office, view)
    assert office.count("member") == office.count("journal_entry") == 0


def test_there_are_twenty_of_them() -> None:
    assert len({book.name for book in BOOKS}) >= 20


def test_totals_of_the_file_are_its_control_totals(office: PracticeOffice) -> None:
    view = started(
        office, dirty.xlsx([HEAD, JANE, OTIENO, (None, "TOTAL", *[None] * 3, 185000, 20000)])
    )
    assert view.rows[-1].checked.state is RowState.TOTALS
    assert [one.difference_cents for one in view.checked.totals] == [50, 0]


def test_the_rows_of_a_whole_society_are_checked(office: PracticeOffice) -> None:
    rows = [
        (str(at), "Jane Kamau", str(20_000_000 + at), f"07{at:08d}", "25/03/2019", "184,500", "0")
        for at in range(1, 10_001)
    ]
    view = started(office, dirty.text([HEAD, *rows]))
    assert len(view.checked.lines) == 10_000
    assert view.checked.problems == ()
