"""Members of the society and the people who work in its office."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sacco_desktop.db.tables.registry import Table, strict
from sacco_desktop.db.types import PersonalText


class User(Table):
    """A person who signs in. `version` rises with each change, so that two PCs cannot overwrite each other.

    `request_id` is the approval by which the account was last opened or closed, if two people were needed then.
    """

    __tablename__ = "user_account"
    __table_args__ = strict()

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    request_id: Mapped[int | None]


class UserRole(Table):
    """A role that a person holds, and the approval by which it was given."""

    __tablename__ = "user_role"
    __table_args__ = strict()

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))


class Deputy(Table):
    """Somebody who stands in for another person in a role, both days included, unless a person ends it before."""

    __tablename__ = "deputy"
    __table_args__ = strict(
        CheckConstraint("user_id <> for_user_id AND user_id <> named_by", "not_of_oneself"),
        CheckConstraint("until_on >= from_on", "ends_after_it_begins"),
        Index("ix_deputy_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str]
    for_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    named_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("approval_request.id"))


class UserMember(Table):
    """Which member of the society a person of the office is, so that nobody decides on the own loan."""

    __tablename__ = "user_member"
    __table_args__ = strict()

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    linked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    linked_at: Mapped[datetime]


class Member(Table):
    """A member of the society; `phone` is 12 digits (2547… or 2541…), `national_id` digits as written on the card.

    A group or an organisation has its whole name in `first_name` and its registration number in `national_id`.
    """

    __tablename__ = "member"
    __table_args__ = strict(
        # A server sees the number only sealed.
        CheckConstraint("length(phone) = 12", "phone_has_12_digits").ddl_if(dialect="sqlite"),
        CheckConstraint(
            "status IN ('active', 'dormant', 'suspended', 'notice_given', 'exited', 'expelled', 'deceased')",
            "status_is_known",
        ),
        CheckConstraint("kind IN ('person', 'group', 'organisation')", "kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str]
    other_names: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str]
    national_id: Mapped[str] = mapped_column(PersonalText("member.national_id"), unique=True)
    phone: Mapped[str] = mapped_column(PersonalText("member.phone"), unique=True)
    phone_changed_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="active")
    joined_on: Mapped[date]
    registered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("book_import.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(default="person")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("member_file.id"), unique=True)
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("membership_application.id"), unique=True
    )
    left_on: Mapped[date | None]

    @property
    def full_name(self) -> str:
        """First, other and last name with single spaces."""
        return " ".join(
            part for part in (self.first_name, self.other_names, self.last_name) if part
        )
