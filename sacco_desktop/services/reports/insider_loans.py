"""Loans to insiders as of a day: to whom, why an insider, on what terms, what is owed and late, and who approved."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from sacco_desktop.db.tables import AppraisalCheck, Loan
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.term_words import percent_words
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_book, loan_terms
from sacco_desktop.services.office import given_approvals, insiders
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
    "Every loan that owed on this day, or was agreed and not paid out by then, and whose borrower was an insider on it,"
    " or when the loan was appraised. Owed is principal; late is what fell due before the day and is not paid."
)
_NOT_PAID_OUT = "Not yet"


def insider_loans(work: Work, request: ReportRequest) -> Report:
    """Every loan of an insider that owed on the day or was agreed and not paid out, by its number, with those that two
    people brought in and nobody approved here named so.
    """
    on = request.last
    near = {one.member_id: one.words for one in insiders.all_on(work, on)}
    flagged = _flagged_at_appraisal(work)
    owing = {one.loan_id: one for one in loan_book.loans_on(work, on)}
    loans = [
        loan
        for loan in work.session.scalars(
            select(Loan).where(or_(Loan.id.in_(owing), _agreed_by(on))).order_by(Loan.number)
        )
        if loan.member_id in near or loan.id in flagged
    ]
    people = loan_book.borrowers(work)
    rows = []
    for loan in loans:
        one = owing.get(loan.id)
        why = near.get(loan.member_id) or f"When it was appraised: {flagged[loan.id]}"
        terms = loan_terms.terms_of(work, loan)
        rate = f"{percent_words(terms.rate * 100)} % a {terms.rate_per.value}"
        cells = (
            loan.number,
            ", ".join(reversed(people[loan.member_id])),
            why,
            f"{rate}, {loan.instalments} instalments",
            _NOT_PAID_OUT if one is None else loan.disbursed_on,
            loan.amount_cents,
            one.owed_cents if one else 0,
            one.arrears_cents if one else 0,
            _approved_by(work, loan),
        )
        rows.append(ReportRow(loan.number, cells))
    found = [owing[loan.id] for loan in loans if loan.id in owing]
    lent = sum(loan.amount_cents for loan in loans)
    return framed(work, request, _content(on, tuple(rows), lent, found))


def _agreed_by(on: date) -> ColumnElement[bool]:
    """Loans that the committee had agreed to by the end of that day and that were paid out later, or are not yet."""
    until = moment_of(on + timedelta(days=1))
    later = and_(Loan.disbursed_on.is_not(None), Loan.disbursed_on > on)
    return and_(
        Loan.approved_at < until, or_(Loan.status.in_(("approved", "disbursement_pending")), later)
    )


def _content(
    on: date, rows: tuple[ReportRow, ...], lent: int, owing: list[loan_book.LoanOn]
) -> Content:
    sums = (lent, sum(one.owed_cents for one in owing), sum(one.arrears_cents for one in owing))
    count = "1 loan" if len(rows) == 1 else f"{len(rows):,} loans"
    total = ReportRow("total", ("", f"Total of {count}", "", "", "", *sums, ""), RowKind.TOTAL)
    return Content(
        title="Loans to insiders",
        when=as_of(on),
        columns=(
            ReportColumn("Loan"),
            ReportColumn("Borrower", is_wide=True),
            ReportColumn("Insider as", is_wide=True),
            ReportColumn("Terms", is_wide=True),
            ReportColumn("Paid out", _DATE),
            ReportColumn("Amount KES", _MONEY, is_added=True),
            ReportColumn("Owed KES", _MONEY, is_added=True),
            ReportColumn("Late KES", _MONEY, is_added=True),
            ReportColumn("Approved by", is_wide=True),
        ),
        rows=(*rows, total),
        notes=(_RULE,) if rows else ("No insider owed a loan, and none was agreed.", _RULE),
    )


def _flagged_at_appraisal(work: Work) -> dict[int, str]:
    """The loans that were appraised as those of an insider, with the words of the last appraisal."""
    last = (
        select(AppraisalCheck.loan_id, func.max(AppraisalCheck.appraised_at).label("at"))
        .group_by(AppraisalCheck.loan_id)
        .subquery()
    )
    rows = work.session.execute(
        select(AppraisalCheck.loan_id, AppraisalCheck.words)
        .join(
            last,
            (last.c.loan_id == AppraisalCheck.loan_id)
            & (last.c["at"] == AppraisalCheck.appraised_at),
        )
        .where(AppraisalCheck.rule == "insider")
    )
    return {loan_id: words.split(". ")[0] for loan_id, words in rows}


def _approved_by(work: Work, loan: Loan) -> str:
    approvers = given_approvals.approvers_of(work, ApprovalKind.LOAN, loan.id)
    if approvers:
        return ", ".join(f"{one.full_name} ({one.role})" for one in approvers)
    return "Old books" if loan.import_id is not None else "Nobody in these books"
