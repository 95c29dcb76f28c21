"""What happens to a loan between its application and its payout: a smaller sum, the members' vote, fees paid apart."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class LoanLowering(Table):
    """A committee lends less than was asked for: from which sum and term to which. `request_id` is the request that
    became void by it. The oldest row of a loan says what the member wanted.
    """

    __tablename__ = "loan_lowering"
    __table_args__ = strict(
        CheckConstraint(
            "to_cents > 0 AND to_cents <= from_cents AND to_instalments > 0"
            " AND to_instalments <= from_instalments"
            " AND (to_cents < from_cents OR to_instalments < from_instalments)",
            "is_less",
        ),
        CheckConstraint("reason <> ''", "reason_is_there"),
        Index("ix_loan_lowering_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    from_cents: Mapped[int]
    to_cents: Mapped[int]
    from_instalments: Mapped[int]
    to_instalments: Mapped[int]
    reason: Mapped[str]
    lowered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    lowered_at: Mapped[datetime]


class MembersVote(Table):
    """How a general meeting voted on what a request asks for; the newest row of a request counts.

    `passed` is by the majority that the society asked for on that day. `evidence` says where the minutes are kept, and
    `document_id` is a copy among the papers of the borrower's file, where there is one.
    """

    __tablename__ = "members_vote"
    __table_args__ = strict(
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0", "votes_not_negative"
        ),
        CheckConstraint("NOT passed OR votes_for > votes_against", "passed_by_votes"),
        CheckConstraint("minute_number <> '' AND meeting <> ''", "minute_is_named"),
        Index("ix_members_vote_request_id", "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    meeting: Mapped[str]
    held_on: Mapped[date]
    minute_number: Mapped[str]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    passed: Mapped[bool]
    evidence: Mapped[str] = mapped_column(PersonalText("members_vote.evidence"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class LoanSeparateFee(Table):
    """A fee that the member pays beside the loan, and the account that it goes to."""

    __tablename__ = "loan_separate_fee"
    __table_args__ = strict(
        CheckConstraint("amount_cents > 0", "amount_above_zero"),
        UniqueConstraint("loan_id", "line"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    line: Mapped[int]
    name: Mapped[str]
    amount_cents: Mapped[int]
    account_code: Mapped[str]


class LoanFeeReceipt(Table):
    """The member brought the fees that are paid beside the loan, all of them at once. `slip` is the number of the bank
    slip, empty for cash. Where its entry is reversed, the fees are owed again.
    """

    __tablename__ = "loan_fee_receipt"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        UniqueConstraint("receipt"),
        UniqueConstraint("entry_number"),
        Index("ix_loan_fee_receipt_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    cents: Mapped[int]
    receipt: Mapped[str]
    entry_number: Mapped[int]
    slip: Mapped[str]
    value_date: Mapped[date]
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime]
