"""What a request needs before it is approved: copied from the levels of the day on which it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from sacco_desktop.db.tables import (
    ApprovalDecision,
    ApprovalLevels,
    ApprovalNeed,
    ApprovalRequest,
    Loan,
    User,
)
from sacco_desktop.domain.approval_levels import (
    Bands,
    band_for,
    bands_as_text,
    bands_of_text,
    read_levels,
)
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import insiders
from sacco_desktop.settings import resources_dir


@dataclass(frozen=True, slots=True)
class Given:
    """One person's decision for a step; `deputy_of` is a name, empty for who decided in an own role."""

    user_id: int
    full_name: str
    decision: Decision
    role: str
    deputy_of: str
    reason: str
    at: datetime
    deputy_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One step that a request needs, with what was decided on it so far; `ceiling_cents` is that of its band."""

    step: int
    roles: frozenset[Role]
    quorum: int
    ceiling_cents: int | None
    given: tuple[Given, ...]
    members_vote: bool = False

    @property
    def yeses(self) -> int:
        """How many said yes."""
        return sum(one.decision is Decision.APPROVE for one in self.given)

    @property
    def missing(self) -> int:
        """How many must still say yes."""
        return max(0, self.quorum - self.yeses)


def shipped_levels() -> dict[ApprovalKind, Bands]:
    """The levels with which new books begin."""
    return read_levels((resources_dir() / "approval_levels.toml").read_text(encoding="utf-8"))


def write_first_levels(work: Work) -> None:
    """Write the shipped levels into new books."""
    for kind, bands in shipped_levels().items():
        work.session.add(
            ApprovalLevels(
                kind=kind.value,
                effective_on=SINCE_EVER,
                bands=bands_as_text(bands),
                written_at=work.now,
            )
        )
    work.session.flush()


def levels_on(work: Work, kind: ApprovalKind, on: date) -> Bands:
    """The levels of one kind on a day. A kind that came with a later program begins with the shipped ones."""
    text = work.session.scalar(
        select(ApprovalLevels.bands)
        .where(ApprovalLevels.kind == kind.value, ApprovalLevels.effective_on <= on)
        .order_by(ApprovalLevels.effective_on.desc(), ApprovalLevels.id.desc())
        .limit(1)
    )
    return shipped_levels()[kind] if text is None else bands_of_text(text)


def copy_onto(work: Work, request: ApprovalRequest, amount_cents: int) -> None:
    """Write down what this request needs, by an amount in cents and the levels of today."""
    band = band_for(levels_on(work, _levels_for(work, request), work.today), amount_cents)
    for number, step in enumerate(band.steps, 1):
        work.session.add(
            ApprovalNeed(
                request_id=request.id,
                step=number,
                roles=",".join(sorted(step.roles)),
                quorum=step.quorum,
                ceiling_cents=band.ceiling_cents,
                members_vote=step.members_vote,
            )
        )
    work.session.flush()


def _levels_for(work: Work, request: ApprovalRequest) -> ApprovalKind:
    """The loan of an insider has levels of its own."""
    kind = ApprovalKind(request.kind)
    if kind is not ApprovalKind.LOAN:
        return kind
    member_id = work.session.get_one(Loan, request.subject_id).member_id
    return ApprovalKind.INSIDER_LOAN if insiders.is_insider(work, member_id) else kind


def needs_of(work: Work, request_id: int) -> tuple[Need, ...]:
    """The steps of one request in their order, with what was decided."""
    return needs_by_request(work, [request_id]).get(request_id, ())


def needs_by_request(work: Work, request_ids: Sequence[int]) -> dict[int, tuple[Need, ...]]:
    """The same for many requests at once."""
    first, last = (min(request_ids), max(request_ids)) if request_ids else (0, 0)
    # A range and not a list of ids: a list of thousands is more than a statement can carry.
    needs = (
        select(ApprovalNeed)
        .where(ApprovalNeed.request_id.between(first, last))
        .order_by(ApprovalNeed.request_id, ApprovalNeed.step)
    )
    given = (
        select(ApprovalDecision)
        .where(ApprovalDecision.request_id.between(first, last))
        .order_by(ApprovalDecision.id)
    )
    people = work.session.execute(select(User.id, User.full_name))
    names = {row.id: row.full_name for row in people}
    decided: dict[tuple[int, int], list[Given]] = {}
    for row in work.session.scalars(given):
        decided.setdefault((row.request_id, row.step), []).append(_given(row, names))
    found: dict[int, list[Need]] = {}
    for need in work.session.scalars(needs):
        found.setdefault(need.request_id, []).append(
            Need(
                need.step,
                frozenset(Role(name) for name in need.roles.split(",")),
                need.quorum,
                need.ceiling_cents,
                tuple(decided.get((need.request_id, need.step), ())),
                need.members_vote,
            )
        )
    return {request_id: tuple(steps) for request_id, steps in found.items()}


def _given(row: ApprovalDecision, names: dict[int, str]) -> Given:
    return Given(
        row.decided_by,
        names[row.decided_by],
        Decision(row.decision),
        row.role,
        "" if row.deputy_of is None else names[row.deputy_of],
        row.reason,
        row.decided_at,
        row.deputy_of,
    )


def next_need(needs: Iterable[Need]) -> Need | None:
    """The step that is decided on now: the first that is not met; None when all are."""
    return next((need for need in needs if need.missing), None)


def given_on(needs: Iterable[Need]) -> list[Given]:
    """Everything decided over all steps, in the order of the steps."""
    return [one for need in needs for one in need.given]
