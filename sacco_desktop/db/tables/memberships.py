"""The life of a member: applications, the personal file with its nominees and documents, changes of status, leaving."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalBytes, PersonalText


def _sealed(name: str) -> Mapped[str]:
    return mapped_column(PersonalText(f"member_file.{name}"), default="")


class MemberFile(Table):
    """What the society knows of a person, a group or an organisation, from the application on.

    A text that is not known is empty. `born_on` is an ISO day, `monthly_cents` what the member means to bring a month.
    """

    __tablename__ = "member_file"
    __table_args__ = strict(
        CheckConstraint("monthly_cents >= 0", "monthly_not_below_zero"),
        Index("ix_member_file_payroll_number", "payroll_number"),
        Index("ix_member_file_employer", "employer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    born_on: Mapped[str] = _sealed("born_on")
    gender: Mapped[str] = _sealed("gender")
    marital_status: Mapped[str] = _sealed("marital_status")
    kra_pin: Mapped[str] = _sealed("kra_pin")
    email: Mapped[str] = _sealed("email")
    other_phone: Mapped[str] = _sealed("other_phone")
    postal_address: Mapped[str] = _sealed("postal_address")
    postal_code: Mapped[str] = _sealed("postal_code")
    town: Mapped[str] = _sealed("town")
    village: Mapped[str] = _sealed("village")
    location: Mapped[str] = _sealed("location")
    sub_county: Mapped[str] = _sealed("sub_county")
    county: Mapped[str] = _sealed("county")
    occupation: Mapped[str] = _sealed("occupation")
    employer: Mapped[str] = _sealed("employer")
    payroll_number: Mapped[str] = _sealed("payroll_number")
    employment_terms: Mapped[str] = _sealed("employment_terms")
    bank: Mapped[str] = _sealed("bank")
    bank_branch: Mapped[str] = _sealed("bank_branch")
    bank_account: Mapped[str] = _sealed("bank_account")
    introduced_by: Mapped[str] = _sealed("introduced_by")
    monthly_cents: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("book_import.id"), index=True)


class MembershipApplication(Table):
    """Somebody who wants to join. The number of the member is given when a second person agrees, not before.

    A group or an organisation has its whole name in `first_name` and its registration number in `national_id`.
    `fee_cents` is the fee that was expected on the day of the application.
    """

    __tablename__ = "membership_application"
    __table_args__ = strict(
        CheckConstraint("kind IN ('person', 'group', 'organisation')", "kind_is_known"),
        CheckConstraint(
            "status IN ('applied', 'approved', 'rejected', 'withdrawn')", "status_is_known"
        ),
        CheckConstraint("fee_cents >= 0", "fee_not_below_zero"),
        CheckConstraint("(fee_entry IS NULL) = (fee_receipt IS NULL)", "fee_has_receipt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("member_file.id"), unique=True)
    kind: Mapped[str]
    first_name: Mapped[str]
    other_names: Mapped[str]
    last_name: Mapped[str]
    national_id: Mapped[str] = mapped_column(PersonalText("membership_application.national_id"))
    phone: Mapped[str] = mapped_column(PersonalText("membership_application.phone"))
    applied_on: Mapped[date]
    fee_cents: Mapped[int]
    fee_entry: Mapped[int | None] = mapped_column(unique=True)
    fee_receipt: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="applied")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def full_name(self) -> str:
        """First, other and last name with single spaces."""
        return " ".join(
            part for part in (self.first_name, self.other_names, self.last_name) if part
        )


class RelatedPerson(Table):
    """A next of kin, or somebody who signs for a group; a row that no longer holds is ended and never deleted."""

    __tablename__ = "related_person"
    __table_args__ = strict(
        CheckConstraint("role IN ('next_of_kin', 'representative')", "role_is_known"),
        Index("ix_related_person_file_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("member_file.id"))
    role: Mapped[str]
    full_name: Mapped[str] = mapped_column(PersonalText("related_person.full_name"))
    relationship: Mapped[str] = mapped_column(PersonalText("related_person.relationship"))
    national_id: Mapped[str] = mapped_column(PersonalText("related_person.national_id"))
    phone: Mapped[str] = mapped_column(PersonalText("related_person.phone"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class NomineeList(Table):
    """One nominee form. It is in force from `in_force_at`, when its shares come to the whole, until the next one."""

    __tablename__ = "nominee_list"
    __table_args__ = strict(
        Index("ix_nominee_list_file_id", "file_id"),
        Index(
            "uq_nominee_list_in_force",
            "file_id",
            unique=True,
            sqlite_where=text("in_force_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("in_force_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("member_file.id"))
    signed_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Nominee(Table):
    """Who receives which part of a dead member's money; `share` is in hundredths of a percent, 10,000 the whole."""

    __tablename__ = "nominee"
    __table_args__ = strict(
        CheckConstraint("share BETWEEN 1 AND 10000", "share_is_part"),
        Index("ix_nominee_list_id", "list_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("nominee_list.id"))
    full_name: Mapped[str] = mapped_column(PersonalText("nominee.full_name"))
    relationship: Mapped[str] = mapped_column(PersonalText("nominee.relationship"))
    national_id: Mapped[str] = mapped_column(PersonalText("nominee.national_id"))
    phone: Mapped[str] = mapped_column(PersonalText("nominee.phone"))
    born_on: Mapped[str] = mapped_column(PersonalText("nominee.born_on"))
    guardian: Mapped[str] = mapped_column(PersonalText("nominee.guardian"))
    share: Mapped[int]


class MemberDocument(Table):
    """A photo or a paper of a member as a file; `media` is what its content proved to be. Taken out it stays kept."""

    __tablename__ = "member_document"
    __table_args__ = strict(
        CheckConstraint(
            "media IN ('image/jpeg', 'image/png', 'application/pdf')", "media_is_known"
        ),
        CheckConstraint("size > 0", "size_above_zero"),
        CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", "removed_by_somebody"),
        Index("ix_member_document_file_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("member_file.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(PersonalText("member_document.name"))
    media: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    # Lists must not drag megabytes along.
    content: Mapped[bytes] = deferred(mapped_column(PersonalBytes("member_document.content")))
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]


class MemberMove(Table):
    """A change of a member's status: when, by whom, why, and the day of the last entry on the member's accounts.

    `request_id` is the approval on which it rests, where a second person must agree.
    """

    __tablename__ = "member_move"
    __table_args__ = strict(
        CheckConstraint("reason <> ''", "reason_is_there"),
        Index("ix_member_move_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str] = mapped_column(PersonalText("member_move.reason"))
    last_entry_on: Mapped[date | None]
    moved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    moved_at: Mapped[datetime]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"), unique=True)


class ExitNotice(Table):
    """A member's written notice of leaving; it has run when `due_on` is there. `days` is the rule of its day."""

    __tablename__ = "exit_notice"
    __table_args__ = strict(
        CheckConstraint("days >= 0 AND due_on >= given_on", "due_after_given"),
        Index(
            "uq_exit_notice_open",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    given_on: Mapped[date]
    days: Mapped[int]
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(PersonalText("exit_notice.reason"))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ExitSettlement(Table):
    """What a member who leaves or has died is paid, in cents, frozen when it was asked for; settled by two people.

    Deposits and shares that the society pays back are refund and fee together. `snapshot` is all that was looked at.
    """

    __tablename__ = "exit_settlement"
    __table_args__ = strict(
        CheckConstraint("cause IN ('left', 'died', 'expelled')", "cause_is_known"),
        CheckConstraint("status IN ('asked', 'settled', 'void')", "status_is_known"),
        CheckConstraint(
            "deposits_cents >= 0 AND shares_cents >= 0 AND fee_cents >= 0 AND refund_cents >= 0"
            " AND deposits_cents + shares_cents = fee_cents + refund_cents",
            "parts_make_the_whole",
        ),
        Index(
            "uq_exit_settlement_member_id",
            "member_id",
            unique=True,
            sqlite_where=text("status <> 'void'"),
            postgresql_where=text("status <> 'void'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    cause: Mapped[str]
    status: Mapped[str] = mapped_column(default="asked")
    deposits_cents: Mapped[int]
    shares_cents: Mapped[int]
    fee_cents: Mapped[int]
    refund_cents: Mapped[int]
    snapshot: Mapped[str] = mapped_column(PersonalText("exit_settlement.snapshot"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    entry_number: Mapped[int | None] = mapped_column(unique=True)
    settled_at: Mapped[datetime | None]


class NomineeClaim(Table):
    """What one nominee is paid of a dead member's money, in cents, and by which payout it was asked for."""

    __tablename__ = "nominee_claim"
    __table_args__ = strict(
        CheckConstraint("cents > 0", "cents_above_zero"),
        Index("uq_nominee_claim_nominee", "settlement_id", "nominee_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("exit_settlement.id"))
    nominee_id: Mapped[int] = mapped_column(ForeignKey("nominee.id"))
    cents: Mapped[int]
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payout.id"), unique=True)


class ShareTransfer(Table):
    """Share capital that goes from one member to another at par, in cents; `fee_cents` is taken from the seller's
    deposits.
    """

    __tablename__ = "share_transfer"
    __table_args__ = strict(
        CheckConstraint("cents > 0 AND fee_cents >= 0", "cents_above_zero"),
        CheckConstraint("from_member_id <> to_member_id", "between_two"),
        CheckConstraint("status IN ('asked', 'done', 'void')", "status_is_known"),
        Index("ix_share_transfer_from_member_id", "from_member_id"),
        Index("ix_share_transfer_to_member_id", "to_member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    to_member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    cents: Mapped[int]
    fee_cents: Mapped[int]
    status: Mapped[str] = mapped_column(default="asked")
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    entry_number: Mapped[int | None] = mapped_column(unique=True)
