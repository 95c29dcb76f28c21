"""A sitting of the committee on one PC: several officers decide one after the other, each with the own password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from sacco_desktop.db.tables import Abstention, ApprovalRequest, Sitting, SittingPresence, User
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongState,
)
from sacco_desktop.domain.permissions import Act, Role, roles_for
from sacco_desktop.domain.smaller_sum import Wanted
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import Actor, Topic, Work
from sacco_desktop.services.committee import decisions, smaller_sums
from sacco_desktop.services.committee.smaller_sums import LessVerdict
from sacco_desktop.services.office import approvals, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.users import Credentials

FEWEST = 2


class Vote(StrEnum):
    """What somebody says at a sitting."""

    APPROVE = "approve"
    LESS = "less"
    REJECT = "reject"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class NewSitting:
    """A sitting that begins: its number in the minute book, where it is held, who leads it and who is there."""

    minute_number: str
    held_on: date
    place: str
    chair_id: int
    present: frozenset[int]


@dataclass(frozen=True, slots=True)
class SittingVote:
    """One officer's vote on what the screen shows, with that officer's own password; `less` is the sum and term of
    a vote for less.
    """

    sitting_id: int
    request_id: int
    fingerprint: str
    user_id: int
    vote: Vote
    reason: str
    password: str = field(repr=False)
    less: Wanted | None = None


@dataclass(frozen=True, slots=True)
class Voted:
    """What became of a vote. `refused` says why a password did not count; then nothing was decided, and the try
    is written down.
    """

    words: str
    status: ApprovalStatus
    refused: str = ""
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who sits in a sitting, with the roles held today."""

    user_id: int
    full_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A sitting as the window shows it. `abstained` are pairs of a request and a person."""

    sitting_id: int
    minute_number: str
    held_on: date
    place: str
    chair: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    present: tuple[Attendee, ...]
    abstained: frozenset[tuple[int, int]]


def open_sitting(work: Work, new: NewSitting) -> int:
    """Begin a sitting; returns its id. Raises InvalidInput under its field, WrongState while another one is open."""
    work.allow(Act.RUN_SITTING)
    other = work.session.scalar(select(Sitting.minute_number).where(Sitting.closed_at.is_(None)))
    if other is not None:
        raise WrongState(f"The sitting {other} is still open. Go on with it, or close it first.")
    number = " ".join(new.minute_number.split())
    if not number:
        raise InvalidInput("Write the number in the minute book.", "minute_number")
    if work.session.scalar(select(Sitting.id).where(Sitting.minute_number == number)):
        raise InvalidInput(
            "A sitting with this minute number exists already. Write the next one.", "minute_number"
        )
    if not new.place.strip():
        raise InvalidInput("Write where the committee sits.", "place")
    if new.held_on > work.today:
        raise InvalidInput("A sitting is held today or was held before.", "held_on")
    _check_present(work, new)
    row = Sitting(
        minute_number=number,
        held_on=new.held_on,
        place=" ".join(new.place.split()),
        chair_id=new.chair_id,
        opened_by=work.actor.user_id,
        opened_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    for user_id in sorted(new.present):
        work.session.add(SittingPresence(sitting_id=row.id, user_id=user_id))
    audit.record(work, "opened a sitting", number, {"present": len(new.present)})
    work.changed(Topic.APPROVALS)
    return row.id


def _check_present(work: Work, new: NewSitting) -> None:
    if len(new.present) < FEWEST:
        raise InvalidInput(f"A sitting needs at least {FEWEST} people.", "present")
    able = {one.user_id for one in who_can_sit(work)}
    if not new.present <= able:
        raise InvalidInput("Choose only people who may decide on loans.", "present")
    if new.chair_id not in new.present:
        raise InvalidInput("Who leads the sitting must be present.", "chair")


def who_can_sit(work: Work, _nothing: None = None) -> tuple[Attendee, ...]:
    """Everybody who may decide on loans, by name."""
    work.allow(Act.LOOK)
    return _attendees(work, None)


def _attendees(work: Work, wanted: set[int] | None) -> tuple[Attendee, ...]:
    roles: dict[int, set[Role]] = {}
    names: dict[int, str] = {}
    for one in held_roles.holders(work.session, work.today):
        roles.setdefault(one.user_id, set()).add(one.role)
        names[one.user_id] = one.full_name
    if wanted is None:
        return tuple(
            Attendee(user_id, name, frozenset(roles[user_id]))
            for user_id, name in sorted(names.items(), key=lambda each: each[1])
            if roles[user_id] & roles_for(Act.APPROVE_LOAN)
        )
    people = work.session.execute(
        select(User.id, User.full_name).where(User.id.in_(wanted)).order_by(User.full_name)
    )
    return tuple(
        Attendee(user_id, name, frozenset(roles.get(user_id, ()))) for user_id, name in people
    )


def vote(work: Work, given: SittingVote) -> Voted:
    """Take one officer's vote. Who decides is the officer whose password it is, never the person signed in.

    The password is looked at in the same transaction as the vote. A wrong one is an answer and not an error, so
    that the try stays written down and counts towards the lock. Raises NotAllowed, NotFound, WrongState, and
    everything that a decision raises.
    """
    work.allow(Act.RUN_SITTING)
    sitting = _open(work, given.sitting_id)
    if work.session.get(SittingPresence, (sitting.id, given.user_id)) is None:
        raise NotAllowed("This person does not sit in this sitting. Nothing was decided.")
    request = approvals.load(work, given.request_id)
    if request.kind != ApprovalKind.LOAN.value:
        raise WrongState("A sitting decides on loans only.")
    user = work.session.get_one(User, given.user_id)
    proof = users.sign_in(work, Credentials(user.username, given.password))
    if proof.actor is None:
        return Voted("", ApprovalStatus(request.status), proof.words, proof.locked_until)
    theirs = _as_officer(work, proof.actor)
    if given.vote is Vote.ABSTAIN:
        return _abstain(theirs, sitting, request, given)
    if work.session.get(Abstention, (sitting.id, request.id, user.id)) is not None:
        raise AlreadyDecided(f"{user.full_name} has abstained already.")
    if given.vote is Vote.LESS:
        if given.less is None:
            raise InvalidInput("Write the smaller sum.", "amount")
        sum_and_term = (given.less.cents, given.less.instalments)
        less = LessVerdict(request.id, given.fingerprint, *sum_and_term, given.reason)
        decided = smaller_sums.approve_less(theirs, less, sitting.id)
        return Voted(decided.words, decided.status)
    verdict = Verdict(request.id, given.fingerprint, Decision(given.vote.value), given.reason)
    decided = decisions.decide(theirs, verdict, sitting.id)
    return Voted(decided.words, decided.status)


def _as_officer(work: Work, officer: Actor) -> Work:
    """The same transaction, carried on by the officer who has just proved to be there."""
    return replace(work, actor=officer)


def _abstain(work: Work, sitting: Sitting, request: ApprovalRequest, given: SittingVote) -> Voted:
    if request.status != ApprovalStatus.WAITING.value:
        raise AlreadyDecided("This loan is decided already.")
    if given.fingerprint != request.fingerprint:
        raise ChangedMeanwhile("What you were shown has changed since. Read it again.")
    key = (sitting.id, request.id, work.actor.user_id)
    if work.session.get(Abstention, key) is not None:
        raise AlreadyDecided(f"{work.actor.full_name} has abstained already.")
    work.session.add(
        Abstention(
            sitting_id=sitting.id,
            request_id=request.id,
            user_id=work.actor.user_id,
            said_at=work.now,
        )
    )
    audit.record(work, "abstained from a loan", request.about, {"sitting": sitting.minute_number})
    work.changed(Topic.APPROVALS)
    words = f"{work.actor.full_name} abstains. Nothing was decided by it."
    return Voted(words, ApprovalStatus.WAITING)


def close_sitting(work: Work, sitting_id: int) -> None:
    """End a sitting; from now on its minutes can be printed. Raises NotFound, WrongState."""
    work.allow(Act.RUN_SITTING)
    sitting = _open(work, sitting_id)
    sitting.closed_by, sitting.closed_at = work.actor.user_id, work.now
    work.session.flush()
    audit.record(work, "closed a sitting", sitting.minute_number)
    work.changed(Topic.APPROVALS)


def _open(work: Work, sitting_id: int) -> Sitting:
    sitting = load(work, sitting_id)
    if sitting.closed_at is not None:
        raise WrongState(f"The sitting {sitting.minute_number} is closed. Open another one.")
    return sitting


def load(work: Work, sitting_id: int) -> Sitting:
    """The sitting's row. Raises NotFound."""
    sitting = work.session.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound("There is no such sitting.")
    return sitting


