"""Changes of the approval levels and of the amount limits: asked for by one person and approved by another."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import AmountLimit, ApprovalDecision, ApprovalLevels, ApprovalRequest
from sacco_desktop.domain.amount_limits import (
    LIMITED,
    Limit,
    act_code,
    act_of_code,
    check_limit,
    limit_in_words,
)
from sacco_desktop.domain.approval_levels import (
    Bands,
    bands_as_text,
    bands_in_words,
    bands_of_text,
    check_bands,
    roles_in_words,
)
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role
from sacco_desktop.services.books import audit, held_roles
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, limits, users
from sacco_desktop.services.office.approval_needs import levels_on

# A change without an amount; the list shows nothing for it.
_NO_AMOUNT = 0
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class LevelsChange:
    """Other levels for one kind of request from a day on."""

    kind: ApprovalKind
    bands: Bands
    effective_on: date


@dataclass(frozen=True, slots=True)
class LimitChange:
    """Another limit for an act in a role from a day on."""

    limit: Limit
    effective_on: date


def ask_levels(work: Work, change: LevelsChange) -> int:
    """Ask another person to change the levels of a kind; returns the request's id. Nothing changes by it.

    Raises InvalidInput under `bands` or `effective_on`, WrongState when nothing would change.
    """
    work.allow(Act.MANAGE_RULES)
    bands = check_bands(change.kind, change.bands)
    _check_day(work, change.effective_on)
    _check_enough_people(work, bands)
    content: dict[str, str | int | list[list[str | int]]] = {
        "rule": "levels",
        "kind": change.kind.value,
        "before": bands_in_words(levels_on(work, change.kind, work.today)),
        "after": bands_in_words(bands),
        "from": change.effective_on.isoformat(),
        "bands": bands_as_text(bands),
    }
    return _ask(
        work, f"levels/{change.kind.value}", f"Levels for {_kind_words(change.kind)}", content
    )


def ask_limit(work: Work, change: LimitChange) -> int:
    """Ask another person to change an amount limit; returns the request's id. Nothing changes by it.

    Raises InvalidInput under `single`, `day`, `role`, `act` or `effective_on`, WrongState when nothing would change.
    """
    work.allow(Act.MANAGE_RULES)
    limit = check_limit(change.limit)
    _check_day(work, change.effective_on)
    content: dict[str, str | int | list[list[str | int]]] = {
        "rule": "limit",
        "role": limit.role.value,
        "act": act_code(limit.act),
        "before": limit_in_words(_limit_now(work, limit.act, limit.role)),
        "after": limit_in_words(limit),
        "from": change.effective_on.isoformat(),
        "single_cents": _NO_LIMIT if limit.single_cents is None else limit.single_cents,
        "day_cents": _NO_LIMIT if limit.day_cents is None else limit.day_cents,
    }
    key = f"limit/{act_code(limit.act)}/{limit.role.value}"
    return _ask(work, key, f"Limit of a {limit.role.value} to {limit.act.value}", content)


def _ask(work: Work, key: str, about: str, content: Content) -> int:
    if content["before"] == content["after"]:
        raise WrongState("That is the rule already. Nothing was asked for.")
    # One number for one rule, so that a second request for it takes the place of the first.
    subject = zlib.crc32(key.encode())
    new = approvals.NewRequest(ApprovalKind.APPROVAL_RULES, subject, about, _NO_AMOUNT, content)
    return approvals.ask(work, new)


def _check_day(work: Work, day: date) -> None:
    if day < work.today:
        raise InvalidInput("A rule changes today or later, not in the past.", "effective_on")


def _check_enough_people(work: Work, bands: Bands) -> None:
    """Levels that nobody can meet would stop the office."""
    for band in bands:
        for step in band.steps:
            people = {
                one.user_id
                for one in held_roles.holders(work.session, work.today, roles=step.roles)
            }
            if len(people) < step.quorum:
                raise InvalidInput(
                    f"{step.quorum} of {roles_in_words(step.roles)} are needed, and this office has {len(people)}."
                    " Give the role to more people first, under People.",
                    "bands",
                )


def _kind_words(kind: ApprovalKind) -> str:
    return kind.value.replace("_", " ")


def _limit_now(work: Work, act: Act, role: Role) -> Limit:
    return limits.limits_on(work, act).get(role, Limit(role, act, None, None))


def content_now(work: Work, content: Content) -> Content:
    """The content of a change as it would be asked today: what is before it may have changed meanwhile."""
    if content["rule"] == "levels":
        bands = levels_on(work, ApprovalKind(str(content["kind"])), work.today)
        return {**content, "before": bands_in_words(bands)}
    now = _limit_now(work, act_of_code(str(content["act"])), Role(str(content["role"])))
    return {**content, "before": limit_in_words(now)}


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Write the approved rule down. It counts from its day, or from today if that day has passed."""
    day = max(date.fromisoformat(str(content["from"])), work.today)
    if content["rule"] == "levels":
        work.session.add(
            ApprovalLevels(
                kind=str(content["kind"]),
                effective_on=day,
                bands=str(content["bands"]),
                request_id=request_id,
                written_at=work.now,
            )
        )
    else:
        single, day_cents = int(str(content["single_cents"])), int(str(content["day_cents"]))
        work.session.add(
            AmountLimit(
                role=str(content["role"]),
                act=str(content["act"]),
                single_cents=None if single == _NO_LIMIT else single,
                day_cents=None if day_cents == _NO_LIMIT else day_cents,
                effective_on=day,
                request_id=request_id,
                written_at=work.now,
            )
        )
    subject = str(content.get("kind") or content.get("act"))
    detail: audit.Detail = {"old": str(content["before"]), "new": str(content["after"])}
    audit.record(work, "changed an approval rule", subject, {**detail, "from": day.isoformat()})
    work.changed(Topic.SETTINGS)


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Since when a rule counts, who asked for it and who approved it; empty names for a rule of the beginning."""

    since: date
    asked_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class LevelsRow:
    """The levels of a kind that count today, and where they come from."""

    kind: ApprovalKind
    bands: Bands
    source: RuleSource


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit of a role for an act that counts today; without a `source` there was never one."""

    limit: Limit
    source: RuleSource | None


