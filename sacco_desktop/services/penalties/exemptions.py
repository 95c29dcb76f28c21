"""Members whom rules spare for a time: read for a run, and written down once two people have agreed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from sacco_desktop.db.tables import PenaltyExemption, PenaltyRuleRow
from sacco_desktop.domain.penalties.facts import Spared
from sacco_desktop.services.books.work import Work


def of_members(work: Work, members: Iterable[int] | None = None) -> dict[int, tuple[Spared, ...]]:
    """For what falls due when each of these members is spared, or each of all; one question."""
    query = (
        select(PenaltyExemption, PenaltyRuleRow.code)
        .outerjoin(PenaltyRuleRow, PenaltyRuleRow.id == PenaltyExemption.rule_id)
        .order_by(PenaltyExemption.id)
    )
    if members is not None:
        query = query.where(PenaltyExemption.member_id.in_(list(members)))
    found: dict[int, tuple[Spared, ...]] = {}
    for row, code in work.session.execute(query):
        one = Spared(code or "", row.from_on, row.until_on)
        found[row.member_id] = (*found.get(row.member_id, ()), one)
    return found
