"""Money out of a member's savings by keyboard: a notice, its withdrawal, a claim; terms that say how it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from sacco_desktop.services.counter import check_offs
from sacco_desktop.services.member_payouts import fund_claims
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.savings import withdrawal_notices
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.members.member_page import member_page
from sacco_desktop.ui.pages.savings.check_off_dialog import CheckOffDialog
from sacco_desktop.ui.pages.savings.page import savings_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from tests import make, make_savings
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless, outside


def _pages(desk: Desk) -> Sequence[PageEntry]:
    savings = PageEntry("savings", "Savings", "piggy-bank", "Ctrl+3", lambda: savings_page(desk))
    member = PageEntry("member", "Member", "user", "", lambda: member_page(desk), under="savings")
    return savings, member


def _out(at: Counter, key: str, dialog: str) -> None:
    """What the menu of money out opens; each dialog is looked at in large letters, too."""
    at.click("money_out")
    menu = at.find("money_out_menu", QMenu)
    menu.close()
    next(act for act in menu.actions() if act.objectName() == f"out_{key}").trigger()
    shown = at.dialog(dialog)
    assert [*cut_texts(shown), *outside(shown), *nameless(shown)] == []


def test_a_notice_a_withdrawal_and_a_claim(tmp_path: Path, qtbot: QtBot, theme: Theme) -> None:
    office = make.office(tmp_path)
    member = make.member(office)
    make_savings.contribution(office, member, special_savings=10_000, welfare=5_000)
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        theme.set_text_percent(150)
        at.window.open_page(f"member/{member.number}")
        at.wait(lambda: at.sees("member_name"))
        _out(at, "withdraw", "withdrawal_dialog")
        at.go()
        assert at.says("amount_error")
        at.keys("4000")
        at.go()
        at.wait(lambda: "None was given" in at.says("amount_error"))
        at.dialog("withdrawal_dialog").reject()
        at.wait_closed("withdrawal_dialog")
        _out(at, "notice", "withdrawal_notice_dialog")
        at.key(Qt.Key.Key_Return)
        at.keys("4000")
        at.go()
        at.wait(
            lambda: at.toasts[-1:] == ["Written down. It can be withdrawn from 15 Apr 2026 on."]
        )
        office.clock.advance(days=30)
        _out(at, "withdraw", "withdrawal_dialog")
        amounts = at.find("withdrawal_amounts", AmountLines)
        assert amounts.texts()[-1] == "They get, by M-Pesa 4,000.00"
        at.go()
        at.wait(lambda: f"KES 4,000.00 for {member.full_name}" in at.toasts[-1])
        _out(at, "claim", "fund_claim_dialog")
        at.key(Qt.Key.Key_Return)
        at.keys("Hospital")
        at.type("happened_on", "t")
        at.type("amount", "9000")
        at.go()
        at.wait(lambda: "So 5,000.00 can be paid out" in at.says("amount_error"))
        at.type("amount", "3000")
        at.go()
        at.wait(lambda: f"KES 3,000.00 for {member.full_name}" in at.toasts[-1])
        theme.set_text_percent(100)
    (notice,) = office.read(withdrawal_notices.of_member, member.member_id)
    (claim,) = office.read(fund_claims.list_claims, None)
    rows = office.read(payouts.list_payouts, None)
    assert [row.number for row in rows] == [claim.payout_number, notice.payout_number]
    office.close()


def test_terms_say_how_money_goes_out(tmp_path: Path, qtbot: QtBot, theme: Theme) -> None:
    office = make.office(tmp_path)
    with counter(tmp_path, qtbot, theme, office, office.admin, _pages) as at:
        at.window.open_page("savings/products-Welfare")
        at.wait(lambda: at.sees("change_terms"))
        at.click("change_terms")
        shown = at.dialog("terms_dialog")
        at.type("claims_a_year", "2")
        at.find("benefits").setFocus()
        at.keys("Death, parent")
        at.go()
        assert "cannot be read" in at.says("benefits_error")
        at.keys(", 30,000")
        assert [*cut_texts(shown), *outside(shown), *nameless(shown)] == []
        at.go()
        at.wait(lambda: at.toasts[-1:] != [])
    (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
    make_savings.agree(office, request, office.daniel)
    out = make_savings.products(office)["welfare"].terms.out
    assert (out.claims_a_year, out.benefits[0].most_cents) == (2, 3_000_000)
    office.close()


def test_a_list_of_an_employer_is_looked_at_and_asked_for(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    member = make.member(office)
    path = tmp_path / "may.csv"
    path.write_text(f"Payroll No,Member No,Total\n,{member.number},1500\n77,,250\n,,1750\n")
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        theme.set_text_percent(150)
        at.window.open_page("savings/check_off")
        at.wait(lambda: at.sees("new_check_off"))
        at.click("new_check_off")
        shown = at.find("check_off_dialog", CheckOffDialog)
        at.type("employer", "County of Voi")
        at.type("reference", "FT 99")
        at.type("total", "2000")
        at.go()
        assert at.says("file_error") == "Choose the file of the employer."
        shown.read(path)
        at.wait(lambda: len(shown.problems.table_model.shown_rows()) == 1)
        sums = at.find("check_off_sums", AmountLines)
        assert sums.texts()[-1] == "Waits without owner 500.00"
        assert [*cut_texts(shown), *outside(shown), *nameless(shown)] == []
        at.go()
        at.wait(lambda: at.toasts[-1:] != [] and "CO-2026-0001 waits." in at.toasts[-1])
        theme.set_text_percent(100)
    (row,) = office.read(check_offs.list_check_offs, None)
    assert (row.status, row.matched_cents, row.month) == ("asked", 150_000, "2026-03")
    office.close()
