"""Every promise that is asked for, binds, or was paid on: who guarantees whom, consents that wait, rings, and what
guarantors are owed. A few statements read all of it, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import Guarantee, GuaranteeWord, Loan, Member
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.guarantees import rings
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_pledges, guarantor_standing
from sacco_desktop.services.guarantors.guarantor_lines import WAY_WORDS
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.guarantors.guarantor_standing import Capacity


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise as the list of guarantors shows it; cents. `capacity` is what its guarantor can still guarantee, with
    what is bound of all promises and for how many loans. `said` is the last word with its evidence, empty while it is
    only asked. `ring` names the members who guarantee each other in a circle with this one; `days_late` is the loan's.
    """

    pledge: Pledge
    borrower_number: str
    capacity: Capacity
    said: str
    days_late: int
    ring: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether the guarantor was asked and has said nothing yet."""
        return self.pledge.status == "requested"

    @property
    def binds(self) -> bool:
        """Whether something of the promise binds today."""
        return self.pledge.live_cents > 0


def register(work: Work, _nothing: None = None) -> tuple[PromiseRow, ...]:
    """Each promise, those of the guarantor with the largest sum bound first."""
    work.allow(Act.LOOK)
    pledges = guarantor_pledges.concerning(work)
    bound = [one for one in pledges if one.live_cents]
    capacities = guarantor_standing.capacities(
        work, list({one.guarantor_id for one in pledges}), bound
    )
    said, loans = _said(work), _loans(work)
    ring_of = _rings(bound)
    rows = [
        PromiseRow(
            pledge=one,
            borrower_number=loans[one.loan_id][0],
            capacity=capacities[one.guarantor_id],
            said=said.get(one.guarantee_id, ""),
            days_late=loans[one.loan_id][1],
            # A loan's promise is part of the ring only where its borrower stands in it too.
            ring=_ring(ring_of, one) if one.live_cents else (),
        )
        for one in pledges
    ]
    return tuple(sorted(rows, key=_order))


def _order(row: PromiseRow) -> tuple[int, str, int]:
    return -row.capacity.bound_cents, row.pledge.guarantor_number, row.pledge.guarantee_id


def _rings(pledges: Sequence[Pledge]) -> dict[int, tuple[str, ...]]:
    names = {one.guarantor_id: one.guarantor_name for one in pledges}
    found = rings((one.guarantor_id, one.borrower_id) for one in pledges)
    told = [(ring, tuple(names[other] for other in ring)) for ring in found]
    return {member: words for ring, words in told for member in ring}


def _ring(ring_of: dict[int, tuple[str, ...]], one: Pledge) -> tuple[str, ...]:
    own, other = ring_of.get(one.guarantor_id, ()), ring_of.get(one.borrower_id, ())
    return own if own == other else ()


def _said(work: Work) -> dict[int, str]:
    """The last word on each promise: its day, how it was given, and the evidence."""
    last = select(func.max(GuaranteeWord.id)).group_by(GuaranteeWord.guarantee_id)
    rows = work.session.execute(
        select(
            GuaranteeWord.guarantee_id,
            GuaranteeWord.said_on,
            GuaranteeWord.way,
            GuaranteeWord.evidence,
        ).where(GuaranteeWord.id.in_(last))
    )
    return {
        of: " ".join(filter(None, (f"{format_date(on)},", WAY_WORDS[way], evidence.rstrip("."))))
        for of, on, way, evidence in rows
    }


def _loans(work: Work) -> dict[int, tuple[str, int]]:
    """Of each loan that somebody guarantees, the borrower's number and how many days it is late."""
    rows = work.session.execute(
        select(Loan.id, Member.number, Loan.status, Loan.unpaid_since)
        .join(Member, Member.id == Loan.member_id)
        .where(Loan.id.in_(select(Guarantee.loan_id)))
    )
    return {
        loan_id: (number, days_late(since, work.today) if status == "active" else 0)
        for loan_id, number, status, since in rows
    }
