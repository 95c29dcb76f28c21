"""How many people of which offices a request needs, by its amount. The levels themselves are dated data."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, Role, roles_for

# Which act each kind needs from the person who decides; a level can only name roles that allow it.
NEEDED: dict[ApprovalKind, Act] = {
    ApprovalKind.LOAN: Act.APPROVE_LOAN,
    ApprovalKind.INSIDER_LOAN: Act.APPROVE_LOAN,
    ApprovalKind.PAYOUT: Act.APPROVE_PAYOUT,
    ApprovalKind.PAYOUT_NOT_PAID: Act.APPROVE_PAYOUT,
    ApprovalKind.FAILURE_TAKEN_BACK: Act.APPROVE_PAYOUT,
    ApprovalKind.PAID_TWICE: Act.APPROVE_PAYOUT,
    ApprovalKind.PAYMENT_RETURNED: Act.APPROVE_PAYOUT,
    ApprovalKind.REST_NOT_WANTED: Act.APPROVE_PAYOUT,
    ApprovalKind.GUARANTORS_CALLED: Act.APPROVE_PAYOUT,
    ApprovalKind.LOAN_RESCHEDULE: Act.APPROVE_LOAN,
    ApprovalKind.LOAN_WRITE_OFF: Act.APPROVE_LOAN,
    ApprovalKind.PROVISIONING: Act.APPROVE_PAYOUT,
    ApprovalKind.FLOAT_TOP_UP: Act.APPROVE_PAYOUT,
    ApprovalKind.REVERSAL: Act.APPROVE_PAYOUT,
    ApprovalKind.APPROVAL_RULES: Act.APPROVE_RULES,
    ApprovalKind.SETTING: Act.APPROVE_RULES,
    ApprovalKind.PEOPLE: Act.APPROVE_PEOPLE,
    ApprovalKind.RELAY_SKIP: Act.APPROVE_PAYOUT,
    ApprovalKind.BOOK_IMPORT: Act.APPROVE_IMPORT,
    ApprovalKind.MEMBERSHIP: Act.APPROVE_MEMBER,
    ApprovalKind.SAVINGS_TERMS: Act.APPROVE_RULES,
    ApprovalKind.PENALTY_TERMS: Act.APPROVE_RULES,
    ApprovalKind.PENALTY_WAIVER: Act.APPROVE_WAIVER,
    ApprovalKind.MEMBER_STATUS: Act.APPROVE_MEMBER,
    ApprovalKind.MEMBER_EXIT: Act.APPROVE_MEMBER,
    ApprovalKind.SHARE_TRANSFER: Act.APPROVE_MEMBER,
    ApprovalKind.CHECK_OFF: Act.APPROVE_IMPORT,
    ApprovalKind.CHECK_OFF_UNDONE: Act.APPROVE_PAYOUT,
    ApprovalKind.CHECK_OFF_OWNER: Act.APPROVE_IMPORT,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: Act.APPROVE_PAYOUT,
    ApprovalKind.RECEIPT_ALLOCATION: Act.APPROVE_PAYOUT,
    ApprovalKind.RESCHEDULE_UNDONE: Act.APPROVE_LOAN,
    ApprovalKind.LOAN_FROM_DEPOSITS: Act.APPROVE_PAYOUT,
    ApprovalKind.RECEIPT_REVERSAL: Act.APPROVE_PAYOUT,
}
# Whose levels may ask for a vote of the members. The levels of a loan to an insider are kept beside those of loans.
LENDING = (ApprovalKind.LOAN, ApprovalKind.INSIDER_LOAN)
MOST_BANDS, MOST_STEPS, MOST_PEOPLE = 9, 5, 9


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an approval: `quorum` different people, each in one of the roles. With `members_vote` they attest to
    the vote of a general meeting, which somebody else has recorded.
    """

    roles: frozenset[Role]
    quorum: int
    members_vote: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """What requests up to `ceiling_cents`, that sum included, need; None is no ceiling. The steps come in order."""

    ceiling_cents: int | None
    steps: tuple[Step, ...]


Bands = tuple[Band, ...]


def band_for(bands: Bands, amount_cents: int) -> Band:
    """The band of an amount: the first whose ceiling is not below it."""
    return next(
        band for band in bands if band.ceiling_cents is None or amount_cents <= band.ceiling_cents
    )


