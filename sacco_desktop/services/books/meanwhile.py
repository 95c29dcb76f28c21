"""What to tell a person whose form is older than the record: who changed it since, when, and what was done."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import AuditRow
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import ChangedMeanwhile
from sacco_desktop.services.books.work import Work


def changed_meanwhile(work: Work, number: str) -> ChangedMeanwhile:
    """The refusal for the record with this number, such as M-0001, with the last act that the books know of it."""
    row = work.session.execute(
        select(AuditRow.full_name, AuditRow.action, AuditRow.at, AuditRow.pc_name)
        .where(AuditRow.subject == number)
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return ChangedMeanwhile(
            f"Somebody else changed {number} after you opened it. Nothing of yours was saved."
        )
    day = business_date(row.at)
    when = format_time(row.at) if day == work.today else f"{format_date(day)} {format_time(row.at)}"
    return ChangedMeanwhile(
        f"{row.full_name} {row.action} {number} at {when}, on {row.pc_name}, after you opened it."
        " Nothing of yours was saved."
    )
