"""M-Pesa paid after we had booked the attempt as failed, or had taken its payout back as never sent: two people take
that back, or book what the member owes.

The money has left either way. Where nothing else was sent since, the attempt is a doubt again and M-Pesa's news settles
it like every other. Where the payout was sent anew meanwhile, the member has it twice and owes the second payment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Entry, Loan, Payout, PayoutAttempt, Question
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.posting_rules import PAID_TWICE, PaidTwice
from sacco_desktop.services.books import audit, ledger, open_days, statement_moments
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, given_approvals
from sacco_desktop.services.office.approvals import NewRequest
from sacco_desktop.services.payouts import payout_drafts
from sacco_desktop.services.payouts.payout_moves import (
    load_attempt,
    load_payout,
    move_attempt,
    move_payout,
)
from sacco_desktop.services.savings import payout_cover

_RECEIPT = re.compile(r"[A-Z0-9]{10}", re.ASCII)
_NEWER_NEWS = "There is newer news about this payment. Look at it again; nothing changed."
# What was never sent and waits for nobody who would send it.
_LET_GO = (PayoutStatus.DRAFT.value, PayoutStatus.CANCELLED.value)
_LIVING = ("unsent", "sending", "accepted", "unknown", "paid")


@dataclass(frozen=True, slots=True)
class FailureDoubted:
    """A notice or the statement says that a failed attempt was paid, and nothing was sent since."""

    attempt_id: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class SecondPayment:
    """A notice or the statement says that a failed attempt was paid, and the payout was sent anew meanwhile."""

    attempt_id: int
    version: int
    receipt: str
    paid_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LateFacts:
    """A failed attempt of which somebody says that it was paid: what it was, and whether the member may have it twice.

    `amount_cents` is what M-Pesa was asked to pay. `was_never_sent` means that nothing reached M-Pesa, as far
    as we know, and the payout was let go.
    """

    attempt_id: int
    version: int
    payout_number: str
    member_name: str
    phone: str
    amount_cents: int
    originator_conversation_id: str
    first_sent_at: datetime
    sent_anew: bool
    was_never_sent: bool = False


def look(work: Work, attempt_id: int) -> LateFacts:
    """The facts about an attempt that is held as not paid. Raises WrongState for any other."""
    work.allow(Act.LOOK)
    attempt = load_attempt(work, attempt_id)
    payout = load_payout(work, attempt.payout_id)
    _check_held_as_not_paid(attempt, payout)
    return LateFacts(
        attempt_id=attempt.id,
        version=attempt.version,
        payout_number=payout.number,
        member_name=payout_drafts.receiver_name(work, payout),
        phone=payout.phone,
        amount_cents=payout.mpesa_cents,
        originator_conversation_id=attempt.originator_conversation_id,
        first_sent_at=attempt.first_sent_at,
        sent_anew=was_sent_anew(work, attempt.id),
        was_never_sent=attempt.status == AttemptStatus.UNSENT.value,
    )


def failed_attempt_at(work: Work, tag: str | None) -> int | None:
    """The attempt, held as not paid, to whose address or to that of a question about it a notice came; None for all
    others. It failed, or it never left and its payout is not approved any more.
    """
    asked = select(Question.attempt_id).where(Question.tag == (tag or ""))
    return work.session.scalar(
        select(PayoutAttempt.id)
        .join(Payout, Payout.id == PayoutAttempt.payout_id)
        .where(
            (PayoutAttempt.tag == (tag or "")) | PayoutAttempt.id.in_(asked),
            (PayoutAttempt.status == AttemptStatus.FAILED.value)
            | ((PayoutAttempt.status == AttemptStatus.UNSENT.value) & Payout.status.in_(_LET_GO)),
        )
    )


def is_held_as_not_paid(attempt: PayoutAttempt, payout: Payout) -> bool:
    """Whether an attempt is booked as failed, or was let go as never sent; else there is nothing to take back."""
    if attempt.status == AttemptStatus.UNSENT.value:
        return payout.status in _LET_GO
    return attempt.status == AttemptStatus.FAILED.value


def was_sent_anew(work: Work, attempt_id: int) -> bool:
    """Whether this failed attempt's payout, or another in its place, lives: then the member may have it twice."""
    attempt = load_attempt(work, attempt_id)
    payout = load_payout(work, attempt.payout_id)
    attempts = select(PayoutAttempt.id).where(
        PayoutAttempt.payout_id == payout.id,
        PayoutAttempt.id != attempt.id,
        PayoutAttempt.status.in_(_LIVING),
    )
    if work.session.scalar(attempts.limit(1)) is not None:
        return True
    if payout.status != PayoutStatus.CANCELLED.value:
        return False
    return not payout_cover.has_room_again(work, payout)


