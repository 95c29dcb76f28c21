"""Payments to the paybill that are given back, codes that members show, and our questions to M-Pesa about both."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_LIVES = text("status NOT IN ('failed', 'dropped')")
_STANDS = text("status <> 'dropped'")


class ReceiptReversal(Table):
    """One taking back of a whole payment through M-Pesa, in cents; at most one lives for a payment. It is committed
    before M-Pesa is asked, and `tag` is the secret end of the address for its result.

    `originator_id` and `conversation_id` are M-Pesa's own and stay empty where its answer was lost. `claim` is what a
    notice said before a question proved it. `entry_number` takes the payment out of the books.
    """

    __tablename__ = "receipt_reversal"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('asked', 'approved', 'sending', 'accepted', 'unknown', 'done', 'failed', 'dropped')",
            "status_is_known",
        ),
        CheckConstraint("cents > 0 AND cents % 100 = 0", "whole_shillings"),
        CheckConstraint("evidence IN ('', 'claimed', 'verified')", "evidence_is_known"),
        CheckConstraint("(status = 'done') = (entry_number IS NOT NULL)", "done_has_its_entry"),
        CheckConstraint("(status = 'done') = (evidence <> '')", "done_has_its_evidence"),
        CheckConstraint("claim IN ('', 'failed')", "claim_is_known"),
        Index(
            "uq_receipt_reversal_receipt_id_lives",
            "receipt_id",
            unique=True,
            sqlite_where=_LIVES,
            postgresql_where=_LIVES,
        ),
        Index("ix_receipt_reversal_status", "status", "next_question_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    cents: Mapped[int]
    reason: Mapped[str] = mapped_column(PersonalText("receipt_reversal.reason"))
    status: Mapped[str]
    words: Mapped[str] = mapped_column(PersonalText("receipt_reversal.words"), default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    relay_id: Mapped[int | None] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str | None] = mapped_column(unique=True)
    times_sent: Mapped[int] = mapped_column(default=0)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]
    originator_id: Mapped[str] = mapped_column(default="")
    conversation_id: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    claim: Mapped[str] = mapped_column(default="")
    claimed_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    questions_asked: Mapped[int] = mapped_column(default=0)
    next_question_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    http_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(PersonalText("receipt_reversal.answer"), default="")
    version: Mapped[int] = mapped_column(default=1)


class ReceiptClaim(Table):
    """A code of M-Pesa that a member shows for a payment of which nobody has told us, in cents; it counts for nobody
    before M-Pesa or the statement proves it. `purpose` is one of
    `domain/receipt_purposes.py` or the code of a product.
    """

    __tablename__ = "receipt_claim"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('open', 'proven', 'differs', 'not_ours', 'not_known', 'dropped')",
            "status_is_known",
        ),
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint(
            "(purpose IN ('loan', 'loan-fees')) = (loan_id IS NOT NULL)", "loan_has_its_number"
        ),
        CheckConstraint(
            "(receipt_id IS NOT NULL) = (status IN ('proven', 'differs'))", "proven_by_its_payment"
        ),
        Index(
            "uq_receipt_claim_code_stands",
            "code",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_receipt_claim_member_id", "member_id"),
        Index("ix_receipt_claim_status", "status", "next_question_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str]
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    cents: Mapped[int]
    paid_on: Mapped[date]
    status: Mapped[str]
    words: Mapped[str] = mapped_column(PersonalText("receipt_claim.words"), default="")
    claimed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    claimed_at: Mapped[datetime]
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("mpesa_receipt.id"), unique=True)
    questions_asked: Mapped[int] = mapped_column(default=0)
    not_known_at: Mapped[datetime | None]
    next_question_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ReceiptQuestion(Table):
    """A question to M-Pesa about a claimed code, or about taking a payment back: a row before it is asked."""

    __tablename__ = "receipt_question"
    __table_args__ = strict(
        CheckConstraint("(claim_id IS NULL) <> (reversal_id IS NULL)", "about_one_thing"),
        CheckConstraint(
            "state IN ('asking', 'accepted', 'answered', 'unanswered')", "state_is_known"
        ),
        Index("ix_receipt_question_claim_id", "claim_id"),
        Index("ix_receipt_question_reversal_id", "reversal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("receipt_claim.id"))
    reversal_id: Mapped[int | None] = mapped_column(ForeignKey("receipt_reversal.id"))
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    conversation_id: Mapped[str] = mapped_column(default="")
    finding: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(PersonalText("receipt_question.words"), default="")
    http_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(PersonalText("receipt_question.answer"), default="")


class ReceiptRefund(Table):
    """A payout that pays some of a payment back to the phone that paid it, in cents; it stands unless the payout is
    cancelled.
    """

    __tablename__ = "receipt_refund"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        Index("ix_receipt_refund_receipt_id", "receipt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), unique=True)
    cents: Mapped[int]
    confirmed: Mapped[str] = mapped_column(PersonalText("receipt_refund.confirmed"))
