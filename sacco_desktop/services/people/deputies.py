"""Deputies: who stands in for whom, in which role and for how long, so that an office away stops nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Deputy, User
from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, SamePerson, WrongState
from sacco_desktop.domain.permissions import Act, Role
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, people_requests, users
from sacco_desktop.services.office.people_requests import PersonChange, PutForward

# The program has no deputy, and an auditor who acted for somebody would audit the own work.
NEVER = frozenset({Role.AUDITOR, Role.CLOCK})


@dataclass(frozen=True, slots=True)
class NewDeputy:
    """Somebody who shall stand in for another person in a role, both days included."""

    user_id: int
    role: Role
    for_user_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class DeputyRow:
    """A deputy as lists show one; `is_live` when the role is held today, `is_over` when it never will be again."""

    deputy_id: int
    user_id: int
    full_name: str
    role: Role
    for_user_id: int
    for_name: str
    from_on: date
    until_on: date
    named_by: str
    ended_by: str
    is_live: bool
    is_over: bool


def name_deputy(work: Work, new: NewDeputy) -> PutForward:
    """Let a person stand in for another, once another person agrees; the role counts from the next sign-in on.

    Raises NotAllowed, SamePerson for oneself, and InvalidInput under `user`, `role`, `for_user` or a day.
    """
    work.allow(Act.MANAGE_USERS)
    if new.user_id == work.actor.user_id:
        others = users.names_who_may(work, Act.MANAGE_USERS, not_these=[work.actor.user_id])
        who = " or ".join(others) or "Another administrator"
        raise SamePerson(f"Nobody names oneself a deputy. {who} can do it.")
    _check_people(work, new)
    if new.from_on < work.today:
        raise InvalidInput("A deputy begins today or later, not in the past.", "from_on")
    if new.until_on < new.from_on:
        raise InvalidInput("The last day must not be before the first.", "until_on")
    name, whom = (users.full_name_of(work, each) for each in (new.user_id, new.for_user_id))
    days = f"{format_date(new.from_on)} to {format_date(new.until_on)}"
    change = PersonChange(
        new.user_id,
        "deputy",
        f"{name} stands in for {whom}",
        "no deputy",
        f"deputy {new.role.value} for {whom}, {days}",
        f"{name} is deputy {new.role.value} in these days.",
        {
            "name": name,
            "role": new.role.value,
            "for_user_id": new.for_user_id,
            "from": new.from_on.isoformat(),
            "until": new.until_on.isoformat(),
        },
    )
    return people_requests.put_forward(work, change, carry_out)


def carry_out(work: Work, request_id: int | None, content: Content) -> None:
    """Write down the deputy that was agreed to, from today at the earliest. Raises as `name_deputy` does."""
    named_by = work.actor.user_id
    if request_id is not None:
        named_by = approvals.load(work, request_id).asked_by
    new = NewDeputy(
        int(str(content["user_id"])),
        Role(str(content["role"])),
        int(str(content["for_user_id"])),
        max(date.fromisoformat(str(content["from"])), work.today),
        date.fromisoformat(str(content["until"])),
    )
    if new.until_on < work.today:
        raise WrongState("The days of this deputy are over. Ask for it again with other days.")
    _check_people(work, new)
    row = Deputy(
        user_id=new.user_id,
        role=new.role.value,
        for_user_id=new.for_user_id,
        from_on=new.from_on,
        until_on=new.until_on,
        named_by=named_by,
        named_at=work.now,
        request_id=request_id,
    )
    work.session.add(row)
    work.session.flush()
    _record(work, "named a deputy", row)


def _check_people(work: Work, new: NewDeputy) -> None:
    if new.role in NEVER:
        raise InvalidInput(f"Nobody can stand in for an {new.role.value}.", "role")
    if new.user_id == new.for_user_id:
        raise InvalidInput("Choose another person as the deputy.", "user")
    deputy = work.session.get(User, new.user_id)
    if deputy is None or not deputy.is_active:
        raise InvalidInput("Choose somebody who may sign in.", "user")
    own = {
        one.role
        for one in held_roles.holders(work.session, work.today, user_id=new.user_id)
        if one.deputy_of is None
    }
    if Role.AUDITOR in own:
        raise InvalidInput(
            f"{deputy.full_name} is auditor and changes nothing, so cannot be a deputy.", "user"
        )
    if new.role in own:
        raise InvalidInput(f"{deputy.full_name} is {new.role.value} already.", "user")
    theirs = {
        one.role
        for one in held_roles.holders(work.session, work.today, user_id=new.for_user_id)
        if one.deputy_of is None
    }
    if new.role not in theirs:
        name = users.full_name_of(work, new.for_user_id) or "This person"
        raise InvalidInput(f"{name} is not {new.role.value}. Choose somebody who is.", "for_user")
    overlapping = work.session.scalar(
        select(Deputy.id).where(
            Deputy.user_id == new.user_id,
            Deputy.role == new.role.value,
            Deputy.ended_at.is_(None),
            Deputy.from_on <= new.until_on,
            Deputy.until_on >= new.from_on,
        )
    )
    if overlapping is not None:
        raise InvalidInput(
            f"{deputy.full_name} is a deputy {new.role.value} in these days already.", "from_on"
        )


def end_deputy(work: Work, deputy_id: int) -> None:
    """End a deputy's time at once. What was decided before stays as it was. Raises NotFound, WrongState."""
    work.allow(Act.MANAGE_USERS)
    row = work.session.get(Deputy, deputy_id)
    if row is None:
        raise NotFound("There is no such deputy.")
    if row.ended_at is not None or row.until_on < work.today:
        raise WrongState("This deputy's time is over already.")
    row.ended_by, row.ended_at = work.actor.user_id, work.now
    work.session.flush()
    _record(work, "ended the time of a deputy", row)


def _record(work: Work, act: str, row: Deputy) -> None:
    detail: audit.Detail = {
        "role": row.role,
        "for": users.full_name_of(work, row.for_user_id),
        "from": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
    }
    audit.record(work, act, users.full_name_of(work, row.user_id), detail)
    work.changed(Topic.USERS)


def list_deputies(work: Work, _nothing: None = None) -> tuple[DeputyRow, ...]:
    """All deputies that there ever were, the newest first."""
    work.allow(Act.LOOK)
    deputy, principal = aliased(User), aliased(User)
    rows = work.session.execute(
        select(Deputy, deputy.full_name, principal.full_name)
        .join(deputy, deputy.id == Deputy.user_id)
        .join(principal, principal.id == Deputy.for_user_id)
        .order_by(Deputy.id.desc())
    )
    live = {
        (one.user_id, one.role, one.deputy_of)
        for one in held_roles.holders(work.session, work.today)
    }
    return tuple(
        DeputyRow(
            row.id,
            row.user_id,
            name,
            Role(row.role),
            row.for_user_id,
            for_name,
            row.from_on,
            row.until_on,
            users.full_name_of(work, row.named_by),
            users.full_name_of(work, row.ended_by),
            row.ended_at is None
            and row.from_on <= work.today <= row.until_on
            and (row.user_id, Role(row.role), row.for_user_id) in live,
            row.ended_at is not None or row.until_on < work.today,
        )
        for row, name, for_name in rows.all()
    )