def list_levels(work: Work, _nothing: None = None) -> tuple[LevelsRow, ...]:
    """The levels of every kind, as they count today."""
    work.allow(Act.LOOK)
    newest: dict[str, ApprovalLevels] = {}
    for row in work.session.scalars(
        select(ApprovalLevels)
        .where(ApprovalLevels.effective_on <= work.today)
        .order_by(ApprovalLevels.effective_on, ApprovalLevels.id)
    ):
        newest[row.kind] = row
    return tuple(
        LevelsRow(
            kind,
            bands_of_text(newest[kind].bands),
            _source(work, newest[kind].effective_on, newest[kind].request_id),
        )
        for kind in ApprovalKind
        if kind.value in newest
    )


def list_limits(work: Work, _nothing: None = None) -> tuple[LimitRow, ...]:
    """The limit of every role for every act that it allows and that moves an amount."""
    work.allow(Act.LOOK)
    newest: dict[tuple[str, str], AmountLimit] = {}
    for row in work.session.scalars(
        select(AmountLimit)
        .where(AmountLimit.effective_on <= work.today)
        .order_by(AmountLimit.effective_on, AmountLimit.id)
    ):
        newest[row.act, row.role] = row
    return tuple(
        _limit_row(work, act, role, newest.get((act_code(act), role.value)))
        for act in LIMITED
        for role in Role
        if act in PERMISSIONS[role]
    )


def _limit_row(work: Work, act: Act, role: Role, row: AmountLimit | None) -> LimitRow:
    if row is None:
        return LimitRow(Limit(role, act, None, None), None)
    limit = Limit(role, act, row.single_cents, row.day_cents)
    return LimitRow(limit, _source(work, row.effective_on, row.request_id))


def _source(work: Work, since: date, request_id: int | None) -> RuleSource:
    if request_id is None:
        return RuleSource(since, "", "")
    request = work.session.get_one(ApprovalRequest, request_id)
    deciders = work.session.scalars(
        select(ApprovalDecision.decided_by)
        .where(ApprovalDecision.request_id == request_id)
        .order_by(ApprovalDecision.id)
    )
    names = " and ".join(users.full_name_of(work, user_id) for user_id in deciders)
    return RuleSource(since, users.full_name_of(work, request.asked_by), names)
