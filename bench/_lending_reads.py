"""What is read in large books: what is late and how it is classed, the page of members, the search for one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench._books_of_members import office_of
from bench._measuring import Row, compare, row_of
from bench.reference.raw_lookups import RawLookups
from sacco_desktop.domain.loan_classes import at_risk, class_of
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.membership import members
from tests import make
from tests.engines import KEY
from tests.make import PracticeOffice

LARGE, SMALL = 100_000, 100


def arrears(folder: Path) -> list[Row]:
    """Arrears, classes and the portfolio at risk as of today, beside one bare scan of the instalments."""
    office = office_of(LARGE, folder / "large")
    raw = RawLookups(office.path, KEY)
    today = make.day(office)

    def ours() -> None:
        found = office.read(_classed, None)
        assert found == LARGE // 10

    def scan() -> None:
        assert raw.late(today.isoformat()) >= LARGE - 1

    rows = compare(
        f"arrears, classes and risk of {LARGE:,} loans against a scan (goal 3)",
        ours,
        scan,
        times=1,
        goal=3.0,
    )
    raw.close()
    office.close()
    return rows


def _classed(work: Work, _nothing: None) -> int:
    """What the page of loan classes needs; returns how many loans are late."""
    loans, classes = loan_book.loans_on(work, work.today), loan_book.classes_on(work, work.today)
    late = Counter(class_of(loan.days_late, classes).name for loan in loans if loan.days_late)
    for days in (0, 30, 90):
        at_risk(((loan.days_late, loan.owed_cents) for loan in loans), days)
    return sum(late.values())


def page_of_members(folder: Path) -> list[Row]:
    """What the page Members reads before its first rows stand there, in large books and in small ones, in turns."""
    large, small = office_of(LARGE, folder / "large"), office_of(SMALL, folder / "small")

    def first_rows(office: PracticeOffice) -> Callable[[], None]:
        def read() -> None:
            found = office.read(members.first_members, None, office.peter)
            assert len(found.rows) >= SMALL

        return read

    rows = compare(
        f"the first rows of Members beside {LARGE:,}, against {SMALL} (goal 1.5)",
        first_rows(large),
        first_rows(small),
        times=10,
        goal=1.5,
    )
    whole: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        for office, times in zip((large, small), whole, strict=True):
            began = time.perf_counter()
            office.read(members.list_members, None, office.peter)
            times.append((time.perf_counter() - began) * 1000)
    rows.append(row_of("all rows of Members, which follow them", *whole, goal=None))
    small.close()
    large.close()
    return rows


def search(folder: Path) -> list[Row]:
    """The search of the counter by what a person types, beside one look-up by an index, in turns."""
    office = office_of(LARGE, folder / "large")
    raw = RawLookups(office.path, KEY)
    raw.indexed_copy("last_name")
    number, last_name, phone, card = office.sql(
        "SELECT number, last_name, phone, national_id FROM member WHERE number = 'M-050123'"
    )[0]
    rows: list[Row] = []
    for words, typed, column, value in (
        ("part of a name", last_name[1:], "last_name", last_name),
        ("a whole member number", number, "number", number),
        ("a part of one", number[-5:], "number", number),
        ("a whole phone", f"0{phone[3:]}", "phone", phone),
        ("the last four digits of one", phone[-4:], "phone", phone),
        ("a whole ID number", card, "national_id", card),
        ("the last four digits of one, ID", card[-4:], "national_id", card),
    ):
        rows += compare(
            f"search by {words} among {LARGE:,} (goal 3)",
            _searching(office, typed, number),
            _looking_up(raw, column, value),
            times=20,
            goal=3.0,
        )
    raw.close()
    office.close()
    return rows


def _searching(office: PracticeOffice, typed: str, number: str) -> Callable[[], None]:
    def run() -> None:
        found = office.read(members.find, typed, office.peter)
        assert found, f"{typed} finds nobody"
        # Where many have the same four digits, any eight of them are shown.
        assert len(typed) <= 5 or number in {row.number for row in found}, typed

    return run


def _looking_up(raw: RawLookups, column: str, value: str) -> Callable[[], None]:
    def run() -> None:
        found = (
            raw.by_copy(column, value.lower())
            if column == "last_name"
            else raw.member(column, value)
        )
        assert found

    return run
