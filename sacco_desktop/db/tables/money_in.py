"""Money that reached a shortcode of ours, once per receipt of M-Pesa, and the prompts by which we asked for some."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_FEE_NAMES_APPLICATION = "(purpose = 'registration-fee') = (application_id IS NOT NULL)"
_OPEN = text("status IN ('sending', 'waiting', 'unknown')")


class MpesaReceipt(Table):
    """One payment to us as M-Pesa numbers it, in cents, whichever roads told of it. `entry_number` is the entry by
    which it came into the unallocated receipts.

    The payer's number is whole, a SHA-256 of the whole, or masked, as M-Pesa told it; `reference` is what the payer
    typed. It is `waiting` while some of it has no purpose, `allocated` when all of it has, `disputed` when two roads
    tell different things, `refuted` when it is proven that M-Pesa has no such payment, `returning` while M-Pesa may be
    taking it back, `returned` when it has.
    """

    __tablename__ = "mpesa_receipt"
    __table_args__ = strict(
        CheckConstraint("amount_cents > 0", "amount_above_zero"),
        CheckConstraint("evidence IN ('claimed', 'verified')", "evidence_is_known"),
        CheckConstraint(
            "state IN ('waiting', 'allocated', 'disputed', 'refuted', 'returning', 'returned')",
            "state_is_known",
        ),
        Index("ix_mpesa_receipt_state", "state", "id"),
        Index("ix_mpesa_receipt_paid_at", "paid_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    shortcode: Mapped[str]
    paid_at: Mapped[datetime]
    amount_cents: Mapped[int]
    reference: Mapped[str] = mapped_column(PersonalText("mpesa_receipt.reference"))
    payer_phone: Mapped[str | None] = mapped_column(PersonalText("mpesa_receipt.payer_phone"))
    payer_hash: Mapped[str | None] = mapped_column(PersonalText("mpesa_receipt.payer_hash"))
    payer_masked: Mapped[str | None] = mapped_column(PersonalText("mpesa_receipt.payer_masked"))
    payer_name: Mapped[str] = mapped_column(PersonalText("mpesa_receipt.payer_name"))
    evidence: Mapped[str]
    state: Mapped[str]
    entry_number: Mapped[int] = mapped_column(unique=True)
    heard_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ReceiptWord(Table):
    """One road by which a payment was heard of, and what it said; the same road counts once for a receipt."""

    __tablename__ = "receipt_word"
    __table_args__ = strict(
        CheckConstraint("road IN ('stk', 'c2b', 'pull', 'statement', 'status')", "road_is_known"),
        UniqueConstraint("receipt_id", "road", "amount_cents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    road: Mapped[str]
    amount_cents: Mapped[int]
    words: Mapped[str] = mapped_column(PersonalText("receipt_word.words"))
    heard_at: Mapped[datetime]


class ReceiptAllocation(Table):
    """What of a payment went to one purpose, in cents, by the entry with this number; it stands unless that entry was
    reversed. `slip` is the number of our own receipt. Somebody who only applies has no member yet.
    """

    __tablename__ = "receipt_allocation"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("how IN ('prompt', 'reference', 'alias', 'person')", "how_is_known"),
        CheckConstraint("member_id IS NOT NULL OR application_id IS NOT NULL", "it_is_somebodys"),
        CheckConstraint(_FEE_NAMES_APPLICATION, "fee_names_application"),
        Index("ix_receipt_allocation_receipt_id", "receipt_id"),
        Index("ix_receipt_allocation_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    cents: Mapped[int]
    purpose: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("membership_application.id"))
    entry_number: Mapped[int] = mapped_column(unique=True)
    slip: Mapped[str]
    how: Mapped[str]
    allocated_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    allocated_at: Mapped[datetime]


class AllocationWish(Table):
    """What a person asked another to agree to: so much of a payment, in cents, to this purpose of this member. The
    lines of one request together are what its yes books.
    """

    __tablename__ = "allocation_wish"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("member_id IS NOT NULL OR application_id IS NOT NULL", "it_is_somebodys"),
        Index("ix_allocation_wish_request_id", "request_id"),
        Index("ix_allocation_wish_receipt_id", "receipt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    receipt_id: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    cents: Mapped[int]
    purpose: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("membership_application.id"))


class ReceiptAlias(Table):
    """What a payer typed, learned from one payment that a person gave its purpose: the next one of the same payer with
    the same words is for the same member and purpose. It is forgotten and never deleted.

    `typed` is squeezed. `payer` is the SHA-256 of the payer's number, or what M-Pesa showed of it; only the first makes
    an alias decide.
    """

    __tablename__ = "receipt_alias"
    __table_args__ = strict(
        CheckConstraint("(forgotten_at IS NULL) = (forgotten_by IS NULL)", "forgotten_by_somebody"),
        UniqueConstraint("learned_from"),
        Index("ix_receipt_alias_typed", "typed"),
        Index("ix_receipt_alias_payer", "payer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    typed: Mapped[str] = mapped_column(PersonalText("receipt_alias.typed"))
    payer: Mapped[str] = mapped_column(PersonalText("receipt_alias.payer"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str]
    learned_from: Mapped[int] = mapped_column(ForeignKey("mpesa_receipt.id"))
    learned_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    learned_at: Mapped[datetime]
    forgotten_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    forgotten_at: Mapped[datetime | None]


class Prompt(Table):
    """One request on a member's phone to pay, in cents; at most one is open per phone. It is committed before M-Pesa is
    asked, and `tag` is the secret end of the address for its answer.

    `purpose` is one of `domain/receipt_purposes.py` or the code of a product. It is paid when M-Pesa said so;
    `receipt_id` is set when the receipt is known, which may be later. Somebody who only applies has no member yet.
    """

    __tablename__ = "mpesa_prompt"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('sending', 'waiting', 'unknown', 'paid', 'failed', 'lapsed')",
            "status_is_known",
        ),
        CheckConstraint("amount_cents > 0 AND amount_cents % 100 = 0", "whole_shillings"),
        CheckConstraint(
            "(purpose IN ('loan', 'loan-fees')) = (loan_id IS NOT NULL)", "loan_has_its_number"
        ),
        CheckConstraint("member_id IS NOT NULL OR application_id IS NOT NULL", "it_is_somebodys"),
        CheckConstraint(_FEE_NAMES_APPLICATION, "fee_names_application"),
        CheckConstraint("receipt_id IS NULL OR status = 'paid'", "receipt_is_of_paid"),
        CheckConstraint("claim IN ('', 'paid', 'failed')", "claim_is_known"),
        Index(
            "uq_mpesa_prompt_phone_open",
            "phone",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_mpesa_prompt_member_id", "member_id"),
        Index("ix_mpesa_prompt_status", "status", "next_question_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("membership_application.id"))
    purpose: Mapped[str]
    phone: Mapped[str] = mapped_column(PersonalText("mpesa_prompt.phone"))
    amount_cents: Mapped[int]
    reference: Mapped[str]
    shortcode: Mapped[str]
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    words: Mapped[str] = mapped_column(PersonalText("mpesa_prompt.words"))
    merchant_request_id: Mapped[str | None]
    checkout_request_id: Mapped[str | None] = mapped_column(unique=True)
    # What M-Pesa's notice claimed, before a question proved it.
    claim: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("mpesa_receipt.id"), unique=True)
    questions_asked: Mapped[int] = mapped_column(default=0)
    next_question_at: Mapped[datetime | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    http_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(PersonalText("mpesa_prompt.answer"), default="")
    version: Mapped[int] = mapped_column(default=1)


class ReceiptPull(Table):
    """One look into M-Pesa's own list of payments to a shortcode: which time it asked for and what came of it."""

    __tablename__ = "receipt_pull"
    __table_args__ = strict(
        CheckConstraint("outcome IN ('told', 'not_told')", "outcome_is_known"),
        Index("ix_receipt_pull_shortcode", "shortcode", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcode: Mapped[str]
    asked_at: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime]
    outcome: Mapped[str]
    rows: Mapped[int]
    missed: Mapped[int]
    words: Mapped[str] = mapped_column(PersonalText("receipt_pull.words"))
