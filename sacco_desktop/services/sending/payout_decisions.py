"""What only people may decide about an uncertain payout, and what each decision needs before it is offered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.payouts import AttemptStatus, Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, relay_clock, statement_moments
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import approvals, society
from sacco_desktop.services.payouts import payout_drafts
from sacco_desktop.services.payouts.payout_moves import load_attempt, load_payout
from sacco_desktop.services.payouts.payout_settling import (
    ProvenPayment,
    raise_evidence,
    settle_failed,
)
from sacco_desktop.services.sending.payout_news import book_paid

_RECEIPT = re.compile(r"[A-Z0-9]{10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FailureConfirmed:
    """A person agrees with the notice and the answer that an attempt failed."""

    attempt_id: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class SeenOnStatement:
    """A person holds Safaricom's statement, which shows this payment with its receipt."""

    attempt_id: int
    version: int
    receipt: str
    paid_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class NotOnStatement:
    """A person holds Safaricom's statement, which does not show this payment."""

    attempt_id: int
    version: int
    reason: str


def may_confirm_failure(attempt: PayoutAttempt) -> bool:
    """A failed notice, and an agreeing answer to a question asked after it."""
    return (
        attempt.status == AttemptStatus.UNKNOWN.value
        and attempt.claim == "failed"
        and attempt.agreed_at is not None
    )


def confirm_failure(work: Work, given: FailureConfirmed) -> None:
    """Book an attempt as failed. Two people must then approve the payout anew. Raises WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    attempt = _checked(work, given.attempt_id, given.version)
    if not may_confirm_failure(attempt):
        raise WrongState(
            "A notice and a later answer of M-Pesa must both say so. Ask M-Pesa first."
        )
    if not given.reason.strip():
        raise InvalidInput("Write why you agree.", "reason")
    settle_failed(
        work, attempt, f"{attempt.claim_words} Confirmed by {work.actor.full_name}: {given.reason}"
    )


def confirm_paid(work: Work, seen: SeenOnStatement) -> str:
    """Book a payment, or prove one that is booked, by Safaricom's own statement in a person's hand."""
    work.allow(Act.SETTLE_PAYOUT)
    attempt = _checked(work, seen.attempt_id, seen.version)
    receipt = seen.receipt.strip().upper()
    if not _RECEIPT.fullmatch(receipt):
        raise InvalidInput("A receipt has 10 capital letters and digits.", "receipt")
    if not seen.reason.strip():
        raise InvalidInput("Write which statement shows it.", "reason")
    statement_moments.check_paid_at(work, attempt, seen.paid_at)
    payout = load_payout(work, attempt.payout_id)
    why = f"{work.actor.full_name} found it on the statement: {seen.reason.strip()}"
    if attempt.status == AttemptStatus.UNSENT.value:
        raise WrongState("This payment never reached M-Pesa. Look at the statement again.")
    words = book_paid(work, attempt, ProvenPayment(receipt, seen.paid_at, Evidence.VERIFIED, why))
    raise_evidence(work, payout, why)
    audit.record(work, "confirmed a payout by the statement", payout.number, {"receipt": receipt})
    return words


def not_known_long_enough(work: Work, attempt: PayoutAttempt) -> bool:
    """Whether M-Pesa has not known this payment, first and last the set hours apart, so that people may decide.

    On v1 M-Pesa cannot be asked about a payment for which it gave no id; then the hours alone must pass.
    """
    wait = timedelta(hours=society.number_setting(work, "payout.not_found_hours"))
    if attempt.status != AttemptStatus.UNKNOWN.value:
        return False
    if attempt.b2c_version == "v1" and attempt.conversation_id is None:
        return _waited(work, attempt) >= wait
    return (
        attempt.not_found_answers >= 2
        and attempt.first_not_found_at is not None
        and attempt.last_not_found_at is not None
        and attempt.last_not_found_at - attempt.first_not_found_at >= wait
    )


def _waited(work: Work, attempt: PayoutAttempt) -> timedelta:
    """By the relay that holds the intent. Before its note is read back nothing has passed; a payment that went out
    without a relay, where the society allows that, leaves only the clock of the PC.
    """
    by_relay = relay_clock.since_laid_down(work, attempt.originator_conversation_id)
    if by_relay is not None:
        return by_relay
    if society.yes_setting(work, "payout.send_without_relay"):
        return work.now - attempt.last_sent_at
    return timedelta(0)


def ask_not_paid(work: Work, given: NotOnStatement) -> int:
    """Ask a second person to agree that a payment did not leave. Returns the request's id. Raises WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    attempt = _checked(work, given.attempt_id, given.version)
    if not not_known_long_enough(work, attempt):
        hours = society.number_setting(work, "payout.not_found_hours")
        raise WrongState(
            f"M-Pesa must not know this payment twice over {hours} hours before two people may decide."
        )
    if not given.reason.strip():
        raise InvalidInput("Write which statement you looked at.", "reason")
    payout = load_payout(work, attempt.payout_id)
    return approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.PAYOUT_NOT_PAID,
            attempt.id,
            f"{payout_drafts.receiver_name(work, payout)} · {payout.number} did not leave",
            payout.mpesa_cents,
            {
                "payout": payout.number,
                "id": attempt.originator_conversation_id,
                "amount_cents": payout.mpesa_cents,
                "phone": payout.phone,
                "times_sent": attempt.times_sent,
                "reason": given.reason.strip(),
            },
        ),
    )


def carry_out_not_paid(work: Work, attempt_id: int, reason: str) -> None:
    """Two people have decided: book the attempt as failed, unless M-Pesa's news came meanwhile."""
    attempt = load_attempt(work, attempt_id)
    if not not_known_long_enough(work, attempt):
        raise WrongState(
            "There is newer news about this payment. Look at it again; nothing changed."
        )
    settle_failed(work, attempt, f"Two people found that it did not leave: {reason}")


def _checked(work: Work, attempt_id: int, version: int) -> PayoutAttempt:
    attempt = load_attempt(work, attempt_id)
    if attempt.version != version:
        raise WrongState(
            "There is newer news about this payment. Look at it again; nothing changed."
        )
    return attempt
