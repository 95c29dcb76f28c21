"""Writes the loans of an import with what is left of their schedules; what was written off is owed beside the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.tables import (
    ApprovalRequest,
    BookImport,
    Loan,
    LoanAccrual,
    LoanChange,
    LoanInstalment,
    LoanWriteOff,
    Member,
)
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.old_books.lines import LoanLine
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.loan_figures.schedule_versions import BROUGHT
from sacco_desktop.services.old_books import opening_accounts
from sacco_desktop.services.old_books.loan_lines import Brought, brought

_FROM_OLD_BOOKS = "Brought forward from the old books"
_LOANS = insert(Loan.__table__)  # type: ignore[arg-type]
_INSTALMENTS = ManyRows(LoanInstalment, (*Instalment._fields, "loan_id", "schedule"))


def write(
    work: Work, row: BookImport, lines: Sequence[LoanLine], as_of: date
) -> dict[str, Brought]:
    """Write the loans with what is left of their schedules, from which follows how late they are. Returns each by its
    number.
    """
    if not lines:
        return {}
    wanted = {line.member_number for line in lines}
    members = {
        one.number: one for one in work.session.scalars(select(Member)) if one.number in wanted
    }
    loans = {line.number: brought(work, line, as_of) for line in lines}
    work.session.execute(
        _LOANS,
        [
            {
                **_loan_row(line, loans[line.number]),
                "import_id": row.id,
                "applied_by": row.started_by,
                "member_id": members[line.member_number].id,
            }
            for line in lines
        ],
    )
    found = work.session.execute(select(Loan.number, Loan.id).where(Loan.import_id == row.id))
    ids = dict(found.all())
    for number, loan in loans.items():
        if loan.fees:
            loan_terms.write_lines(work, ids[number], (), loan.fees)
        if loan.anew is not None:
            _write_anew(work, row, ids[number], loan)
    _write_schedules(work, ids, loans)
    _write_off(work, row, ids, [line for line in lines if line.written_off_on])
    owners = {
        line.number: f"{members[line.member_number].full_name}, {line.number}" for line in lines
    }
    for control in sorted({loan.loan_control for loan in loans.values()}):
        of_control = {
            number: owners[number] for number, loan in loans.items() if loan.loan_control == control
        }
        opening_accounts.open_for(work, control, of_control, "Loan")
    opening_accounts.count_on(work, "loan", loans)
    return loans


def _loan_row(line: LoanLine, loan: Brought) -> dict[str, Any]:
    late = (one.row.due_on for one in loan.left if one.row.total_cents)
    return {
        **loan_terms.columns_of(loan.terms),
        "number": line.number,
        "status": "active" if line.written_off_on is None else "written_off",
        "product_code": loan.product_code,
        "product_name": loan.product_name,
        "loan_control": loan.loan_control,
        "asked_cents": line.granted_cents,
        "net_cents": line.granted_cents,
        "purpose": _FROM_OLD_BOOKS,
        "appraisal": "",
        "approved_at": None,
        "schedule": _version(loan),
        "version": 1,
        "applied_on": line.granted_on,
        "disbursed_on": line.granted_on,
        "unpaid_since": next(late, None),
    }


def _version(loan: Brought) -> int:
    """What was agreed anew has taken the place of a schedule that stayed in the old books."""
    return 1 if loan.anew is None else 2


def _write_anew(work: Work, row: BookImport, loan_id: int, loan: Brought) -> None:
    anew = loan.anew
    assert anew is not None
    work.session.add(
        LoanChange(
            loan_id=loan_id,
            schedule=_version(loan),
            replaced=_version(loan) - 1,
            kind=BROUGHT,
            effective_on=anew.begun_on,
            principal_cents=anew.principal_cents,
            instalments=anew.instalments,
            begun_on=anew.begun_on,
            before=anew.before,
            days_late=anew.days_late,
            reason=_FROM_OLD_BOOKS,
            made_by=row.started_by,
            made_at=work.now,
        )
    )
    work.session.flush()


def _write_schedules(work: Work, ids: Mapping[str, int], loans: Mapping[str, Brought]) -> None:
    rows = (
        (*one.row, ids[number], _version(loan))
        for number, loan in loans.items()
        for one in loan.left
    )
    _INSTALMENTS.write(work.session, rows)


def _write_off(
    work: Work, row: BookImport, ids: Mapping[str, int], lines: Sequence[LoanLine]
) -> None:
    """What was written off stands beside the books with the approval of the import, and no entry of its own."""
    for line in lines:
        work.session.add(
            LoanWriteOff(
                loan_id=ids[line.number],
                request_id=_request_of(work, row),
                written_off_on=line.written_off_on,
                principal_cents=line.written_off_cents,
                interest_cents=0,
                penalty_cents=0,
                fee_cents=0,
                covered_cents=0,
                resolution=_FROM_OLD_BOOKS,
                entry_number=None,
                made_by=row.started_by,
                made_at=work.now,
            )
        )
    work.session.flush()


def _request_of(work: Work, row: BookImport) -> int:
    found = work.session.scalars(
        select(ApprovalRequest.id).where(
            ApprovalRequest.kind == ApprovalKind.BOOK_IMPORT.value,
            ApprovalRequest.subject_id == row.id,
            ApprovalRequest.status == "approved",
        )
    )
    return found.one()


def keep_booked_interest(work: Work, row: BookImport, loans: Mapping[str, Brought]) -> None:
    """Interest that was income in the old books when it fell due is not booked again here; it is owed, and when it is
    paid it lowers what is receivable.
    """
    found = work.session.execute(select(Loan.number, Loan.id).where(Loan.import_id == row.id))
    ids = dict(found.all()) if loans else {}
    work.session.add_all(
        LoanAccrual(
            loan_id=ids[number],
            schedule=_version(loan),
            instalment=one.row.number,
            cents=one.booked_cents,
            entry_number=row.entry_number,
        )
        for number, loan in loans.items()
        for one in loan.left
        if one.booked_cents
    )
