"""A check-off list: finds its columns, reads every line with every fault by row and column, and matches members."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.member_status import belongs, words_of
from sacco_desktop.domain.old_books import figures
from sacco_desktop.domain.old_books.cells import Cell, Row, Sheet, is_empty
from sacco_desktop.domain.old_books.cells import words_of as text_of
from sacco_desktop.domain.old_books.headings import find_heading, heading_words

_TOTALS = re.compile(
    r"(grand |sub ?-?|page )?totals?( [a-z]+)?[:.]?|jumla( kuu)?|b/f|c/f", re.IGNORECASE
)


class Says(StrEnum):
    """What a column of the list says, in the words in which its faults are told."""

    PAYROLL = "Payroll number"
    MEMBER_NO = "Member number"
    NATIONAL_ID = "ID number"
    NAME = "Name"
    AMOUNT = "Amount"


NAMING = (Says.MEMBER_NO, Says.PAYROLL, Says.NATIONAL_ID, Says.NAME)


@dataclass(frozen=True, slots=True)
class ListWords:
    """What the headings of employers mean, by their plain words."""

    meanings: Mapping[str, Says]

    def knows(self, text: str) -> bool:
        """Whether the heading is one that employers use."""
        return heading_words(text) in self.meanings

    def meaning_of(self, text: str) -> Says | None:
        """What a heading means; None for one that is not known."""
        return self.meanings.get(heading_words(text))


def read_words(text: str) -> ListWords:
    """The words of the data file. Raises ValueError when one heading is given two meanings."""
    meanings: dict[str, Says] = {}
    for name, headings in tomllib.loads(text)["headings"].items():
        for heading in headings:
            if meanings.setdefault(heading, Says[name.upper()]) is not Says[name.upper()]:
                raise ValueError(f"the heading {heading} has two meanings")
    return ListWords(meanings)


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of the list as the employer wrote it, its row as the workbook counts, and its amount in cents."""

    row: int
    cents: int
    payroll: str = ""
    member_no: str = ""
    national_id: str = ""
    name: str = ""

    @property
    def named(self) -> str:
        """The number by which the employer names the person, or the name."""
        return self.payroll or self.member_no or self.national_id or self.name


@dataclass(frozen=True, slots=True)
class ReadList:
    """What could be read, and what could not. Lines of nothing are counted only."""

    lines: tuple[ListLine, ...]
    problems: tuple[Problem, ...]
    nothing: int

    @property
    def cents(self) -> int:
        """The sum of all lines that could be read."""
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Places:
    """The first row of lines as the workbook counts, and which place of a row says what."""

    first_row: int
    columns: Mapping[Says, int]


def read_list(sheet: Sheet, words: ListWords, places: Places | None = None) -> ReadList:
    """Read a sheet to its end, by these places where a person has said them. Raises InvalidInput under `file` when its
    columns cannot be found.
    """
    found = places or find_places(sheet, words)
    columns = found.columns
    lines: list[ListLine] = []
    problems: list[Problem] = []
    nothing = 0
    begin = max(0, found.first_row - sheet.first_row)
    for at, row in enumerate(sheet.rows[begin:], begin):
        if _is_no_line(row, columns):
            continue
        line = _line(row, sheet.first_row + at, columns, problems)
        if line is not None and line.cents:
            lines.append(line)
        nothing += line is not None and not line.cents
    return ReadList(tuple(lines), tuple(problems), nothing)


def find_places(sheet: Sheet, words: ListWords) -> Places:
    """The columns by their headings. Raises InvalidInput under `file` when they cannot be found."""
    heading = find_heading(sheet.rows, words)
    columns = _columns(heading.texts, words) if heading is not None else {}
    if heading is None or Says.AMOUNT not in columns or not any(one in columns for one in NAMING):
        raise InvalidInput(
            "No heading was found that names an amount and a payroll number, member number, ID number or name. Say by"
            " hand which columns these are.",
            "file",
        )
    return Places(sheet.first_row + heading.at + heading.depth, columns)


def _columns(texts: Sequence[str], words: ListWords) -> dict[Says, int]:
    found: dict[Says, int] = {}
    for at, text in enumerate(texts):
        says = words.meaning_of(text)
        is_total = says is Says.AMOUNT and "total" in heading_words(text)
        if says is not None and (says not in found or is_total):
            found[says] = at
    return found


