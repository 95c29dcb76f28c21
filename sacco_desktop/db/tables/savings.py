"""What members pay in: products with dated terms, receipts with what each shilling went to, cheques and notices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class SavingsProduct(Table):
    """What never changes of a product: its code, what its money is, its account. Without terms it is only proposed."""

    __tablename__ = "savings_product"
    __table_args__ = strict(
        CheckConstraint("kind IN ('deposits', 'savings', 'shares', 'fund')", "kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    account_code: Mapped[str] = mapped_column(unique=True)


class SavingsTermsRow(Table):
    """What holds for a product from a day on, in cents and days; the newest row not in the future counts.

    `benefits` lists what a fund pays for: event, relative and the most in cents. `request_id` is the request that
    another person approved, `import_id` the import that brought them from other books; the terms that books begin with
    have neither.
    """

    __tablename__ = "savings_terms"
    __table_args__ = strict(
        CheckConstraint("every IN ('none', 'week', 'month')", "every_is_known"),
        CheckConstraint(
            "withdrawal IN ('never', 'by_decision', 'by_notice', 'by_claim')",
            "withdrawal_is_known",
        ),
        CheckConstraint(
            "preset_cents >= 0 AND expected_cents >= 0 AND least_cents >= 0 AND notice_days >= 0"
            " AND most_a_month >= 0 AND fee_cents >= 0 AND wait_days >= 0 AND claims_a_year >= 0",
            "nothing_negative",
        ),
        CheckConstraint("(every = 'none') = (expected_cents = 0)", "how_often_and_how_much"),
        CheckConstraint("due_day >= 1 AND due_day <= 31", "due_day_is_a_day"),
        UniqueConstraint("product_id", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("savings_product.id"))
    effective_on: Mapped[date]
    name: Mapped[str]
    is_open: Mapped[bool]
    preset_cents: Mapped[int]
    every: Mapped[str]
    expected_cents: Mapped[int]
    due_day: Mapped[int]
    withdrawal: Mapped[str]
    least_cents: Mapped[int]
    notice_days: Mapped[int]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), unique=True)
    most_a_month: Mapped[int]
    fee_cents: Mapped[int]
    wait_days: Mapped[int]
    claims_a_year: Mapped[int]
    benefits: Mapped[str]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("book_import.id"), index=True)


class Contribution(Table):
    """Money that a member paid in, in cents, with its receipt. It counts unless its entry was reversed; a cheque counts
    only when it is cleared. Nothing of it is ever changed. `till` is the PC at whose till cash was taken.
    """

    __tablename__ = "contribution"
    __table_args__ = strict(
        CheckConstraint("amount_cents > 0", "amount_above_zero"),
        CheckConstraint(
            "source IN ('cash', 'bank', 'cheque', 'check_off', 'mpesa')", "source_is_known"
        ),
        CheckConstraint("source = 'cash' OR reference <> ''", "paper_has_a_number"),
        Index("ix_contribution_member_id", "member_id"),
        Index("ix_contribution_entry_number", "entry_number"),
        Index("ix_contribution_value_date", "value_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    source: Mapped[str]
    reference: Mapped[str]
    till: Mapped[str]
    value_date: Mapped[date]
    amount_cents: Mapped[int]
    entry_number: Mapped[int]
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[datetime]


class ContributionPart(Table):
    """What of a contribution went to one product, in cents."""

    __tablename__ = "contribution_part"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        UniqueConstraint("contribution_id", "product_id"),
        Index("ix_contribution_part_product_id", "product_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("savings_product.id"))
    cents: Mapped[int]


class ChequeClearing(Table):
    """That the bank has cleared a cheque; it counts unless its entry was reversed. A cheque that came back has none."""

    __tablename__ = "cheque_clearing"
    __table_args__ = strict(Index("ix_cheque_clearing_contribution_id", "contribution_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    entry_number: Mapped[int] = mapped_column(unique=True)
    cleared_on: Mapped[date]
    said_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime]


class WithdrawalNotice(Table):
    """A member's word that savings of so many cents are wanted; from `ripe_on` on one payout may pay them.

    `payout_id` is the payout that uses it since `used_on`; one that was taken back frees it. A notice that was taken
    back says when. Where none is asked it is written with the withdrawal itself and ripe on its day.
    """

    __tablename__ = "withdrawal_notice"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint("ripe_on >= given_on", "ripe_after_given"),
        CheckConstraint(
            "(payout_id IS NULL) = (used_on IS NULL) AND (used_on IS NULL OR used_on >= ripe_on)",
            "used_when_ripe",
        ),
        Index("ix_withdrawal_notice_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("savings_product.id"))
    cents: Mapped[int]
    given_on: Mapped[date]
    ripe_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payout.id"))
    taken_back_at: Mapped[datetime | None]
    used_on: Mapped[date | None]


class FundClaim(Table):
    """What a member claimed of a fund: which event met whom, and the payout that was asked for with it, in cents.

    Whether it was granted is the status of its payout. `most_cents` is the limit of that day, 0 where there was none.
    """

    __tablename__ = "fund_claim"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        CheckConstraint(
            "most_cents = 0 OR (most_cents > 0 AND cents <= most_cents)", "within_limit"
        ),
        Index("ix_fund_claim_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("savings_product.id"))
    event: Mapped[str] = mapped_column(PersonalText("fund_claim.event"))
    relation: Mapped[str]
    person: Mapped[str] = mapped_column(PersonalText("fund_claim.person"))
    happened_on: Mapped[date]
    cents: Mapped[int]
    most_cents: Mapped[int]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), unique=True)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
