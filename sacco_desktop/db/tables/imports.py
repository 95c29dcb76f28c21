"""Old books that are taken in: each import from its draft to its entry, and how files of one shape are read."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalBytes, PersonalText


class BookImport(Table):
    """One sheet of a file, as it was read and as it is to be understood.

    `cells` are its rows as packed JSON, never changed; `corrections` what people typed over cells, `plan` what its
    columns mean, `old_totals` the sums that were typed from the old book. `lines`
    is what was asked for. `entry_number` is its opening entry, None
    when every balance was zero, and `undo_entry` the one that took that back.
    """

    __tablename__ = "book_import"
    __table_args__ = strict(
        CheckConstraint(
            "status IN ('draft', 'asked', 'imported', 'undone', 'dropped')", "status_is_known"
        ),
        CheckConstraint(
            "kind IN ('members', 'balances', 'loans', 'accounts', 'guarantors', 'repayments', 'deposit_months',"
            " 'products')",
            "kind_is_known",
        ),
        Index("ix_book_import_fingerprint", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    kind: Mapped[str]
    file_name: Mapped[str]
    made_of: Mapped[str]
    fingerprint: Mapped[str]
    sheet: Mapped[str]
    first_row: Mapped[int]
    shape: Mapped[str]
    cells: Mapped[bytes] = mapped_column(PersonalBytes("book_import.cells"))
    plan: Mapped[str]
    lines: Mapped[bytes | None] = mapped_column(PersonalBytes("book_import.lines"))
    corrections: Mapped[str] = mapped_column(PersonalText("book_import.corrections"))
    old_totals: Mapped[str]
    explanation: Mapped[str] = mapped_column(PersonalText("book_import.explanation"), default="")
    started_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(default=0)
    entry_number: Mapped[int | None]
    undo_entry: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class ImportMapping(Table):
    """How files with the same heading were understood last, so that nobody says it twice."""

    __tablename__ = "import_mapping"
    __table_args__ = strict()

    shape: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[str]
    used_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    used_at: Mapped[datetime]


class OldRepayment(Table):
    """A payment on a loan in the old books, in cents, which explains its opening balance and is never posted.

    `principal_cents` and `interest_cents` are empty where the old book did not divide it.
    """

    __tablename__ = "old_repayment"
    __table_args__ = strict(
        CheckConstraint("paid_cents > 0", "paid_above_zero"),
        CheckConstraint("principal_cents >= 0 AND interest_cents >= 0", "parts_not_negative"),
        Index("ix_old_repayment_loan_id", "loan_id"),
        Index("ix_old_repayment_import_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("book_import.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    paid_on: Mapped[date]
    receipt: Mapped[str]
    paid_cents: Mapped[int]
    principal_cents: Mapped[int | None]
    interest_cents: Mapped[int | None]


class OldDeposit(Table):
    """What a member saved in one month ("2025-01") of the old books, in cents, below zero where more was taken out;
    "b/f" is what stood before the first month. It explains the opening balance and is never posted.
    """

    __tablename__ = "old_deposit"
    __table_args__ = strict(
        CheckConstraint("month = 'b/f' OR length(month) = 7", "month_is_iso"),
        UniqueConstraint("member_id", "month"),
        Index("ix_old_deposit_import_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("book_import.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    month: Mapped[str]
    cents: Mapped[int]
