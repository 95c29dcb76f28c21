"""What all reports share beside their figures: whose, of which days, as seen when, and what is not in them yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import Entry, Payout
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.reports.report import (
    Check,
    PaperLink,
    Report,
    ReportColumn,
    ReportRequest,
    ReportRow,
)

AS_OF = "As of "


@dataclass(frozen=True, slots=True)
class Content:
    """What one report has to say; `framed` adds the rest."""

    title: str
    when: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    subject: str = ""
    checks: tuple[Check, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    paper: PaperLink | None = None


def framed(work: Work, request: ReportRequest, content: Content) -> Report:
    """The report, with the moment at which it was read and the last entry that it could know."""
    return Report(
        request=request,
        letterhead=society.letterhead(work),
        title=content.title,
        subject=content.subject,
        when=content.when,
        columns=content.columns,
        rows=content.rows,
        read_at=work.now,
        last_entry=_last_entry(work),
        checks=content.checks,
        facts=content.facts,
        notes=content.notes,
        paper=content.paper,
    )


def as_of(day: date) -> str:
    """`As of 30 Jun 2026`: at the end of that day."""
    return f"{AS_OF}{format_date(day)}"


def period(first: date, last: date) -> str:
    """`1 Jan 2026 – 30 Jun 2026`, both days included."""
    return f"{format_date(first)} – {format_date(last)}"


def not_yet_in(work: Work, last: date) -> tuple[str, ...]:
    """A note about money that has gone out and is not posted, because nobody knows yet whether it arrived."""
    if last < work.today:
        return ()
    count, cents = work.session.execute(
        select(
            func.count(), func.coalesce(func.sum(Payout.mpesa_cents + Payout.handed_cents), 0)
        ).where(Payout.status == PayoutStatus.IN_FLIGHT.value)
    ).one()
    if not count:
        return ()
    payouts = "1 payout is" if count == 1 else f"{count} payouts are"
    return (f"{payouts} in flight, {format_kes(int(cents))}, and not in these figures yet.",)


def _last_entry(work: Work) -> int:
    found = work.session.scalar(
        select(Entry.number)
        .where(Entry.posted_at.is_not(None))
        .order_by(Entry.number.desc())
        .limit(1)
    )
    return found or 0
