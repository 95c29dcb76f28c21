"""Looks at a check-off list line by line before anything is kept: who is who, what cannot be read, and the sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import select

from sacco_desktop.db.tables import CheckOffColumns, Member, MemberFile
from sacco_desktop.domain.check_off import (
    ListWords,
    MatchedLine,
    Order,
    Person,
    Places,
    ReadList,
    left_over,
    match,
    plain_words,
    read_list,
    read_words,
)
from sacco_desktop.domain.check_off_columns import ChosenColumns, as_text, found_in, of_text
from sacco_desktop.domain.errors import InvalidInput, Problem
from sacco_desktop.domain.old_books.cells import OldFile, Sheet
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.counter import check_off_sharing
from sacco_desktop.settings import resources_dir

ORDER_WORDS = {
    Order.LOANS_FIRST: "Loans that are due, then contributions that are due, then deposits",
    Order.DUES_FIRST: "Contributions that are due, then loans that are due, then deposits",
    Order.DEPOSITS_ONLY: "Deposits only",
}


@dataclass(frozen=True, slots=True)
class CheckOffQuestion:
    """What would become of this sheet of a file, sent by an employer who paid so many cents?"""

    file: OldFile
    sheet: str
    employer: str
    total_cents: int
    columns: ChosenColumns | None = None


@dataclass(frozen=True, slots=True)
class CheckOffPreview:
    """What every line would become; sums in cents. `unread` are cells that nobody can read: with them nothing is asked
    for. `missing` are members of the employer who are not on the list.
    """

    matched: tuple[MatchedLine, ...]
    names: dict[int, str]
    unread: tuple[Problem, ...]
    nothing: int
    total_cents: int
    listed_cents: int
    matched_cents: int
    missing: tuple[Person, ...]
    order_words: str
    columns: ChosenColumns | None = None

    @property
    def unallocated_cents(self) -> int:
        """What has no owner and waits as unallocated receipts."""
        return self.total_cents - self.matched_cents

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that somebody should look at, by row and column."""
        unknown = [
            Problem(one.line.row, one.column, one.problem) for one in self.matched if one.problem
        ]
        return tuple(sorted([*self.unread, *unknown], key=lambda one: one.row))


@cache
def list_words() -> ListWords:
    """What the headings of employers mean."""
    return read_words((resources_dir() / "check_off_headings.toml").read_text("utf-8"))


def preview(work: Work, question: CheckOffQuestion) -> CheckOffPreview:
    """Look at every line; nothing is written. Raises InvalidInput under `file`."""
    work.allow_one_of(Act.IMPORT_BOOKS, Act.APPROVE_IMPORT)
    people = _people(work)
    columns = columns_of(work, question)
    read = _read(question, columns)
    matched = match(read.lines, people, question.employer)
    return CheckOffPreview(
        matched=matched,
        names={one.member_id: f"{one.number} {one.full_name}" for one in people},
        unread=read.problems,
        nothing=read.nothing,
        total_cents=question.total_cents,
        listed_cents=read.cents,
        matched_cents=sum(one.line.cents for one in matched if one.member_id is not None),
        missing=left_over(matched, people, question.employer),
        order_words=ORDER_WORDS[check_off_sharing.order_of(work)],
        columns=columns,
    )


def columns_of(work: Work, question: CheckOffQuestion) -> ChosenColumns | None:
    """The columns as a person has just chosen them, or else as they were for this employer the last time, where this
    sheet has them; None where its headings are to say it.
    """
    if question.columns is not None:
        return question.columns
    kept = work.session.scalar(
        select(CheckOffColumns)
        .where(CheckOffColumns.employer == plain_words(question.employer))
        .order_by(CheckOffColumns.id.desc())
        .limit(1)
    )
    sheet = _sheet(question)
    return None if kept is None else found_in(sheet, of_text(kept.first_row, kept.columns))


def remember(work: Work, employer: str, columns: ChosenColumns) -> None:
    """Keep what a person chose for the next list of this employer."""
    of = plain_words(employer)
    row = CheckOffColumns(
        employer=of,
        first_row=columns.first_row,
        columns=as_text(columns),
        chosen_by=work.actor.user_id,
        chosen_at=work.now,
    )
    work.session.add(row)
    work.session.flush()


def _sheet(question: CheckOffQuestion) -> Sheet:
    sheet = next((one for one in question.file.sheets if one.name == question.sheet), None)
    if sheet is None:
        raise InvalidInput("Choose a sheet of the file.", "file")
    return sheet


def _read(question: CheckOffQuestion, columns: ChosenColumns | None) -> ReadList:
    places = None if columns is None else Places(columns.first_row, columns.places)
    return read_list(_sheet(question), list_words(), places)


def _people(work: Work) -> tuple[Person, ...]:
    rows = work.session.execute(
        select(Member, MemberFile).outerjoin(MemberFile, MemberFile.id == Member.file_id)
    )
    return tuple(
        Person(
            member.id,
            member.number,
            member.full_name,
            member.national_id,
            file.payroll_number if file is not None else "",
            file.employer if file is not None else "",
            member.status,
        )
        for member, file in rows
    )
