"""What a request still needs, in words: how many of which offices, who said what, what people wrote on it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sacco_desktop.domain.approval_levels import Step as LevelStep
from sacco_desktop.domain.approval_levels import step_in_words
from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.office.approval_needs import Given, Need, next_need
from sacco_desktop.ui.widgets.details import Step

_SAID = {Decision.APPROVE: "said yes", Decision.REJECT: "said no"}


def needs_cell(row: ApprovalRow) -> str:
    """`1 of 2 · Lucy Chebet ✓`; with several steps also which of them it is."""
    if not row.needs:
        return ""
    need = next_need(row.needs) or row.needs[-1]
    step = f"step {need.step} of {len(row.needs)}: " if len(row.needs) > 1 else ""
    names = "".join(f" · {one.full_name} ✓" for one in need.given if _is_yes(one))
    return f"{step}{need.yeses} of {need.quorum}{names}"


def after_my_yes(row: ApprovalRow) -> str:
    """What one yes more does to it: `Your yes approves it.`, or how many must still agree after that."""
    more = sum(need.missing for need in row.needs) - 1
    if more < 1:
        return "Your yes approves it."
    people = "1 more person" if more == 1 else f"{more} more people"
    return f"After your yes {people} must agree."


def needs_facts(row: ApprovalRow) -> tuple[tuple[str, str], ...]:
    """One line for each step, and who can decide next."""
    told = [(_title(row, need), _need_words(need)) for need in row.needs]
    if row.status is ApprovalStatus.WAITING:
        who = " or ".join(row.who_can) or "Nobody in this office holds the right role"
        told.append(("Can decide now", who))
    return tuple(told)


def _title(row: ApprovalRow, need: Need) -> str:
    return "Needs" if len(row.needs) == 1 else f"Needs, step {need.step}"


def _need_words(need: Need) -> str:
    done = "met" if not need.missing else f"{need.yeses} so far"
    words = step_in_words(LevelStep(need.roles, need.quorum, need.members_vote))
    return f"{words} – {done}"


def awaits_vote(row: ApprovalRow) -> bool:
    """Whether the step that is decided on now attests to a vote of the members."""
    need = next_need(row.needs)
    return need is not None and need.members_vote and row.status is ApprovalStatus.WAITING


def vote_stops(row: ApprovalRow) -> bool:
    """Whether a yes is impossible because the members have not voted yet, or refused it."""
    return awaits_vote(row) and (row.vote is None or not row.vote.passed)


def history(row: ApprovalRow, moment: Callable[[datetime], str]) -> tuple[Step, ...]:
    """Every decision and every note, the oldest first."""
    happened = [
        *((one.at, _given_words(one)) for need in row.needs for one in need.given),
        *((note.at, f"{note.by}: {note.words}") for note in row.notes),
        *(() if row.vote is None else ((row.vote.recorded_at, row.vote.words),)),
    ]
    return tuple(Step(moment(at), words) for at, words in sorted(happened))


def _given_words(one: Given) -> str:
    as_what = f"{one.role}, deputy of {one.deputy_of}" if one.deputy_of else one.role
    reason = f": {one.reason}" if one.reason else ""
    return f"{one.full_name} ({as_what}) {_SAID[one.decision]}{reason}"


def _is_yes(one: Given) -> bool:
    return one.decision is Decision.APPROVE
