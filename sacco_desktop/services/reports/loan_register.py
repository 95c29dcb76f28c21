"""The register of loans that the rules for co-operative societies ask for: to whom, how much, what for, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Account,
    Entry,
    Loan,
    LoanInstalment,
    LoanTopUp,
    LoanWriteOff,
    PostingRow,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_book, loan_positions
from sacco_desktop.services.penalties import penalties_on
from sacco_desktop.services.reports.frame import Content, as_of, framed
from sacco_desktop.services.reports.report import (
    ColumnKind,
    Report,
    ReportColumn,
    ReportRequest,
    ReportRow,
    RowKind,
)

_MONEY, _DATE = ColumnKind.MONEY, ColumnKind.DATE
_RULE = (
    "Every loan that was paid out by this day, also those repaid since. Owed is principal; penalties are those charged"
    " by this day and neither paid nor waived. Due by is the last day of the schedule of that day. What was written off"
    " is still owed by the member and stands in no balance."
)


def loan_register(work: Work, request: ReportRequest) -> Report:
    """Every loan that was paid out by the day, by its number, with what it owed then or how it ended."""
    on = request.last
    owed = {each.loan_id: each.owed_cents for each in loan_book.loans_on(work, on)}
    penalties = penalties_on.of_loans(work, on)
    due, ended = _due_by(work, on), _ended(work, on)
    people = loan_book.borrowers(work)
    loans = work.session.scalars(
        select(Loan).where(Loan.disbursed_on <= on).order_by(Loan.number)
    ).all()
    rows = tuple(
        ReportRow(
            loan.number,
            (
                loan.number,
                ", ".join(reversed(people[loan.member_id])),
                loan.purpose,
                loan.disbursed_on,
                loan.amount_cents,
                due.get(loan.id),
                owed.get(loan.id, 0),
                penalties.get(loan.id, 0),
                "" if loan.id in owed else ended.get(loan.id, ""),
            ),
        )
        for loan in loans
    )
    sums = sum(loan.amount_cents for loan in loans), sum(owed.values()), sum(penalties.values())
    count = "1 loan" if len(loans) == 1 else f"{len(loans):,} loans"
    total = ReportRow(
        "total", ("", f"Total of {count}", "", "", sums[0], "", *sums[1:], ""), RowKind.TOTAL
    )
    content = Content(
        title="Register of loans",
        when=as_of(on),
        columns=(
            ReportColumn("Loan"),
            ReportColumn("Borrower", is_wide=True),
            ReportColumn("Purpose", is_wide=True),
            ReportColumn("Paid out", _DATE),
            ReportColumn("Amount KES", _MONEY, is_added=True),
            ReportColumn("Due by", _DATE),
            ReportColumn("Owed KES", _MONEY, is_added=True),
            ReportColumn("Penalties KES", _MONEY, is_added=True),
            ReportColumn("Ended"),
        ),
        rows=(*rows, total),
        notes=(_RULE,) if rows else ("No loan was paid out yet.", _RULE),
    )
    return framed(work, request, content)


def _due_by(work: Work, on: date) -> Mapping[int, date]:
    versions = loan_book.versions().subquery("versions")
    held = func.coalesce(versions.c.held, versions.c.first, Loan.schedule)
    rows = work.session.execute(
        select(LoanInstalment.loan_id, func.max(LoanInstalment.due_on))
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .outerjoin(versions, versions.c.loan_id == Loan.id)
        .where(LoanInstalment.schedule == held)
        .group_by(LoanInstalment.loan_id),
        {"on": on},
    )
    return {row[0]: row[1] for row in rows}


def _ended(work: Work, on: date) -> Mapping[int, str]:
    """When the last of each loan was credited, and by what: words for those that owe nothing."""
    rows = work.session.execute(
        select(Loan.id, func.max(Entry.value_date))
        .join(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .join(PostingRow, PostingRow.account_id == Account.id)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(PostingRow.credit_cents > 0, Entry.posted_at.is_not(None), Entry.value_date <= on)
        .group_by(Loan.id)
    )
    written_off, cleared = _written_off(work, on), _cleared(work)
    return {
        loan_id: f"{format_date(day)}{written_off.get(loan_id) or cleared.get(loan_id, '')}"
        for loan_id, day in rows
    }


def _written_off(work: Work, on: date) -> Mapping[int, str]:
    rows = work.session.execute(
        select(LoanWriteOff.loan_id, LoanWriteOff.entry_number).where(
            LoanWriteOff.written_off_on <= on
        )
    ).all()
    gone = loan_positions.reversed_entries(work, [row[1] for row in rows])
    return {row[0]: ", written off" for row in rows if row[1] not in gone}


def _cleared(work: Work) -> Mapping[int, str]:
    rows = work.session.execute(
        select(LoanTopUp.clears_id, Loan.number)
        .join(Loan, Loan.id == LoanTopUp.loan_id)
        .where(LoanTopUp.entry_number.is_not(None))
    )
    return {row[0]: f", by {row[1]}" for row in rows}
