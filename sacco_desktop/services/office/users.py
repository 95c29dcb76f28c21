"""The people of the office: who they are, signing in, proving again who one is when money leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from sacco_desktop.db.tables import User, UserRole
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    Locked,
    NotAllowed,
    NotFound,
)
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import Act, Role, check_together, roles_for
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import CLOCK_USER_ID, Actor, Topic, Work
from sacco_desktop.services.office import society

HASHER = PasswordHasher()
_SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be added to the office."""

    username: str
    full_name: str
    roles: frozenset[Role]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person types to sign in."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person of the office as lists show one."""

    user_id: int
    username: str
    full_name: str
    roles: frozenset[Role]
    is_active: bool
    locked_until: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Other roles for a person, as the list showed him or her in `version`."""

    user_id: int
    version: int
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Whether a person may still sign in. What he or she did stays in the books."""

    user_id: int
    version: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A new password for a person who has forgotten the old one; it also opens a locked account."""

    user_id: int
    version: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of a sign-in. A wrong password is an outcome and not an exception, so that the try is counted."""

    actor: Actor | None
    words: str
    locked_until: datetime | None = None


def check_new(new: NewUser) -> NewUser:
    """The person as he or she will be written down. Raises InvalidInput under its field."""
    full_name = clean_name(new.full_name, "full_name")
    username = new.username.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", username):
        raise InvalidInput(
            "A user name has 3 to 30 small letters, digits, dots or hyphens.", "username"
        )
    check_password(new.password)
    return NewUser(username, full_name, check_roles(new.roles), new.password)


def check_roles(roles: frozenset[Role]) -> frozenset[Role]:
    """The roles themselves when one person may hold them together. Raises InvalidInput under `roles`."""
    if not roles or Role.CLOCK in roles:
        raise InvalidInput("Choose at least one role.", "roles")
    check_together(roles)
    return roles


def check_password(password: str, field: str = "password") -> str:
    """The password when it is long enough. Length is the only rule, as current guidance has it."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidInput(
            f"A password needs at least {_SHORTEST_PASSWORD} characters. A short sentence is good.",
            field,
        )
    return password


def change_own_password(work: Work, password: str) -> None:
    """Give the actor another password. Whoever calls this has just proven the old one."""
    user = person_of(work, work.actor.user_id)
    check_password(password, "new_password")
    if _fits(user, password):
        raise InvalidInput("That is the old password. Choose another one.", "new_password")
    user.password_hash = HASHER.hash(password)
    user.version += 1
    audit.record(work, "changed the own password", user.username)
    work.changed(Topic.USERS)


def person_of(work: Work, user_id: int, version: int | None = None) -> User:
    """The row of a person. Raises NotFound, and ChangedMeanwhile when the list showed another `version`."""
    user = work.session.get(User, user_id)
    if user is None or user.id == CLOCK_USER_ID:
        raise NotFound("This person is not in the books.")
    if version is not None and user.version != version:
        raise ChangedMeanwhile(
            f"Somebody else has just changed {user.full_name}. Look at the list again, then decide."
        )
    return user


def sign_in(work: Work, given: Credentials) -> SignIn:
    """Who this is, or words for why not. Wrong tries are counted and lock the account for a while."""
    user = work.session.scalar(
        select(User).where(User.username == given.username.strip().lower(), User.is_active)
    )
    if user is None or user.id == CLOCK_USER_ID:
        # The same work as for a real name, so that time does not tell which names exist.
        HASHER.hash(given.password or "nobody")
        return SignIn(None, "That user name or password is not right.")
    if user.locked_until is not None and user.locked_until > work.now:
        return SignIn(None, "This account is locked after wrong passwords.", user.locked_until)
    if not _fits(user, given.password):
        return _count_wrong_try(work, user)
    user.wrong_tries, user.locked_until = 0, None
    if HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = HASHER.hash(given.password)
    audit.record(work, "signed in", user.username)
    return SignIn(actor_of(work, user.id), "")


def _fits(user: User, password: str) -> bool:
    try:
        return HASHER.verify(user.password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_wrong_try(work: Work, user: User) -> SignIn:
    user.wrong_tries += 1
    left = society.number_setting(work, "password.tries") - user.wrong_tries
    audit.record(work, "typed a wrong password for", user.username)
    if left > 0:
        tries = "1 try" if left == 1 else f"{left} tries"
        wait = society.number_setting(work, "password.lock_minutes")
        return SignIn(
            None,
            f"That password is not right. You have {tries} left; then this account locks"
            f" for {wait} minutes.",
        )
    user.wrong_tries = 0
    user.locked_until = work.now + society.minutes_setting(work, "password.lock_minutes")
    return SignIn(None, "This account is locked after wrong passwords.", user.locked_until)


def prove_again(work: Work, password: str) -> SignIn:
    """Whether the person at the window is who signed in; asked each time money leaves."""
    user = work.session.get(User, work.actor.user_id)
    if user is None:
        raise NotFound("This person is not in the books any more.")
    return sign_in(work, Credentials(user.username, password))


def require(outcome: SignIn) -> Actor:
    """The person of a sign-in that worked. Raises Locked or InvalidInput under the field password."""
    if outcome.actor is not None:
        return outcome.actor
    if outcome.locked_until is not None:
        raise Locked(outcome.words)
    raise InvalidInput(outcome.words, "password")


def actor_of(work: Work, user_id: int) -> Actor:
    """A person with all roles held now, those of a deputy too."""
    user = work.session.get(User, user_id)
    if user is None or not user.is_active:
        raise NotAllowed("This person may not work in these books any more.")
    held = held_roles.held_by(work.session, user_id, work.today)
    return Actor(user.id, user.full_name, frozenset(held))


def list_users(work: Work, _nothing: None = None) -> tuple[UserRow, ...]:
    """Everybody who can sign in, by name."""
    users = work.session.scalars(
        select(User).where(User.id != CLOCK_USER_ID).order_by(User.full_name)
    )
    return tuple(
        UserRow(
            user.id,
            user.username,
            user.full_name,
            frozenset(
                Role(role)
                for role in work.session.scalars(
                    select(UserRole.role).where(UserRole.user_id == user.id)
                )
            ),
            user.is_active,
            user.locked_until,
            user.version,
        )
        for user in users
    )


def names_who_may(work: Work, act: Act, *, not_these: Iterable[int] = ()) -> list[str]:
    """The full names of the active people who may do this, without some: who to ask instead."""
    found = held_roles.holders(work.session, work.today, roles=roles_for(act))
    return held_roles.names(found, not_these=not_these)


def full_name_of(work: Work, user_id: int | None) -> str:
    """The name of a person for papers and lists; empty for nobody."""
    user = None if user_id is None else work.session.get(User, user_id)
    return "" if user is None else user.full_name
