"""The loans by class as of a day, with what must be provided and the portfolio at risk; and the list of late loans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sacco_desktop.domain.loan_classes import LoanClass, at_risk, class_of, provisions
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.loan_figures.loan_book import LoanOn
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

_MONEY, _NUMBER = ColumnKind.MONEY, ColumnKind.NUMBER
_AT_RISK_DAYS = (0, 30, 90)
_RULE = (
    "Late is what fell due before this day and is not paid; a loan is as late as its oldest such instalment. The"
    " allowance is on the whole outstanding principal. The instalments are those of the schedule of that day. A loan"
    " that was agreed anew keeps its class for as long as the society's rule says."
)


def loan_classes(work: Work, request: ReportRequest) -> Report:
    """Each class with its loans, principal, arrears and allowance; what is at risk stands below."""
    loans, classes = (
        loan_book.loans_on(work, request.last),
        loan_book.classes_on(work, request.last),
    )
    late: Counter[str] = Counter()
    for loan in loans:
        late[class_of(loan.class_days, classes).name] += loan.arrears_cents
    wanted = provisions(_by_class(loans, classes), classes)
    rows = [
        ReportRow(
            each.loan_class.name,
            (
                each.loan_class.name,
                _days(each.loan_class, classes),
                each.count,
                each.outstanding_cents,
                late[each.loan_class.name],
                f"{each.loan_class.percent} %",
                each.allowance_cents,
            ),
            opens=ReportRequest(ReportKind.LATE_LOANS, request.first, request.last),
        )
        for each in wanted
    ]
    owed, arrears = sum(one.owed_cents for one in loans), sum(one.arrears_cents for one in loans)
    allowance = sum(each.allowance_cents for each in wanted)
    total = ReportRow(
        "total", ("Total", "", len(loans), owed, arrears, "", allowance), RowKind.TOTAL
    )
    content = Content(
        title="Loans by class",
        when=as_of(request.last),
        columns=(
            ReportColumn("Class", is_wide=True),
            ReportColumn("Days late"),
            ReportColumn("Loans", _NUMBER),
            ReportColumn("Principal KES", _MONEY, is_added=True),
            ReportColumn("Arrears KES", _MONEY, is_added=True),
            ReportColumn("Provided"),
            ReportColumn("Allowance KES", _MONEY, is_added=True),
        ),
        rows=(*rows, total),
        facts=_risks(loans),
        notes=(_RULE,),
    )
    return framed(work, request, content)


def late_loans(work: Work, request: ReportRequest) -> Report:
    """Every loan that is late as of the day, the longest late first."""
    classes = loan_book.classes_on(work, request.last)
    late = sorted(
        (loan for loan in loan_book.loans_on(work, request.last) if loan.days_late),
        key=lambda loan: (-loan.days_late, loan.number),
    )
    people = loan_book.borrowers(work)
    rows = [
        ReportRow(
            loan.number,
            (
                loan.number,
                *people[loan.member_id],
                loan.product,
                loan.owed_cents,
                loan.arrears_cents,
                loan.days_late,
                class_of(loan.class_days, classes).name,
            ),
        )
        for loan in late
    ]
    sums = sum(loan.owed_cents for loan in late), sum(loan.arrears_cents for loan in late)
    count = "1 loan" if len(late) == 1 else f"{len(late):,} loans"
    total = ReportRow("total", ("", "", f"Total of {count}", "", *sums, "", ""), RowKind.TOTAL)
    content = Content(
        title="Loans in arrears",
        when=as_of(request.last),
        columns=(
            ReportColumn("Loan"),
            ReportColumn("Member"),
            ReportColumn("Name", is_wide=True),
            ReportColumn("Product"),
            ReportColumn("Principal KES", _MONEY, is_added=True),
            ReportColumn("Arrears KES", _MONEY, is_added=True),
            ReportColumn("Days late", _NUMBER),
            ReportColumn("Class"),
        ),
        rows=(*rows, total),
        notes=(_RULE,) if late else ("No loan is late.", _RULE),
    )
    return framed(work, request, content)


def _by_class(
    loans: Sequence[LoanOn], classes: tuple[LoanClass, ...]
) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for loan in loans:
        name = class_of(loan.class_days, classes).name
        count, cents = found.get(name, (0, 0))
        found[name] = count + 1, cents + loan.owed_cents
    return found


def _days(each: LoanClass, classes: Sequence[LoanClass]) -> str:
    """`0`, `1–30` or `over 360`."""
    later = [one.from_days for one in classes if one.from_days > each.from_days]
    if not later:
        return f"over {each.from_days - 1}"
    last = min(later) - 1
    return str(last) if last == each.from_days else f"{each.from_days}–{last}"


def _risks(loans: Sequence[LoanOn]) -> tuple[tuple[str, str], ...]:
    pairs = [(loan.class_days, loan.owed_cents) for loan in loans]
    return tuple(
        (f"Portfolio at risk over {days} days", f"{at_risk(pairs, days).percent} %")
        for days in _AT_RISK_DAYS
    )
