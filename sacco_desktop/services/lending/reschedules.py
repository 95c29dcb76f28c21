"""A running loan is agreed anew: the schedule before and after, asked for with a reason and decided by the levels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain import reschedule
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.domain.reschedule import Anew
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import due_instalments, loans
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows, schedule_versions
from sacco_desktop.services.loan_figures.schedule_versions import AgreedAnew, NextVersion
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, who_decides

_MOST_INSTALMENTS = 480


@dataclass(frozen=True, slots=True)
class RescheduleQuestion:
    """What if what is outstanding of this loan was repaid in so many instalments from today on?"""

    loan_id: int
    instalments: int


@dataclass(frozen=True, slots=True)
class RescheduleFacts:
    """The loan before and after. `was` are the instalments that are left now, `days_late` how late it is, `version`
    that of the loan looked at, and `approvers` could agree.
    """

    loan_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    days_late: int
    was: tuple[Instalment, ...]
    anew: Anew
    terms: str
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RescheduleWish:
    """Ask for it, with the reason that the member or the office has."""

    loan_id: int
    version: int
    instalments: int
    reason: str


def look(work: Work, question: RescheduleQuestion) -> RescheduleFacts:
    """The schedule before and after, as if it were agreed today. Raises WrongState, and InvalidInput under
    `instalments`.
    """
    work.allow(Act.LOOK)
    loan = loans.load(work, question.loan_id)
    if loan.status != "active":
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}; only a loan that runs is agreed anew."
        )
    if not 1 <= question.instalments <= _MOST_INSTALMENTS:
        raise InvalidInput(f"Write 1 to {_MOST_INSTALMENTS} instalments.", "instalments")
    member = members.named(work, loan.member_id)
    found = loan_positions.position_of(work, loan)
    running = schedule_versions.running_of(work, loan)
    anew = reschedule.agree_anew(running, found, work.today, question.instalments)
    left = {line.number for line in found.left if line.total_cents}
    terms = reschedule.terms_over(running.terms, anew.principal_cents, question.instalments)
    return RescheduleFacts(
        loan.id,
        loan.version,
        loan.number,
        member.number,
        member.full_name,
        _late(loan, work.today),
        tuple(row for row in running.rows if row.number in left),
        anew,
        terms_words(terms),
        tuple(who_decides.names_for(work, ApprovalKind.LOAN_RESCHEDULE, anew.principal_cents)),
    )


def _late(loan: Loan, today: date) -> int:
    since = loan.unpaid_since
    return days_late(since, today) if since is not None and since < today else 0


def ask(work: Work, wish: RescheduleWish) -> str:
    """Ask the committee; returns words for who asked. Raises WrongState, and InvalidInput without a reason."""
    work.allow(Act.APPRAISE_LOAN)
    reason = clean_reason(wish.reason, "Write why the loan is agreed anew.")
    loan = loans.load(work, wish.loan_id)
    if loan.version != wish.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, RescheduleQuestion(loan.id, wish.instalments))
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.LOAN_RESCHEDULE,
            loan.id,
            f"{facts.member_name} · {loan.number}, agreed anew",
            facts.anew.principal_cents,
            _content(facts, reason),
        ),
    )
    work.changed(Topic.LOANS)
    return "Sent for approval. The old schedule holds until it is decided."


def content_now(work: Work, loan_id: int, asked: Content) -> Content:
    """What the approval is bound to, read anew: a repayment meanwhile makes it another content."""
    question = RescheduleQuestion(loan_id, int(str(asked.get("instalments", 1))))
    try:
        facts = look(work, question)
    except SaccoError as gone:
        return {"gone": gone.message, **asked}
    return _content(facts, str(asked["reason"]))


def _content(facts: RescheduleFacts, reason: str) -> Content:
    return {
        "loan": facts.number,
        "member": facts.member_number,
        "name": facts.member_name,
        "outstanding_cents": facts.anew.principal_cents,
        "carried_cents": facts.anew.carried_cents,
        "instalments_left": len(facts.was),
        "instalments": len(facts.anew.new_rows),
        "terms": facts.terms,
        "reason": reason,
    }


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """The committee has agreed: from today on the new schedule holds, and the old one stays readable."""
    loan = work.session.scalars(select(Loan).where(Loan.number == str(content["loan"]))).one()
    # What falls due today is booked by the schedule that it fell due by.
    due_instalments.catch_up(work, loan)
    late = _late(loan, work.today)
    running = schedule_versions.running_of(work, loan)
    found = loan_positions.position_of(work, loan)
    anew = reschedule.agree_anew(running, found, work.today, int(str(content["instalments"])))
    schedule_versions.write(
        work,
        loan,
        NextVersion(
            schedule_versions.RESCHEDULE,
            work.today,
            anew.rows,
            reason=str(content["reason"]),
            agreed=AgreedAnew(
                anew.principal_cents,
                len(anew.new_rows),
                work.today,
                anew.before,
                request_id,
                late,
            ),
        ),
    )
    repayment_rows.move_on(work, loan)
    audit.record(
        work,
        "agreed a loan anew",
        loan.number,
        {"instalments": len(anew.new_rows), "cents": anew.principal_cents, "days_late": late},
    )