def list_sittings(work: Work, _nothing: None = None) -> tuple[SittingRow, ...]:
    """All sittings, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(select(Sitting).order_by(Sitting.id.desc()))
    return tuple(row_of(work, row) for row in rows.all())


def standing(work: Work, _nothing: None = None) -> SittingRow | None:
    """The sitting that is open now, if there is one."""
    work.allow(Act.LOOK)
    row = work.session.scalar(select(Sitting).where(Sitting.closed_at.is_(None)))
    return None if row is None else row_of(work, row)


def row_of(work: Work, sitting: Sitting) -> SittingRow:
    """One sitting as the window shows it."""
    there = set(_people_of(work, sitting.id))
    abstained = work.session.execute(
        select(Abstention.request_id, Abstention.user_id).where(Abstention.sitting_id == sitting.id)
    )
    return SittingRow(
        sitting.id,
        sitting.minute_number,
        sitting.held_on,
        sitting.place,
        users.full_name_of(work, sitting.chair_id),
        users.full_name_of(work, sitting.opened_by),
        sitting.opened_at,
        users.full_name_of(work, sitting.closed_by),
        sitting.closed_at,
        _attendees(work, there),
        frozenset((request_id, user_id) for request_id, user_id in abstained),
    )


def _people_of(work: Work, sitting_id: int) -> Sequence[int]:
    return work.session.scalars(
        select(SittingPresence.user_id).where(SittingPresence.sitting_id == sitting_id)
    ).all()
