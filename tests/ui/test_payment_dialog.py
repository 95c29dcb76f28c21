"""Refunds and bills asked for in the window, and payments by bank, cheque and cash from the request to the books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.members.page import members_page
from sacco_desktop.ui.pages.payouts.page import IN_FLIGHT, PayoutsPage, payouts_page
from sacco_desktop.ui.pages.payouts.to_send import ToSendTab
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make, make_payments
from tests.make import PASSWORD, PracticeOffice
from tests.ui.counter import Counter, counter, said

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


def _pages(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry("members", "Members", "users", "Ctrl+2", lambda: members_page(desk)),
        PageEntry("payouts", "Payouts", "send", "Ctrl+6", lambda: payouts_page(desk)),
    )


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who, _pages)


def _payouts(at: Counter) -> PayoutsPage:
    at.window.open_page("payouts")
    return at.find("payouts_page", PayoutsPage)


def amounts(at: Counter, name: str) -> list[str]:
    return at.find(name, AmountLines).texts()


def test_deposits_are_refunded_from_the_member_page(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office, first_name="Jane", deposits_kes=60_000)
    with seat(office.grace) as at:
        at.choose(jane.member_id)
        at.click("refund_deposits")
        dialog = at.dialog("refund_dialog")
        at.wait(lambda: "Can be approved by Daniel Omondi or Lucy Chebet." in said(dialog))
        at.type("amount", "70000")
        at.click("ok")
        at.wait(lambda: "So 60,000.00 can be paid out and not 70,000.00." in said(dialog))
        at.type("amount", "20000")
        at.wait(lambda: "They get, by M-Pesa 20,000.00" in amounts(at, "payment_amounts"))
        assert amounts(at, "payment_amounts")[-1] == "M-Pesa's charge, borne by the society 11.00"
        at.click("ok")
        at.wait_closed("refund_dialog")
        assert at.toasts == [
            "Sent for approval. Nothing has left yet. PO-2026-0001, KES 20,000.00 for"
            " Jane Njeri Otieno."
        ]
    assert office.sql("SELECT purpose, account_code, status FROM payout") == [
        ("deposit_refund", "2010", "draft")
    ]


def test_a_bill_is_asked_for_approved_and_paid_by_bank_in_the_window(
    office: PracticeOffice, seat: Seat, tmp_path: Path
) -> None:
    make_payments.bank_of(office, 100_000)
    with seat(office.grace) as at:
        _payouts(at)
        at.click("payment_open")
        at.dialog("payment_dialog")
        assert at.find("purpose", ChoiceBox).value() == "office_expense"
        at.find("way", ChoiceBox).choose(Way.BANK)
        for field, text in (
            ("amount", "12400"),
            ("narration", "Invoice 77"),
            ("payee", "Rift Stationers Ltd"),
            ("bank", "Equity Bank"),
            ("bank_code", "68"),
            ("branch_code", "123"),
            ("account_number", "0123456789"),
        ):
            at.type(field, text)
        at.click("ok")
        at.wait_closed("payment_dialog")
    ((payout_id,),) = office.sql("SELECT id FROM payout")
    request = make.waiting_request(office, ApprovalKind.PAYOUT, payout_id)
    make.decide(office, request, office.lucy)
    with seat(office.grace) as at:
        page = _payouts(at)
        at.click("bank_file_open")
        dialog = at.dialog("bank_file_dialog")
        assert "account 0123456789, Rift Stationers Ltd" in said(dialog)
        at.type("password", PASSWORD)
        at.click("ok")
        at.wait_closed("bank_file_dialog")
        chooser = at.find("export_dialog", QFileDialog)
        path = tmp_path / "bank.csv"
        chooser.fileSelected.emit(str(path))
        chooser.close()
        at.wait(lambda: path.exists() and path.stat().st_size > 0)
        assert "Rift Stationers Ltd,68,123,0123456789,12400.00" in path.read_text("utf-8")
        page.tabs.setCurrentIndex(IN_FLIGHT)
        at.wait(lambda: at.sees("safe_action"))
        at.click("safe_action")
        at.dialog("confirm_by_hand_dialog")
        at.type("reference", "FT26075XYZ")
        at.type("password", PASSWORD)
        at.click("ok")
        at.wait_closed("confirm_by_hand_dialog")
        at.wait(lambda: office.sql("SELECT status FROM payout") == [("paid",)])
    assert office.balance("5210") == 1_240_000


def test_cash_is_paid_at_the_till_by_a_third_person(office: PracticeOffice, seat: Seat) -> None:
    member = make.member(office, deposits_kes=50_000)
    row = make_payments.approved_payment(
        office,
        Way.CASH,
        purpose="deposit_refund",
        amount_cents=1_000_000,
        member_id=member.member_id,
    )
    with seat(office.peter) as at:
        tab = _payouts(at).tabs.currentWidget()
        assert isinstance(tab, ToSendTab)
        at.wait(lambda: tab.list.table.select_key(row.payout_id))
        at.click("pay_by_hand")
        dialog = at.dialog("cash_dialog")
        at.type("id_number", "11112222")
        at.type("password", PASSWORD)
        at.click("ok")
        at.wait(lambda: "This is not the ID number of" in said(dialog))
        at.type("id_number", member.national_id)
        at.type("password", PASSWORD)
        at.click("ok")
        at.wait_closed("cash_dialog")
        assert at.toasts == ["Paid. Voucher CV-2026-0001."]
    assert office.balance("1010") == 4_000_000
