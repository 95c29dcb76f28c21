"""A batch is stopped, continued and ended from the Payouts page; the balance is asked for, shown and missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from sacco_desktop.domain.batches import BatchStatus
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.send_batches import send_batch, send_new_batch
from sacco_desktop.services.sending import payout_batches
from sacco_desktop.services.sending.payout_batches import BatchRow
from tests.ui.practice_desk import AMINA, JANE, MERCY, OTIENO, Seat, Town, said

Sit = Callable[[str], Seat]


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.calm()


def _last_batch(town: Town) -> BatchRow:
    return town.read(payout_batches.list_batches, None, "grace")[0]


def test_a_batch_that_was_stopped_is_continued_with_the_password_and_nothing_is_sent_twice(
    town: Town, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for send in (send_new_batch, send_batch):
        assert send.__kwdefaults__ is not None
        monkeypatch.setitem(send.__kwdefaults__, "pause_seconds", 0.5)
    rows = [town.ready(JANE, 11_000), town.ready(AMINA, 12_000), town.ready(OTIENO, 13_000)]
    before = len(town.office.safaricom.transactions)
    grace = sit("grace")
    grace.pay_dialog(*rows)
    grace.confirm()
    grace.click("stop_after_this")
    grace.wait(lambda: not grace.sending.is_under_way)
    grace.click("close")
    stopped = _last_batch(town)
    assert stopped.status is BatchStatus.PAUSED
    assert 0 < stopped.waiting < 3
    grace.wait(lambda: grace.sees("batch_bar"))
    bar = said(grace.find("batch_bar"))
    assert f"{stopped.number} is stopped: {stopped.gone} of 3 sent" in bar
    grace.click("batch_continue")
    dialog = grace.find("pay_dialog")
    assert f"Continue {stopped.number}" in said(dialog)
    assert not [b for b in dialog.findChildren(QAbstractButton) if b.text() == "Take out"]
    grace.confirm()
    grace.wait(lambda: _last_batch(town).status is BatchStatus.DONE)
    grace.wait(lambda: stopped.number in grace.text("sending_head"))
    grace.click("close")
    grace.wait(lambda: not grace.sees("batch_bar"))
    assert len(town.office.safaricom.transactions) == before + 3


def test_a_batch_that_is_stopped_may_be_ended_and_its_payouts_stay_ready(
    town: Town, sit: Sit
) -> None:
    row = town.row(town.ready(MERCY, 14_000))
    shown = payout_batches.ShownPayout(row.payout_id, row.version, row.mpesa_cents)
    new = payout_batches.NewBatch((shown,), row.mpesa_cents)
    batch = town.write(payout_batches.open_batch, new, "grace")
    grace = sit("grace")
    grace.open_page("payouts")
    grace.wait(lambda: grace.sees("batch_bar"))
    grace.click("batch_end")
    grace.find("end_batch_dialog")
    grace.type("reason", "The member is away.")
    grace.click("ok")
    grace.wait(lambda: _last_batch(town).status is BatchStatus.VOID)
    assert _last_batch(town).number == batch.number
    assert town.row(row).status is PayoutStatus.APPROVED
    grace.wait(lambda: not grace.sees("batch_bar"))


def test_the_balance_is_asked_for_and_stands_beside_the_books(town: Town, sit: Sit) -> None:
    grace = sit("grace")
    grace.open_page("payouts")
    grace.click("ask_balance")
    grace.wait(lambda: any("asked for the balance" in words for words in grace.toasts))
    grace.wait(lambda: "working 500,000.00" in grace.text("utility_strip").replace("\u00a0", " "))
    grace.click("accounts_open")
    dialog = grace.find("accounts_dialog")
    told = said(dialog)
    for words in ("Utility", "Working", "Charges paid", "Difference", "500,000.00"):
        assert words in told, words
    difference = dialog.findChild(QLabel, "working_4")
    assert difference is not None
    assert difference.text() == "500,000.00", "the books were never told what Working holds"
    grace.click("close")
