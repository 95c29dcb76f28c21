"""The personal file of a member or an applicant: what is known, next of kin, nominees, and what looks odd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Member,
    MemberDocument,
    MemberFile,
    MembershipApplication,
    Nominee,
    NomineeList,
    RelatedPerson,
)
from sacco_desktop.domain.check_off import Person
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.kyc import (
    FIELD_NAMES,
    KycFacts,
    KycWarning,
    MemberKind,
    clean_texts,
    warnings,
)
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import employers
from sacco_desktop.services.office import users

NEXT_OF_KIN, REPRESENTATIVE = "next_of_kin", "representative"
ROLE_WORDS = {NEXT_OF_KIN: "Next of kin", REPRESENTATIVE: "Signs for it"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose file: a member's or an applicant's. Exactly one is given."""

    member_id: int | None = None
    application_id: int | None = None


@dataclass(frozen=True, slots=True)
class KinRow:
    """A next of kin, or somebody who signs for a group."""

    person_id: int
    role: str
    full_name: str
    relationship: str
    national_id: str
    phone: str


@dataclass(frozen=True, slots=True)
class NomineeRow:
    """A nominee with the share in hundredths of a percent; `guardian` is who acts for a minor."""

    nominee_id: int
    full_name: str
    relationship: str
    national_id: str
    phone: str
    born_on: str
    guardian: str
    share: int


@dataclass(frozen=True, slots=True)
class FileSheet:
    """All of a file at once. `texts` are by the names of kyc.FIELDS; a member without a file has version 0."""

    holder: Holder
    number: str
    full_name: str
    kind: MemberKind
    national_id: str
    phone: str
    texts: dict[str, str]
    monthly_cents: int
    kin: tuple[KinRow, ...]
    nominees: tuple[NomineeRow, ...]
    nominees_signed_on: date | None
    warnings: tuple[KycWarning, ...]
    version: int
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class FileChange:
    """The whole sheet as typed; `version` is that of the sheet the person looked at, and `texts` pairs of field and
    text.
    """

    holder: Holder
    version: int
    texts: tuple[tuple[str, str], ...]
    monthly_cents: int


@dataclass(frozen=True, slots=True)
class NewKin:
    """A next of kin, or somebody who signs for a group; texts as typed."""

    holder: Holder
    role: str
    full_name: str
    relationship: str
    national_id: str
    phone: str


@dataclass(frozen=True, slots=True)
class _Head:
    number: str
    full_name: str
    kind: MemberKind
    national_id: str
    phone: str
    file_id: int | None


def read_sheet(work: Work, holder: Holder) -> FileSheet:
    """The file of a member or an applicant. Raises NotFound."""
    work.allow(Act.READ_FILES)
    return sheet_of(work, holder)


def sheet_of(work: Work, holder: Holder) -> FileSheet:
    """The same for another service."""
    head = _head(work, holder)
    row = None if head.file_id is None else work.session.get(MemberFile, head.file_id)
    texts = {name: getattr(row, name) if row else "" for name in FIELD_NAMES}
    kin = _kin(work, head.file_id)
    nominees, signed_on = _nominees(work, head.file_id)
    facts = KycFacts(
        kind=head.kind,
        national_id=head.national_id,
        texts=texts,
        next_of_kin=sum(one.role == NEXT_OF_KIN for one in kin),
        representatives=sum(one.role == REPRESENTATIVE for one in kin),
        nominees=len(nominees),
        papers=_papers(work, head.file_id),
    )
    return FileSheet(
        holder=holder,
        number=head.number,
        full_name=head.full_name,
        kind=head.kind,
        national_id=head.national_id,
        phone=head.phone,
        texts=texts,
        monthly_cents=row.monthly_cents if row else 0,
        kin=kin,
        nominees=nominees,
        nominees_signed_on=signed_on,
        warnings=warnings(facts, work.today),
        version=row.version if row else 0,
        changed_by=users.full_name_of(work, row.changed_by) if row else "",
    )


def _head(work: Work, holder: Holder) -> _Head:
    row: Member | MembershipApplication | None
    if holder.member_id is not None:
        row = work.session.get(Member, holder.member_id)
    else:
        row = work.session.get(MembershipApplication, holder.application_id or 0)
    if row is None:
        raise NotFound("There is no such member or application.")
    return _Head(
        row.number, row.full_name, MemberKind(row.kind), row.national_id, row.phone, row.file_id
    )


def person_of(work: Work, member: Member) -> Person:
    """The member as an employer's list can name one."""
    row = None if member.file_id is None else work.session.get(MemberFile, member.file_id)
    payroll, employer = (row.payroll_number, row.employer) if row else ("", "")
    return Person(
        member.id,
        member.number,
        member.full_name,
        member.national_id,
        payroll,
        employer,
        member.status,
    )


def number_of(work: Work, holder: Holder) -> str:
    """The number of the member or the application, as audit rows name it. Raises NotFound."""
    return _head(work, holder).number


