"""Loans: the terms copied from the product, what is deducted, and the schedule."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class Loan(Table):
    """A loan from application to its end. Terms are its own copy: a later change of the product never alters it.

    `rate` is a decimal fraction as text ("0.01" is 1 %) per `rate_per` ("month" or "year"); amounts are cents.
    `asked_cents` is less than the amount where fees are lent with it. domain/loan_terms.py says what the terms mean.
    `schedule` is the version of the schedule that holds now, and `unpaid_since` the due date of its oldest instalment
    that is not wholly paid, also when that lies ahead; nothing is unpaid before the payout and after the end.
    """

    __tablename__ = "loan"
    __table_args__ = strict(
        CheckConstraint("amount_cents > 0", "amount_above_zero"),
        CheckConstraint("net_cents >= 0", "net_not_negative"),
        CheckConstraint("asked_cents BETWEEN 1 AND amount_cents", "asked_within_amount"),
        CheckConstraint(
            "principal_grace >= 0 AND principal_grace < instalments"
            " AND interest_grace >= 0 AND interest_grace < instalments",
            "grace_within_term",
        ),
        CheckConstraint(
            "(first_due = 'day_of_next_month') = (first_due_day IS NOT NULL)", "day_of_first_due"
        ),
        CheckConstraint(
            "status IN ('submitted', 'appraised', 'approved', 'rejected', 'disbursement_pending', 'active', 'closed',"
            " 'written_off')",
            "status_is_known",
        ),
        Index("ix_loan_member_id", "member_id"),
        Index("ix_loan_status", "status"),
        Index("ix_loan_unpaid_since", "unpaid_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    status: Mapped[str]
    product_code: Mapped[str]
    product_name: Mapped[str]
    loan_control: Mapped[str]
    asked_cents: Mapped[int]
    amount_cents: Mapped[int]
    net_cents: Mapped[int]
    method: Mapped[str]
    rate: Mapped[str]
    rate_per: Mapped[str]
    frequency: Mapped[str]
    instalments: Mapped[int]
    rounding: Mapped[str]
    rounding_unit_cents: Mapped[int]
    day_count: Mapped[str]
    grace_days: Mapped[int]
    principal_grace: Mapped[int]
    interest_grace: Mapped[int]
    first_due: Mapped[str]
    first_due_day: Mapped[int | None]
    broken_period: Mapped[str]
    interest_on: Mapped[str]
    purpose: Mapped[str]
    applied_on: Mapped[date]
    applied_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    appraised_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    appraised_at: Mapped[datetime | None]
    appraisal: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    disbursed_on: Mapped[date | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("book_import.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    schedule: Mapped[int] = mapped_column(default=1)
    unpaid_since: Mapped[date | None]


class LoanDeduction(Table):
    """An amount taken off before the member is paid, and the account that it goes to."""

    __tablename__ = "loan_deduction"
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


class LoanInstalmentFee(Table):
    """A fee that is paid with every instalment, in cents of one instalment, and the account that it goes to."""

    __tablename__ = "loan_instalment_fee"
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


class LoanInstalment(Table):
    """One instalment of one version of a loan's schedule; amounts in cents. The first version holds since the loan was
    paid out, a later one since principal was repaid early or the loan was agreed anew; each is whole.
    """

    __tablename__ = "loan_instalment"
    __table_args__ = strict(
        CheckConstraint("principal_cents >= 0 AND interest_cents >= 0", "not_negative"),
        CheckConstraint("fee_cents >= 0", "fee_not_negative"),
        UniqueConstraint("loan_id", "schedule", "number"),
        Index("ix_loan_instalment_due_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    principal_cents: Mapped[int]
    interest_cents: Mapped[int]
    balance_cents: Mapped[int]
    fee_cents: Mapped[int]
    schedule: Mapped[int] = mapped_column(default=1)
