"""A loan with what comes next for it, and who of the office can do that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalRequest, Loan, Payout
from sacco_desktop.domain.application_form import NOTHING_STATED, StatedForm
from sacco_desktop.domain.approval_levels import NEEDED
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.checklist import PaperStep
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_lines
from sacco_desktop.services.guarantors.guarantor_lines import GuarantorLine
from sacco_desktop.services.lending import (
    eligibility,
    from_deposits,
    loan_ends,
    loan_fees,
    loan_forms,
    loan_papers,
    loans,
)
from sacco_desktop.services.lending.loan_papers import PaperLine
from sacco_desktop.services.lending.loan_standing import LoanStanding, standing_of
from sacco_desktop.services.lending.loans import LoanDetail
from sacco_desktop.services.loan_figures import schedule_versions, top_up_figures
from sacco_desktop.services.office import approvals, given_approvals, society, users, who_decides
from sacco_desktop.services.payouts import loan_payouts, loan_rest, standing_holds

_BEFORE_PAID = ("submitted", "appraised", "approved", "disbursement_pending")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done, the act that it takes, and the full names of the people who can do it.

    Without an act it happens by itself, and `words` are a whole sentence. `is_mine` says that the actor is one of them.
    """

    words: str
    act: Act | None
    people: tuple[str, ...]
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class LoanSheet:
    """One loan with its next step. `closing_words` is the reason of a rejection, `paid_words` how much is paid out, and
    `standing` how it stands since then.

    `may_leave_rest` means that the actor may say now that what is not paid of it is not wanted. `checks` are the rules
    of its product, kept or not, until it is decided. `form` is what its paper states, empty for who may not read
    personal files; `papers` is its checklist until it is paid out. `fees_receipt` is that of the fees that are
    paid beside it, empty while they are not there.
    """

    detail: LoanDetail
    next_step: NextStep | None
    closing_words: str
    paid_words: str = ""
    standing: LoanStanding | None = None
    may_leave_rest: bool = False
    checks: tuple[Check, ...] = ()
    guarantors: tuple[GuarantorLine, ...] = ()
    may_ask_guarantors: bool = False
    may_call: bool = False
    may_take_for_guarantors: bool = False
    has_earlier_schedules: bool = False
    is_top_up: bool = False
    end_words: tuple[tuple[str, str], ...] = ()
    form: StatedForm = NOTHING_STATED
    papers: tuple[PaperLine, ...] = ()
    fees_receipt: str = ""
    is_agreed_anew: bool = False
    may_pay_from_deposits: bool = False


def sheet(work: Work, loan_id: int) -> LoanSheet:
    """Everything that the Loans page shows of one loan. Raises NotFound."""
    found = loans.detail(work, loan_id)
    loan = loans.load(work, loan_id)
    paid = loan_payouts.paid_parts(work, loan_id).words
    return LoanSheet(
        found,
        _next_step(work, loan),
        _rejection(work, loan_id),
        paid,
        standing_of(work, loan),
        _may_leave_rest(work, loan),
        _checks(work, loan),
        guarantor_lines.lines_of(work, loan.id),
        may(work.actor.roles, Act.APPLY_FOR_LOAN) and loan.status not in ("closed", "rejected"),
        may(work.actor.roles, Act.REQUEST_PAYOUT) and loan.status in ("active", "written_off"),
        may(work.actor.roles, Act.TAKE_REPAYMENT),
        schedule_versions.has_earlier(work, loan),
        top_up_figures.row_of(work, loan.id) is not None,
        loan_ends.words_of(work, loan),
        _form(work, loan.id),
        loan_papers.lines_of(work, loan) if loan.status in _BEFORE_PAID else (),
        loan_fees.receipt_of(work, loan.id),
        _is_agreed_anew(work, loan),
        may(work.actor.roles, Act.TAKE_REPAYMENT) and society.yes_setting(work, from_deposits.RULE),
    )


def _is_agreed_anew(work: Work, loan: Loan) -> bool:
    """Whether the schedule that holds is one that was agreed anew here."""
    change = schedule_versions.agreed_anew(work, loan)
    return (
        change is not None
        and change.kind == schedule_versions.RESCHEDULE
        and change.schedule == loan.schedule
    )


def _checks(work: Work, loan: Loan) -> tuple[Check, ...]:
    """The rules matter until the committee has decided."""
    return eligibility.checks_of(work, loan) if loan.status in ("submitted", "appraised") else ()


