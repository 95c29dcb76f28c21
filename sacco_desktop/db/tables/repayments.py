"""Repayments of loans: what came in, and what each shilling of it paid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class Repayment(Table):
    """A payment on a loan, in cents. It counts unless its entry was reversed; nothing of it is ever changed.

    `prepaid_cents` is kept for instalments to come and `deposits_cents` went to the member's deposits. `use` is
    "payment", or "prepayment" when an instalment fell due that was paid before, or "settlement" when the loan was
    paid off early, or "recovery" when it came in on a loan that was written off.
    """

    __tablename__ = "repayment"
    __table_args__ = strict(
        CheckConstraint("amount_cents > 0", "amount_above_zero"),
        CheckConstraint("prepaid_cents >= 0 AND deposits_cents >= 0", "rest_not_negative"),
        CheckConstraint(
            "use IN ('payment', 'prepayment', 'settlement', 'recovery')", "use_is_known"
        ),
        CheckConstraint(
            "source IN ('cash', 'bank', 'paybill', 'check_off', 'deposits', 'unallocated', 'guarantor', 'prepaid')",
            "source_is_known",
        ),
        Index("ix_repayment_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    use: Mapped[str]
    source: Mapped[str]
    reference: Mapped[str]
    value_date: Mapped[date]
    amount_cents: Mapped[int]
    prepaid_cents: Mapped[int]
    deposits_cents: Mapped[int]
    entry_number: Mapped[int] = mapped_column(unique=True)
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime]


class RepaymentPart(Table):
    """What a repayment paid of one component of one instalment, in cents; instalment 0 is the loan as a whole."""

    __tablename__ = "repayment_part"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint(
            "component IN ('recovery_cost', 'penalty', 'fee', 'interest', 'principal')",
            "component_is_known",
        ),
        UniqueConstraint("repayment_id", "instalment", "component"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    repayment_id: Mapped[int] = mapped_column(ForeignKey("repayment.id"))
    instalment: Mapped[int]
    component: Mapped[str]
    cents: Mapped[int]


class LoanAccrual(Table):
    """Interest of an instalment that was booked as income when it fell due, in cents. What the old books had booked
    comes with the one entry of its import.
    """

    __tablename__ = "loan_accrual"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        UniqueConstraint("loan_id", "schedule", "instalment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    schedule: Mapped[int]
    instalment: Mapped[int]
    cents: Mapped[int]
    entry_number: Mapped[int] = mapped_column(index=True)
