"""Changes of the people of the office: a new person, other roles, an account closed or opened, a new password.

Each is put forward by an administrator and, once a second person could agree, done only when another one has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import ApprovalRequest, User, UserRole
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from sacco_desktop.domain.permissions import Act, Role, roles_for
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import CLOCK_USER_ID, Topic, Work
from sacco_desktop.services.office import approvals, given_approvals, people_requests, users
from sacco_desktop.services.office.people_requests import PersonChange, PutForward
from sacco_desktop.services.office.users import (
    AccessChange,
    NewUser,
    PasswordReset,
    RoleChange,
    person_of,
)
from sacco_desktop.services.people import deputies, member_links
from sacco_desktop.services.sending import queue_stops

# How long a person may type a new password once it was agreed to.
AGREED_FOR = timedelta(hours=24)
_NO_ACCOUNT, _OPEN, _CLOSED = "no account", "may sign in", "may not sign in"
_NEW_PASSWORD = "password"  # noqa: S105 - the name of a change, no password


@dataclass(frozen=True, slots=True)
class PasswordRequest:
    """Another person shall agree that this one, as the list showed him or her in `version`, gets a new password."""

    user_id: int
    version: int


@dataclass(frozen=True, slots=True)
class LetIn:
    """A new password by the recovery sheet, for an office in which nobody is left who could agree."""

    username: str
    password: str = field(repr=False)


def add_user(work: Work, new: NewUser) -> PutForward:
    """Add a person. The very first one must be an administrator; from then on only an administrator adds people.

    Where another person must agree, the account stays closed and without a role until then.
    """
    people = work.session.scalar(
        select(func.count()).select_from(User).where(User.id != CLOCK_USER_ID)
    )
    if people:
        work.allow(Act.MANAGE_USERS)
    elif Role.ADMINISTRATOR not in new.roles:
        raise InvalidInput("The first person must be an administrator.", "roles")
    new = users.check_new(new)
    user = User(
        username=new.username,
        full_name=new.full_name,
        password_hash=users.HASHER.hash(new.password),
        is_active=False,
        created_at=work.now,
    )
    work.session.add(user)
    work.session.flush()
    roles = _in_words(new.roles)
    change = PersonChange(
        user.id,
        "person",
        f"New person {new.full_name}: {roles}",
        _NO_ACCOUNT,
        roles,
        f"{new.full_name} can sign in as {new.username}.",
        {"name": new.full_name, "username": new.username},
    )
    work.changed(Topic.USERS)
    return people_requests.put_forward(work, change, carry_out)


def change_roles(work: Work, change: RoleChange) -> PutForward:
    """Give a person other roles. Somebody must stay administrator, and two people who can agree with each other."""
    work.allow(Act.MANAGE_USERS)
    user = person_of(work, change.user_id, change.version)
    roles = users.check_roles(change.roles)
    _check_roles_fit(work, user, roles)
    return _put_forward(
        work,
        user,
        "roles",
        (f"Roles of {user.full_name}", _in_words(_held(work, user)), _in_words(roles)),
        f"{user.full_name} has other roles now.",
    )


def change_access(work: Work, change: AccessChange) -> PutForward:
    """Close the account of a person who has left, or open it again. Nobody closes his or her own."""
    work.allow(Act.MANAGE_USERS)
    user = person_of(work, change.user_id, change.version)
    if not change.is_active:
        if user.id == work.actor.user_id:
            raise WrongState("Your own account can be closed only by another administrator.")
        _check_can_close(work, user)
    state = "open again" if change.is_active else "closed"
    return _put_forward(
        work,
        user,
        "access",
        (f"Account of {user.full_name}", _access(user.is_active), _access(change.is_active)),
        f"The account of {user.full_name} is {state}.",
    )


def ask_password(work: Work, asked: PasswordRequest) -> PutForward:
    """Ask another person whether this one may get a new password; then `reset_password` works for a day."""
    work.allow(Act.MANAGE_USERS)
    user = person_of(work, asked.user_id, asked.version)
    _check_not_own(work, user)
    about = f"New password for {user.full_name}"
    what = (about, "the old password", "a new one, typed by this person")
    return _put_forward(work, user, _NEW_PASSWORD, what, "The new password can be typed now.")


def reset_password(work: Work, reset: PasswordReset) -> None:
    """Give a person a new password, which he or she should then change. The audit log says who did it.

    Raises NotAllowed where another person must agree first and has not within the last day.
    """
    work.allow(Act.MANAGE_USERS)
    user = person_of(work, reset.user_id, reset.version)
    _check_not_own(work, user)
    if not people_requests.is_set_up_by_one(work):
        if agreed_password(work, user.id) is None:
            raise NotAllowed(
                f"Whoever sets the password of {user.full_name} could act as this person, so another person agrees"
                " first. Ask for it under Settings › People. Nothing was changed."
            )
        approvals.void_open(work, ApprovalKind.PEOPLE, user.id, "The new password was set.")
    _set_password(work, user, reset.password)
    audit.record(work, "reset the password of", user.username)


def agreed_password(work: Work, user_id: int) -> ApprovalRequest | None:
    """The approval by which whoever acts may give a person a new password now: what was agreed to is one that the
    asker types. Were it anybody else, the one who agreed could act as that person alone.
    """
    given = given_approvals.given_for(work, ApprovalKind.PEOPLE, user_id)
    if given is None or given.asked_by != work.actor.user_id:
        return None
    if approvals.content_of(given)["change"] != _NEW_PASSWORD:
        return None
    is_fresh = given.closed_at is not None and work.now - given.closed_at <= AGREED_FOR
    return given if is_fresh else None


def let_in(work: Work, by_sheet: LetIn) -> None:
    """Give a person a new password because somebody holds the printed recovery sheet, which the caller has proven.
    Sending stops until a treasurer has asked about it.

    Only the command of the program calls this, as the clock: in the window there is no such way.
    """
    if work.actor.user_id != CLOCK_USER_ID:
        raise NotAllowed("This is done only with the recovery sheet, by the command let-in.")
    name = by_sheet.username.strip().lower()
    user = work.session.scalar(select(User).where(User.username == name, User.is_active))
    if user is None or user.id == CLOCK_USER_ID:
        raise NotFound(f"Nobody who may sign in has the user name {name}. Nothing was changed.")
    _set_password(work, user, by_sheet.password)
    audit.record(work, "let in by the recovery sheet", user.username)
    queue_stops.stop(
        work,
        "let in",
        f"{user.full_name} got a new password by the recovery sheet. Whoever clears this has asked {user.full_name} who"
        " was there.",
    )


def _set_password(work: Work, user: User, password: str) -> None:
    user.password_hash = users.HASHER.hash(users.check_password(password))
    user.wrong_tries, user.locked_until = 0, None
    user.version += 1
    work.changed(Topic.USERS)


def _check_not_own(work: Work, user: User) -> None:
    if user.id == work.actor.user_id:
        raise WrongState("Change your own password with My password, which asks for the old one.")


def _put_forward(
    work: Work, user: User, what: str, words: tuple[str, str, str], told: str
) -> PutForward:
    about, before, after = words
    change = PersonChange(user.id, what, about, before, after, told, {"name": user.full_name})
    return people_requests.put_forward(work, change, carry_out)


def carry_out(work: Work, request_id: int | None, content: Content) -> None:
    """Do what was agreed to. Raises as the asking did, when the people have changed so that it does not fit."""
    what = str(content["change"])
    if what == "deputy":
        deputies.carry_out(work, request_id, content)
    elif what == "member":
        member_links.carry_out(work, request_id, content)
    elif what != _NEW_PASSWORD:
        user = person_of(work, int(str(content["user_id"])))
        _carry_out_for(work, user, request_id, content)


def _carry_out_for(work: Work, user: User, request_id: int | None, content: Content) -> None:
    what, after = content["change"], str(content["after"])
    if what == "access":
        _set_access(work, user, request_id, is_active=after == _OPEN)
        act = "opened the account of" if user.is_active else "closed the account of"
        audit.record(work, act, user.username)
    else:
        roles = frozenset(Role(name) for name in after.split(", "))
        _check_roles_fit(work, user, roles)
        _give(work, user, roles, request_id)
        if what == "person":
            _set_access(work, user, request_id, is_active=True)
            audit.record(work, "added a person", user.username, {"roles": after})
        else:
            detail: audit.Detail = {"old": str(content["before"]), "new": after}
            audit.record(work, "changed the roles of", user.username, detail)
    work.changed(Topic.USERS)


def _set_access(work: Work, user: User, request_id: int | None, *, is_active: bool) -> None:
    if not is_active:
        _check_can_close(work, user)
    user.is_active, user.request_id = is_active, request_id
    user.version += 1
    work.session.flush()


def _give(work: Work, user: User, roles: frozenset[Role], request_id: int | None) -> None:
    held = work.session.scalars(select(UserRole).where(UserRole.user_id == user.id)).all()
    for row in held:
        if Role(row.role) not in roles:
            work.session.delete(row)
    # What is taken away goes first: for a moment an auditor would be something else besides.
    work.session.flush()
    for role in sorted(roles - {Role(row.role) for row in held}):
        work.session.add(UserRole(user_id=user.id, role=role.value, request_id=request_id))
    user.version += 1
    work.session.flush()


def content_now(work: Work, user_id: int, content: Content) -> Content:
    """The content as it would be asked today: what is before it may have changed meanwhile."""
    user = person_of(work, user_id)
    if content["change"] == "roles":
        return {**content, "before": _in_words(_held(work, user))}
    if content["change"] == "access":
        return {**content, "before": _access(user.is_active)}
    if content["change"] == "member":
        return {**content, "before": member_links.words_now(work, user_id)}
    return content


def _held(work: Work, user: User) -> frozenset[Role]:
    rows = work.session.scalars(select(UserRole.role).where(UserRole.user_id == user.id))
    return frozenset(Role(name) for name in rows)


def _check_roles_fit(work: Work, user: User, roles: frozenset[Role]) -> None:
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(work, user)
    if user.is_active:
        decides = bool(roles & roles_for(Act.APPROVE_PEOPLE))
        people_requests.keep_two_deciders(work, user.id, user.full_name, decides)
    if Role.AUDITOR in roles and held_roles.is_deputy(work.session, user.id, work.today):
        raise InvalidInput(
            f"{user.full_name} is a deputy, and an auditor changes nothing. End that first.",
            "roles",
        )


def _check_can_close(work: Work, user: User) -> None:
    _keep_an_administrator(work, user)
    people_requests.keep_two_deciders(work, user.id, user.full_name, still_decides=False)


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


def _access(is_active: bool) -> str:
    return _OPEN if is_active else _CLOSED


def _in_words(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(roles))