def ask_take_back_failure(work: Work, given: FailureDoubted) -> int:
    """Ask a second person to agree that an attempt is a doubt again; returns the request's id. Raises WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    attempt = _failed(work, given.attempt_id, given.version)
    _check_reason(given.reason)
    _check_not_owed(work, attempt)
    if was_sent_anew(work, attempt.id):
        raise WrongState(
            "This payout was sent anew meanwhile, so the member may have it twice. Book what the member owes instead."
        )
    content = _content(work, attempt, given.reason)
    return _ask(work, ApprovalKind.FAILURE_TAKEN_BACK, attempt, "was paid after all", content)


def carry_out_take_back(work: Work, attempt_id: int, reason: str) -> None:
    """Two people have decided: the attempt is a doubt again, its payout is on its way, and M-Pesa is asked first."""
    attempt = load_attempt(work, attempt_id)
    payout = load_payout(work, attempt.payout_id)
    if not is_held_as_not_paid(attempt, payout) or was_sent_anew(work, attempt_id):
        raise WrongState(_NEWER_NEWS)
    _check_not_owed(work, attempt)
    was_cancelled = payout.status == PayoutStatus.CANCELLED.value
    words = f"Two people found that it may have been paid after all: {reason}"
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, words)
    _forget_failure(work, attempt)
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, words)
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, words)
    if was_cancelled and payout.loan_id is not None:
        loan = work.session.get_one(Loan, payout.loan_id)
        loan.status = "disbursement_pending"
        loan.version += 1
        work.changed(Topic.LOANS)
    audit.record(work, "took a failure back", payout.number, {"why": reason})


def _forget_failure(work: Work, attempt: PayoutAttempt) -> None:
    """What spoke for the failure counts no more; the history and the raw notices keep it."""
    attempt.claim = attempt.claim_code = attempt.claim_words = ""
    attempt.claimed_at = attempt.agreed_at = attempt.settled_at = None
    attempt.not_found_answers = 0
    attempt.first_not_found_at = attempt.last_not_found_at = None
    attempt.next_question_at = work.now


def ask_paid_twice(work: Work, given: SecondPayment) -> int:
    """Ask a second person to agree that the member owes a payment that M-Pesa made besides the one in the books.

    Returns the request's id. Raises WrongState, and InvalidInput for a receipt that is in the books already.
    """
    work.allow(Act.SETTLE_PAYOUT)
    attempt = _failed(work, given.attempt_id, given.version)
    _check_reason(given.reason)
    receipt = _checked_receipt(work, given.receipt)
    _check_not_owed(work, attempt)
    statement_moments.check_paid_at(work, attempt, given.paid_at)
    if not was_sent_anew(work, attempt.id):
        raise WrongState(
            "Nothing was sent in its place, so the member has it once. Take the failure back instead."
        )
    content = {
        **_content(work, attempt, given.reason),
        "receipt": receipt,
        "paid_on": business_date(given.paid_at).isoformat(),
    }
    return _ask(work, ApprovalKind.PAID_TWICE, attempt, "was paid twice", content)


def carry_out_paid_twice(work: Work, attempt_id: int, content: Content) -> int:
    """Two people have decided: post what the member owes and return the entry's number."""
    attempt = load_attempt(work, attempt_id)
    payout = load_payout(work, attempt.payout_id)
    if not is_held_as_not_paid(attempt, payout) or not was_sent_anew(work, attempt_id):
        raise WrongState(_NEWER_NEWS)
    receipt = _checked_receipt(work, str(content["receipt"]))
    on = open_days.open_day(work, date.fromisoformat(str(content["paid_on"])))
    owner = payout.payee
    if payout.member_id is not None:
        owner = members.load(work, payout.member_id).number
    posted = ledger.post(
        work,
        posting_rules.paid_twice(PaidTwice(payout.number, owner, payout.mpesa_cents, receipt, on)),
    )
    charge = posting_rules.b2c_charge(payout.charge_cents, payout.number, receipt, on)
    if charge is not None:
        ledger.post(work, charge)
    audit.record(work, "booked a second payment", payout.number, {"receipt": receipt})
    work.changed(Topic.PAYOUTS, Topic.MEMBERS)
    return posted.number


