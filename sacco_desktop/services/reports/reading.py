"""Reads any report by its request: the one door for the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Account
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.statements import is_cash
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.account_ledger import account_ledger
from sacco_desktop.services.reports.cash_book import cash_book
from sacco_desktop.services.reports.entry_card import entry_card
from sacco_desktop.services.reports.figures import form_line_of
from sacco_desktop.services.reports.income_statement import income_statement
from sacco_desktop.services.reports.insider_loans import insider_loans
from sacco_desktop.services.reports.loan_ageing import late_loans, loan_classes
from sacco_desktop.services.reports.loan_register import loan_register
from sacco_desktop.services.reports.position import financial_position
from sacco_desktop.services.reports.report import Report, ReportKind, ReportRequest
from sacco_desktop.services.reports.trial_balance import movements, trial_balance

_REPORTS: dict[ReportKind, Callable[[Work, ReportRequest], Report]] = {
    ReportKind.TRIAL_BALANCE: trial_balance,
    ReportKind.MOVEMENTS: movements,
    ReportKind.INCOME: income_statement,
    ReportKind.POSITION: financial_position,
    ReportKind.ACCOUNT: account_ledger,
    ReportKind.CASH_BOOK: cash_book,
    ReportKind.ENTRY: entry_card,
    ReportKind.LOAN_CLASSES: loan_classes,
    ReportKind.LATE_LOANS: late_loans,
    ReportKind.LOAN_REGISTER: loan_register,
    ReportKind.INSIDER_LOANS: insider_loans,
}
_WITHOUT_PERIOD = {
    ReportKind.TRIAL_BALANCE,
    ReportKind.ENTRY,
    ReportKind.LOAN_CLASSES,
    ReportKind.LATE_LOANS,
    ReportKind.LOAN_REGISTER,
    ReportKind.INSIDER_LOANS,
}


@dataclass(frozen=True, slots=True)
class ChartRow:
    """An account to choose from."""

    code: str
    name: str
    is_cash: bool


def read_report(work: Work, request: ReportRequest) -> Report:
    """The report on the books as they stand. Raises NotAllowed, NotFound, and InvalidInput for a period that ends
    before it begins.
    """
    work.allow(Act.LOOK)
    if request.kind not in _WITHOUT_PERIOD and request.first > request.last:
        raise InvalidInput(
            "The period ends before it begins. Choose an earlier first day.", "first"
        )
    return _REPORTS[request.kind](work, request)


def chart(work: Work, _nothing: None = None) -> tuple[ChartRow, ...]:
    """The accounts of the chart by code, without those of members and loans."""
    work.allow(Act.LOOK)
    found = work.session.execute(
        select(Account.code, Account.name)
        .where(Account.control_id.is_(None))
        .order_by(Account.code)
    )
    return tuple(ChartRow(code, name, is_cash(form_line_of(code))) for code, name in found)
