"""The checklist of a loan: which papers its product asks for, who has seen them and when, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, LoanPaper, User
from sacco_desktop.domain.checklist import NeededPaper, PaperStep, papers_check
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.membership import member_documents, members
from sacco_desktop.services.membership.member_documents import DocumentRow
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.office import society

_OVER = ("active", "closed", "rejected")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of the checklist; `seen_by` and `seen_at` say who ticked it, and `document_id` where it is kept."""

    code: str
    name: str
    before: PaperStep
    is_there: bool
    seen_by: str = ""
    seen_at: datetime | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of one loan, and those of the borrower's file that can be named for them."""

    loan_id: int
    loan_number: str
    member_name: str
    lines: tuple[PaperLine, ...]
    documents: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """One paper is there or not; `document_id` is the paper in the borrower's file, if it is kept there."""

    code: str
    is_there: bool
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ticks:
    """What somebody saw of a loan's papers."""

    loan_id: int
    ticks: tuple[Tick, ...]


def look(work: Work, loan_id: int) -> Checklist:
    """The checklist to be ticked. Raises NotFound."""
    work.allow(Act.READ_FILES)
    loan = _load(work, loan_id)
    documents = member_documents.list_documents(work, Holder(member_id=loan.member_id))
    member = members.load(work, loan.member_id)
    return Checklist(loan.id, loan.number, member.full_name, lines_of(work, loan), documents)


def tick(work: Work, new: Ticks) -> None:
    """Record what changed, with the day and the person. Raises InvalidInput, NotFound, WrongState."""
    work.allow_one_of(Act.APPLY_FOR_LOAN, Act.REQUEST_PAYOUT)
    loan = _load(work, new.loan_id)
    if loan.status in _OVER:
        raise WrongState(f"{loan.number} is {loan.status}; its papers are not looked at any more.")
    before = {line.code: line for line in lines_of(work, loan)}
    for one in new.ticks:
        line = before.get(one.code)
        if line is None:
            raise InvalidInput("This product does not ask for such a paper.", one.code)
        if (line.is_there, line.document_id) == (one.is_there, one.document_id):
            continue
        _write(work, loan, line, one)
    work.session.flush()
    work.changed(Topic.LOANS)


def _write(work: Work, loan: Loan, line: PaperLine, one: Tick) -> None:
    if one.document_id is not None:
        if not one.is_there:
            raise InvalidInput("A paper that is kept in the file is there.", one.code)
        kept = member_documents.list_documents(work, Holder(member_id=loan.member_id))
        if one.document_id not in {document.document_id for document in kept}:
            raise InvalidInput("This paper is not in the member's file any more.", one.code)
    work.session.add(
        LoanPaper(
            loan_id=loan.id,
            code=line.code,
            name=line.name,
            is_there=one.is_there,
            document_id=one.document_id,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    act = "saw a paper of a loan" if one.is_there else "missed a paper of a loan"
    audit.record(work, act, loan.number, {"paper": line.name})


def lines_of(work: Work, loan: Loan) -> tuple[PaperLine, ...]:
    """Every paper that the product of the loan asks for, as it stood at the application."""
    needed = _needed(work, loan)
    if not needed:
        return ()
    rows = work.session.execute(
        select(LoanPaper, User.full_name)
        .join(User, User.id == LoanPaper.recorded_by)
        .where(LoanPaper.loan_id == loan.id)
        .order_by(LoanPaper.id)
    )
    last = {row.code: (row, name) for row, name in rows}
    return tuple(_line(one, *last.get(one.code, (None, ""))) for one in needed)


def _line(needed: NeededPaper, row: LoanPaper | None, name: str) -> PaperLine:
    if row is None:
        return PaperLine(needed.code, needed.name, needed.before, is_there=False)
    return PaperLine(
        needed.code,
        needed.name,
        needed.before,
        row.is_there,
        name,
        row.recorded_at,
        row.document_id,
    )


def checks_of(work: Work, loan: Loan, step: PaperStep) -> tuple[Check, ...]:
    """Whether the papers of a step are there: one rule, or none where the product asks for no paper."""
    there = {line.code for line in lines_of(work, loan) if line.is_there}
    only_warns = society.setting(work, "loan.papers") == "warn"
    found = papers_check(_needed(work, loan), there, step, only_warns=only_warns)
    return () if found is None else (found,)


def _needed(work: Work, loan: Loan) -> tuple[NeededPaper, ...]:
    return loan_offers.product(work, loan.product_code, loan.applied_on).papers


def _load(work: Work, loan_id: int) -> Loan:
    loan = work.session.get(Loan, loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    return loan
