"""The people of the office: adding them, signing in, proving again who one is when money leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, select

from sacco_desktop.db.tables import User, UserRole
from sacco_desktop.domain.errors import InvalidInput, Locked, NotAllowed, NotFound
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role
from sacco_desktop.services import audit, society
from sacco_desktop.services.work import CLOCK_USER_ID, Actor, Topic, Work

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


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of a sign-in. A wrong password is an outcome and not an exception, so that the try is counted."""

    actor: Actor | None
    words: str
    locked_until: datetime | None = None


def add_user(work: Work, new: NewUser) -> int:
    """Add a person. The very first one must be an administrator; from then on only an administrator adds people."""
    people = work.session.scalar(
        select(func.count()).select_from(User).where(User.id != CLOCK_USER_ID)
    )
    if people:
        work.allow(Act.MANAGE_USERS)
    elif Role.ADMINISTRATOR not in new.roles:
        raise InvalidInput("The first person must be an administrator.", "roles")
    username = new.username.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", username):
        raise InvalidInput(
            "A user name has 3 to 30 small letters, digits, dots or hyphens.", "username"
        )
    if not new.roles or Role.CLOCK in new.roles:
        raise InvalidInput("Choose at least one role.", "roles")
    user = User(
        username=username,
        full_name=clean_name(new.full_name, "full_name"),
        password_hash=HASHER.hash(check_password(new.password)),
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    for role in sorted(new.roles):
        work.session.add(UserRole(user_id=user.id, role=role.value))
    audit.record(work, "added a person", username, {"roles": ", ".join(sorted(new.roles))})
    work.changed(Topic.USERS)
    return user.id


def check_password(password: str) -> str:
    """The password when it is long enough. Length is the only rule, as current guidance has it."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidInput(
            f"A password needs at least {_SHORTEST_PASSWORD} characters. A short sentence is good.",
            "password",
        )
    return password


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
    """A person with all roles held now."""
    user = work.session.get(User, user_id)
    if user is None or not user.is_active:
        raise NotAllowed("This person may not work in these books any more.")
    roles = work.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id))
    return Actor(user.id, user.full_name, frozenset(Role(role) for role in roles))


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
        )
        for user in users
    )


def names_who_may(work: Work, act: Act, *, not_these: Iterable[int] = ()) -> list[str]:
    """The full names of the active people who may do this, without some: who to ask instead."""
    roles = [role.value for role in Role if act in PERMISSIONS[role]]
    barred = {CLOCK_USER_ID, *not_these}
    names = work.session.scalars(
        select(User.full_name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_(roles), User.is_active, User.id.not_in(barred))
        .distinct()
        .order_by(User.full_name)
    )
    return list(names)


def full_name_of(work: Work, user_id: int | None) -> str:
    """The name of a person for papers and lists; empty for nobody."""
    user = None if user_id is None else work.session.get(User, user_id)
    return "" if user is None else user.full_name
