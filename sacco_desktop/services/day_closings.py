"""Closing a day: one person closes it, another one signs it in the same act, and what they saw is kept for good.

A closed day is not a closed month: entries of that day may still be posted, and then the day says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from sacco_desktop.db.tables import DayClosing, Entry, User
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Act, may, roles_for
from sacco_desktop.services import audit, day_checks, held_roles, ledger, users, verify
from sacco_desktop.services.day_checks import Check
from sacco_desktop.services.users import Credentials
from sacco_desktop.services.verify import Proof
from sacco_desktop.services.work import Topic, Work

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class DayToClose:
    """The day with what was shown of it: the fingerprint of its checks, the proof of the books, a reason for each check
    that is not in order, and the passwords of the two people.
    """

    day: date
    shown: str
    proof: Proof
    reasons: Mapping[str, str]
    signer_id: int
    password: str = field(repr=False)
    signer_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of it. `refused` says why a password did not count, and `field` whose; then nothing was closed, and
    the try is written down.
    """

    words: str
    refused: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check as it was signed: with the reason, empty where it was in order."""

    title: str
    is_green: bool
    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A closed day. `entries_since` were posted for that day or an earlier one after it was closed."""

    day: date
    closed_by: str
    signed_by: str
    closed_at: datetime
    head_number: int
    head_hash: str
    checks: tuple[KeptCheck, ...]
    entries_since: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who can sign the day that another one closes."""

    user_id: int
    full_name: str


@dataclass(frozen=True, slots=True)
class DayState:
    """Where today stands: closed or not, the last closed day before, and whether this person may close it."""

    day: date
    closed: ClosedDay | None
    last: date | None
    may_close: bool


@dataclass(frozen=True, slots=True)
class DaySheetView:
    """What is shown before a day is closed; the proof of the whole books is read apart."""

    day: date
    checks: tuple[Check, ...]
    entries: int
    signers: tuple[Signer, ...]


def state(work: Work, _nothing: None = None) -> DayState:
    """Today as the page shows it."""
    work.allow(Act.LOOK)
    row = work.session.scalar(select(DayClosing).where(DayClosing.business_date == work.today))
    before = select(func.max(DayClosing.business_date)).where(DayClosing.business_date < work.today)
    return DayState(
        work.today,
        None if row is None else _closed_day(work, row),
        work.session.scalar(before),
        may(work.standing(), Act.CLOSE_DAY),
    )


def before_closing(work: Work, _nothing: None = None) -> DaySheetView:
    """The checks of today and who can sign them. Raises NotAllowed, WrongState when today is closed."""
    work.allow(Act.CLOSE_DAY)
    _check_open(work)
    return DaySheetView(
        work.today, day_checks.checks(work), ledger.head(work)[0], who_can_sign(work)
    )


def who_can_sign(work: Work) -> tuple[Signer, ...]:
    """Everybody who can sign what the actor closes, by name."""
    found = held_roles.holders(work.session, work.today, roles=roles_for(Act.SIGN_DAY))
    people = {one.user_id: one.full_name for one in found if one.user_id != work.actor.user_id}
    return tuple(Signer(key, people[key]) for key in sorted(people, key=lambda key: people[key]))


def close(work: Work, given: DayToClose) -> Closed:
    """Close today for good, closed by the actor and signed by another person with the own password.

    Everything but the whole proof is looked at again in this transaction. Raises NotAllowed, SamePerson, WrongState,
    ChangedMeanwhile when the checks are not those that were shown, and InvalidInput under `reason_…` or `signer`.
    """
    work.allow(Act.CLOSE_DAY)
    if given.day != work.today:
        raise WrongState(f"{format_date(given.day)} is over. Close this window and look at today.")
    _check_open(work)
    found = _as_shown(work, given)
    kept = tuple(_with_reason(one, given.reasons) for one in found)
    own = users.prove_again(work, given.password)
    if own.actor is None:
        return Closed("", own.words, "password")
    theirs = _as_signer(work, given)
    if isinstance(theirs, Closed):
        return theirs
    _keep(work, theirs, kept)
    words = f"{format_date(work.today)} is closed and signed by {theirs.actor.full_name}."
    return Closed(words)


def _check_open(work: Work) -> None:
    row = work.session.scalar(select(DayClosing).where(DayClosing.business_date == work.today))
    if row is not None:
        who = users.full_name_of(work, row.closed_by)
        raise WrongState(f"{format_date(work.today)} was closed by {who} already. Print its sheet.")


def _as_shown(work: Work, given: DayToClose) -> tuple[Check, ...]:
    """The checks of this moment. What was posted since the proof is proven here; one with faults is kept as it is."""
    proof = verify.carry_on(work, given.proof) if given.proof.is_sound else given.proof
    found = day_checks.checks(work)
    is_same = day_checks.fingerprint((*found, day_checks.chain_check(given.proof))) == given.shown
    if not is_same or proof.is_sound != given.proof.is_sound:
        raise ChangedMeanwhile(
            "What you were shown has changed since. Nothing was closed. Look at the checks again, then close the day."
        )
    return (*found, day_checks.chain_check(proof))


def _with_reason(check: Check, reasons: Mapping[str, str]) -> tuple[Check, str]:
    """Raises InvalidInput under `reason_KEY` for a check that is not in order and has no reason."""
    if check.is_green:
        return check, ""
    reason = " ".join(reasons.get(check.key, "").split())
    if not reason:
        raise InvalidInput("Write why the day is closed with this.", f"reason_{check.key}")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"Write at most {LONGEST_REASON} letters.", f"reason_{check.key}")
    return check, reason


def _as_signer(work: Work, given: DayToClose) -> Work | Closed:
    """The same transaction, carried on by the person who has just proved to be there; or why the password does not
    count.
    """
    if given.signer_id == work.actor.user_id:
        raise SamePerson("You close the day, so someone else must sign it.")
    user = work.session.get(User, given.signer_id)
    if user is None:
        raise InvalidInput("Choose who signs.", "signer")
    proof = users.sign_in(work, Credentials(user.username, given.signer_password))
    if proof.actor is None:
        return Closed("", proof.words, "signer_password")
    theirs = replace(work, actor=proof.actor, _held=None)
    theirs.allow(Act.SIGN_DAY)
    _check_two_voices(work, theirs)
    return theirs


def _check_two_voices(work: Work, theirs: Work) -> None:
    """An officer and the deputy are one voice: neither signs what the other one closes for the same office."""
    closes, signs = _speaks_for(work, Act.CLOSE_DAY), _speaks_for(theirs, Act.SIGN_DAY)
    if not any(one != other for one in closes for other in signs):
        raise SamePerson(
            f"{theirs.actor.full_name} and you speak for the same officer. Let somebody else sign."
        )


def _speaks_for(work: Work, act: Act) -> set[int]:
    """For whom the person can do this: in an own role for himself or herself, else for the officer stood in for."""
    own, able = work.actor.user_id, roles_for(act)
    return {own if whom is None else whom for role, whom in work.standing().items() if role in able}


def _keep(work: Work, theirs: Work, kept: tuple[tuple[Check, str], ...]) -> None:
    number, digest = ledger.head(work)
    words = [
        {
            "key": one.key,
            "title": one.title,
            "is_green": one.is_green,
            "finding": " ".join(filter(None, [one.finding, one.age])),
            "reason": reason,
        }
        for one, reason in kept
    ]
    work.session.add(
        DayClosing(
            business_date=work.today,
            closed_by=work.actor.user_id,
            signed_by=theirs.actor.user_id,
            closed_at=work.now,
            head_number=number,
            head_hash=digest,
            checks=json.dumps(words, ensure_ascii=False),
        )
    )
    work.session.flush()
    day = format_date(work.today)
    explained = ", ".join(one.key for one, reason in kept if reason)
    detail: audit.Detail = {"head": number, "head_hash": digest, "explained": explained}
    audit.record(work, "closed the day", day, detail)
    audit.record(theirs, "signed the closing of the", day, detail)
    work.changed(Topic.LEDGER)


def closed_day(work: Work, day: date) -> ClosedDay:
    """A day that was closed. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.scalar(select(DayClosing).where(DayClosing.business_date == day))
    if row is None:
        raise NotFound(f"{format_date(day)} was not closed.")
    return _closed_day(work, row)


def closed_days(work: Work, _nothing: None = None) -> tuple[ClosedDay, ...]:
    """Every closed day, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(select(DayClosing).order_by(DayClosing.business_date.desc()))
    return tuple(_closed_day(work, row) for row in rows.all())


def _closed_day(work: Work, row: DayClosing) -> ClosedDay:
    return ClosedDay(
        day=row.business_date,
        closed_by=users.full_name_of(work, row.closed_by),
        signed_by=users.full_name_of(work, row.signed_by),
        closed_at=row.closed_at,
        head_number=row.head_number,
        head_hash=row.head_hash,
        checks=tuple(
            KeptCheck(one["title"], one["is_green"], one["finding"], one["reason"])
            for one in json.loads(row.checks)
        ),
        entries_since=work.session.scalar(select(func.count()).where(_since(row))) or 0,
    )


def _since(row: DayClosing) -> ColumnElement[bool]:
    """Entries behind the head that was signed, for the closed day or one before it."""
    return (Entry.number > row.head_number) & (Entry.value_date <= row.business_date)
