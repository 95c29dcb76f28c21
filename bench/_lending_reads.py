"""What is read in large books: what is late and how it is classed, the page of members, the search for one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench._books_of_members import office_of
from bench._measuring import ROUNDS, Row, compare, milliseconds, on_both_clocks, row_of
from bench.reference.raw_lookups import RawLookups
from sacco_desktop.domain.loan_classes import at_risk, class_of
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.membership import member_search, members
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
    """The search by what a person types, as a whole and without asking first who looks, beside one bare look-up of the
    same by an index, in turns.
    """
    office = office_of(LARGE, folder / "large")
    raw = RawLookups(office.path, KEY)
    raw.index_parts()
    for column in ("phone", "national_id"):
        raw.index_end_of(column)
    number, last_name, phone, card = office.sql(
        "SELECT number, last_name, phone, national_id FROM member WHERE number = 'M-050123'"
    )[0]
    rare, common = last_name[1:].lower(), last_name[:3].lower()
    rows: list[Row] = []
    for words, typed, look_up in (
        ("a part of a name that one has", rare, partial(raw.by_part, rare)),
        ("three letters that many have", common, partial(raw.by_part, common)),
        ("a part of a member number", number[-5:], partial(raw.by_part, number[-5:])),
        ("a whole member number", number, partial(raw.member, "number", number)),
        ("a whole phone", f"0{phone[3:]}", partial(raw.member, "phone", phone)),
        ("the last four of a phone", phone[-4:], partial(raw.by_end, "phone", phone[-4:])),
        ("a whole ID", card, partial(raw.member, "national_id", card)),
        ("the last four of an ID", card[-4:], partial(raw.by_end, "national_id", card[-4:])),
    ):
        whole = partial(office.read, member_search.find, typed, office.peter)
        assert whole(), f"{typed} finds nobody"
        assert look_up(), typed
        case = f"search by {words}"
        rows += compare(f"{case} (goal 3)", _calling(whole), _calling(look_up), times=40, goal=3.0)
        alone = office.read(_questions_alone, (typed, look_up), office.peter)
        rows += on_both_clocks(f"{case}, the questions alone (goal 3)", *alone, 3.0)
    rows += compare(
        "the same part of a name without any index, against the index",
        _calling(partial(raw.by_like, rare)),
        _calling(partial(raw.by_part, rare)),
        times=2,
        goal=None,
    )
    raw.close()
    office.close()
    return rows


Clocks = list[tuple[float, float]]


def _questions_alone(work: Work, asked: tuple[str, Callable[[], object]]) -> tuple[Clocks, Clocks]:
    """Milliseconds of the search in a reading that is open already and has asked who looks."""
    typed, look_up = asked
    own, raw = [], []
    for _ in range(ROUNDS):
        own.append(milliseconds(_calling(partial(member_search.find, work, typed)), 40))
        raw.append(milliseconds(_calling(look_up), 40))
    return own, raw


def _calling(question: Callable[[], object]) -> Callable[[], None]:
    return partial(_call, question)


def _call(question: Callable[[], object]) -> None:
    question()
