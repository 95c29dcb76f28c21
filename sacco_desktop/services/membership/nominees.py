"""The nominee form of a member: who receives which part on death. A new form takes the place of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Nominee, NomineeList
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import ADULT, MemberKind, age_on
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_files
from sacco_desktop.services.membership.member_files import FileSheet, Holder

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class NewNominee:
    """One line of the form; texts as typed, `born_on` an ISO day or empty, `share` in hundredths of a percent."""

    full_name: str
    relationship: str
    national_id: str
    phone: str
    born_on: str
    guardian: str
    share: int


@dataclass(frozen=True, slots=True)
class NomineeForm:
    """A signed form; `version` is that of the file the person looked at."""

    holder: Holder
    version: int
    signed_on: date
    nominees: tuple[NewNominee, ...]


def name(work: Work, form: NomineeForm) -> FileSheet:
    """Write a form down; it is in force at once. Raises InvalidInput unless its shares come to 100 %."""
    work.allow(Act.REGISTER_MEMBER)
    _check(work, form)
    row = member_files.open_file(work, form.holder)
    if row.version != form.version:
        raise changed_meanwhile(work, member_files.number_of(work, form.holder))
    before = work.session.scalar(
        select(NomineeList).where(
            NomineeList.file_id == row.id,
            NomineeList.in_force_at.is_not(None),
            NomineeList.ended_at.is_(None),
        )
    )
    if before is not None:
        before.ended_at = work.now
        work.session.flush()
    written = NomineeList(
        file_id=row.id,
        signed_on=form.signed_on,
        recorded_by=work.actor.user_id,
        recorded_at=work.now,
    )
    work.session.add(written)
    work.session.flush()
    work.session.add_all(_nominee(written.id, each) for each in form.nominees)
    work.session.flush()
    written.in_force_at = work.now
    member_files.touch(work, row)
    number = member_files.number_of(work, form.holder)
    audit.record(work, "wrote down the nominees of", number, {"count": len(form.nominees)})
    work.changed(Topic.MEMBERS)
    return member_files.sheet_of(work, form.holder)


def _check(work: Work, form: NomineeForm) -> None:
    if member_files.sheet_of(work, form.holder).kind is not MemberKind.PERSON:
        raise InvalidInput("A group or an organisation has no nominees.", "nominees")
    if form.signed_on > work.today:
        raise InvalidInput("A form cannot be signed in the future.", "signed_on")
    if not form.nominees:
        raise InvalidInput("Write at least one nominee.", "nominees")
    for each in form.nominees:
        clean_name(each.full_name, "nominees")
        if each.share <= 0:
            raise InvalidInput(f"Write the share of {each.full_name}, above zero.", "nominees")
        age = age_on(each.born_on, work.today)
        if age is not None and age < ADULT and not each.guardian.strip():
            raise InvalidInput(
                f"{each.full_name} is not {ADULT} yet. Write who acts as guardian.", "nominees"
            )
    total = sum(each.share for each in form.nominees)
    if total != WHOLE:
        raise InvalidInput(
            f"The shares come to {total // 100}.{total % 100:02} %. Together they must be 100 %.",
            "nominees",
        )


def _nominee(list_id: int, new: NewNominee) -> Nominee:
    return Nominee(
        list_id=list_id,
        full_name=clean_name(new.full_name, "nominees"),
        relationship=" ".join(new.relationship.split()),
        national_id=" ".join(new.national_id.split()),
        phone=" ".join(new.phone.split()),
        born_on=new.born_on,
        guardian=" ".join(new.guardian.split()),
        share=new.share,
    )