_OWED_FOR = Lookup(
    select(Entry.number)
    .where(Entry.kind == PAID_TWICE, Entry.reference == bindparam("receipt"))
    .limit(1)
)


def booked_as_owed(work: Work, receipt: str) -> int | None:
    """The entry in which a second payment with this receipt stands, or None."""
    return _OWED_FOR.value(work.session, receipt=receipt)


def _failed(work: Work, attempt_id: int, version: int) -> PayoutAttempt:
    attempt = load_attempt(work, attempt_id)
    if attempt.version != version:
        raise WrongState(_NEWER_NEWS)
    _check_held_as_not_paid(attempt, load_payout(work, attempt.payout_id))
    return attempt


def _check_held_as_not_paid(attempt: PayoutAttempt, payout: Payout) -> None:
    if not is_held_as_not_paid(attempt, payout):
        raise WrongState("This payment is not booked as failed, so there is nothing to take back.")


def _check_not_owed(work: Work, attempt: PayoutAttempt) -> None:
    """M-Pesa pays under one id once, so what is booked as owed is neither taken back nor owed again."""
    if given_approvals.given_for(work, ApprovalKind.PAID_TWICE, attempt.id) is not None:
        raise WrongState(
            "This payment is booked as owed by the member already, so there is nothing more to book."
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Write which notice or statement shows that it was paid.", "reason")


def _checked_receipt(work: Work, text: str) -> str:
    receipt = text.strip().upper()
    if not _RECEIPT.fullmatch(receipt):
        raise InvalidInput("A receipt has 10 capital letters and digits.", "receipt")
    used = work.session.scalar(select(Payout.number).where(Payout.receipt == receipt))
    if used is not None:
        raise InvalidInput(f"{receipt} is the receipt of {used}, which is in the books.", "receipt")
    entry = booked_as_owed(work, receipt)
    if entry is not None:
        raise InvalidInput(f"{receipt} is in the books already, in entry {entry}.", "receipt")
    return receipt


def _content(work: Work, attempt: PayoutAttempt, reason: str) -> dict[str, str | int]:
    payout = load_payout(work, attempt.payout_id)
    return {
        "payout": payout.number,
        "id": attempt.originator_conversation_id,
        "amount_cents": payout.mpesa_cents,
        "phone": payout.phone,
        "reason": reason.strip(),
    }


def _ask(
    work: Work, kind: ApprovalKind, attempt: PayoutAttempt, what: str, content: Content
) -> int:
    payout = load_payout(work, attempt.payout_id)
    about = f"{payout_drafts.receiver_name(work, payout)} · {payout.number} {what}"
    return approvals.ask(work, NewRequest(kind, attempt.id, about, payout.mpesa_cents, content))
