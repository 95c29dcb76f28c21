"""Answers why a figure is what it is, and puts the answer on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sacco_desktop.domain.explanations.explanation import Explanation, as_text
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import Letterhead, PaperStamp
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.explanations import of_loans, of_members, of_penalties
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.office import society

_EXPLAIN: dict[Figure, Callable[[Work, Question], Explanation]] = {
    Figure.LIMIT: of_members.limit,
    Figure.LOAN_LIMIT: of_members.loan_limit,
    Figure.FREE_DEPOSITS: of_members.free,
    Figure.CAPACITY: of_members.capacity,
    Figure.ARREARS: of_loans.arrears,
    Figure.PAYOFF: of_loans.payoff,
    Figure.ALLOWANCE: of_loans.allowance,
    Figure.PENALTY: of_penalties.penalty,
}


@dataclass(frozen=True, slots=True)
class ExplanationPaper:
    """An explanation as a paper of one page."""

    letterhead: Letterhead
    stamp: PaperStamp
    explanation: Explanation


def explain(work: Work, question: Question) -> Explanation:
    """The figure as the office shows it, with all that stands behind it. Raises NotFound, and WrongState where the
    figure does not exist yet.
    """
    work.allow(Act.LOOK)
    return _EXPLAIN[question.figure](work, question)


def explanation_paper(work: Work, question: Question) -> ExplanationPaper:
    """The same as a paper, numbered and remembered as every paper is. Raises as explain does."""
    found = explain(work, question)
    subject = f"{found.title.lower()}: {found.frame.about}"
    stamp = paper_stamps.stamp(work, subject, {"text": as_text(found)})
    return ExplanationPaper(society.letterhead(work), stamp, found)
