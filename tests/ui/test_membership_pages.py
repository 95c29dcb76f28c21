"""Joining and leaving by hands: an application with its file and fee, papers and nominees, notice and settlement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.pages.members.file_tab import FileTab
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.chips import ChipLabel
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from tests import make, make_members
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless, outside
from tests.ui.test_member_page import open_member, open_tab

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def _fits(at: Counter, name: str) -> None:
    dialog = at.dialog(name)
    assert cut_texts(dialog) == []
    assert nameless(dialog) == []
    assert outside(dialog) == []


def _chips(at: Counter) -> list[str]:
    chips: list[ChipLabel] = at.find("member_page").findChildren(ChipLabel)
    return [chip.accessibleName() for chip in chips]


def _status(at: Counter, key: str) -> None:
    """Choose from the menu of statuses."""
    at.click("member_status")
    menu = at.find("member_status_menu", QMenu)
    next(act for act in menu.actions() if act.objectName() == f"status_{key}").trigger()
    menu.close()


def test_an_application_is_written_filled_in_and_sent(office: PracticeOffice, seat: Seat) -> None:
    make.setting(office, "membership.fee_cents", "100000")
    with seat(office.peter) as at:
        at.click("members_applications")
        at.click("applications_new")
        _fits(at, "new_application_dialog")
        typed = {
            "first_name": "Amina",
            "last_name": "Hassan",
            "national_id": "33445566",
            "phone": "0733 111 222",
        }
        for field, text in typed.items():
            at.type(field, text)
        at.go()
        at.wait_closed("new_application_dialog")
        assert at.toasts == ["Written. Amina Hassan is AP-0001."]
        row = make_members.applied(office, 2)
    make_members.fee(office, row)
    paid = make_members.fee(office, make_members.applied(office, 3))
    assert paid.amount_cents == 100_000
    with seat(office.peter) as at:
        at.click("members_applications")
        at.wait(lambda: at.sees("send"))
        at.click("file")
        at.click("file_change")
        _fits(at, "file_dialog")
        at.type("kra_pin", "a1")
        at.type("employer", "Voi County")
        at.go()
        at.wait_closed("file_dialog")
        at.wait(lambda: "A KRA PIN is a letter" in said(at.find("file_tab")))
        assert "The payroll number is missing." in said(at.find("file_tab"))
        at.dialog("file_window").reject()
        at.click("send")
        at.wait(lambda: any("can agree" in words for words in at.toasts))
    request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, 3)
    make.decide(office, request, office.daniel)
    assert office.count("member") == 1


def test_papers_and_nominees_stand_on_the_members_page(
    office: PracticeOffice, seat: Seat, tmp_path: Path
) -> None:
    row = make.member(office, deposits_kes=700)
    paper = tmp_path / "id.pdf"
    paper.write_bytes(b"%PDF-1.7 paper %%EOF")
    with seat(office.peter) as at:
        open_member(at, row.member_id)
        open_tab(at, "Papers && KYC")
        at.click("file_nominees")
        _fits(at, "nominee_dialog")
        for place, text in ((0, "Ann Moraa"), (1, "Niece"), (4, "3 Jul 2015"), (6, "99")):
            at.type(f"nominee_1_{place}", text)
        at.go()
        at.wait(lambda: "is not 18 yet" in at.says("nominees_error"))
        at.type("nominee_1_5", "Mary Moraa")
        at.go()
        at.wait(
            lambda: (
                at.says("nominees_error")
                == "The shares come to 99.00 %. Together they must be 100 %."
            )
        )
        at.type("nominee_1_6", "half")
        at.go()
        at.wait(lambda: at.says("nominees_error").startswith("Write each share in percent"))
        at.type("nominee_1_6", "100")
        at.go()
        at.wait_closed("nominee_dialog")
        at.find("file_tab", FileTab).add_paper("id_copy", paper)
        at.wait(lambda: "Copy of the ID or passport, id.pdf" in said(at.find("file_tab")))
        assert "Ann Moraa, Niece" in said(at.find("file_tab"))
        assert cut_texts(at.window) == []


def test_a_member_gives_notice_and_is_settled(office: PracticeOffice, seat: Seat) -> None:
    row = make.member(office, deposits_kes=700)
    with seat(office.peter) as at:
        open_member(at, row.member_id)
        _status(at, "notice")
        _fits(at, "notice_dialog")
        at.type("reason", "Moves away.")
        at.go()
        at.wait_closed("notice_dialog")
        at.wait(lambda: "Leaving" in _chips(at))
        _status(at, "settle")
        _fits(at, "exit_dialog")
        assert not at.find("ok", QPushButton).isEnabled()
        assert "Wait until then." in said(at.dialog("exit_dialog"))
        at.dialog("exit_dialog").reject()
    office.clock.advance(days=60)
    with seat(office.peter) as at:
        open_member(at, row.member_id)
        _status(at, "settle")
        at.dialog("exit_dialog")
        at.go()
        at.wait_closed("exit_dialog")
        at.wait(lambda: any("can agree" in words for words in at.toasts))
    make_members.settled(office, 1)
    assert office.balance("2180.M-0001") == 70_000


def test_only_what_the_status_allows_is_offered(office: PracticeOffice, seat: Seat) -> None:
    row = make.member(office)
    make_members.became(office, row, MemberStatus.EXPELLED)
    with seat(office.peter) as at:
        open_member(at, row.member_id)
        at.click("member_status")
        menu = at.find("member_status_menu", QMenu)
        assert [act.text() for act in menu.actions()] == ["Insider…", "Settle and leave…"]
        menu.close()
        assert not at.find("take_deposit", QPushButton).isEnabled()


def test_the_treasurer_asks_for_a_nominees_part(office: PracticeOffice, seat: Seat) -> None:
    row = make_members.dead(office)
    with seat(office.grace) as at:
        open_member(at, row.member_id)
        _status(at, "claims")
        at.find("way", ChoiceBox).choose(Way.MPESA)
        at.find("phone", QLineEdit).setText("0722 555 111")
        at.find("checked", QLineEdit).setText("ID seen, she rang from it.")
        _fits(at, "claim_dialog")
        at.go()
        at.wait_closed("claim_dialog")
        at.wait(lambda: any("Asked for as PO-2026-0001" in words for words in at.toasts))
    assert office.sql("SELECT cents FROM nominee_claim") == [(33_330,)]
    assert office.sql("SELECT way, net_cents FROM payout") == [("mpesa", 33_300)]


def test_a_transfer_is_asked_for(office: PracticeOffice, seat: Seat) -> None:
    seller, buyer = make_members.transfer(office)
    with seat(office.peter) as at:
        open_member(at, seller.member_id)
        _status(at, "transfer")
        _fits(at, "transfer_dialog")
        at.find("to_member", QLineEdit).setText(buyer.number)
        at.dialog("transfer_dialog").reject()


def test_a_committee_sees_no_buttons_that_it_may_not_press(
    office: PracticeOffice, seat: Seat
) -> None:
    row = make.member(office)
    with seat(office.daniel) as at:
        at.click("members_applications")
        assert not at.sees("applications_new")
    with seat(office.daniel) as at:
        open_member(at, row.member_id)
        open_tab(at, "Papers && KYC")
        at.wait(lambda: "No paper was added yet." in said(at.find("file_tab")))
        assert not at.sees("file_change")
        # The committee says who is near to the society, and nothing else about a member's status.
        at.click("member_status")
        menu = at.find("member_status_menu", QMenu)
        assert [act.text() for act in menu.actions()] == ["Insider…"]
        menu.close()