def check_bands(kind: ApprovalKind, bands: Bands) -> Bands:
    """The bands themselves when a society can work by them. Raises InvalidInput under `bands`, naming the rule."""
    if not 1 <= len(bands) <= MOST_BANDS:
        raise InvalidInput(f"Write 1 to {MOST_BANDS} levels.", "bands")
    if bands[-1].ceiling_cents is not None:
        raise InvalidInput(
            "The last level must have no ceiling, so that no sum is left out.", "bands"
        )
    ceilings = [band.ceiling_cents for band in bands[:-1]]
    if any(one is None or one <= 0 for one in ceilings):
        raise InvalidInput(
            "Only the last level has no ceiling; the others have one above zero.", "bands"
        )
    known = [one for one in ceilings if one is not None]
    if sorted(set(known)) != known:
        raise InvalidInput("Each ceiling must be above the one before.", "bands")
    for band in bands:
        _check_steps(kind, band)
    return bands


def _check_steps(kind: ApprovalKind, band: Band) -> None:
    if not 1 <= len(band.steps) <= MOST_STEPS:
        raise InvalidInput(f"A level has 1 to {MOST_STEPS} steps.", "bands")
    if sum(step.members_vote for step in band.steps) > 1:
        raise InvalidInput("The members vote once on a loan.", "bands")
    allowed = roles_for(NEEDED[kind])
    for step in band.steps:
        if not 1 <= step.quorum <= MOST_PEOPLE:
            raise InvalidInput(f"A step needs 1 to {MOST_PEOPLE} people.", "bands")
        if not step.roles:
            raise InvalidInput("Choose who decides in each step.", "bands")
        if step.members_vote and kind not in LENDING:
            raise InvalidInput("Only loans are put to the members' vote.", "bands")
        wrong = sorted(step.roles - allowed)
        if wrong:
            able = ", ".join(sorted(allowed))
            raise InvalidInput(
                f"The role {wrong[0].value} may not {NEEDED[kind].value}. These roles may: {able}.",
                "bands",
            )


def read_levels(text: str) -> dict[ApprovalKind, Bands]:
    """The levels of the data file, one for each kind. Raises ValueError when it breaks a rule or leaves a kind out."""
    found: dict[ApprovalKind, list[Band]] = {}
    for row in tomllib.loads(text)["level"]:
        found.setdefault(ApprovalKind(row["kind"]), []).append(_band(row))
    missing = set(ApprovalKind) - found.keys()
    if missing:
        raise ValueError(f"no level for {sorted(missing)}")
    try:
        return {kind: check_bands(kind, tuple(bands)) for kind, bands in found.items()}
    except InvalidInput as error:
        raise ValueError(error.message) from error


def _band(row: dict[str, Any]) -> Band:
    steps = tuple(
        Step(
            frozenset(Role(name) for name in step["roles"]),
            int(step["quorum"]),
            bool(step.get("members_vote")),
        )
        for step in row["steps"]
    )
    return Band(row.get("up_to_cents"), steps)


def bands_as_text(bands: Bands) -> str:
    """The text by which the books keep bands; the same bands always give the same text."""
    return json.dumps(
        [
            {
                "up_to_cents": band.ceiling_cents,
                "steps": [_step_as_data(step) for step in band.steps],
            }
            for band in bands
        ],
        sort_keys=True,
        separators=(",", ":"),
    )


def _step_as_data(step: Step) -> dict[str, Any]:
    """A step without a members' vote says nothing of one, as levels were written before there was any."""
    voted = {"members_vote": True} if step.members_vote else {}
    return {"roles": sorted(step.roles), "quorum": step.quorum, **voted}


def bands_of_text(text: str) -> Bands:
    """The bands of a kept text."""
    return tuple(_band(row) for row in json.loads(text))


def roles_in_words(roles: Sequence[Role] | frozenset[Role]) -> str:
    """`committee`, `chairperson or secretary`, `committee, treasurer or secretary`."""
    names = [role.value for role in sorted(roles)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def step_in_words(step: Step) -> str:
    """`2 of committee`, `1 of chairperson or secretary`, `the members' vote, attested by 1 of secretary`."""
    who = f"{step.quorum} of {roles_in_words(step.roles)}"
    return f"the members' vote, attested by {who}" if step.members_vote else who


def band_in_words(band: Band) -> str:
    """`up to KES 500,000.00: 1 of committee`, `without a ceiling: 2 of committee, then 1 of secretary`."""
    upto = "without a ceiling"
    if band.ceiling_cents is not None:
        upto = f"up to {format_kes(band.ceiling_cents)}"
    return f"{upto}: {', then '.join(step_in_words(step) for step in band.steps)}"


def bands_in_words(bands: Bands) -> str:
    """All bands in one line, for what a change of them is bound to."""
    return "; ".join(band_in_words(band) for band in bands)
