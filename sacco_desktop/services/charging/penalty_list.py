"""What was charged: of everybody, of a member or of a loan, with what was paid and waived of each and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from sacco_desktop.db.tables import ApprovalRequest, Loan, Member, PenaltyCharge
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.penalties.terms import About
from sacco_desktop.domain.penalties.words import subject_words
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import approvals
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.penalties.penalty_rows import Kept

UNPAID, PART_PAID, PAID, WAIVED = "unpaid", "part paid", "paid", "waived"
WAIVER_ASKED, WRITTEN_OFF = "waiver asked", "written off"


@dataclass(frozen=True, slots=True)
class PenaltyQuestion:
    """Whose penalties: of a member, of a loan, or without either of everybody."""

    member_id: int | None = None
    loan_id: int | None = None


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """A charge as the list shows it, in cents; `what` is the rule, `why` what was late or missed."""

    charge_id: int
    member_id: int
    member_number: str
    member_name: str
    loan_id: int | None
    what: str
    why: str
    charged_on: date
    stage: int
    cents: int
    paid_cents: int
    waived_cents: int
    left_cents: int
    state: str
    entry_number: int | None


def list_penalties(work: Work, question: PenaltyQuestion) -> tuple[PenaltyRow, ...]:
    """The charges, the newest first."""
    work.allow(Act.LOOK)
    wanted: list[ColumnElement[bool]] = []
    if question.member_id is not None:
        wanted.append(PenaltyCharge.member_id == question.member_id)
    if question.loan_id is not None:
        wanted.append(PenaltyCharge.loan_id == question.loan_id)
    found = penalty_rows.read(work, *wanted)
    people = _people(work, found)
    asked, gone = _asked(work), _written_off(work, found)
    return tuple(
        _row(one, people[one.member_id], one.charge_id in asked, one.loan_id in gone)
        for one in reversed(found)
    )


def list_owed(work: Work, question: PenaltyQuestion) -> tuple[PenaltyRow, ...]:
    """Those of which something is left, the newest first."""
    return tuple(row for row in list_penalties(work, question) if row.left_cents)


def _row(one: Kept, member: Member, is_asked: bool, is_gone: bool) -> PenaltyRow:
    left = 0 if is_gone else one.left_cents
    return PenaltyRow(
        charge_id=one.charge_id,
        member_id=member.id,
        member_number=member.number,
        member_name=member.full_name,
        loan_id=one.loan_id,
        what=f"{one.name}, grown" if one.charged.stage else one.name,
        why=why_words(one),
        charged_on=one.charged.on,
        stage=one.charged.stage,
        cents=one.charged.cents,
        paid_cents=one.paid_cents,
        waived_cents=one.waived_cents,
        left_cents=left,
        state=_state(one, left, is_asked=is_asked, is_gone=is_gone),
        entry_number=one.entry_number,
    )


def why_words(one: Kept) -> str:
    """What was late or missed: `L-0001, instalment 3 due 16 Jun 2026`."""
    charged = one.charged
    return subject_words(About(one.about), charged.subject, charged.period, one.instalment)


def _state(one: Kept, left_cents: int, *, is_asked: bool, is_gone: bool) -> str:
    if is_gone and one.left_cents:
        return WRITTEN_OFF
    if not left_cents:
        return WAIVED if one.waived_cents and not one.paid_cents else PAID
    if is_asked:
        return WAIVER_ASKED
    return PART_PAID if one.paid_cents else UNPAID


def _people(work: Work, found: tuple[Kept, ...]) -> dict[int, Member]:
    ids = {one.member_id for one in found}
    if not ids:
        return {}
    return {row.id: row for row in work.session.scalars(select(Member).where(Member.id.in_(ids)))}


def _written_off(work: Work, found: tuple[Kept, ...]) -> set[int]:
    ids = {one.loan_id for one in found if one.loan_id is not None}
    gone = select(Loan.id).where(Loan.id.in_(ids), Loan.status == "written_off")
    return set(work.session.scalars(gone)) if ids else set()


def _asked(work: Work) -> set[int]:
    """The charges whose waiver waits for another person."""
    waiting = work.session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.kind == ApprovalKind.PENALTY_WAIVER.value,
            ApprovalRequest.status == ApprovalStatus.WAITING.value,
        )
    )
    found: set[int] = set()
    for request in waiting:
        lines = approvals.content_of(request).get("charges", [])
        if isinstance(lines, list):
            found |= {int(charge) for _words, _cents, charge in lines}
    return found
