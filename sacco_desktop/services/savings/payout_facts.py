"""What stands behind a payout of savings or of a fund, for whoever approves it: the notice, or the claim."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import FundClaim, Payout, WithdrawalNotice
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users

Facts = list[list[str | int]]


def facts_of(work: Work, payout: Payout) -> Facts:
    """Pairs of a title and words, the same each time; none for a payout without notice or claim."""
    return [*_notice(work, payout), *_claim(work, payout)]


def _notice(work: Work, payout: Payout) -> Facts:
    row = work.session.scalar(
        select(WithdrawalNotice).where(WithdrawalNotice.payout_id == payout.id)
    )
    if row is None or row.ripe_on == row.given_on:
        return []
    who = users.full_name_of(work, row.recorded_by)
    written = format_date(business_date(row.recorded_at))
    ran = f"{format_kes(row.cents)}, given {format_date(row.given_on)}, ran until {format_date(row.ripe_on)}"
    return [["Notice", ran], ["Notice written down", f"{written} by {who}"]]


def _claim(work: Work, payout: Payout) -> Facts:
    row = work.session.scalar(select(FundClaim).where(FundClaim.payout_id == payout.id))
    if row is None:
        return []
    whom = f"{row.relation}: {row.person}" if row.person else row.relation
    limit = format_kes(row.most_cents) if row.most_cents else "None; each is judged alone"
    return [
        ["Claim", row.number],
        ["Event", f"{row.event}, {format_date(row.happened_on)}"],
        ["It met", whom],
        ["Limit", limit],
    ]
