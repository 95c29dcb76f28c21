"""A loan of which a part is paid and the rest is not wanted: two people agree, and it becomes what was paid.

Where the society so chose, the rest goes to the member's deposits instead, as a payout that is approved like every
other. Nothing here sends money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Payout
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.payout_parts import PayoutPart
from sacco_desktop.domain.payout_purposes import LOAN
from sacco_desktop.domain.payout_ways import NO_DESTINATION, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.schedule import Instalment, make_schedule
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, payout_terms, society, who_decides
from sacco_desktop.services.payouts import (
    forgotten_payments,
    loan_payouts,
    payout_drafts,
    standing_holds,
)
from sacco_desktop.services.payouts.payout_drafts import Draft
from sacco_desktop.services.payouts.payout_moves import move_payout

_UNSENT = (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value)


@dataclass(frozen=True, slots=True)
class RestNotWanted:
    """The member does not want what of this loan is not paid; `version` is that of the loan looked at."""

    loan_id: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class RestFacts:
    """What would become of the loan if the rest were not wanted; amounts in cents.

    `agreed_cents` is the loan as it was agreed, `amount_cents` as it would be: what the member has and the fees, which
    were taken off the first payment and stay. `schedule` is as if it began today. With `to_deposits` the loan stays as
    agreed and the rest goes to the member's deposits. `approvers` could agree.
    """

    loan_id: int
    version: int
    number: str
    member_name: str
    agreed_cents: int
    paid_cents: int
    rest_cents: int
    fees_cents: int
    amount_cents: int
    terms: LoanTerms
    schedule: tuple[Instalment, ...]
    to_deposits: bool
    approvers: tuple[str, ...]


def look(work: Work, loan_id: int) -> RestFacts:
    """What a person sees before asking. Raises WrongState, saying what stands in the way."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    check_may_leave(work, loan)
    paid = loan_payouts.paid_parts(work, loan_id).paid_cents
    fees = loan.amount_cents - loan.net_cents
    to_deposits = society.setting(work, "loan.rest_not_wanted") == "to_deposits"
    amount = loan.amount_cents if to_deposits else paid + fees
    terms = replace(loan_terms.terms_of(work, loan), principal_cents=amount)
    kind = ApprovalKind.PAYOUT if to_deposits else ApprovalKind.REST_NOT_WANTED
    return RestFacts(
        loan_id=loan.id,
        version=loan.version,
        number=loan.number,
        member_name=members.load(work, loan.member_id).full_name,
        agreed_cents=loan.amount_cents,
        paid_cents=paid,
        rest_cents=loan.net_cents - paid,
        fees_cents=fees,
        amount_cents=amount,
        terms=terms,
        schedule=make_schedule(terms, work.today),
        to_deposits=to_deposits,
        approvers=tuple(who_decides.names_for(work, kind, loan.amount_cents)),
    )


def check_may_leave(work: Work, loan: Loan) -> None:
    """Raise WrongState unless a part of the loan is paid, another is not, and none is on its way."""
    forgotten_payments.check_settled(work)
    if loan.status != "disbursement_pending":
        raise WrongState(f"{loan.number} is {loan.status}, so there is no rest that waits.")
    if not loan_payouts.paid_parts(work, loan.id).paid:
        raise WrongState(
            f"Nothing of {loan.number} is paid yet. Take its payout back instead; the loan is approved again."
        )
    on_its_way = work.session.scalar(
        select(Payout.number).where(
            Payout.loan_id == loan.id, Payout.status == PayoutStatus.IN_FLIGHT.value
        )
    )
    if on_its_way is not None:
        raise WrongState(
            f"{on_its_way} is on its way and may be paid. Wait until it is known, then say so again."
        )


