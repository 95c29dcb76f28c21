"""Penalties and fines: the rules with their dated terms, what was charged, paid and waived, and who is exempt."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class PenaltyRuleRow(Table):
    """What never changes of a rule: its code, and what it is about. Without terms it is only proposed."""

    __tablename__ = "penalty_rule"
    __table_args__ = strict(
        CheckConstraint("about IN ('loan', 'contribution', 'meeting')", "about_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str]


class PenaltyTermsRow(Table):
    """What holds for a rule from a day on, in cents, days and hundredths of a percent; the newest row not in the future
    counts. `growth` lists the stages of an unpaid fine. The terms that books begin with have no request.
    """

    __tablename__ = "penalty_terms"
    __table_args__ = strict(
        CheckConstraint(
            "basis IN ('fixed_once', 'fixed_per_day', 'percent_once', 'percent_per_month',"
            " 'percent_by_days', 'percent_of_outstanding')",
            "basis_is_known",
        ),
        CheckConstraint("base IN ('instalment', 'principal')", "base_is_known"),
        CheckConstraint(
            "cents >= 0 AND percent >= 0 AND least_cents >= 0 AND most_cents >= 0"
            " AND round_up_to >= 0 AND grace_days >= 0",
            "nothing_negative",
        ),
        CheckConstraint("(cents > 0) = (percent = 0)", "a_sum_or_a_part"),
        CheckConstraint("year_days IN (360, 365)", "year_is_known"),
        UniqueConstraint("rule_id", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("penalty_rule.id"))
    effective_on: Mapped[date]
    name: Mapped[str]
    is_on: Mapped[bool]
    basis: Mapped[str]
    cents: Mapped[int]
    percent: Mapped[int]
    base: Mapped[str]
    least_cents: Mapped[int]
    most_cents: Mapped[int]
    round_up_to: Mapped[int]
    grace_days: Mapped[int]
    compound: Mapped[bool]
    year_days: Mapped[int]
    product: Mapped[str]
    growth: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), unique=True)


class PenaltyCharge(Table):
    """A penalty, in cents, as of the day on which it came due; the days up to `counted_until` are counted by it.

    `subject` and `period` say what was late or missed; `spans` are the days and sums that it was reckoned from. An
    entry is there where it was income at once. What is left of it is `cents` less what was paid and waived.
    """

    __tablename__ = "penalty_charge"
    __table_args__ = strict(
        CheckConstraint("cents > 0 AND cents <= uncapped_cents", "cents_above_zero"),
        CheckConstraint("stage >= 0 AND penalties_cents >= 0", "nothing_negative"),
        CheckConstraint("loan_id IS NOT NULL OR instalment = 0", "instalment_of_a_loan"),
        UniqueConstraint("rule_id", "subject", "period", "stage"),
        Index("ix_penalty_charge_member_id", "member_id"),
        Index("ix_penalty_charge_loan_id", "loan_id"),
        Index("ix_penalty_charge_charged_on", "charged_on"),
        Index("ix_penalty_charge_entry_number", "entry_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("penalty_rule.id"))
    terms_id: Mapped[int] = mapped_column(ForeignKey("penalty_terms.id"))
    subject: Mapped[str]
    period: Mapped[date]
    stage: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"))
    instalment: Mapped[int]
    charged_on: Mapped[date]
    counted_until: Mapped[date]
    cents: Mapped[int]
    uncapped_cents: Mapped[int]
    penalties_cents: Mapped[int]
    spans: Mapped[str]
    entry_number: Mapped[int | None]
    charged_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    charged_at: Mapped[datetime]


class PenaltyPayment(Table):
    """What a payment paid of a penalty, in cents. It counts unless the entry of the payment was reversed."""

    __tablename__ = "penalty_payment"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        UniqueConstraint("charge_id", "entry_number"),
        Index("ix_penalty_payment_entry_number", "entry_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("penalty_charge.id"))
    paid_on: Mapped[date]
    cents: Mapped[int]
    entry_number: Mapped[int]


class PenaltyWaiver(Table):
    """What two people have waived of a penalty, in cents, and why."""

    __tablename__ = "penalty_waiver"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        UniqueConstraint("charge_id", "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("penalty_charge.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"))
    waived_on: Mapped[date]
    cents: Mapped[int]
    reason: Mapped[str] = mapped_column(PersonalText("penalty_waiver.reason"))
    entry_number: Mapped[int | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


class PenaltyExemption(Table):
    """A member whom a rule, or every rule, spares for what falls due from a day on, or up to another day."""

    __tablename__ = "penalty_exemption"
    __table_args__ = strict(
        CheckConstraint("until_on IS NULL OR until_on >= from_on", "ends_after_it_begins"),
        Index("ix_penalty_exemption_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("penalty_rule.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(PersonalText("penalty_exemption.reason"))
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


class Meeting(Table):
    """A meeting of members whose attendance was written down."""

    __tablename__ = "meeting"
    __table_args__ = strict(
        CheckConstraint("title <> ''", "title_is_there"),
        UniqueConstraint("held_on", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    title: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class MeetingMark(Table):
    """What was noted of a member at a meeting, by the preset that says what it costs."""

    __tablename__ = "meeting_mark"
    __table_args__ = strict(UniqueConstraint("meeting_id", "member_id", "rule_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("penalty_rule.id"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class PenaltyRun(Table):
    """A run of the rules over everybody: up to which day, and what came of it, in cents."""

    __tablename__ = "penalty_run"
    __table_args__ = strict(
        CheckConstraint("charges >= 0 AND cents >= 0", "nothing_negative"),
        Index("ix_penalty_run_through", "through"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    through: Mapped[date]
    charges: Mapped[int]
    cents: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
