"""Writes what an import tells of the past: guarantors who are bound, repayments and months of deposits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select, update

from sacco_desktop.db.tables import (
    BookImport,
    Guarantee,
    GuaranteeWord,
    Loan,
    Member,
    OldDeposit,
    OldRepayment,
)
from sacco_desktop.domain.old_books.lines import GuarantorLine, Line, MonthsLine, RepaymentLine
from sacco_desktop.services.books.work import Work

# What stood before the first month of a matrix.
BEFORE = "b/f"


def write(work: Work, row: BookImport, lines: Iterable[Line], as_of: date) -> None:
    """Keep the lines of the past of an import; nothing of it is posted here."""
    promises, repayments, months = [], [], []
    for line in lines:
        if isinstance(line, GuarantorLine):
            promises.append(line)
        elif isinstance(line, RepaymentLine):
            repayments.append(line)
        elif isinstance(line, MonthsLine):
            months.append(line)
    if promises:
        _write_promises(work, row, promises, as_of)
    if repayments:
        _write_repayments(work, row, repayments)
    if months:
        _write_months(work, row, months)
    work.session.flush()


def _write_promises(work: Work, row: BookImport, lines: list[GuarantorLine], as_of: date) -> None:
    """Each promise is asked for, said yes to and accepted like any other; its evidence is the old book."""
    loans, members = _loan_ids(work), _member_ids(work)
    work.session.execute(
        insert(Guarantee),
        [
            {
                "loan_id": loans[line.loan_number],
                "member_id": members[line.member_number],
                "pledge_cents": line.pledge_cents,
                "status": "requested",
                "asked_by": row.started_by,
                "asked_at": work.now,
                "import_id": row.id,
            }
            for line in lines
        ],
    )
    own = list(work.session.scalars(select(Guarantee.id).where(Guarantee.import_id == row.id)))
    work.session.execute(
        insert(GuaranteeWord),
        [
            {
                "guarantee_id": guarantee,
                "status": "accepted",
                "way": "rule",
                "evidence": f"Brought forward from the old books, {row.file_name}",
                "said_on": as_of,
                "recorded_by": row.started_by,
                "recorded_at": work.now,
            }
            for guarantee in own
        ],
    )
    work.session.execute(
        update(Guarantee).where(Guarantee.import_id == row.id).values(status="accepted")
    )


def _write_repayments(work: Work, row: BookImport, lines: list[RepaymentLine]) -> None:
    loans = _loan_ids(work)
    work.session.execute(
        insert(OldRepayment),
        [
            {
                "import_id": row.id,
                "loan_id": loans[line.loan_number],
                "paid_on": line.paid_on,
                "receipt": line.receipt,
                "paid_cents": line.paid_cents,
                "principal_cents": line.principal_cents,
                "interest_cents": line.interest_cents,
            }
            for line in lines
        ],
    )


def _write_months(work: Work, row: BookImport, lines: list[MonthsLine]) -> None:
    members = _member_ids(work)
    work.session.execute(
        insert(OldDeposit),
        [
            {
                "import_id": row.id,
                "member_id": members[line.number],
                "month": month,
                "cents": cents,
            }
            for line in lines
            for month, cents in ((BEFORE, line.opening_cents), *line.months)
            if cents or month == BEFORE
        ],
    )


def _loan_ids(work: Work) -> dict[str, int]:
    rows = work.session.execute(select(Loan.number, Loan.id))
    return dict(rows.all())


def _member_ids(work: Work) -> dict[str, int]:
    rows = work.session.execute(select(Member.number, Member.id))
    return dict(rows.all())
