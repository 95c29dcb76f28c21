"""Applications for membership: written by one person, agreed to by another, who makes the applicant a member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Member, MemberFile, MembershipApplication
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.kyc import KIND_WORDS, MemberKind
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import (
    application_number,
    clean_identity,
    clean_name,
    clean_registration,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, numbering
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import joining_fees, member_files, members
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.membership.members import Entrant
from sacco_desktop.services.office import approvals, society, who_decides


@dataclass(frozen=True, slots=True)
class NewMembership:
    """Who wants to join; texts as typed. A group or an organisation has one name, in `first_name`, and the number of
    its certificate in `national_id`.
    """

    kind: MemberKind
    first_name: str
    other_names: str
    last_name: str
    national_id: str
    phone: str
    applied_on: date


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as its list shows one. `fee_cents` is expected; `receipt` is empty until it was taken. `warnings`
    counts what is missing or odd in the file.
    """

    application_id: int
    number: str
    kind: MemberKind
    full_name: str
    national_id: str
    phone: str
    applied_on: date
    fee_cents: int
    receipt: str
    status: str
    waits: bool
    member_number: str
    warnings: int
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it was neither decided nor withdrawn."""
        return self.status == "applied"

    @property
    def fee_is_open(self) -> bool:
        """Whether a fee is expected that was not taken."""
        return self.fee_cents > 0 and not self.receipt


@dataclass(frozen=True, slots=True)
class ApplicationAct:
    """An act on an application; `version` is that of the record the person looked at."""

    application_id: int
    version: int


def apply(work: Work, new: NewMembership) -> ApplicationRow:
    """Write an application and begin the applicant's file. Raises InvalidInput under the field that is wrong."""
    work.allow(Act.REGISTER_MEMBER)
    if new.applied_on > work.today:
        raise InvalidInput("An application cannot be dated in the future.", "applied_on")
    entrant = _entrant(work, new)
    sheet = MemberFile(changed_by=work.actor.user_id, changed_at=work.now)
    work.session.add(sheet)
    work.session.flush()
    row = MembershipApplication(
        number=application_number(numbering.next_in(work, "membership application")),
        file_id=sheet.id,
        kind=entrant.kind,
        first_name=entrant.first_name,
        other_names=entrant.other_names,
        last_name=entrant.last_name,
        national_id=entrant.national_id,
        phone=entrant.phone,
        applied_on=new.applied_on,
        fee_cents=int(society.setting(work, "membership.fee_cents", new.applied_on)),
        recorded_by=work.actor.user_id,
        recorded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, "wrote the membership application", row.number)
    work.changed(Topic.MEMBERS)
    return row_of(work, row.id)


def _entrant(work: Work, new: NewMembership) -> Entrant:
    if new.kind is MemberKind.PERSON:
        other = new.other_names.strip()
        names = (
            clean_name(new.first_name, "first_name"),
            clean_name(other, "other_names") if other else "",
            clean_name(new.last_name, "last_name"),
        )
        number = clean_identity(new.national_id, "national_id")
    else:
        names = (clean_name(new.first_name, "first_name"), "", "")
        number = clean_registration(new.national_id, "national_id")
    phone = members.unused_phone(work, new.phone)
    number = members.unused_identity(work, number)
    _refuse_second(work, number)
    return Entrant(*names, number, phone, new.kind.value)


def _refuse_second(work: Work, national_id: str) -> None:
    other = work.session.scalar(
        select(MembershipApplication).where(
            MembershipApplication.national_id == national_id,
            MembershipApplication.status == "applied",
        )
    )
    if other is not None:
        raise InvalidInput(
            f"{other.full_name} has applied with this number already, {other.number}. Is it the same"
            " person?",
            "national_id",
        )


