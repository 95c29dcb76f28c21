"""A loan that was agreed anew runs again as before: asked for with a reason, decided by the levels, while nothing
followed the agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, LoanChange, Repayment
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import SaccoError, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import due_instalments, loans, repayment_undoing
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows, schedule_versions
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, who_decides


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What taking the last agreement back would do: when and why it was made, the instalments that would be left again,
    and what of them has fallen due by now, in cents.
    """

    loan_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    agreed_on: date
    because: str
    rows: tuple[Instalment, ...]
    due_cents: int
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementBack:
    """Ask for it, with the reason; `version` is the one looked at."""

    loan_id: int
    version: int
    reason: str


def look(work: Work, loan_id: int) -> AgreementFacts:
    """The schedule that would hold again. Raises WrongState, naming what followed the agreement."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    change = _last_agreement(work, loan)
    rows = schedule_versions.rows_of(work, loan.id, change.replaced)
    found = loan_positions.position_by(work, loan, rows)
    left = {line.number for line in found.left if line.total_cents}
    member = members.named(work, loan.member_id)
    return AgreementFacts(
        loan.id,
        loan.version,
        loan.number,
        member.number,
        member.full_name,
        change.effective_on,
        change.reason,
        tuple(row for row in rows if row.number in left),
        found.due_cents(work.today),
        tuple(who_decides.names_for(work, ApprovalKind.RESCHEDULE_UNDONE, found.principal_cents)),
    )


def _last_agreement(work: Work, loan: Loan) -> LoanChange:
    change = schedule_versions.agreed_anew(work, loan)
    is_ours = change is not None and change.kind == schedule_versions.RESCHEDULE
    if loan.status != "active" or change is None or not is_ours:
        raise WrongState(f"{loan.number} does not run by a new agreement.")
    if change.schedule != loan.schedule:
        raise WrongState(
            f"The schedule of {loan.number} has changed again since it was agreed anew. Take that back first."
        )
    paid = work.session.scalars(
        select(Repayment)
        .where(
            Repayment.loan_id == loan.id,
            Repayment.taken_at >= change.made_at,
            # What had fallen due was paid from what was kept for it just before the agreement, in the same act.
            (Repayment.taken_at > change.made_at) | (Repayment.use != repayment_rows.PREPAYMENT),
        )
        .order_by(Repayment.id)
    ).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in paid])
    after = [row.receipt for row in paid if row.entry_number not in gone]
    if after:
        raise WrongState(
            f"{', '.join(after)} paid by the new agreement of {loan.number}. Reverse"
            f" {'it' if len(after) == 1 else 'them'} first."
        )
    return change


def ask(work: Work, back: AgreementBack) -> str:
    """Ask the committee; returns words for who asked. Raises WrongState, and InvalidInput without a reason."""
    work.allow(Act.APPRAISE_LOAN)
    reason = clean_reason(back.reason, "Write why the agreement is taken back.")
    loan = loans.load(work, back.loan_id)
    if loan.version != back.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, loan.id)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.RESCHEDULE_UNDONE,
            loan.id,
            f"{facts.member_name} · {loan.number}, agreement taken back",
            sum(row.principal_cents for row in facts.rows),
            _content(facts, reason),
        ),
    )
    work.changed(Topic.LOANS)
    return "Sent for approval. The new schedule holds until it is decided."


def content_now(work: Work, loan_id: int, asked: Content) -> Content:
    """What the approval is bound to, read anew: a repayment meanwhile makes it another content."""
    try:
        return _content(look(work, loan_id), str(asked["reason"]))
    except SaccoError as gone:
        return {"gone": gone.message, **asked}


def _content(facts: AgreementFacts, reason: str) -> Content:
    return {
        "loan": facts.number,
        "member": facts.member_number,
        "name": facts.member_name,
        "agreed_on": facts.agreed_on.isoformat(),
        "agreed_because": facts.because,
        "instalments_left": len(facts.rows),
        "due_cents": facts.due_cents,
        "reason": reason,
    }


def carry_out(work: Work, loan_id: int, content: Content) -> None:
    """The committee has agreed: interest that was booked by the new schedule is taken out, and the old one holds."""
    loan = loans.load(work, loan_id)
    change, why = _last_agreement(work, loan), str(content["reason"])
    repayment_undoing.restore_before(work, loan, change, why)
    repayment_rows.move_on(work, loan)
    due_instalments.catch_up(work, loan)
    audit.record(work, "took back the new agreement of", loan.number, {"why": why})
    work.changed(Topic.LOANS)
