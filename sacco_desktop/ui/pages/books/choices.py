"""Which reports can be chosen, and which days and account each of them asks for. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.chart import CASH_IN_HAND
from sacco_desktop.services.reports.report import ReportKind, ReportRequest


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A report by the name people choose it by.

    `asks_first` is for reports of a period, or of a day that is compared with the beginning of one.
    """

    kind: ReportKind
    title: str
    asks_first: bool = True
    asks_account: bool = False
    is_of_a_day: bool = False


REPORT_CHOICES = (
    ReportChoice(ReportKind.TRIAL_BALANCE, "Trial balance", asks_first=False, is_of_a_day=True),
    ReportChoice(ReportKind.MOVEMENTS, "Trial balance with movement"),
    ReportChoice(ReportKind.INCOME, "Income statement"),
    ReportChoice(ReportKind.POSITION, "Financial position", is_of_a_day=True),
    ReportChoice(ReportKind.ACCOUNT, "General ledger", asks_account=True),
    ReportChoice(ReportKind.CASH_BOOK, "Cash book", asks_account=True),
    ReportChoice(ReportKind.LOAN_CLASSES, "Loans by class", asks_first=False, is_of_a_day=True),
    ReportChoice(ReportKind.LATE_LOANS, "Loans in arrears", asks_first=False, is_of_a_day=True),
    ReportChoice(ReportKind.LOAN_REGISTER, "Register of loans", asks_first=False, is_of_a_day=True),
    ReportChoice(ReportKind.INSIDER_LOANS, "Loans to insiders", asks_first=False, is_of_a_day=True),
)


def choice_of(kind: ReportKind) -> ReportChoice:
    """The choice for a report that can be chosen."""
    return next(choice for choice in REPORT_CHOICES if choice.kind is kind)


def first_question(today: date) -> ReportRequest:
    """What the page shows when it is opened: the trial balance of today."""
    return ReportRequest(ReportKind.TRIAL_BALANCE, year_begin(today), today)


def question(kind: ReportKind, first: date, last: date, account: str | None) -> ReportRequest:
    """A question that can be answered: a period never ends before it begins, and a ledger is of some account."""
    if first > last:
        first = year_begin(last)
    if kind is ReportKind.ACCOUNT:
        return ReportRequest(kind, first, last, account or CASH_IN_HAND)
    return ReportRequest(kind, first, last, (account or "") if kind is ReportKind.CASH_BOOK else "")


def year_begin(day: date) -> date:
    """The first day of the financial year, which is the year of the calendar."""
    return day.replace(month=1, day=1)
