"""The allowance for loan losses as it was set aside last: each class before and after, and who agreed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from sacco_desktop.db.tables import Provisioning, ProvisioningLine
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_positions
from sacco_desktop.services.office import approval_needs, users
from sacco_desktop.services.reports.frame import Content, as_of, framed
from sacco_desktop.services.reports.report import (
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)

_RULE = (
    "Before is what the class was set aside with the last time. Held is the allowance in the books at the end of that"
    " day, less than before by what was written off since. The entry brings it to what the classes ask for."
)


def allowance_report(work: Work, _nothing: None = None) -> Report:
    """The last one that stands. Raises WrongState when nothing was set aside yet."""
    work.allow(Act.LOOK)
    row = _last(work)
    lines = work.session.scalars(
        select(ProvisioningLine)
        .where(ProvisioningLine.provisioning_id == row.id)
        .order_by(ProvisioningLine.line)
    ).all()
    given = approval_needs.given_on(approval_needs.needs_of(work, row.request_id))
    agreed = ", ".join(one.full_name for one in given) or "nobody"
    made = f"{users.full_name_of(work, row.made_by)}, {format_date(business_date(row.made_at))}"
    content = Content(
        title="Allowance for loan losses",
        when=as_of(row.as_of),
        columns=(
            ReportColumn("Class", is_wide=True),
            ReportColumn("Loans", ColumnKind.NUMBER),
            ReportColumn("Outstanding KES", ColumnKind.MONEY),
            ReportColumn("Percent"),
            ReportColumn("Before KES", ColumnKind.MONEY),
            ReportColumn("From then on KES", ColumnKind.MONEY),
        ),
        rows=_rows(lines, row.wanted_cents),
        facts=(
            ("Entry", str(row.entry_number) if row.entry_number else "None, nothing moved"),
            ("Agreed by", agreed),
            ("Carried out", made),
        ),
        notes=(_RULE,),
    )
    request = ReportRequest(ReportKind.ALLOWANCE, row.as_of, row.as_of, str(row.id))
    return framed(work, request, content)


def _last(work: Work) -> Provisioning:
    found = work.session.scalars(select(Provisioning).order_by(Provisioning.id.desc())).all()
    gone = loan_positions.reversed_entries(
        work, [row.entry_number for row in found if row.entry_number is not None]
    )
    row = next((one for one in found if one.entry_number not in gone), None)
    if row is None:
        raise WrongState("No allowance was set aside yet, so there is nothing to print.")
    return row


def _rows(lines: Sequence[ProvisioningLine], wanted_cents: int) -> tuple[ReportRow, ...]:
    rows = [
        ReportRow(
            line.name,
            (
                line.name,
                line.loans,
                line.outstanding_cents,
                f"{line.percent} %",
                line.opening_cents,
                line.closing_cents,
            ),
        )
        for line in lines
    ]
    sums = (
        sum(line.outstanding_cents for line in lines),
        sum(line.opening_cents for line in lines),
    )
    total = ("Total", sum(line.loans for line in lines), sums[0], "", sums[1], wanted_cents)
    rows.append(ReportRow("total", total, RowKind.TOTAL))
    return tuple(rows)
