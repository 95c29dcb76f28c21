"""The committee approves less than was asked for: the request for more is void, and the smaller loan is decided on."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import ApprovalRequest, Loan
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import ChangedMeanwhile, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.smaller_sum import MayLower, Wanted, check_smaller
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.lending import eligibility, loan_forms, loan_sums, loans
from sacco_desktop.services.lending.loan_sums import Resized
from sacco_desktop.services.office import approvals, who_decides
from sacco_desktop.services.office.approvals import NewRequest, Verdict


@dataclass(frozen=True, slots=True)
class LessVerdict:
    """One person's yes to less than the request on the screen asks for; cents as the member asks for them, before fees
    that are lent with the loan. `fingerprint` is that of the content on the screen.
    """

    request_id: int
    fingerprint: str
    cents: int
    instalments: int
    reason: str


@dataclass(frozen=True, slots=True)
class LessQuestion:
    """What would the loan of this request be with another sum and term?"""

    request_id: int
    cents: int
    instalments: int


@dataclass(frozen=True, slots=True)
class LessSheet:
    """What the form begins with: what is asked for now, and what of it may be smaller."""

    request_id: int
    fingerprint: str
    about: str
    asked: Wanted
    may: MayLower


def look(work: Work, request_id: int) -> LessSheet:
    """The sheet for the form. Raises NotFound, WrongState for a request that is about no loan."""
    work.allow(Act.LOOK)
    request, loan = _loan_of(work, request_id)
    asked = Wanted(loan.asked_cents, loan.instalments)
    may = loan_sums.may_lower(work)
    return LessSheet(request.id, request.fingerprint, request.about, asked, may)


def preview(work: Work, question: LessQuestion) -> Resized:
    """The loan as it would be. Raises NotAllowed, and InvalidInput under `amount` or `instalments`."""
    work.allow(Act.LOOK)
    _request, loan = _loan_of(work, question.request_id)
    asked, to = (
        Wanted(loan.asked_cents, loan.instalments),
        Wanted(question.cents, question.instalments),
    )
    check_smaller(asked, to, loan_sums.may_lower(work))
    return loan_sums.reckon(work, loan, to)


def approve_less(work: Work, less: LessVerdict, sitting_id: int | None = None) -> Decided:
    """Lower the loan, ask anew in the name of who asked for more, and say yes to that: whoever decided before decides
    anew, since it was on another sum.

    Raises NotAllowed, SamePerson, AlreadyDecided, OverLimit, ChangedMeanwhile, WrongState, InvalidInput under `amount`,
    `instalments` or `reason`, and SaccoError where the smaller loan breaks a rule of its product.
    """
    request, loan = _loan_of(work, less.request_id)
    who_decides.check_may_decide(work, request)
    if less.fingerprint != request.fingerprint:
        raise ChangedMeanwhile("What you were shown has changed since. Read it again.")
    to = Wanted(less.cents, less.instalments)
    asked_by = request.asked_by
    loan_sums.lower(work, loan, to, less.reason, request.id)
    loan_forms.keep_checks(work, loan, eligibility.check(work, loan, "approved"))
    words = f"The committee decides on {to.words} in its place."
    approvals.void_open(work, ApprovalKind.LOAN, loan.id, words)
    new_id = approvals.ask(
        work,
        NewRequest(
            ApprovalKind.LOAN,
            loan.id,
            request.about,
            loan.amount_cents,
            loans.approval_content(work, loan.id),
            asked_by=asked_by,
        ),
    )
    shown = approvals.load(work, new_id).fingerprint
    verdict = Verdict(new_id, shown, Decision.APPROVE, less.reason)
    decided = decisions.decide(work, verdict, sitting_id)
    return Decided(decided.status, f"{format_kes(to.cents)} in place of more. {decided.words}")


def _loan_of(work: Work, request_id: int) -> tuple[ApprovalRequest, Loan]:
    request = approvals.load(work, request_id)
    if request.kind != ApprovalKind.LOAN.value:
        raise WrongState("Only a loan is approved for less than was asked for.")
    return request, loans.load(work, request.subject_id)
