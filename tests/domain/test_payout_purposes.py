"""The purposes of payouts as data: each has its accounts, its posting rule and its place in the schema."""

import re
from typing import cast

import pytest
from sqlalchemy import CheckConstraint, Table

from sacco_desktop.db.tables import Payout
from sacco_desktop.domain.bank_file import Transfer, bank_file_text, plain
from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.payout_purposes import LOAN, read_purposes
from sacco_desktop.domain.posting_rules import RULE_OF_PURPOSE
from sacco_desktop.settings import resources_dir

TEXT = (resources_dir() / "payout_purposes.toml").read_text("utf-8")


def test_each_purpose_has_its_rule_its_accounts_and_its_place_in_the_table() -> None:
    purposes = read_purposes(TEXT)
    names = {purpose.name for purpose in purposes}
    assert names == {*RULE_OF_PURPOSE, LOAN}
    table = cast(Table, Payout.__table__)
    checks = {
        str(each.name): str(each.sqltext)
        for each in table.constraints
        if isinstance(each, CheckConstraint)
    }
    allowed = next(text for name, text in checks.items() if "purpose_is_known" in name)
    assert set(re.findall(r"'(\w+)'", allowed)) == names
    chart = (resources_dir() / "chart_of_accounts.csv").read_text("utf-8")
    codes = {account.code for account in read_chart(chart)}
    assert {code for purpose in purposes for code in purpose.accounts} <= codes


ROW = (
    '[[purpose]]\nname = "{name}"\ntitle = "T"\naccounts = {accounts}\nis_covered = {covered}\n'
    'for_members = true\ncommand = "{command}"\nnarration = "N"\n'
)
A_LOAN = ROW.format(name="loan", accounts="[]", covered="false", command="BusinessPayment")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"command": "Gift"}, "no command"),
        ({"accounts": "[]"}, "names its accounts"),
        ({"accounts": '["2010"]', "covered": "false"}, "covered"),
        ({"name": "loan"}, "once|names its accounts"),
    ],
)
def test_a_purpose_that_contradicts_itself_is_refused(changes: dict[str, str], why: str) -> None:
    good = {"name": "x", "accounts": '["2170"]', "covered": "true", "command": "BusinessPayment"}
    assert len(read_purposes(A_LOAN + ROW.format(**good))) == 2
    with pytest.raises(ValueError, match=why):
        read_purposes(A_LOAN + ROW.format(**good | changes))


@pytest.mark.parametrize("text", ["=1+1", "+254", "-5", "@SUM", "\t=1", " . =x", "|cmd", "‮=x"])
def test_no_cell_of_a_bank_file_begins_like_a_formula(text: str) -> None:
    assert plain(text)[:1].isalnum() or plain(text) == ""
    line = bank_file_text(
        [Transfer(text + "A", "68", "123", "0123456789", 105, "PO-1", text + "B")]
    ).splitlines()[1]
    assert all(cell[0].isalnum() for cell in line.split(","))
    assert ",1.05," in line