def send(work: Work, act: ApplicationAct) -> str:
    """Ask a second person; returns words for who asked. Raises WrongState when it is closed or its fee not taken."""
    work.allow(Act.REGISTER_MEMBER)
    row = _open(work, act)
    if (
        row.fee_cents
        and not joining_fees.receipt_of(work, row)
        and society.yes_setting(work, "membership.fee_first")
    ):
        raise WrongState(
            f"The registration fee of {format_kes(row.fee_cents)} was not taken yet. Take it first, then"
            f" send {row.number} for approval."
        )
    request_id = approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.MEMBERSHIP,
            row.id,
            f"{row.full_name} · {row.number}, wants to join",
            row.fee_cents,
            content_now(work, row.id),
        ),
    )
    work.changed(Topic.MEMBERS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    return f"Sent for approval. {who or 'Nobody in this office yet'} can agree."


def withdraw(work: Work, act: ApplicationAct) -> ApplicationRow:
    """End an application that the applicant does not want any more; a fee that was taken stays taken."""
    work.allow(Act.REGISTER_MEMBER)
    row = _open(work, act)
    approvals.void_open(work, ApprovalKind.MEMBERSHIP, row.id, "The application was withdrawn.")
    row.status, row.closed_at = "withdrawn", work.now
    row.version += 1
    work.session.flush()
    audit.record(work, "withdrew the membership application", row.number)
    work.changed(Topic.MEMBERS)
    return row_of(work, row.id)


def content_now(work: Work, application_id: int) -> Content:
    """What the approval is bound to: the person, the fee, and the state of the file with what is odd about it."""
    row = load(work, application_id)
    sheet = member_files.sheet_of(work, Holder(application_id=row.id))
    return {
        "application": row.number,
        "name": row.full_name,
        "who": KIND_WORDS[MemberKind(row.kind)],
        "national_id": row.national_id,
        "phone": row.phone,
        "applied_on": row.applied_on.isoformat(),
        "fee_cents": row.fee_cents,
        "receipt": joining_fees.receipt_of(work, row),
        "file_version": sheet.version,
        "warnings": [[each.words] for each in sheet.warnings],
    }


def carry_out(work: Work, application_id: int, approved: bool) -> None:
    """Two people have agreed: the applicant is a member from today. After a no the application is closed."""
    row = load(work, application_id)
    row.status = "approved" if approved else "rejected"
    row.closed_at = work.now
    row.version += 1
    work.session.flush()
    if approved:
        entrant = Entrant(
            row.first_name, row.other_names, row.last_name, row.national_id, row.phone, row.kind
        )
        members.let_in(work, replace(entrant, file_id=row.file_id, application_id=row.id))
    else:
        audit.record(work, "closed the membership application", row.number)
    work.changed(Topic.MEMBERS, Topic.APPROVALS)


def load(work: Work, application_id: int) -> MembershipApplication:
    """The application's row. Raises NotFound."""
    row = work.session.get(MembershipApplication, application_id)
    if row is None:
        raise NotFound("There is no such application.")
    return row


def _open(work: Work, act: ApplicationAct) -> MembershipApplication:
    row = load(work, act.application_id)
    if row.version != act.version:
        raise changed_meanwhile(work, row.number)
    if row.status != "applied":
        raise WrongState(f"{row.number} is {row.status} already.")
    return row


def row_of(work: Work, application_id: int) -> ApplicationRow:
    """One application as its list shows one. Raises NotFound."""
    return _row(work, load(work, application_id))


def list_applications(work: Work, _nothing: None = None) -> tuple[ApplicationRow, ...]:
    """Every application, the newest first."""
    work.allow(Act.LOOK)
    found = work.session.scalars(
        select(MembershipApplication).order_by(MembershipApplication.id.desc())
    )
    return tuple(_row(work, row) for row in found)


def _row(work: Work, row: MembershipApplication) -> ApplicationRow:
    waits = approvals.waiting_for(work, ApprovalKind.MEMBERSHIP, row.id) is not None
    number = work.session.scalar(select(Member.number).where(Member.application_id == row.id))
    is_open = row.status == "applied"
    sheet = member_files.sheet_of(work, Holder(application_id=row.id)) if is_open else None
    return ApplicationRow(
        application_id=row.id,
        number=row.number,
        kind=MemberKind(row.kind),
        full_name=row.full_name,
        national_id=row.national_id,
        phone=row.phone,
        applied_on=row.applied_on,
        fee_cents=row.fee_cents,
        receipt=joining_fees.receipt_of(work, row),
        status=row.status,
        waits=waits,
        member_number=number or "",
        warnings=len(sheet.warnings) if sheet else 0,
        version=row.version,
    )
