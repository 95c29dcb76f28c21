"""Money of check-off lists that has no owner: what waits of which list and line, since when, and who was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import CheckOffLine, CheckOffList, CheckOffOwner, Member
from sacco_desktop.domain.check_off import Person, is_named, may_be
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users

ASKED, GIVEN, UNDONE, DROPPED = "asked", "given", "undone", "dropped"
BEYOND = "Paid beyond the lines of the list."
_TAKEN = (ASKED, GIVEN)


@dataclass(frozen=True, slots=True)
class FoundOwner:
    """A member whose it turned out to be, in cents. `status` is asked, given, undone or dropped."""

    owner_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    cents: int
    known_by: str
    status: str
    asked_by: str
    given_on: date | None


@dataclass(frozen=True, slots=True)
class UnownedRow:
    """A line without owner, or what was paid beyond all lines (then `line_id` is None); cents. It waits since the day
    on which the employer paid.
    """

    list_id: int
    line_id: int | None
    list_number: str
    employer: str
    month: str
    row: int | None
    named: str
    name: str
    problem: str
    cents: int
    since: date
    owners: tuple[FoundOwner, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """What names it in a list."""
        return self.list_id, self.line_id or 0

    @property
    def asked_cents(self) -> int:
        """For how much of it a member was named who waits for the second person."""
        return sum(one.cents for one in self.owners if one.status == ASKED)

    @property
    def given_cents(self) -> int:
        """How much of it has found its owner."""
        return sum(one.cents for one in self.owners if one.status == GIVEN)

    @property
    def left_cents(self) -> int:
        """How much of it nobody was named for."""
        return self.cents - self.asked_cents - self.given_cents


def list_unowned(work: Work, _nothing: None = None) -> tuple[UnownedRow, ...]:
    """Everything without owner of every posted list, the oldest first, with what was given of it since."""
    work.allow(Act.LOOK)
    return _rows(work)


def row_of(work: Work, list_id: int, line_id: int | None) -> UnownedRow | None:
    """One of them; None where the line has an owner, or the list is not posted."""
    rows = _rows(work, list_id)
    return next((one for one in rows if one.line_id == line_id), None)


def kept_of(work: Work, row: CheckOffList) -> int:
    """What of a list lies in the unallocated receipts, in cents."""
    return sum(one.cents - one.given_cents for one in _rows(work, row.id))


def waits_of_others(work: Work, but: int) -> int:
    """What of all other lists lies there, in cents."""
    found = _rows(work)
    return sum(one.cents - one.given_cents for one in found if one.list_id != but)


def given_of(work: Work, list_id: int) -> tuple[str, ...]:
    """The numbers by which money of a list was given to members, and which stand."""
    return tuple(
        work.session.scalars(
            select(CheckOffOwner.number)
            .where(CheckOffOwner.list_id == list_id, CheckOffOwner.status == GIVEN)
            .order_by(CheckOffOwner.id)
        )
    )


Unowned = tuple[UnownedRow, ...]


def of_person(work: Work, person: Person) -> tuple[Unowned, Unowned, Unowned]:
    """What waits of this person: money for which the member was named and the second person is awaited, money of lines
    that name the member by a number, and money of lines with a like name.
    """
    rows = [one for one in _rows(work) if one.cents > one.given_cents]
    asked = tuple(
        row
        for row in rows
        if any(one.status == ASKED and one.member_number == person.number for one in row.owners)
    )
    left = [row for row in rows if row.left_cents and row.line_id is not None]
    named = tuple(row for row in left if is_named(person, row.named))
    alike = tuple(row for row in left if row not in named and may_be(person, row.name or row.named))
    return asked, named, alike


def count_waiting(work: Work, _nothing: None = None) -> tuple[int, int, date | None]:
    """How many wait for an owner, what they come to in cents, and since when the oldest of them waits."""
    rows = [one for one in _rows(work) if one.left_cents]
    oldest = min((one.since for one in rows), default=None)
    return len(rows), sum(one.left_cents for one in rows), oldest


def _rows(work: Work, list_id: int | None = None) -> tuple[UnownedRow, ...]:
    posted = select(CheckOffList).where(CheckOffList.status == "posted")
    if list_id is not None:
        posted = posted.where(CheckOffList.id == list_id)
    owners = _owners(work, list_id)
    listed, lines = _listed_cents(work), _lines_without_owner(work)
    found = []
    for row in work.session.scalars(posted.order_by(CheckOffList.value_date, CheckOffList.id)):
        found += [_of_line(row, line) for line in lines.get(row.id, ())]
        beyond = row.total_cents - listed.get(row.id, 0)
        if beyond:
            found.append(_unowned(row, beyond))
    return tuple(replace(one, owners=tuple(owners.get(one.key, ()))) for one in found)


def _lines_without_owner(work: Work) -> dict[int, list[CheckOffLine]]:
    """By their lists; one question for all of them."""
    found: dict[int, list[CheckOffLine]] = {}
    for line in work.session.scalars(
        select(CheckOffLine)
        .where(CheckOffLine.member_id.is_(None))
        .order_by(CheckOffLine.list_id, CheckOffLine.line)
    ):
        found.setdefault(line.list_id, []).append(line)
    return found


def _listed_cents(work: Work) -> dict[int, int]:
    rows = work.session.execute(
        select(CheckOffLine.list_id, func.sum(CheckOffLine.cents)).group_by(CheckOffLine.list_id)
    )
    return {list_id: int(cents) for list_id, cents in rows}


def _of_line(row: CheckOffList, line: CheckOffLine) -> UnownedRow:
    return replace(
        _unowned(row, line.cents),
        line_id=line.id,
        row=line.line,
        named=line.named,
        name=line.name,
        problem=line.problem,
    )


def _unowned(row: CheckOffList, cents: int) -> UnownedRow:
    return UnownedRow(
        row.id,
        None,
        row.number,
        row.employer,
        row.month,
        None,
        "",
        "",
        BEYOND,
        cents,
        row.value_date,
    )


def _owners(work: Work, list_id: int | None) -> dict[tuple[int, int], list[FoundOwner]]:
    wanted = select(CheckOffOwner, Member).join(Member, Member.id == CheckOffOwner.member_id)
    if list_id is not None:
        wanted = wanted.where(CheckOffOwner.list_id == list_id)
    found: dict[tuple[int, int], list[FoundOwner]] = {}
    for row, member in work.session.execute(wanted.order_by(CheckOffOwner.id)):
        found.setdefault((row.list_id, row.line_id or 0), []).append(
            FoundOwner(
                row.id,
                row.version,
                row.number,
                member.number,
                member.full_name,
                row.cents,
                row.known_by,
                row.status,
                users.full_name_of(work, row.asked_by),
                row.given_on,
            )
        )
    return found
