"""A payout is sent without M-Pesa's word on the balance only with a second tick. An office of its own: elsewhere a
result that comes late is M-Pesa's word, too.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QCheckBox

from sacco_desktop.domain.posting_rules import float_top_up, opening_bank_balance
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from tests.ui.practice_desk import JANE, Seat, Town, said

Sit = Callable[[str], Seat]


def test_an_unknown_balance_needs_a_second_tick(town: Town, sit: Sit) -> None:
    row = town.ready(JANE, 15_000)
    town.office.safaricom.arm("refused_with", api="balance", times=50, code="404.001.03")
    office = town.office.office
    office.balance_seconds, patience = 0.2, office.balance_seconds
    grace = sit("grace")
    grace.open_page("payouts")
    grace.tick(row)
    town.write(_move_money, None, "grace")
    grace.click("pay_open")
    dialog = grace.find("pay_dialog")
    office.balance_seconds = patience
    assert "Balance unknown; M-Pesa will refuse if it is short." in said(dialog)
    grace.type("password", "a password that is not judged yet")
    assert not grace.find("ok", QAbstractButton).isEnabled()
    grace.find("confirmation_1", QCheckBox).click()
    assert grace.find("ok", QAbstractButton).isEnabled()
    grace.click("close")


def _move_money(work: Work, _nothing: None) -> None:
    """The books move after M-Pesa's last word, which is old then."""
    ledger.post(work, opening_bank_balance(100_00, "MORE", work.today))
    ledger.post(work, float_top_up(100_00, "SLIP-9999", work.today))
