"""A year of statement lines beside books in which faults of every class are planted, each known by its receipt."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sacco_desktop.domain.chart import MPESA_CHARGES_PAID, MPESA_PAYBILL, MPESA_UTILITY
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.reconciling.classes import BookLine, Line, LineClass, OpenPayout
from sacco_desktop.domain.reconciling.statement import RowKind

HERE = MPESA_UTILITY
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(slots=True)
class PlantedYear:
    """The lines of one account, the postings of all, and what is wrong with which receipt."""

    chance: random.Random
    lines: list[Line] = field(default_factory=list)
    books: list[BookLine] = field(default_factory=list)
    payouts: list[OpenPayout] = field(default_factory=list)
    planted: dict[int, LineClass] = field(default_factory=dict)
    missing: set[int] = field(default_factory=set)

    def line(self, kind: RowKind, cents: int, day: date, receipt: str = "", **more: str) -> Line:
        """One line at noon, with a receipt of its own unless one is given."""
        number = len(self.lines) + 1
        known = receipt or f"U{number:05d}" + "".join(self.chance.choices(_SIGNS, k=4))
        made = Line(number, known, moment_of(day, 12), day, cents, kind, **more)
        self.lines.append(made)
        return made

    def book(self, receipt: str, cents: int, day: date, account: str = HERE) -> BookLine:
        """One posting."""
        number = len(self.books) + 1
        made = BookLine(number, number, account, receipt, day, cents)
        self.books.append(made)
        return made

    def plant(self, line: Line, kind: LineClass) -> None:
        """Say what is wrong with a line."""
        self.planted[line.line_id] = kind


def planted_year(seed: int, count: int) -> PlantedYear:
    """`count` lines and some more, one in forty with a fault."""
    year = PlantedYear(random.Random(seed))
    first = date(2025, 1, 1)
    while len(year.lines) < count:
        day = first + timedelta(days=len(year.lines) * 365 // count)
        if year.chance.random() < 1 / 40:
            _FAULTS[year.chance.randrange(len(_FAULTS))](year, day)
        elif year.chance.random() < 0.5:
            line = year.line(RowKind.PAID_IN, _sum(year), day)
            year.book(line.receipt, line.cents, day)
        else:
            line = year.line(RowKind.PAID_OUT, -_sum(year), day)
            year.book(line.receipt, line.cents, day + timedelta(days=year.chance.randrange(2)))
    year.chance.shuffle(year.lines)
    year.chance.shuffle(year.books)
    return year


def _sum(year: PlantedYear) -> int:
    return year.chance.randrange(10, 70_000) * 100


def _missed(year: PlantedYear, day: date) -> None:
    year.plant(year.line(RowKind.PAID_IN, _sum(year), day), LineClass.MISSED_NOTICE)


def _payout_unknown(year: PlantedYear, day: date) -> None:
    line = year.line(RowKind.PAID_OUT, -_sum(year), day, party="254712***678 - JANE")
    sent = line.at - timedelta(minutes=3)
    year.payouts.append(OpenPayout(line.line_id, "PO", -line.cents, "254712345678", sent))
    year.plant(line, LineClass.MISSED_NOTICE)


def _elsewhere(year: PlantedYear, day: date) -> None:
    line = year.line(RowKind.PAID_IN, _sum(year), day)
    year.book(line.receipt, line.cents, day, MPESA_PAYBILL)
    year.plant(line, LineClass.WRONG_ACCOUNT)


def _charged(year: PlantedYear, day: date) -> None:
    main = year.line(RowKind.PAID_OUT, -_sum(year), day)
    year.book(main.receipt, main.cents, day)
    charge = year.line(RowKind.CHARGE, -13_00, day, main.receipt)
    if year.chance.random() < 0.5:
        year.book(main.receipt, -13_00, day, MPESA_CHARGES_PAID)
    year.plant(charge, LineClass.CHARGE)


def _reversed(year: PlantedYear, day: date) -> None:
    cents = _sum(year)
    paid = year.line(RowKind.PAID_IN, cents, day)
    back = year.line(RowKind.REVERSAL, -cents, day, linked=paid.receipt)
    year.plant(back, LineClass.REVERSAL)
    if year.chance.random() < 0.5:
        year.book(paid.receipt, cents, day)
    else:
        year.plant(paid, LineClass.MISSED_NOTICE)


def _moved(year: PlantedYear, day: date) -> None:
    cents = _sum(year) + 33
    words = "Business Transfer from MMF to Utility"
    line = year.line(RowKind.MOVE, cents, day, words=words)
    if year.chance.random() < 0.5:
        year.book(f"slip {line.line_id}", cents, day - timedelta(days=1))
    year.plant(line, LineClass.SETTLEMENT)


def _foreign(year: PlantedYear, day: date) -> None:
    kind, sign = (RowKind.OTHER, 1) if year.chance.random() < 0.5 else (RowKind.PAID_OUT, -1)
    year.plant(year.line(kind, sign * (_sum(year) + 77), day), LineClass.NOT_OURS)


def _other_sum(year: PlantedYear, day: date) -> None:
    line = year.line(RowKind.PAID_IN, _sum(year), day)
    year.book(line.receipt, line.cents + year.chance.choice((-900, 9_00)), day)
    year.plant(line, LineClass.AMOUNT_DIFFERS)


def _forged(year: PlantedYear, day: date) -> None:
    receipt = f"F{len(year.books):09d}"
    year.missing.add(year.book(receipt, _sum(year), day).posting_id)


_FAULTS = (
    _missed, _payout_unknown, _elsewhere, _charged, _reversed, _moved, _foreign, _other_sum, _forged,
)  # fmt: skip


def by_account(books: Sequence[BookLine]) -> Mapping[str, list[BookLine]]:
    """The postings of each account."""
    found: dict[str, list[BookLine]] = defaultdict(list)
    for book in books:
        found[book.account].append(book)
    return found
