"""The papers that must be there before a loan is appraised or paid out, and what is missing of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.domain.eligibility import Check


class PaperStep(StrEnum):
    """Before which step a paper is needed."""

    APPRAISAL = "appraisal"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True)
class NeededPaper:
    """A paper that a product asks for; what an appraisal needs, a payout needs too."""

    code: str
    name: str
    before: PaperStep = PaperStep.APPRAISAL


def due_at(needed: Sequence[NeededPaper], step: PaperStep) -> tuple[NeededPaper, ...]:
    """What must be there at a step."""
    return tuple(
        one for one in needed if step is PaperStep.PAYOUT or one.before is PaperStep.APPRAISAL
    )


def papers_check(
    needed: Sequence[NeededPaper], there: Collection[str], step: PaperStep, *, only_warns: bool
) -> Check | None:
    """Whether the papers of a step are there; None when the product asks for none. `there` are codes."""
    due = due_at(needed, step)
    if not due:
        return None
    missing = [one.name for one in due if one.code not in there]
    words = "All are there." if not missing else f"Missing: {'; '.join(missing)}."
    return Check("papers", "Papers", not missing, words, only_warns)
