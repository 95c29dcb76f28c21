"""Every account of the shipped chart has its section, contra assets lower the assets, and nothing is left out."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.chart import AccountType, read_chart
from sacco_desktop.domain.statements import (
    ASSETS,
    EQUITY,
    INCOME_TAX,
    INTEREST_EXPENSE,
    INTEREST_INCOME,
    LIABILITIES,
    OPERATING_EXPENSES,
    OTHER_INCOME,
    AccountLine,
    Section,
    added,
    belonging,
    statement_cents,
)
from sacco_desktop.settings import resources_dir

PARTS: dict[AccountType, tuple[Section, ...]] = {
    AccountType.ASSET: ASSETS,
    AccountType.CONTRA_ASSET: ASSETS,
    AccountType.LIABILITY: LIABILITIES,
    AccountType.EQUITY: EQUITY,
    AccountType.INCOME: (*INTEREST_INCOME, *OTHER_INCOME),
    AccountType.EXPENSE: (*INTEREST_EXPENSE, *OPERATING_EXPENSES, *INCOME_TAX),
}
CHART = read_chart((resources_dir() / "chart_of_accounts.csv").read_text(encoding="utf-8"))


def line(code: str, form_line: str, cents: int = 1, kind: str = "asset") -> AccountLine:
    return AccountLine(code, code, AccountType(kind), form_line, (cents, 0))


@pytest.mark.parametrize("account", CHART, ids=lambda account: account.code)
def test_each_account_of_the_chart_fits_one_section_by_its_form_line(account: object) -> None:
    found = next(each for each in CHART if each is account)
    fitting = [section for section in PARTS[found.type] if section.fits(found.form_line)]
    assert len(fitting) == 1


def test_lines_without_figures_are_left_out_and_unknown_ones_are_kept() -> None:
    lines = (line("1", "cash", 5), line("2", "cash", 0), line("3", "nobody knows", 7))
    (sections,) = belonging(lines, frozenset({AccountType.ASSET}), ASSETS)
    placed = {section.title: [each.code for each in here] for section, here in sections if here}
    assert placed == {"Cash and bank": ["1"], "Other assets": ["3"]}
    assert added([each for _, here in sections for each in here], 2) == (12, 0)


def test_lines_of_other_types_are_not_taken() -> None:
    lines = (line("1", "tax", kind="liability"), line("2", "tax", kind="expense"))
    _, taxes = belonging(lines, frozenset({AccountType.EXPENSE}), OPERATING_EXPENSES, INCOME_TAX)
    assert [each.code for _, here in taxes for each in here] == ["2"]


def test_a_contra_asset_lowers_the_assets() -> None:
    assert statement_cents(AccountType.CONTRA_ASSET, 0, 300) == -300
    assert statement_cents(AccountType.ASSET, 300, 100) == 200
    assert statement_cents(AccountType.EXPENSE, 300, 0) == 300
    assert statement_cents(AccountType.LIABILITY, 0, 300) == 300
    assert statement_cents(AccountType.INCOME, 50, 300) == 250