def _form(work: Work, loan_id: int) -> StatedForm:
    if not may(work.actor.roles, Act.READ_FILES):
        return NOTHING_STATED
    return loan_forms.of_loan(work, loan_id)


def _may_leave_rest(work: Work, loan: Loan) -> bool:
    if loan.status != "disbursement_pending" or not may(work.actor.roles, Act.REQUEST_PAYOUT):
        return False
    try:
        loan_rest.check_may_leave(work, loan)
    except WrongState:
        return False
    return True


def _next_step(work: Work, loan: Loan) -> NextStep | None:
    if loan.status == "submitted":
        return _step(work, "appraise it", Act.APPRAISE_LOAN)
    if loans.awaits_appraisal(work, loan):
        return _step(work, "appraise it again, since the request became void", Act.APPRAISE_LOAN)
    if loan.status == "appraised":
        return _decision(work, "decide on it", ApprovalKind.LOAN, loan.id)
    if loan.status == "approved" and not all(
        one.passed for one in loan_fees.checks_of(work, loan, PaperStep.PAYOUT)
    ):
        return _step(work, "take the fees that are paid beside it", Act.TAKE_DEPOSIT)
    if loan.status == "approved":
        return _step(work, "ask for its payout", Act.REQUEST_PAYOUT)
    if loan.status == "disbursement_pending":
        if loan_payouts.may_be_asked(work, loan):
            return _step(work, "ask for the part that was taken back", Act.REQUEST_PAYOUT)
        return _payout_step(work, loan.id)
    if loan.status == "active":
        return _step(work, "take a repayment", Act.TAKE_REPAYMENT)
    return None


def _payout_step(work: Work, loan_id: int) -> NextStep | None:
    """The step of the payment that is farthest behind; the parts of a loan stand next to each other."""
    open_ones = work.session.scalars(
        select(Payout)
        .where(
            Payout.loan_id == loan_id,
            Payout.status.in_([PayoutStatus.DRAFT, PayoutStatus.APPROVED, PayoutStatus.IN_FLIGHT]),
        )
        .order_by(Payout.id)
    ).all()
    if not open_ones:
        return None
    order = [PayoutStatus.DRAFT, PayoutStatus.APPROVED, PayoutStatus.IN_FLIGHT]
    payout = min(open_ones, key=lambda row: order.index(PayoutStatus(row.status)))
    its = f"part {payout.part} of its payout" if payout.parts > 1 else "its payout"
    if payout.status == PayoutStatus.DRAFT.value:
        return _decision(work, f"approve {its}", ApprovalKind.PAYOUT, payout.id)
    by_mpesa = payout.way == Way.MPESA.value
    if payout.status == PayoutStatus.APPROVED.value:
        held = standing_holds.standing(work, payout.id)
        if held is not None:
            return _step(work, f"release {its}, which {held.by} put on hold", Act.SEND_PAYOUT)
        approvers = given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout.id)
        barred = [approver.user_id for approver in approvers]
        if payout.way == Way.CASH.value:
            askers = given_approvals.askers_of(work, payout)
            return _step(work, f"pay {its}", Act.PAY_CASH, [*barred, *askers])
        return _step(work, f"{'send' if by_mpesa else 'pay'} {its}", Act.SEND_PAYOUT, barred)
    if by_mpesa:
        return NextStep("M-Pesa answers next. The page Payouts says what is known.", None, ())
    return _step(work, f"confirm {its}", Act.SETTLE_PAYOUT)


def _decision(work: Work, words: str, kind: ApprovalKind, subject_id: int) -> NextStep | None:
    request = approvals.waiting_for(work, kind, subject_id)
    if request is None:
        return None
    people = tuple(who_decides.names_who_can(work, request))
    is_mine = work.actor.full_name in people and may(work.actor.roles, NEEDED[kind])
    return NextStep(words, NEEDED[kind], people, is_mine)


def _step(work: Work, words: str, act: Act, barred: Iterable[int | None] = ()) -> NextStep:
    not_these = [user_id for user_id in barred if user_id is not None]
    is_mine = may(work.actor.roles, act) and work.actor.user_id not in not_these
    return NextStep(words, act, tuple(users.names_who_may(work, act, not_these=not_these)), is_mine)


def _rejection(work: Work, loan_id: int) -> str:
    words = work.session.scalar(
        select(ApprovalRequest.closing_words)
        .where(
            ApprovalRequest.kind == ApprovalKind.LOAN.value,
            ApprovalRequest.subject_id == loan_id,
            ApprovalRequest.status == "rejected",
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )
    return words or ""
