"""What came back after it was confirmed: the window leads to two people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.demo.scenes import Scenes
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.ui.pages.payouts.page import DONE, TO_SEND
from tests.ui.practice_desk import Seat, Town

Sit = Callable[[str], Seat]


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.calm()


def _scenes(town: Town) -> Scenes:
    office: PracticeOffice = town.office
    return Scenes(office)


def _paid_by_bank(town: Town) -> PayoutRow:
    scenes = _scenes(town)
    row = scenes.bill(Way.BANK, 6_300, f"Invoice {uuid4().hex[:6]}")
    scenes.filed(row)
    return scenes.confirmed(row, f"FT{uuid4().hex[:8].upper()}")


def test_a_transfer_that_came_back_is_asked_for_by_one_and_booked_by_another(
    town: Town, sit: Sit
) -> None:
    row = _paid_by_bank(town)
    grace = sit("grace")
    grace.open_page("payouts")
    grace.find("payouts_tabs")
    grace.open_tab(DONE)
    grace.choose("done_table", row.receipt or "")
    grace.wait(lambda: grace.sees("returned"))
    grace.click("returned")
    dialog = grace.find("returned_dialog")
    assert row.number in dialog.windowTitle()
    grace.click("ok")
    grace.wait(lambda: grace.sees("paper_error"))
    grace.type("paper", "RTN 77")
    grace.type("reason", "Account closed.")
    grace.type("charge", "500")
    grace.click("ok")
    grace.wait_gone("returned_dialog")
    assert grace.toasts[-1] == "Sent for approval. Nothing has changed yet."
    assert town.row(row).status is PayoutStatus.PAID
    town.approve(row.number, "lucy")
    assert town.row(row).status is PayoutStatus.DRAFT
    grace.open_tab(TO_SEND)
    grace.choose("to_send_table", "Came back")
    grace.wait(lambda: grace.sees("ask_approval"))
    grace.click("ask_approval")
    grace.wait(lambda: town.row(row).status is PayoutStatus.DRAFT and bool(grace.toasts))
    now = town.row(row)
    town.write(payouts.take_back, PayoutChange(now.payout_id, now.version), "grace")
