"""What became of a loan's schedule after the payout: each later version with its reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class LoanChange(Table):
    """Why version `schedule` of a loan's schedule took the place of version `replaced`, from `effective_on` on.

    A prepayment or a settlement has the entry of its payment. A reschedule has terms of its own: `principal_cents` over
    `instalments` from `begun_on`, behind instalment `before`; `days_late` is how late the loan was then. `restores` is
    the version whose rows hold again because the payment was taken back. A loan that was agreed anew in the old books
    is `brought` with those terms, and no request of these books agreed to them.
    """

    __tablename__ = "loan_change"
    __table_args__ = strict(
        CheckConstraint(
            "kind IN ('prepayment', 'settlement', 'reschedule', 'restored', 'brought')",
            "kind_is_known",
        ),
        CheckConstraint("schedule > replaced", "follows_another"),
        CheckConstraint(
            "(kind IN ('prepayment', 'settlement')) = (entry_number IS NOT NULL)",
            "payment_is_there",
        ),
        CheckConstraint(
            "(kind = 'reschedule') = (principal_cents IS NOT NULL AND instalments IS NOT NULL"
            " AND begun_on IS NOT NULL AND before IS NOT NULL AND request_id IS NOT NULL)",
            "agreed_anew",
        ),
        CheckConstraint("(kind = 'restored') = (restores IS NOT NULL)", "restores_a_version"),
        CheckConstraint("principal_cents > 0 AND instalments > 0", "terms_above_zero"),
        CheckConstraint("days_late >= 0", "days_not_negative"),
        UniqueConstraint("loan_id", "schedule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    schedule: Mapped[int]
    replaced: Mapped[int]
    kind: Mapped[str]
    effective_on: Mapped[date]
    entry_number: Mapped[int | None]
    principal_cents: Mapped[int | None]
    instalments: Mapped[int | None]
    begun_on: Mapped[date | None]
    before: Mapped[int | None]
    restores: Mapped[int | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))
    days_late: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
