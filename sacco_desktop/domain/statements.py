"""How the accounts of the chart stand in the income statement and in the statement of financial position.

An account is placed by its form line (domain.md §6.2). One with an unknown line goes to the section that takes the
rest, so that no statement ever leaves an account out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sacco_desktop.domain.chart import AccountType

CASH_LINES = frozenset({"cash", "bank balances"})


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a statement: its cents as the statement adds them, one figure for each column of amounts."""

    code: str
    name: str
    type: AccountType
    form_line: str
    cents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a statement with a sum of its own, of the accounts with these form lines, or with lines that so end.

    `takes_rest` is for accounts that fit in no other section.
    """

    title: str
    total: str
    form_lines: frozenset[str]
    ending: str = ""
    takes_rest: bool = False

    def fits(self, form_line: str) -> bool:
        """Whether an account of this form line belongs here."""
        return form_line in self.form_lines or bool(self.ending and form_line.endswith(self.ending))


def _section(title: str, total: str, *form_lines: str, takes_rest: bool = False) -> Section:
    return Section(title, total, frozenset(form_lines), takes_rest=takes_rest)


ASSETS = (
    _section("Cash and bank", "Total cash and bank", *sorted(CASH_LINES)),
    _section("Loans to members", "Net loans to members", "gross loans", "allowance"),
    _section("Receivables", "Total receivables", "receivables"),
    _section("Investments", "Total investments", "investments"),
    _section("Property and equipment", "Net property and equipment", "fixed assets"),
    _section("Other assets", "Total other assets", "other assets", takes_rest=True),
)
LIABILITIES = (
    Section("Members' deposits", "Total members' deposits", frozenset(), ending="deposits"),
    _section("Tax payable", "Total tax payable", "tax"),
    _section("Borrowings", "Total borrowings", "borrowings"),
    _section("Other liabilities", "Total other liabilities", "other liabilities", takes_rest=True),
)
EQUITY = (
    _section("Share capital", "Total share capital", "share capital"),
    _section("Reserves", "Total reserves", "reserves"),
    _section("Retained earnings", "Total retained earnings", "retained", takes_rest=True),
)
INTEREST_INCOME = (_section("Interest income", "Total interest income", "loan interest"),)
INTEREST_EXPENSE = (_section("Interest expense", "Total interest expense", "interest expense"),)
OTHER_INCOME = (
    _section("Fees", "Total fees", "fees"),
    _section("Investment income", "Total investment income", "investment income"),
    _section("Other income", "Total other income", "other income", takes_rest=True),
)
OPERATING_EXPENSES = (
    _section("Staff costs", "Total staff costs", "staff"),
    _section("Governance", "Total governance", "governance"),
    _section("Finance costs", "Total finance costs", "finance"),
    _section("Loan losses", "Total loan losses", "provision"),
    _section("Depreciation", "Total depreciation", "depreciation"),
    _section("Administration", "Total administration", "administration", takes_rest=True),
)
INCOME_TAX = (_section("Income tax", "Total income tax", "tax"),)


def statement_cents(account_type: AccountType, debit_cents: int, credit_cents: int) -> int:
    """The balance in cents as a statement adds it: a contra asset lowers the assets, so it is negative there."""
    if account_type in {AccountType.ASSET, AccountType.CONTRA_ASSET, AccountType.EXPENSE}:
        return debit_cents - credit_cents
    return credit_cents - debit_cents


def is_cash(form_line: str) -> bool:
    """Whether an account of this form line is cash, a bank account or an M-Pesa account."""
    return form_line in CASH_LINES


def belonging(
    lines: Sequence[AccountLine], types: frozenset[AccountType], *parts: tuple[Section, ...]
) -> tuple[tuple[tuple[Section, tuple[AccountLine, ...]], ...], ...]:
    """For each part its sections, each with the lines of these types that belong there, in the order of the chart.

    Every line of these types is in exactly one section; one of the sections must take the rest. Lines without any
    figure are left out, for a statement shows what there is.
    """
    sections = [section for part in parts for section in part]
    rest = next(section for section in sections if section.takes_rest)
    placed: dict[Section, list[AccountLine]] = {section: [] for section in sections}
    for line in lines:
        if line.type in types and any(line.cents):
            fitting = (section for section in sections if section.fits(line.form_line))
            placed[next(fitting, rest)].append(line)
    return tuple(tuple((section, tuple(placed[section])) for section in part) for part in parts)


def added(lines: Sequence[AccountLine], columns: int) -> tuple[int, ...]:
    """The sum of each of the columns, in cents."""
    return tuple(sum(line.cents[place] for line in lines) for place in range(columns))
