"""What happens in the books when a payout is settled: paid posts the journal in the same transaction, failed
posts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.db.tables import Payout, PayoutAttempt
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.posting_rules import LoanPaidOut
from sacco_desktop.services import approvals, audit, ledger, loans, members
from sacco_desktop.services.payout_moves import load_payout, move_attempt, move_payout
from sacco_desktop.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class ProvenPayment:
    """That M-Pesa paid: under which receipt, when, and how well that is known."""

    receipt: str
    paid_at: datetime
    evidence: Evidence
    why: str


def settle_paid(work: Work, attempt: PayoutAttempt, proof: ProvenPayment) -> None:
    """Move attempt and payout to PAID and post the disbursement, once: PAID is never left and never entered twice."""
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.PAID, proof.why)
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


def _post(work: Work, payout: Payout, proof: ProvenPayment, not_before: date) -> None:
    loan = loans.load(work, payout.loan_id or 0)
    member = members.load(work, payout.member_id)
    # The date is M-Pesa's own word, but nothing was paid before it was sent or on a day that has not come.
    paid_on = min(max(business_date(proof.paid_at), not_before), work.today)
    on = ledger.open_day(work, paid_on)
    name = f"Loan {loan.number} of {member.full_name}"
    ledger.open_sub_account(work, loan.loan_control, loan.number, name)
    posted = ledger.post(
        work,
        posting_rules.loan_disbursement(
            LoanPaidOut(
                loan_number=loan.number,
                member_number=member.number,
                loan_control=loan.loan_control,
                gross_cents=loan.amount_cents,
                deductions=loans.deductions_of(work, loan.id),
                mpesa_cents=payout.mpesa_cents,
                leftover_cents=payout.deposits_cents,
                receipt=proof.receipt or payout.number,
                on=on,
            )
        ),
    )
    charge = posting_rules.b2c_charge(payout.charge_cents, payout.number, proof.receipt, on)
    if charge is not None:
        ledger.post(work, charge)
    payout.receipt = proof.receipt or None
    payout.paid_at = proof.paid_at
    payout.evidence = proof.evidence.value
    payout.entry_number = posted.number
    move_payout(work, payout, PayoutStatus.PAID, proof.why)
    loans.become_active(work, loan.id, paid_on)
    work.changed(Topic.MEMBERS)


def settle_failed(work: Work, attempt: PayoutAttempt, why: str) -> None:
    """Move an attempt to FAILED, which is proven, and its payout back to where two people must approve anew."""
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.FAILED, why)
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, f"The payment failed: {why}")
    payout.fingerprint = ""
    move_payout(work, payout, PayoutStatus.DRAFT, why)
    audit.record(work, "booked a failed payout", payout.number, {"why": why})


def raise_evidence(work: Work, payout: Payout, why: str) -> None:
    """Mark a paid payout as proven by an independent source."""
    if payout.evidence == Evidence.VERIFIED.value:
        return
    payout.evidence = Evidence.VERIFIED.value
    payout.version += 1
    work.session.flush()
    audit.record(work, "verified a payout", payout.number, {"why": why})
    work.changed(Topic.PAYOUTS)