def _cell(row: Row, columns: Mapping[Says, int], says: Says) -> Cell:
    at = columns.get(says)
    return row[at] if at is not None and at < len(row) else None


def _is_no_line(row: Row, columns: Mapping[Says, int]) -> bool:
    """An empty row, or one of totals, which names nobody."""
    if all(is_empty(cell) for cell in row):
        return True
    if any(isinstance(cell, str) and _TOTALS.fullmatch(cell.strip()) for cell in row):
        return True
    return all(is_empty(_cell(row, columns, says)) for says in NAMING)


def _line(
    row: Row, number: int, columns: Mapping[Says, int], problems: list[Problem]
) -> ListLine | None:
    def read(says: Says, how: Callable[[Cell, str], str]) -> str:
        cell = _cell(row, columns, says)
        return "" if is_empty(cell) else how(cell, says.value)

    before = len(problems)
    texts: dict[Says, str] = {}
    cents = 0
    for says in (*NAMING, Says.AMOUNT):
        try:
            if says is Says.AMOUNT:
                cents = figures.amount_of(_cell(row, columns, says), says.value)
                if cents < 0:
                    raise InvalidInput(
                        "Amount is below zero; an employer takes nothing back here.", ""
                    )
            else:
                plain = says is Says.NAME
                texts[says] = (
                    read(says, lambda cell, _what: text_of(cell))
                    if plain
                    else read(says, figures.figures_of)
                )
        except InvalidInput as error:
            problems.append(Problem(number, says.value, error.message))
    if len(problems) > before:
        return None
    return ListLine(
        number,
        cents,
        texts[Says.PAYROLL],
        texts[Says.MEMBER_NO],
        texts[Says.NATIONAL_ID],
        texts[Says.NAME],
    )


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a list can name one."""

    member_id: int
    number: str
    full_name: str
    national_id: str
    payroll: str
    employer: str
    status: str


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line with its member, or with the reason why it has none."""

    line: ListLine
    member_id: int | None
    column: str = ""
    problem: str = ""


def match(
    lines: Sequence[ListLine], people: Sequence[Person], employer: str
) -> tuple[MatchedLine, ...]:
    """Find the member of each line by member number, payroll number, ID number, then name.

    Whatever a line says of a person must fit the same one. A member stands on a list once; who has left is not paid in.
    """
    known = _Known(people, employer)
    rows_of: dict[int, int] = {}
    found = []
    for line in lines:
        one = known.match(line)
        if one.member_id is not None and one.member_id in rows_of:
            words = f"stands in row {rows_of[one.member_id]} already; the money of this row waits."
            one = MatchedLine(line, None, _first_column(line), f"{line.named} {words}")
        elif one.member_id is not None:
            rows_of[one.member_id] = line.row
        found.append(one)
    return tuple(found)


def left_over(
    matched: Sequence[MatchedLine], people: Sequence[Person], employer: str
) -> tuple[Person, ...]:
    """The members of this employer who are not on the list."""
    there = {one.member_id for one in matched}
    wanted = plain_words(employer)
    return tuple(
        one
        for one in people
        if plain_words(one.employer) == wanted
        and one.member_id not in there
        and belongs(one.status)
    )


def is_named(person: Person, named: str) -> bool:
    """Whether a line names this person by a number: of the member, of the payroll or of the ID."""
    own = (person.number, person.payroll, person.national_id)
    return _number(named) in {_number(one) for one in own} - {""}


def may_be(person: Person, name: str) -> bool:
    """Whether the name of a line may be this person's: two of its words are the same."""
    return len(_words(name) & _words(person.full_name)) > 1


