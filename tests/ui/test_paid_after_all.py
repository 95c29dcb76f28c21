"""M-Pesa says paid of a payment that is booked as failed: the window leads to two people, never to paying again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton

from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.payouts.payout_moves import load_attempt
from sacco_desktop.services.payouts.payout_settling import settle_failed
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.pages.payouts.page import PROBLEMS, TO_SEND
from tests.ui.practice_desk import KIPCHOGE, PHONES, Seat, Town

Sit = Callable[[str], Seat]


@pytest.fixture(autouse=True)
def _calm(town: Town) -> Iterator[None]:
    yield
    town.calm()


def _book_as_failed(work: Work, attempt_id: int) -> None:
    settle_failed(work, load_attempt(work, attempt_id), "Somebody misread the statement.")


def _failed_but_paid(town: Town) -> PayoutRow:
    """A payment that was booked as failed by mistake, and M-Pesa's late notice that it was made."""
    row = town.ready(KIPCHOGE)
    town.office.safaricom.arm("result_late", match_phone=PHONES[KIPCHOGE])
    town.send(row)
    attempt_id = town.row(row).attempt_id
    assert attempt_id is not None
    town.office.office.books.write(_book_as_failed, attempt_id, actor=CLOCK)
    safaricom = town.office.safaricom
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    town.sync()
    return town.row(row)


def test_two_people_take_the_failure_back_and_the_notice_books_the_payment(
    town: Town, sit: Sit
) -> None:
    row = _failed_but_paid(town)
    assert row.attempt_status is AttemptStatus.FAILED
    waiting = len(town.read(relay_feed.list_parked))
    grace = sit("grace")
    grace.open_page("payouts")
    grace.find("payouts_tabs")
    grace.open_tab(PROBLEMS)
    grace.choose("parked_table", "does not fit")
    grace.wait(lambda: grace.find("paid_after_all_open", QAbstractButton).isEnabled())
    grace.click("paid_after_all_open")
    dialog = grace.find("paid_after_all_dialog")
    assert row.number in dialog.windowTitle()
    grace.click("ok")
    grace.wait(lambda: grace.sees("reason_error"))
    grace.type("reason", "The notice below says paid, and so does the portal.")
    grace.click("ok")
    grace.wait_gone("paid_after_all_dialog")
    assert grace.toasts[-1] == "Sent for approval. Nothing has changed yet."
    assert town.row(row).attempt_status is AttemptStatus.FAILED
    town.approve(row.number, "lucy")
    assert town.row(row).status is PayoutStatus.IN_FLIGHT
    grace.wait(lambda: grace.find("try_parked_again", QAbstractButton).isEnabled())
    grace.click("try_parked_again")
    grace.wait(lambda: town.row(row).status is PayoutStatus.PAID)
    assert len(town.read(relay_feed.list_parked)) == waiting - 1


def test_a_failed_payout_offers_it_too_when_only_the_statement_tells(town: Town, sit: Sit) -> None:
    row = town.ready(KIPCHOGE)
    town.office.safaricom.arm("result_lost", match_phone=PHONES[KIPCHOGE])
    town.send(row)
    town.office.office.books.write(_book_as_failed, town.row(row).attempt_id or 0, actor=CLOCK)
    grace = sit("grace")
    grace.open_page("payouts")
    grace.find("payouts_tabs")
    grace.open_tab(TO_SEND)
    grace.choose("to_send_table", row.number)
    grace.wait(lambda: grace.sees("paid_after_all"))
    grace.click("paid_after_all")
    grace.find("paid_after_all_dialog")
    grace.type("reason", "Statement of today, line 14.")
    grace.click("ok")
    grace.wait_gone("paid_after_all_dialog")
    assert grace.toasts[-1].startswith("Sent for approval")
