"""How a loan ends otherwise than by its last instalment, and what is set aside for those that may not be repaid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict


class LoanTopUp(Table):
    """A loan that clears an older one of the same member out of what it lends: `cents` were agreed for that until
    `valid_until`. The entry is the one that cleared it, while it stands.
    """

    __tablename__ = "loan_top_up"
    __table_args__ = strict(
        CheckConstraint("cents > 0 AND principal_cents > 0", "amounts_above_zero"),
        CheckConstraint("loan_id <> clears_id", "clears_another"),
        Index("ix_loan_top_up_clears_id", "clears_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), unique=True)
    clears_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    principal_cents: Mapped[int]
    cents: Mapped[int]
    valid_until: Mapped[date]
    entry_number: Mapped[int | None]


class LoanWriteOff(Table):
    """What was written off a loan, in cents, by which resolution; the member still owes all of it. It counts unless its
    entry was reversed. One that the old books wrote off has no entry here; its request is that of the import.
    """

    __tablename__ = "loan_write_off"
    __table_args__ = strict(
        CheckConstraint("principal_cents > 0", "principal_above_zero"),
        CheckConstraint(
            "interest_cents >= 0 AND fee_cents >= 0 AND penalty_cents >= 0", "rest_not_negative"
        ),
        CheckConstraint("covered_cents BETWEEN 0 AND principal_cents", "covered_within_principal"),
        CheckConstraint("resolution <> ''", "resolution_is_there"),
        Index("ix_loan_write_off_loan_id", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    written_off_on: Mapped[date]
    principal_cents: Mapped[int]
    interest_cents: Mapped[int]
    fee_cents: Mapped[int]
    covered_cents: Mapped[int]
    resolution: Mapped[str]
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    penalty_cents: Mapped[int] = mapped_column(default=0)


class Provisioning(Table):
    """The allowance for loan losses was brought to what the classes of a day ask for; amounts in cents. Without an
    entry it was right already. It counts unless its entry was reversed.
    """

    __tablename__ = "provisioning"
    __table_args__ = strict(
        CheckConstraint("wanted_cents >= 0", "wanted_not_negative"),
        CheckConstraint("(entry_number IS NULL) = (wanted_cents = held_cents)", "entry_moves_it"),
        Index("ix_provisioning_as_of", "as_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    wanted_cents: Mapped[int]
    held_cents: Mapped[int]
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


class ProvisioningLine(Table):
    """What one class of a provisioning came to, in cents: before, and from then on. `percent` is text (`25.5`)."""

    __tablename__ = "provisioning_line"
    __table_args__ = strict(
        CheckConstraint("loans >= 0 AND outstanding_cents >= 0", "counts_not_negative"),
        CheckConstraint("closing_cents >= 0", "closing_not_negative"),
        UniqueConstraint("provisioning_id", "line"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provisioning_id: Mapped[int] = mapped_column(ForeignKey("provisioning.id"))
    line: Mapped[int]
    name: Mapped[str]
    percent: Mapped[str]
    loans: Mapped[int]
    outstanding_cents: Mapped[int]
    opening_cents: Mapped[int]
    closing_cents: Mapped[int]