def ask(work: Work, given: RestNotWanted) -> str:
    """Ask a second person to agree that the rest is not wanted; returns words for who asked. Raises WrongState,
    and InvalidInput without a reason.
    """
    work.allow(Act.REQUEST_PAYOUT)
    reason = " ".join(given.reason.split())
    if not reason:
        raise InvalidInput("Write why the rest is not wanted.", "reason")
    loan = loans.load(work, given.loan_id)
    if loan.version != given.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, loan.id)
    if facts.to_deposits:
        _ask_for_deposits(work, loan, reason)
        return "The rest goes to the member's deposits when a second person has approved it."
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.REST_NOT_WANTED,
            loan.id,
            f"{facts.member_name} · {loan.number}, rest not wanted",
            loan.amount_cents,
            content_now(work, loan.id, reason),
        ),
    )
    return "Sent for approval. Nothing has changed yet."


def content_now(work: Work, loan_id: int, reason: str) -> Content:
    """What the approval is bound to, read anew each time: a part that was paid meanwhile makes another content."""
    loan = loans.load(work, loan_id)
    member = members.load(work, loan.member_id)
    paid = loan_payouts.paid_parts(work, loan_id).paid_cents
    fees = loan.amount_cents - loan.net_cents
    terms = loan_terms.terms_of(work, loan)
    return {
        "loan": loan.number,
        "member": member.number,
        "name": member.full_name,
        "agreed_cents": loan.amount_cents,
        "rest_cents": loan.net_cents - paid,
        "amount_cents": paid + fees,
        "net_cents": paid,
        "fees_cents": fees,
        "terms": f"{loan.instalments}, {terms_words(terms)}",
        "reason": reason,
    }


def carry_out(work: Work, loan_id: int, content: Content) -> None:
    """Two people have decided: what was not paid is taken back, and the loan begins today with what was.

    Raises WrongState when something of it went on its way meanwhile.
    """
    loan = loans.load(work, loan_id)
    check_may_leave(work, loan)
    why = f"The rest of {loan.number} is not wanted: {content['reason']}"
    _take_unsent_back(work, loan, why)
    agreed = loan.amount_cents
    loan.net_cents, loan.amount_cents = (
        int(str(content["net_cents"])),
        int(str(content["amount_cents"])),
    )
    loan.asked_cents = min(loan.asked_cents, loan.amount_cents)
    # The sums and the status go together: the database lets them change in that one step only.
    loan.status = "active"
    work.session.flush()
    loans.become_active(work, loan.id, work.today)
    audit.record(
        work,
        "made a loan what was paid of it",
        loan.number,
        {"agreed": agreed, "cents": loan.amount_cents, "why": str(content["reason"])},
    )


def _ask_for_deposits(work: Work, loan: Loan, reason: str) -> None:
    """Each part that is not paid is asked for anew, all of it to the member's deposits."""
    why = f"The rest of {loan.number} goes to deposits: {reason}"
    _take_unsent_back(work, loan, why)
    member = members.load(work, loan.member_id)
    whole = loan_payouts.paid_parts(work, loan.id).parts
    for part, net_cents in loan_payouts.missing(work, loan):
        draft = Draft(
            purpose=LOAN,
            amounts=PayoutPart(net_cents, 0, net_cents, 0, 0),
            way=Way.MPESA,
            destination=NO_DESTINATION,
            phone=member.phone,
            member_id=member.id,
            loan=loan,
            part=part,
            parts=whole,
            rules=payout_terms.mpesa_rules(work),
        )
        payout_drafts.write(work, draft)
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS, Topic.PAYOUTS)
    audit.record(work, "sent the rest of a loan to deposits", loan.number, {"why": reason})


def _take_unsent_back(work: Work, loan: Loan, why: str) -> None:
    unsent = select(Payout).where(Payout.loan_id == loan.id, Payout.status.in_(_UNSENT))
    for payout in work.session.scalars(unsent.order_by(Payout.id)).all():
        approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, why)
        standing_holds.end(work, payout.id, why)
        move_payout(work, payout, PayoutStatus.CANCELLED, why)
