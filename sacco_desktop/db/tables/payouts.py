"""Money going out: payouts, their attempts, every move of either, the questions asked about them, and the raw
exchanges.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_LIVE = text("status IN ('unsent', 'sending', 'accepted', 'unknown', 'paid')")


class Payout(Table):
    """One intention to pay one receiver once, for one purpose, by one way.

    `net_cents` = `mpesa_cents` (whole shillings) or `handed_cents` (any other way) + `deposits_cents` (the rest)
    + `recovered_cents` (the part of `charge_cents` that the member bears) + `fee_cents` (the society's). `part` of
    `parts` says which of a loan's payments it is. `member_id` is empty when somebody else is paid, whose name is then
    the `payee`. `fingerprint` is that of the approved content; it is empty again as soon as the payout needs two eyes
    anew. `content_form` is 1 for payouts from before they had parts and ways, whose approvals are bound to less, and
    else 2.
    """

    __tablename__ = "payout"
    __table_args__ = strict(
        CheckConstraint("mpesa_cents >= 0 AND mpesa_cents % 100 = 0", "whole_shillings"),
        CheckConstraint(
            "net_cents = mpesa_cents + handed_cents + deposits_cents + recovered_cents + fee_cents",
            "parts_add_up",
        ),
        CheckConstraint("deposits_cents >= 0", "rest_not_negative"),
        CheckConstraint("fee_cents >= 0", "fee_not_negative"),
        CheckConstraint(
            "status IN ('draft', 'approved', 'in_flight', 'paid', 'cancelled')", "status_is_known"
        ),
        CheckConstraint("evidence IN ('none', 'claimed', 'verified')", "evidence_is_known"),
        CheckConstraint("status <> 'paid' OR entry_number IS NOT NULL", "paid_is_posted"),
        CheckConstraint(
            "purpose IN ('loan', 'deposit_refund', 'receipt_refund', 'exit_refund', 'welfare_claim',"
            " 'dividend', 'honorarium', 'office_expense', 'savings_withdrawal')",
            "purpose_is_known",
        ),
        CheckConstraint(
            "(purpose = 'loan' AND loan_id IS NOT NULL AND account_code = '')"
            " OR (purpose <> 'loan' AND loan_id IS NULL AND account_code <> '')",
            "loan_only_for_loans",
        ),
        CheckConstraint("part >= 1 AND part <= parts", "part_of_parts"),
        CheckConstraint(
            "(way = 'mpesa' AND handed_cents = 0)"
            " OR (way IN ('bank', 'cheque', 'cash') AND mpesa_cents = 0 AND handed_cents > 0"
            " AND charge_cents = 0)",
            "one_way",
        ),
        CheckConstraint("way <> 'cash' OR handed_cents % 100 = 0", "cash_in_whole_shillings"),
        CheckConstraint(
            "(bearer = 'society' AND recovered_cents = 0)"
            " OR (bearer = 'member' AND recovered_cents = charge_cents)",
            "one_bears_the_charge",
        ),
        CheckConstraint("member_id IS NOT NULL OR deposits_cents = 0", "rest_has_an_owner"),
        CheckConstraint("content_form IN (1, 2)", "content_form_is_known"),
        Index("ix_payout_status", "status"),
        Index("ix_payout_status_evidence", "status", "evidence"),
        # What a phone has received today is asked before each payment.
        Index("ix_payout_phone", "phone"),
        # The parts of a loan and what else a member got are asked with each payment, by guards too.
        Index("ix_payout_loan_id", "loan_id"),
        Index("ix_payout_member_id", "member_id"),
        # Each part of a loan is paid out by one living payout at most, whatever the services think.
        Index(
            "uq_payout_loan_id_part_live",
            "loan_id",
            "part",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    phone: Mapped[str] = mapped_column(PersonalText("payout.phone"))
    net_cents: Mapped[int]
    mpesa_cents: Mapped[int]
    deposits_cents: Mapped[int]
    charge_cents: Mapped[int]
    status: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="none")
    fingerprint: Mapped[str] = mapped_column(default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime]
    receipt: Mapped[str | None] = mapped_column(unique=True)
    paid_at: Mapped[datetime | None]
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    part: Mapped[int] = mapped_column(default=1)
    parts: Mapped[int] = mapped_column(default=1)
    way: Mapped[str] = mapped_column(default="mpesa")
    handed_cents: Mapped[int] = mapped_column(default=0)
    recovered_cents: Mapped[int] = mapped_column(default=0)
    bearer: Mapped[str] = mapped_column(default="society")
    tariff: Mapped[str] = mapped_column(default="")
    account_code: Mapped[str] = mapped_column(default="")
    narration: Mapped[str] = mapped_column(PersonalText("payout.narration"), default="")
    payee: Mapped[str] = mapped_column(PersonalText("payout.payee"), default="")
    bank: Mapped[str] = mapped_column(PersonalText("payout.bank"), default="")
    bank_code: Mapped[str] = mapped_column(PersonalText("payout.bank_code"), default="")
    branch_code: Mapped[str] = mapped_column(PersonalText("payout.branch_code"), default="")
    account_number: Mapped[str] = mapped_column(PersonalText("payout.account_number"), default="")
    content_form: Mapped[int] = mapped_column(default=2)
    fee_cents: Mapped[int] = mapped_column(default=0)


class BankFile(Table):
    """A file for the bank as it was made, with its SHA-256: saved again it is the same file."""

    __tablename__ = "bank_file"
    __table_args__ = strict(CheckConstraint("payments > 0 AND total_cents > 0", "pays_something"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    payments: Mapped[int]
    total_cents: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[str] = mapped_column(PersonalText("bank_file.content"))


class HandOver(Table):
    """A payment by bank, cheque or cash: who handed it over, under which number, and what became of it.

    `reference` is the number of the file, of the cheque, or of the till's voucher; `proof` the bank's reference or the
    receiver's ID number, which the person who closed it typed. `paid_entry` booked it. One that came back after that
    keeps both, and has the day, the paper and the entry of the return.
    """

    __tablename__ = "hand_over"
    __table_args__ = strict(
        CheckConstraint("way IN ('bank', 'cheque', 'cash')", "way_is_known"),
        CheckConstraint("outcome IN ('open', 'paid', 'returned')", "outcome_is_known"),
        CheckConstraint("(way = 'bank') = (bank_file_id IS NOT NULL)", "bank_has_a_file"),
        CheckConstraint("outcome = 'open' OR closed_by IS NOT NULL", "somebody_closed_it"),
        CheckConstraint("outcome <> 'paid' OR paid_entry IS NOT NULL", "paid_is_posted"),
        CheckConstraint(
            "(return_entry IS NULL) = (returned_on IS NULL)"
            " AND (return_entry IS NULL) = (return_paper IS NULL)"
            " AND (return_entry IS NULL OR (outcome = 'returned' AND paid_entry IS NOT NULL))",
            "return_is_whole",
        ),
        UniqueConstraint("payout_id", "number"),
        # One living payment for one payout: a second bank file with it, or a second cheque, cannot be.
        Index(
            "uq_hand_over_live",
            "payout_id",
            unique=True,
            sqlite_where=text("outcome <> 'returned'"),
            postgresql_where=text("outcome <> 'returned'"),
        ),
        # A cheque exists once on paper, and a cancelled one is not written again.
        Index(
            "uq_hand_over_cheque",
            "reference",
            unique=True,
            sqlite_where=text("way = 'cheque'"),
            postgresql_where=text("way = 'cheque'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    number: Mapped[int]
    way: Mapped[str]
    reference: Mapped[str]
    bank_file_id: Mapped[int | None] = mapped_column(ForeignKey("bank_file.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="open")
    proof: Mapped[str] = mapped_column(PersonalText("hand_over.proof"), default="")
    reason: Mapped[str] = mapped_column(PersonalText("hand_over.reason"), default="")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    paid_entry: Mapped[int | None] = mapped_column(unique=True)
    returned_on: Mapped[date | None]
    return_paper: Mapped[str | None] = mapped_column(PersonalText("hand_over.return_paper"))
    return_entry: Mapped[int | None] = mapped_column(unique=True)


class PayoutAttempt(Table):
    """One request to M-Pesa under one OriginatorConversationID. A payout has at most one attempt that is not FAILED."""

    __tablename__ = "payout_attempt"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('unsent', 'sending', 'accepted', 'unknown', 'paid', 'failed')",
            "status_is_known",
        ),
        CheckConstraint("claim IN ('', 'paid', 'failed')", "claim_is_known"),
        UniqueConstraint("payout_id", "number"),
        Index(
            "uq_payout_attempt_live",
            "payout_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_payout_attempt_status", "status"),
        # Without it a guard that asks for the paid attempt of a payout looks at all that were paid.
        Index("ix_payout_attempt_payout_id_status", "payout_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    number: Mapped[int]
    originator_conversation_id: Mapped[str] = mapped_column(unique=True)
    b2c_version: Mapped[str]
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    reason: Mapped[str] = mapped_column(PersonalText("payout_attempt.reason"), default="")
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    claim: Mapped[str] = mapped_column(default="")
    claim_code: Mapped[str] = mapped_column(default="")
    claim_words: Mapped[str] = mapped_column(PersonalText("payout_attempt.claim_words"), default="")
    claimed_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    not_found_answers: Mapped[int] = mapped_column(default=0)
    first_not_found_at: Mapped[datetime | None]
    last_not_found_at: Mapped[datetime | None]
    times_sent: Mapped[int] = mapped_column(default=1)
    questions_asked: Mapped[int] = mapped_column(default=0)
    next_question_at: Mapped[datetime | None]
    sent_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    first_sent_at: Mapped[datetime]
    last_sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class PayoutMove(Table):
    """A move of a payout or attempt from one state to another, and why: the history that the card shows."""

    __tablename__ = "payout_move"
    __table_args__ = strict(Index("ix_payout_move_payout_id", "payout_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payout_attempt.id"))
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    old: Mapped[str]
    new: Mapped[str]
    why: Mapped[str] = mapped_column(PersonalText("payout_move.why"))


class Question(Table):
    """A transaction status query: written before it is asked, answered by a callback through the relay, or never."""

    __tablename__ = "status_question"
    __table_args__ = strict(
        CheckConstraint(
            "state IN ('asking', 'accepted', 'answered', 'unanswered')", "state_is_known"
        ),
        Index("ix_status_question_attempt_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payout_attempt.id"))
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    tag: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    finding: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(PersonalText("status_question.words"), default="")


class Exchange(Table):
    """One HTTP call to M-Pesa as it was, secrets redacted; status 0 means that no answer came."""

    __tablename__ = "mpesa_exchange"
    __table_args__ = strict(Index("ix_mpesa_exchange_attempt_id", "attempt_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payout_attempt.id"))
    at: Mapped[datetime]
    path: Mapped[str]
    request: Mapped[str] = mapped_column(PersonalText("mpesa_exchange.request"))
    http_status: Mapped[int]
    answer: Mapped[str] = mapped_column(PersonalText("mpesa_exchange.answer"))
    reading: Mapped[str]
