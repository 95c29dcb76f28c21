"""Guarantors of loans: what they promised and agreed to, and what was taken from them and given back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText

_STATES = "('requested', 'accepted', 'declined', 'released', 'substituted', 'called_upon')"


class Guarantee(Table):
    """One member's promise for one loan, in cents. The promise never changes; what of it still binds is reckoned anew
    each time. Each move of the status rests on a word of the same status.

    `replaced_by` is the promise that stands in for this one since it was substituted, `import_id` the import of old
    books by which it came, if it did.
    """

    __tablename__ = "guarantee"
    __table_args__ = strict(
        CheckConstraint("pledge_cents > 0", "pledge_above_zero"),
        CheckConstraint(f"status IN {_STATES}", "status_is_known"),
        CheckConstraint(
            "(status = 'substituted') = (replaced_by IS NOT NULL)", "somebody_replaces"
        ),
        Index("ix_guarantee_loan_id", "loan_id"),
        Index("ix_guarantee_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    pledge_cents: Mapped[int]
    status: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("guarantee.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("book_import.id"), index=True)


class GuaranteeWord(Table):
    """What happened to a promise: the guarantor's word with its evidence, or why the promise ended.

    `way` says how the word was given: on a signed form, by phone, in person, or by a rule of the house; `evidence` is
    the number of the form, the number called, or the reason.
    """

    __tablename__ = "guarantee_word"
    __table_args__ = strict(
        CheckConstraint(f"status IN {_STATES}", "status_is_known"),
        CheckConstraint(
            "way IN ('signed_form', 'phone_call', 'in_person', 'rule')", "way_is_known"
        ),
        CheckConstraint("evidence <> ''", "evidence_is_there"),
        Index("ix_guarantee_word_guarantee_id", "guarantee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guarantee_id: Mapped[int] = mapped_column(ForeignKey("guarantee.id"))
    status: Mapped[str]
    way: Mapped[str]
    evidence: Mapped[str] = mapped_column(PersonalText("guarantee_word.evidence"))
    said_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class GuarantorRecovery(Table):
    """What was taken from a guarantor's deposits for the borrower, or given back of it later; cents. It counts unless
    its entry was reversed. One entry gives back to several guarantors.
    """

    __tablename__ = "guarantor_recovery"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("kind IN ('taken', 'repaid')", "kind_is_known"),
        Index("ix_guarantor_recovery_guarantee_id", "guarantee_id"),
        Index("uq_guarantor_recovery_entry", "entry_number", "guarantee_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guarantee_id: Mapped[int] = mapped_column(ForeignKey("guarantee.id"))
    kind: Mapped[str]
    cents: Mapped[int]
    entry_number: Mapped[int]
    receipt: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class PaySlip(Table):
    """What the pay slip of an application says for a month, in cents; the newest one of a loan counts."""

    __tablename__ = "pay_slip"
    __table_args__ = strict(
        CheckConstraint("basic_cents > 0 AND gross_cents >= basic_cents", "gross_holds_basic"),
        CheckConstraint("deductions_cents BETWEEN 0 AND gross_cents", "deductions_within_gross"),
        Index("ix_pay_slip_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    basic_cents: Mapped[int]
    gross_cents: Mapped[int]
    deductions_cents: Mapped[int]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class CreditReport(Table):
    """A report of a credit reference bureau about a member, by its number and day."""

    __tablename__ = "credit_report"
    __table_args__ = strict(
        CheckConstraint("reference <> ''", "reference_is_there"),
        Index("ix_credit_report_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reported_on: Mapped[date]
    reference: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
