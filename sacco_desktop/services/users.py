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
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    Locked,
    NotAllowed,
    NotFound,
    WrongState,
)
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.permissions import Act, Role, check_together, roles_for
from sacco_desktop.services import audit, held_roles, society
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


def add_user(work: Work, new: NewUser) -> int:
    """Add a person. The very first one must be an administrator; from then on only an administrator adds people."""
    people = work.session.scalar(
        select(func.count()).select_from(User).where(User.id != CLOCK_USER_ID)
    )
    if people:
        work.allow(Act.MANAGE_USERS)
    elif Role.ADMINISTRATOR not in new.roles:
        raise InvalidInput("The first person must be an administrator.", "roles")
    new = check_new(new)
    user = User(
        username=new.username,
        full_name=new.full_name,
        password_hash=HASHER.hash(new.password),
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    for role in sorted(new.roles):
        work.session.add(UserRole(user_id=user.id, role=role.value))
    audit.record(work, "added a person", new.username, {"roles": _in_words(new.roles)})
    work.changed(Topic.USERS)
    return user.id


def check_new(new: NewUser) -> NewUser:
    """The person as he or she will be written down. Raises InvalidInput under its field."""
    full_name = clean_name(new.full_name, "full_name")
    username = new.username.strip().lower()
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", username):
        raise InvalidInput(
            "A user name has 3 to 30 small letters, digits, dots or hyphens.", "username"
        )
    check_password(new.password)
    return NewUser(username, full_name, _check_roles(new.roles), new.password)


def _check_roles(roles: frozenset[Role]) -> frozenset[Role]:
    if not roles or Role.CLOCK in roles:
        raise InvalidInput("Choose at least one role.", "roles")
    check_together(roles)
    return roles


def _in_words(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(roles))


def check_password(password: str, field: str = "password") -> str:
    """The password when it is long enough. Length is the only rule, as current guidance has it."""
    if len(password) < _SHORTEST_PASSWORD:
        raise InvalidInput(
            f"A password needs at least {_SHORTEST_PASSWORD} characters. A short sentence is good.",
            field,
        )
    return password


def change_roles(work: Work, change: RoleChange) -> None:
    """Give a person other roles. Somebody must stay administrator."""
    work.allow(Act.MANAGE_USERS)
    user = _person(work, change.user_id, change.version)
    roles = _check_roles(change.roles)
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(work, user)
    if Role.AUDITOR in roles and held_roles.is_deputy(work.session, user.id, work.today):
        raise InvalidInput(
            f"{user.full_name} is a deputy, and an auditor changes nothing. End that first.",
            "roles",
        )
    held = work.session.scalars(select(UserRole).where(UserRole.user_id == user.id)).all()
    for row in held:
        if Role(row.role) not in roles:
            work.session.delete(row)
    # What is taken away goes first: for a moment an auditor would be something else besides.
    work.session.flush()
    for role in sorted(roles - {Role(row.role) for row in held}):
        work.session.add(UserRole(user_id=user.id, role=role.value))
    user.version += 1
    detail: audit.Detail = {"old": _in_words(Role(row.role) for row in held)}
    audit.record(work, "changed the roles of", user.username, {**detail, "new": _in_words(roles)})
    work.changed(Topic.USERS)


def change_access(work: Work, change: AccessChange) -> None:
    """Close the account of a person who has left, or open it again. Nobody closes his or her own."""
    work.allow(Act.MANAGE_USERS)
    user = _person(work, change.user_id, change.version)
    if not change.is_active:
        if user.id == work.actor.user_id:
            raise WrongState("Your own account can be closed only by another administrator.")
        _keep_an_administrator(work, user)
    user.is_active = change.is_active
    user.version += 1
    act = "opened the account of" if change.is_active else "closed the account of"
    audit.record(work, act, user.username)
    work.changed(Topic.USERS)


def reset_password(work: Work, reset: PasswordReset) -> None:
    """Give a person a new password, which he or she should then change. The audit log says who did it."""
    work.allow(Act.MANAGE_USERS)
    user = _person(work, reset.user_id, reset.version)
    if user.id == work.actor.user_id:
        raise WrongState("Change your own password with My password, which asks for the old one.")
    user.password_hash = HASHER.hash(check_password(reset.password))
    user.wrong_tries, user.locked_until = 0, None
    user.version += 1
    audit.record(work, "reset the password of", user.username)
    work.changed(Topic.USERS)


def change_own_password(work: Work, password: str) -> None:
    """Give the actor another password. Whoever calls this has just proven the old one."""
    user = _person(work, work.actor.user_id)
    check_password(password, "new_password")
    if _fits(user, password):
        raise InvalidInput("That is the old password. Choose another one.", "new_password")
    user.password_hash = HASHER.hash(password)
    user.version += 1
    audit.record(work, "changed the own password", user.username)
    work.changed(Topic.USERS)


def _person(work: Work, user_id: int, version: int | None = None) -> User:
    user = work.session.get(User, user_id)
    if user is None or user.id == CLOCK_USER_ID:
        raise NotFound("This person is not in the books.")
    if version is not None and user.version != version:
        raise ChangedMeanwhile(
            f"Somebody else has just changed {user.full_name}. Look at the list again, then decide."
        )
    return user


def _keep_an_administrator(work: Work, user: User) -> None:
    """Raise WrongState when nobody but this person could add people and set up the connections."""
    others = work.session.scalar(
        select(func.count())
        .select_from(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR.value, User.is_active, User.id != user.id)
    )
    if not others:
        raise WrongState(
            f"{user.full_name} is the only administrator. Make somebody else administrator first."
        )


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