def plain_words(text: str) -> str:
    """A name without case and signs, by which the same employer is known again."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def _number(text: str) -> str:
    """`M-0012`, `m12` and `12` name the same member; `0455` and `455` the same person of a payroll."""
    plain = re.sub(r"[^0-9a-z]", "", text.casefold())
    return plain.removeprefix("m").lstrip("0") if plain[:1] == "m" else plain.lstrip("0")


def _words(name: str) -> frozenset[str]:
    return frozenset(plain_words(name).split())


def _first_column(line: ListLine) -> str:
    for says, text in (
        (Says.MEMBER_NO, line.member_no),
        (Says.PAYROLL, line.payroll),
        (Says.NATIONAL_ID, line.national_id),
    ):
        if text:
            return says.value
    return Says.NAME.value


class _Known:
    """The members by everything that a list can name them by."""

    def __init__(self, people: Sequence[Person], employer: str) -> None:
        wanted = plain_words(employer)
        own = [one for one in people if plain_words(one.employer) in ("", wanted)]
        self._by: dict[Says, dict[str, list[Person]]] = {
            Says.MEMBER_NO: _index(people, lambda one: _number(one.number)),
            # Two employers may have the same payroll number.
            Says.PAYROLL: _index(own, lambda one: _number(one.payroll)),
            Says.NATIONAL_ID: _index(people, lambda one: _number(one.national_id)),
        }
        self._names = _index(people, lambda one: " ".join(sorted(_words(one.full_name))))

    def match(self, line: ListLine) -> MatchedLine:
        hits: dict[Says, Person] = {}
        for says, text in (
            (Says.MEMBER_NO, line.member_no),
            (Says.PAYROLL, line.payroll),
            (Says.NATIONAL_ID, line.national_id),
        ):
            people = self._by[says].get(_number(text), []) if text else []
            if len(people) > 1:
                numbers = ", ".join(one.number for one in people)
                return _none(line, says, f"{says.value} {text} is that of {numbers}.")
            if people:
                hits[says] = people[0]
        if len({one.member_id for one in hits.values()}) > 1:
            told = " and ".join(f"{says.value} is of {one.number}" for says, one in hits.items())
            return _none(line, next(iter(hits)), f"{told}. Nobody knows whose this is.")
        if hits:
            says, person = next(iter(hits.items()))
            return _fitting(line, says, person)
        return self._by_name(line)

    def _by_name(self, line: ListLine) -> MatchedLine:
        column = Says(_first_column(line))
        named = self._names.get(" ".join(sorted(_words(line.name))), []) if line.name else []
        if line.payroll or line.member_no or line.national_id:
            hint = f" {line.name} is the name of {named[0].number}." if len(named) == 1 else ""
            return _none(line, column, f"{line.named} is not known here.{hint}")
        if len(named) == 1:
            return _fitting(line, Says.NAME, named[0])
        if named:
            numbers = ", ".join(one.number for one in named)
            return _none(line, Says.NAME, f"{line.name} is the name of {numbers}.")
        return _none(line, Says.NAME, f"{line.name} is not known here.")


def _index(people: Sequence[Person], key: Callable[[Person], str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for one in people:
        if key(one):
            found.setdefault(key(one), []).append(one)
    return found


def _fitting(line: ListLine, says: Says, person: Person) -> MatchedLine:
    if line.name and not _words(line.name) & _words(person.full_name):
        words = f"The list says {line.name}, but this is {person.full_name}, {person.number}."
        return _none(line, Says.NAME, words)
    if not belongs(person.status):
        status = words_of(person.status).lower()
        return _none(line, says, f"{person.number} is no member any more ({status}).")
    return MatchedLine(line, person.member_id)


def _none(line: ListLine, says: Says, words: str) -> MatchedLine:
    return MatchedLine(line, None, says.value, words)


class Order(StrEnum):
    """What of a member the money pays first."""

    LOANS_FIRST = "loans_first"
    DUES_FIRST = "dues_first"
    DEPOSITS_ONLY = "deposits_only"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due of a member, in cents: of the loan or the product with this id."""

    what: str
    subject_id: int
    cents: int


LOAN, PRODUCT = "loan", "product"


def divide(cents: int, dues: Sequence[Due], order: Order) -> tuple[tuple[Due, ...], int]:
    """How much of each due the money pays, in the society's order, and what is left for the deposits."""
    if order is Order.DEPOSITS_ONLY:
        return (), cents
    first = LOAN if order is Order.LOANS_FIRST else PRODUCT
    paid = []
    for due in sorted(dues, key=lambda one: one.what != first):
        part = min(cents, due.cents)
        if part > 0:
            paid.append(replace(due, cents=part))
            cents -= part
    return tuple(paid), cents
