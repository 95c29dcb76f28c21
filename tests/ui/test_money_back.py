"""Giving a payment back, and a code that a member shows, in the window: asked, agreed to, proven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytestqt.qtbot import QtBot

from sacco_desktop.domain.money_in import Road
from sacco_desktop.services.collecting import mpesa_receipts, receipt_claims, reversal_list
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.collections.page import collections_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests import make, make_money_in
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless


def _pages(desk: Desk) -> Sequence[PageEntry]:
    page = PageEntry("collections", "Collections", "inbox", "", lambda: collections_page(desk))
    return (page,)


def _table(at: Counter, name: str, rows: int) -> FrozenTable:
    """The list of the tab that is open, once it has so many rows."""
    found = at.find(name, FrozenTable)
    at.wait(lambda: len(found.table_model.shown_rows()) == rows)
    found.setFocus()
    return found


def _fits(at: Counter, name: str) -> None:
    dialog = at.dialog(name)
    at.wait(lambda: not cut_texts(dialog))
    assert nameless(dialog) == []


def test_a_payment_is_given_back_by_two_people(tmp_path: Path, qtbot: QtBot, theme: Theme) -> None:
    office = make.office(tmp_path)
    make_money_in.connect(office)
    jane = make.member(office, first_name="Jane")
    receipt = make_money_in.paid_in(office, "SGA1ABCD2E", 500, jane.number)
    loose = make_money_in.paid_in(office, "SGB1ABCD2E", 300, "harambee")
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        at.window.open_page("collections/all")
        _table(at, "payments_table", 2).select_key(receipt)
        at.click("give_back")
        _fits(at, "give_back_dialog")
        assert "Booked for M-0001" in said(at.dialog("give_back_dialog"))
        at.go()
        assert "Write why" in said(at.dialog("give_back_dialog"))
        at.type("reason", "Paid to us by mistake.")
        at.click("ok")
        at.wait_closed("give_back_dialog")
        at.wait(lambda: any("Sent for approval" in toast for toast in at.toasts))
        (row,) = office.read(reversal_list.list_reversals, None)
        assert (row.receipt, row.cents) == ("SGA1ABCD2E", 500_00)
        make.decide(office, _request(office), office.lucy)
        at.click("give_back")
        _fits(at, "send_reversal_dialog")
        assert "is taken back with receipt RC-" in said(at.dialog("send_reversal_dialog"))
        at.click("close")
        at.wait_closed("send_reversal_dialog")
        # What waits is refunded to the phone that paid.
        _table(at, "payments_table", 2).select_key(loose)
        at.click("give_back")
        at.find("how", ChoiceBox).choose("payout")
        _fits(at, "give_back_dialog")
        at.type("confirmed", "She rang on this number.")
        at.click("ok")
        at.wait_closed("give_back_dialog")
        at.wait(lambda: any("300.00 for Mary Wanjiru" in toast for toast in at.toasts))
    assert office.count("receipt_refund") == 1
    office.close()


def _request(office: PracticeOffice) -> int:
    return int(office.sql("SELECT id FROM approval_request WHERE kind = 'receipt_reversal'")[0][0])


def test_a_code_is_written_down_and_waits_for_its_proof(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    make_money_in.connect(office)
    make.member(office, first_name="Jane")
    with counter(tmp_path, qtbot, theme, office, office.peter, _pages) as at:
        at.window.open_page("collections/codes")
        at.click("claim_code")
        at.dialog("claim_code_dialog")
        at.pick_member("Jane")
        purpose = at.find("purpose", ChoiceBox)
        at.wait(lambda: purpose.count() > 0)
        at.type("code", "sgd1")
        at.type("amount", "300")
        at.click("ok")
        at.wait(
            lambda: "10 letters and figures, for example" in said(at.dialog("claim_code_dialog"))
        )
        _fits(at, "claim_code_dialog")
        at.type("code", "sgd1 abcd2e")
        at.click("ok")
        at.wait_closed("claim_code_dialog")
        codes = _table(at, "codes_table", 1)
        assert codes.table_model.shown_rows()[0].code == "SGD1ABCD2E"
        assert make_money_in.balance(office, "1030") == 0
        # M-Pesa could not be asked now; its list shows the payment later.
        office.write(
            mpesa_receipts.hear, make_money_in.from_mary(office, "SGD1ABCD2E", 300, Road.PULL)
        )
        at.wait(lambda: codes.table_model.shown_rows()[0].words == "The payment is there.")
    assert office.read(receipt_claims.list_open, None) == ()
    office.close()
