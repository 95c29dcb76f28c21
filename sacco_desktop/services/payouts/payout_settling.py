"""What happens in the books when a payout is settled: paid posts the journal in the same transaction, failed
posts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.db.tables import HandOver, Payout, PayoutAttempt
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.payout_ways import Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books import audit, ledger, open_days, relay_clock
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loans, top_ups
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import approvals
from sacco_desktop.services.payouts import loan_payouts
from sacco_desktop.services.payouts.payout_moves import (
    PROVEN,
    load_payout,
    move_attempt,
    move_payout,
    note_evidence,
)
from sacco_desktop.services.payouts.payout_postings import entry_of


@dataclass(frozen=True, slots=True)
class ProvenPayment:
    """That M-Pesa paid: under which receipt, when, and how well that is known."""

    receipt: str
    paid_at: datetime
    evidence: Evidence
    why: str


def settle_paid(work: Work, attempt: PayoutAttempt, proof: ProvenPayment, **learnt: object) -> None:
    """Move attempt, with what was learnt of it, and payout to PAID and post the disbursement, once: PAID is never left
    and never entered twice.
    """
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.PAID, proof.why, **learnt)
    _post(work, payout, proof, not_before=business_date(attempt.first_sent_at))
    audit.record(
        work, "booked a paid payout", payout.number, {"receipt": proof.receipt, "why": proof.why}
    )


def settle_without_mpesa(work: Work, payout: Payout) -> None:
    """Settle a payout that is too small for M-Pesa: all of it goes to the member's deposits, and nothing is sent."""
    why = "Too small for M-Pesa, so it went to the member's deposits."
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, why)
    proof = ProvenPayment("", work.now, Evidence.VERIFIED, why)
    _post(work, payout, proof, not_before=work.today)
    audit.record(work, "booked a payout to deposits", payout.number)


def settle_by_hand(work: Work, payout: Payout, handed: HandOver, proof: ProvenPayment) -> None:
    """Post a payout that a person has handed over, close the hand-over with its entry, and move the payout to PAID."""
    paid_on = _paid_on(work, proof, not_before=business_date(handed.made_at))
    handed.paid_entry = _book(work, payout, proof, paid_on)
    handed.outcome = Outcome.PAID.value
    handed.closed_by, handed.closed_at = work.actor.user_id, work.now
    work.session.flush()
    _be_paid(work, payout, proof, handed.paid_entry, paid_on)
    detail: audit.Detail = {"way": payout.way, "reference": proof.receipt}
    audit.record(work, "booked a payout paid by hand", payout.number, detail)


def _post(work: Work, payout: Payout, proof: ProvenPayment, not_before: date) -> None:
    paid_on = _paid_on(work, proof, not_before)
    _be_paid(work, payout, proof, _book(work, payout, proof, paid_on), paid_on)


def _paid_on(work: Work, proof: ProvenPayment, not_before: date) -> date:
    """The date is the word of whoever paid, but nothing was paid before it left or on a day that has not come.

    Where the clock of this PC says that it has not come, the relays are asked: theirs is the better one.
    """
    paid_on = max(business_date(proof.paid_at), not_before)
    if paid_on <= work.today:
        return paid_on
    return min(paid_on, business_date(relay_clock.latest(work)))


def _book(work: Work, payout: Payout, proof: ProvenPayment, paid_on: date) -> int:
    """Post the entry, and that of M-Pesa's charge; returns the number of the first."""
    on = open_days.open_day(work, paid_on)
    entry = entry_of(work, payout, proof.receipt or payout.number, on)
    posted = ledger.post(work, entry)
    top_ups.clear(work, payout, entry)
    charge = posting_rules.b2c_charge(payout.charge_cents, payout.number, proof.receipt, on)
    if charge is not None:
        ledger.post(work, charge)
    return posted.number


def _be_paid(
    work: Work, payout: Payout, proof: ProvenPayment, entry_number: int, paid_on: date
) -> None:
    move_payout(
        work,
        payout,
        PayoutStatus.PAID,
        proof.why,
        # One transfer of a bank may carry many payments, so its reference is no receipt that counts once.
        receipt=proof.receipt if payout.way == Way.MPESA.value and proof.receipt else None,
        paid_at=proof.paid_at,
        evidence=proof.evidence.value,
        entry_number=entry_number,
    )
    if proof.evidence is Evidence.VERIFIED:
        note_evidence(work, payout.id, PROVEN, proof.why)
    if payout.loan_id is not None:
        _finish_loan(work, payout.loan_id, paid_on)
        notices.loan_paid_out(work, loans.load(work, payout.loan_id), payout, paid_on)
    work.changed(Topic.MEMBERS)


def _finish_loan(work: Work, loan_id: int, paid_on: date) -> None:
    """With its last part a loan becomes active; before that it waits for the others."""
    loan = loans.load(work, loan_id)
    if loan_payouts.paid_parts(work, loan_id).paid_cents == loan.net_cents:
        loans.become_active(work, loan_id, paid_on)
    else:
        loan.version += 1
        work.session.flush()
        work.changed(Topic.LOANS)


def settle_failed(work: Work, attempt: PayoutAttempt, why: str) -> None:
    """Move an attempt to FAILED, which is proven, and its payout back to where two people must approve anew."""
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.FAILED, why)
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, f"The payment failed: {why}")
    move_payout(work, payout, PayoutStatus.DRAFT, why, fingerprint="")
    audit.record(work, "booked a failed payout", payout.number, {"why": why})


def raise_evidence(work: Work, payout: Payout, why: str) -> None:
    """Mark a paid payout as proven by an independent source."""
    if payout.evidence == Evidence.VERIFIED.value:
        return
    payout.evidence = Evidence.VERIFIED.value
    payout.version += 1
    note_evidence(work, payout.id, PROVEN, why)
    audit.record(work, "verified a payout", payout.number, {"why": why})
    work.changed(Topic.PAYOUTS)
