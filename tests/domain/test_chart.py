"""The chart of accounts as shipped, and what makes a chart unusable."""

from pathlib import Path

import pytest

from sacco_desktop.domain import chart
from sacco_desktop.domain.chart import AccountType, Side, SocietyKind
from sacco_desktop.domain.errors import InvalidInput

SHIPPED = Path(__file__).parents[2].joinpath("resources/chart_of_accounts.csv").read_text("utf-8")
ACCOUNTS = {account.code: account for account in chart.read_chart(SHIPPED)}
HEAD = "code,name,type,control,dt,n,form_line\n"


def test_the_shipped_chart_is_whole() -> None:
    assert len(ACCOUNTS) == 70
    assert list(ACCOUNTS) == sorted(ACCOUNTS)
    controls = {code for code, account in ACCOUNTS.items() if account.is_control}
    shipped = chart.CONTROLS_BY_MEMBER - set(chart.OWN_SAVINGS)
    assert controls == chart.CONTROLS_BY_LOAN | shipped
    assert not set(ACCOUNTS) & {*chart.OWN_SAVINGS, *chart.OWN_FUNDS}


def test_every_account_the_program_names_is_in_it() -> None:
    named = {
        value
        for name, value in vars(chart).items()
        if name.isupper() and isinstance(value, str) and value.isdigit()
    }
    assert len(named) > 8
    assert named <= set(ACCOUNTS)


def test_what_only_a_deposit_taking_society_has() -> None:
    only_dt = {
        code for code, account in ACCOUNTS.items() if SocietyKind.NWDT not in account.society_kinds
    }
    assert only_dt == {"1114", "2020", "2030"}
    assert all(SocietyKind.DT in account.society_kinds for account in ACCOUNTS.values())


def test_deposits_are_a_liability_and_share_capital_is_equity() -> None:
    assert ACCOUNTS["2010"].type is AccountType.LIABILITY
    assert ACCOUNTS["3010"].type is AccountType.EQUITY
    assert ACCOUNTS["1190"].type is AccountType.CONTRA_ASSET
    assert ACCOUNTS["2150"].form_line == "other liabilities"


def test_the_side_on_which_each_type_grows() -> None:
    by_debit = {kind for kind in AccountType if chart.normal_side(kind) is Side.DEBIT}
    assert by_debit == {AccountType.ASSET, AccountType.EXPENSE}


def test_sub_accounts() -> None:
    assert chart.sub_account_code("2010", "M-0001") == "2010.M-0001"
    assert chart.sub_account_code("1110", "L-0412") == "1110.L-0412"
    assert chart.control_code_of("2010.M-0001") == "2010"
    assert chart.control_code_of("4010") is None
    assert chart.control_owner("3010") == "member"
    assert chart.control_owner("1114") == "loan"
    assert chart.control_owner("4010") is None


@pytest.mark.parametrize(
    ("control", "owner"),
    [
        ("4010", "M-0001"),
        ("2010", "L-0001"),
        ("1110", "M-0001"),
        ("2010", "M-1.2"),
        ("2010", "M-"),
        ("2010", ""),
    ],
)
def test_refuses_a_sub_account_in_the_wrong_place(control: str, owner: str) -> None:
    with pytest.raises(ValueError, match=r"control account|split by"):
        chart.sub_account_code(control, owner)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("1010,Cash,asset,,yes,yes\n", "Line 2 .* cannot be read"),
        ("1010,Cash,money,,yes,yes,cash\n", "cannot be read"),
        ("1010,Cash,asset,,yes,maybe,cash\n", "cannot be read"),
        ("1010,,asset,,yes,yes,cash\n", "cannot be read"),
        ("10100,Cash,asset,,yes,yes,cash\n", "cannot be read"),
        ("\u0661010,Cash,asset,,yes,yes,cash\n", "cannot be read"),
        ("2011,Cash,asset,,yes,yes,cash\n", "figure of its type"),
        ("2010,Deposits,liability,,yes,yes,deposits\n", "control account"),
        ("2010,Deposits,liability,loan,yes,yes,deposits\n", "control account"),
        ("1010,Cash,asset,member,yes,yes,cash\n", "control account"),
        ("1010,Cash,asset,,yes,yes,cash\n1010,Till,asset,,yes,yes,cash\n", "second time"),
    ],
)
def test_refuses_a_chart_that_contradicts_itself(rows: str, fault: str) -> None:
    with pytest.raises(InvalidInput, match=fault) as refused:
        chart.read_chart(HEAD + rows)
    assert refused.value.field == "chart"


def test_refuses_a_chart_without_its_columns() -> None:
    with pytest.raises(InvalidInput, match="columns"):
        chart.read_chart("")
