"""A payment that is proven meets the claim that a member made of its code."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, ReceiptClaim
from sacco_desktop.domain.claimed_codes import ClaimStatus, check_claim_move
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work

# What is proven or withdrawn meets nothing any more.
_MEETS = tuple(
    status.value for status in (ClaimStatus.OPEN, ClaimStatus.NOT_KNOWN, ClaimStatus.NOT_OURS)
)


def meet(work: Work, row: MpesaReceipt) -> None:
    """Say of a claimed code that its payment is there; with another sum than was said it goes to nobody by itself."""
    claim = work.session.scalar(
        select(ReceiptClaim).where(
            ReceiptClaim.code == row.receipt, ReceiptClaim.status.in_(_MEETS)
        )
    )
    if claim is None:
        return
    claim.receipt_id = row.id
    if row.amount_cents == claim.cents:
        move(work, claim, ClaimStatus.PROVEN, "The payment is there.")
    else:
        words = (
            f"The payment is there, and it is {format_kes(row.amount_cents)}, not {format_kes(claim.cents)}."
            " Share it out by hand."
        )
        move(work, claim, ClaimStatus.DIFFERS, words)
    audit.record(work, "proved a claimed code", row.receipt, {"status": claim.status})


def move(work: Work, claim: ReceiptClaim, new: ClaimStatus, words: str) -> None:
    """Move a claim by the table of moves. Raises WrongState for a move that is not in it."""
    old = ClaimStatus(claim.status)
    if old is not new:
        check_claim_move(old, new)
        claim.status = new.value
    if new not in (ClaimStatus.OPEN, ClaimStatus.NOT_KNOWN):
        claim.next_question_at = None
    claim.words = words[:400]
    claim.version += 1
    work.session.flush()
    work.changed(Topic.SAVINGS, Topic.MEMBERS)
