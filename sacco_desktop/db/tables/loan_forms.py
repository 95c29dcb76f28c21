"""What comes with a loan application on paper, who has seen its papers, and the rules as its appraisal found them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


def _sealed(name: str) -> Mapped[str]:
    return mapped_column(PersonalText(f"loan_form.{name}"), default="")


class LoanForm(Table):
    """What the applicant states on the form; the newest row of a loan counts. A text that is not stated is empty.

    `net_pay_cents` is of a month, and `declared_on` the day on which the member signed the declaration.
    """

    __tablename__ = "loan_form"
    __table_args__ = strict(
        CheckConstraint("net_pay_cents >= 0", "net_pay_not_negative"),
        Index("ix_loan_form_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    payroll_number: Mapped[str] = _sealed("payroll_number")
    employer: Mapped[str] = _sealed("employer")
    employment_terms: Mapped[str] = _sealed("employment_terms")
    address: Mapped[str] = _sealed("address")
    other_loans: Mapped[str] = _sealed("other_loans")
    security: Mapped[str] = _sealed("security")
    net_pay_cents: Mapped[int | None]
    declared_on: Mapped[date | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class AppraisalCheck(Table):
    """One rule as it stood at an appraisal, with its figures in words; those of the last appraisal count."""

    __tablename__ = "appraisal_check"
    __table_args__ = strict(UniqueConstraint("loan_id", "appraised_at", "line"))

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    appraised_at: Mapped[datetime]
    line: Mapped[int]
    rule: Mapped[str]
    title: Mapped[str]
    passed: Mapped[bool]
    words: Mapped[str]


class LoanPaper(Table):
    """Somebody saw a paper of a loan's checklist, or that it is not there after all; the newest row of a code counts.

    `document_id` is the paper itself among those of the borrower's file, where it was kept there.
    """

    __tablename__ = "loan_paper"
    __table_args__ = strict(
        CheckConstraint("code <> ''", "code_is_there"),
        Index("ix_loan_paper_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    code: Mapped[str]
    name: Mapped[str]
    is_there: Mapped[bool]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("member_document.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