def open_file(work: Work, holder: Holder) -> MemberFile:
    """The row of the file; a member who joined before there were files gets one now. Raises NotFound."""
    head = _head(work, holder)
    if head.file_id is not None:
        return work.session.get_one(MemberFile, head.file_id)
    row = MemberFile(changed_by=work.actor.user_id, changed_at=work.now, version=0)
    work.session.add(row)
    work.session.flush()
    work.session.get_one(Member, holder.member_id).file_id = row.id
    work.session.flush()
    return row


def file_id_of(work: Work, holder: Holder) -> int | None:
    """The id of the file; None for a member who has none yet. Raises NotFound."""
    return _head(work, holder).file_id


def change(work: Work, new: FileChange) -> FileSheet:
    """Write the sheet. Nothing is refused that only looks odd. Raises InvalidInput, ChangedMeanwhile, NotFound."""
    work.allow(Act.REGISTER_MEMBER)
    row = open_file(work, new.holder)
    number = number_of(work, new.holder)
    if row.version != new.version:
        raise changed_meanwhile(work, number)
    if new.monthly_cents < 0:
        raise InvalidInput("Write zero or more.", "monthly")
    texts = clean_texts(dict(new.texts))
    texts["employer"] = employers.spelling_of(work, texts["employer"])
    changed = [name for name, text in texts.items() if getattr(row, name) != text]
    for name in changed:
        setattr(row, name, texts[name])
    if row.monthly_cents != new.monthly_cents:
        row.monthly_cents = new.monthly_cents
        changed.append("monthly")
    touch(work, row)
    # Which lines, and not what stood there: the row of the act is no second file of the person.
    audit.record(work, "changed the file of", number, {"lines": ", ".join(changed)})
    work.changed(Topic.MEMBERS)
    return sheet_of(work, new.holder)


def touch(work: Work, row: MemberFile) -> None:
    """The file has changed now, by who acts."""
    row.changed_by, row.changed_at = work.actor.user_id, work.now
    row.version += 1
    work.session.flush()


def add_kin(work: Work, new: NewKin) -> FileSheet:
    """Write a next of kin down, or who signs for a group. Raises InvalidInput, NotFound."""
    work.allow(Act.REGISTER_MEMBER)
    if new.role not in ROLE_WORDS:
        raise InvalidInput("Choose what this person is.", "role")
    row = open_file(work, new.holder)
    work.session.add(
        RelatedPerson(
            file_id=row.id,
            role=new.role,
            full_name=clean_name(new.full_name, "full_name"),
            relationship=" ".join(new.relationship.split()),
            national_id=" ".join(new.national_id.split()),
            phone=" ".join(new.phone.split()),
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    touch(work, row)
    audit.record(work, f"wrote down a {new.role.replace('_', ' ')} of", number_of(work, new.holder))
    work.changed(Topic.MEMBERS)
    return sheet_of(work, new.holder)


@dataclass(frozen=True, slots=True)
class KinEnd:
    """This person is not to be on the file any more."""

    holder: Holder
    person_id: int


def end_kin(work: Work, end: KinEnd) -> FileSheet:
    """Take a next of kin or a representative off the sheet; the row stays. Raises NotFound."""
    work.allow(Act.REGISTER_MEMBER)
    row = open_file(work, end.holder)
    person = work.session.get(RelatedPerson, end.person_id)
    if person is None or person.file_id != row.id or person.ended_at is not None:
        raise NotFound("This person is not on the file any more.")
    person.ended_at = work.now
    touch(work, row)
    what = person.role.replace("_", " ")
    audit.record(work, f"took a {what} off the file of", number_of(work, end.holder))
    work.changed(Topic.MEMBERS)
    return sheet_of(work, end.holder)


def _kin(work: Work, file_id: int | None) -> tuple[KinRow, ...]:
    found = work.session.scalars(
        select(RelatedPerson)
        .where(RelatedPerson.file_id == file_id, RelatedPerson.ended_at.is_(None))
        .order_by(RelatedPerson.id)
    )
    return tuple(
        KinRow(row.id, row.role, row.full_name, row.relationship, row.national_id, row.phone)
        for row in found
    )


def _nominees(work: Work, file_id: int | None) -> tuple[tuple[NomineeRow, ...], date | None]:
    form = work.session.scalar(
        select(NomineeList).where(
            NomineeList.file_id == file_id,
            NomineeList.in_force_at.is_not(None),
            NomineeList.ended_at.is_(None),
        )
    )
    if form is None:
        return (), None
    found: Sequence[Nominee] = work.session.scalars(
        select(Nominee).where(Nominee.list_id == form.id).order_by(Nominee.id)
    ).all()
    return tuple(
        NomineeRow(
            row.id,
            row.full_name,
            row.relationship,
            row.national_id,
            row.phone,
            row.born_on,
            row.guardian,
            row.share,
        )
        for row in found
    ), form.signed_on


def _papers(work: Work, file_id: int | None) -> frozenset[str]:
    kinds = select(MemberDocument.kind).where(
        MemberDocument.file_id == file_id, MemberDocument.removed_at.is_(None)
    )
    return frozenset(work.session.scalars(kinds))
