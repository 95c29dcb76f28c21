"""The guarantors of one loan as its panel shows them: the promise, what of it binds, and what was said."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantees, guarantor_pledges
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge

WAY_WORDS = {
    "signed_form": "signed form",
    "phone_call": "phone",
    "in_person": "in person",
    "rule": "",
}
STATES = {
    "requested": "asked",
    "accepted": "agreed",
    "declined": "declined",
    "released": "let go",
    "substituted": "substituted",
    "called_upon": "called upon",
}


@dataclass(frozen=True, slots=True)
class GuarantorLine:
    """A promise, and in words where it stands."""

    pledge: Pledge
    words: str


def lines_of(work: Work, loan_id: int) -> tuple[GuarantorLine, ...]:
    """Every promise for a loan, in the order of asking."""
    pledges = guarantor_pledges.of_loan(work, loan_id)
    said = guarantees.last_words(work, [one.guarantee_id for one in pledges])
    return tuple(GuarantorLine(one, _words(one, said.get(one.guarantee_id))) for one in pledges)


def _words(one: Pledge, said: guarantees.Said | None) -> str:
    parts = [f"{format_kes(one.pledge_cents)}, {STATES[one.status]}"]
    if said is not None:
        way = f"{WAY_WORDS[said.way]} " if WAY_WORDS[said.way] else ""
        parts.append(f"{format_date(said.said_on)}, {way}{said.evidence.rstrip('.')}")
    if one.status in guarantor_pledges.BINDING and one.live_cents != one.pledge_cents:
        parts.append(f"{format_kes(one.live_cents)} binds")
    if one.taken_cents:
        parts.append(
            f"{format_kes(one.taken_cents)} taken, {format_kes(one.repaid_cents)} given back"
        )
    return "; ".join(parts) + "."
