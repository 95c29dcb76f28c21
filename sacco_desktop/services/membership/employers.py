"""The employers of members, as their files name them: offered where one is written, and two spellings made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update

from sacco_desktop.db.tables import Member, MemberFile
from sacco_desktop.domain.employers import known_spelling, looks_like
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An employer with how many members have it, and other names that may be the same employer."""

    name: str
    members: int
    looks_like: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedEmployers:
    """`name` is another spelling of `into`."""

    name: str
    into: str


def list_employers(work: Work, _nothing: None = None) -> tuple[EmployerRow, ...]:
    """Every employer of a member or an applicant, by name."""
    work.allow(Act.READ_FILES)
    counts = _counts(work)
    names = sorted(counts, key=str.casefold)
    return tuple(EmployerRow(name, counts[name], looks_like(name, names)) for name in names)


def names(work: Work, _nothing: None = None) -> tuple[str, ...]:
    """The names alone, for whoever has one to write."""
    work.allow(Act.LOOK)
    return tuple(sorted(_counts(work), key=str.casefold))


def works_of(work: Work, member_ids: Sequence[int] | None = None) -> dict[int, tuple[str, str]]:
    """Employer and payroll number of these members, or of all, by id; of those only whose file says one of them, and
    nothing for whoever may not read files.
    """
    if not work.may(Act.READ_FILES):
        return {}
    query = (
        select(Member.id, MemberFile.employer, MemberFile.payroll_number)
        .join(MemberFile, MemberFile.id == Member.file_id)
        .where(or_(MemberFile.employer != "", MemberFile.payroll_number != ""))
    )
    if member_ids is not None:
        query = query.where(Member.id.in_(member_ids))
    return {
        member_id: (employer, payroll)
        for member_id, employer, payroll in work.session.execute(query)
    }


def spelling_of(work: Work, typed: str) -> str:
    """The name as the files have it already where only case or points differ."""
    return known_spelling(typed, names(work)) if typed.strip() else ""


def merge(work: Work, merged: MergedEmployers) -> int:
    """Write one spelling in every file that has the other; returns how many files changed.

    Check-off lists that are in the books keep the name under which they came. Raises InvalidInput, NotAllowed.
    """
    work.allow(Act.REGISTER_MEMBER)
    into = " ".join(merged.into.split())
    known = _counts(work)
    if merged.name not in known:
        raise InvalidInput("No member has this employer. Choose another.", "name")
    if not into:
        raise InvalidInput("Write the name that is right.", "into")
    into = clean_name(into, "into")
    if into == merged.name:
        raise InvalidInput("That is the same spelling. Choose the one that is right.", "into")
    files = select(MemberFile.id).where(MemberFile.employer == merged.name)
    count = len(work.session.scalars(files).all())
    work.session.execute(
        update(MemberFile)
        .where(MemberFile.employer == merged.name)
        .values(
            employer=into,
            changed_by=work.actor.user_id,
            changed_at=work.now,
            version=MemberFile.version + 1,
        )
    )
    audit.record(work, "made two spellings of an employer one", into, {"files": count})
    work.changed(Topic.MEMBERS)
    return count


def _counts(work: Work) -> dict[str, int]:
    """How many members have each employer; an applicant's counts as none of them."""
    rows = work.session.execute(
        select(MemberFile.employer, func.count(Member.id))
        .outerjoin(Member, Member.file_id == MemberFile.id)
        .group_by(MemberFile.employer)
    )
    return {name: count for name, count in rows if name}
