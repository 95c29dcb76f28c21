"""Members by keyboard: register, take cash, change a phone; what is wrong is said at its field and stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.demo.sample_photo import sample_photo
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.membership import member_documents, member_files, members
from sacco_desktop.services.membership.member_documents import NewDocument
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.ui.messages import NOTHING_SAVED
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.date_edit import DateEdit
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def test_the_list_shows_who_they_are_and_what_they_have(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office, first_name="Jane", last_name="Wanjiku", deposits_kes=60_000)
    make.member(office, first_name="Amina", last_name="Hassan", deposits_kes=45_000)
    file = Holder(jane.member_id)
    texts = (("employer", "Voi Primary School"), ("payroll_number", "TSC 0455"))
    office.write(member_files.change, FileChange(file, 0, texts, 0), office.peter)
    photo = NewDocument(file, "photo", "jane.png", sample_photo())
    office.write(member_documents.add, photo, office.peter)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 2)
        at.wait(lambda: at.sees("panel_photo"))
        shown = [column.text(at.shown()[0]) for column in at.page.table.table_model.columns]
        assert shown == [
            "M-0001",
            "Jane Njeri Wanjiku",
            "● Active",
            "0712 345 001",
            "0.00",
            "0",
            "60,000.00",
            "0.00",
            "23450001",
            "16 Mar 2026",
            "Voi Primary School",
            "TSC 0455",
        ]
        assert at.says("counts") == "2 members"
        assert at.says("sums") == (
            "Share capital KES  0.00     Deposits KES  105,000.00     Loans KES  0.00"
        )
        at.type("filter", "2345 0002")
        at.wait(lambda: [row.number for row in at.shown()] == ["M-0002"])
        assert at.says("counts") == "1 of 2 members"


def test_register_by_keyboard_alone(office: PracticeOffice, seat: Seat) -> None:
    make.member(office)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 1)
        at.key(Qt.Key.Key_N, control=True)
        at.dialog("new_member_dialog")
        for word in ("Ann", "", "Wambui", "30112233"):
            at.keys(word)
            at.key(Qt.Key.Key_Return)
        at.keys("+254 733 000 111")
        assert office.count("member") == 1
        at.go()
        at.wait_closed("new_member_dialog")
        assert at.toasts == ["Registered. Ann Wambui is M-0002."]
        at.wait(lambda: at.page.table.current_row() is not None)
        at.panel_says("Ann Wambui")
        assert office.sql("SELECT phone, national_id FROM member WHERE number = 'M-0002'") == [
            ("254733000111", "30112233")
        ]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("first_name", "", "Write the name."),
        ("last_name", "123", "The name has no letters. Write the name as on the identity card."),
        ("national_id", "12a45678", "Write the ID number in figures, for example 23456789."),
        ("phone", "0812 345 678", "Write a Kenyan mobile number, for example 0722 908 114."),
        (
            "national_id",
            "23450001",
            "A member with this ID number exists already: Mary Njeri Otieno, M-0001. Is it the same person?",
        ),
        (
            "phone",
            "0712 345 001",
            "A member with this phone number exists already: Mary Njeri Otieno, M-0001."
            " Is it the same person?",
        ),
    ],
)
def test_what_is_wrong_stands_under_its_field(
    office: PracticeOffice, seat: Seat, field: str, typed: str, sentence: str
) -> None:
    make.member(office)
    good = {
        "first_name": "Ann",
        "last_name": "Wambui",
        "national_id": "30112233",
        "phone": "0733000111",
    }
    with seat(office.peter) as at:
        at.command("new")
        at.dialog("new_member_dialog")
        for name, text in {**good, field: typed}.items():
            at.type(name, text)
        at.go()
        at.wait(lambda: at.sees(f"{field}_error"))
        assert at.says(f"{field}_error") == sentence
        assert at.focus().objectName() == field
        assert at.find("first_name", QLineEdit).text() == ("" if field == "first_name" else "Ann")
        assert office.count("member") == 1
        # Put right, it goes through: the dialog is not spent.
        at.type(field, good[field])
        at.go()
        at.wait_closed("new_member_dialog")
        assert office.count("member") == 2


def test_cash_is_taken_once_and_its_receipt_is_shown(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office, first_name="Jane", last_name="Wanjiku", deposits_kes=60_000)
    with seat(office.grace) as at:
        at.choose(jane.member_id)
        at.go()
        dialog = at.dialog("take_deposit_dialog")
        assert at.focus().objectName() == "amount"
        at.keys("2500*3")
        at.wait(lambda: "67,500.00" in said(dialog))
        assert at.says("amount_note") == "= 7,500.00"
        at.click("ok")
        at.go()
        at.wait_closed("take_deposit_dialog")
        at.wait(lambda: len(at.papers) == 1)
        assert at.toasts == [
            "Recorded. KES 7,500.00 from Jane Njeri Wanjiku, receipt RC-2026-0002."
            " Deposits now KES 67,500.00."
        ]
        assert office.count("journal_entry") == 2
        assert at.papers[0].file_name == "M-0001_Jane-Njeri-Wanjiku_Receipt_RC-2026-0002.pdf"
        assert at.papers[0].pdf.startswith(b"%PDF")
        at.panel_says("67,500.00")
        at.panel_says("Receipt RC-2026-0002…")
        at.click("receipt")
        at.wait(lambda: len(at.papers) == 2)
        copies = office.sql("SELECT copy_number FROM paper_print ORDER BY id")
        assert copies == [(1,), (2,)]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount", "", "Write the amount in figures, for example 2,500 or 2500.50."),
        ("amount", "abc", "Write the amount in figures, for example 2,500 or 2500.50."),
        ("amount", "1e5", "Write the amount in figures, for example 2,500 or 2500.50."),
        ("value_date", "31/2/2026", "There is no 31 Feb 2026."),
        ("value_date", "17/3/2026", "A deposit cannot be dated in the future."),
        ("member", "nobody", "Choose the member who brings the cash."),
    ],
)
def test_a_deposit_that_is_wrong_is_not_taken(
    office: PracticeOffice, seat: Seat, field: str, typed: str, sentence: str
) -> None:
    jane = make.member(office)
    with seat(office.peter) as at:
        at.choose(jane.member_id)
        at.command("main_action")
        at.dialog("take_deposit_dialog")
        at.type("amount", "500")
        at.type(field, typed)
        at.go()
        at.wait(lambda: at.sees(f"{field}_error"))
        assert at.says(f"{field}_error").startswith(sentence)
        assert office.count("journal_entry") == 0
        at.dialog("take_deposit_dialog").reject()


def test_another_member_can_be_chosen_and_the_date_stepped(
    office: PracticeOffice, seat: Seat
) -> None:
    make.member(office, first_name="Jane")
    amina = make.member(office, first_name="Amina")
    with seat(office.peter) as at:
        at.choose(1)
        at.command("main_action")
        at.dialog("take_deposit_dialog")
        at.pick_member("amina")
        at.type("amount", "300")
        at.find("value_date").setFocus()
        at.key(Qt.Key.Key_Minus)
        assert at.find("value_date", DateEdit).text() == "Sun 15 Mar 2026"
        at.find("shows_receipt").setFocus()
        at.key(Qt.Key.Key_Space)
        at.go()
        at.wait_closed("take_deposit_dialog")
        assert office.balance("2010.M-0002") == 300_00
        assert at.page.table.current_row().member_id == amina.member_id
        assert at.papers == []
        assert office.sql("SELECT value_date FROM journal_entry") == [("2026-03-15",)]


def test_a_new_phone_takes_an_approval_away_and_says_so_before(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office, deposits_kes=100_000)
    payout = make.approved_payout(office, jane)
    with seat(office.peter) as at:
        at.choose(jane.member_id)
        at.click("change_phone")
        dialog = at.dialog("change_phone_dialog")
        at.wait(lambda: f"{payout.number} over KES 98,500.00 loses its approval." in said(dialog))
        at.keys("0712 345 001")
        at.go()
        at.wait(lambda: at.sees("phone_error"))
        assert at.says("phone_error") == "This is the number that the member has now."
        at.type("phone", "0755 123 123")
        at.go()
        at.wait_closed("change_phone_dialog")
        assert make.payout_now(office, payout).status == "draft"
        assert at.toasts == ["Changed. Mary Njeri Otieno now has 0755 123 123."]
        at.panel_says("Peter Kamau changed it from 0712 345 001.")
        assert "! New phone" in at.page.table.table_model.columns[2].text(at.shown()[0])


def test_who_changed_it_meanwhile_is_told_and_nothing_is_lost(
    office: PracticeOffice, seat: Seat
) -> None:
    jane = make.member(office)
    with seat(office.peter) as at:
        at.choose(jane.member_id)
        at.click("change_phone")
        at.dialog("change_phone_dialog")
        change = PhoneChange(jane.member_id, jane.version, "0733 999 888")
        office.write(phone_changes.change_phone, change, office.peter)
        at.keys("0755 123 123")
        at.go()
        told = said(at.find("meanwhile", QWidget))
        assert told.strip().startswith(
            "Changed meanwhile\nPeter Kamau changed the phone of M-0001 at 09:00, on office-pc, after you opened it."
        )
        assert at.find("old_phone", QLineEdit).text() == "0733 999 888"
        assert at.find("phone", QLineEdit).text() == "0755 123 123"
        assert office.read(members.row_of, jane.member_id).phone == "254733999888"
        at.dialog("change_phone_dialog")
        assert not at.sees("versions")
        at.click("show_changed")
        table = said(at.find("versions"))
        for version in ("0712 345 001", "0733 999 888", "0755 123 123"):
            assert version in table
        at.wait(lambda: cut_texts(at.dialog("change_phone_dialog")) == [])
        at.click("take_new")
        assert at.find("phone", QLineEdit).text() == "0733 999 888"
        at.click("take_new")
        assert at.find("phone", QLineEdit).text() == "0755 123 123"
        # It is theirs to decide, and now they know of both.
        at.go()
        at.wait_closed("change_phone_dialog")
        assert office.read(members.row_of, jane.member_id).phone == "254755123123"


def test_a_role_sees_only_what_it_may_do(office: PracticeOffice, seat: Seat) -> None:
    jane = make.member(office)
    with seat(office.grace) as at:
        at.choose(jane.member_id)
        assert at.sees("take_deposit")
        assert not at.sees("change_phone")
        assert not at.sees("members_new")
        assert not at.window.menus.actions["new"].isEnabled()
    with seat(office.daniel) as at:
        at.choose(jane.member_id)
        assert not at.sees("take_deposit")
        assert not at.window.menus.actions["main_action"].isEnabled()
        assert "0712 345" not in said(at.page.panel)
        at.panel_says("0712 •••001")
        assert "23450001" not in at.page.table.table_model.columns[8].text(at.shown()[0])


def test_an_office_without_members_offers_the_first(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        at.wait(lambda: at.says("list_state") == "No members yet.")
        at.click("list_state_action")
        at.dialog("new_member_dialog").reject()
    with seat(office.grace) as at:
        at.wait(lambda: at.says("list_state").startswith("No members yet. An officer"))


@pytest.mark.expects_log("Reference")
def test_books_that_cannot_be_read_leave_a_way_on(
    office: PracticeOffice, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.member(office)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 1)
        broken = "sacco_desktop.services.membership.members._all_rows"
        with monkeypatch.context() as patch:
            patch.setattr(broken, lambda *_args, **_kinds: 1 // 0)
            at.command("refresh")
            box = at.find("crash", QWidget)
            assert NOTHING_SAVED not in said(box)
            box.close()
        # The rows that were read stay, with a line over them.
        at.wait(lambda: "could not be read" in said(at.page))
        assert len(at.shown()) == 1
        at.command("refresh")
        at.wait(lambda: not any(each.isVisible() for each in _behind(at)))


def _behind(at: Counter) -> list[QLabel]:
    return [
        each
        for each in at.page.findChildren(QLabel, "callout_text")
        if "could not be read" in each.text()
    ]


def test_a_name_with_tags_is_a_name(office: PracticeOffice, seat: Seat) -> None:
    make.member(office, first_name="<b>X</b>", other_names="", last_name="&amp;")
    with seat(office.peter) as at:
        at.choose(1)
        title = at.page.panel.findChild(QLabel, "details_title")
        assert isinstance(title, QLabel)
        assert title.text() == "<b>X</b> &amp;"
        assert title.textFormat() == Qt.TextFormat.PlainText
        at.key(Qt.Key.Key_Return)
        name = at.find("member_name", QLabel)
        assert (name.text(), name.textFormat()) == ("<b>X</b> &amp;", Qt.TextFormat.PlainText)
        at.click("take_deposit")
        member = at.find("member", QLineEdit)
        assert member.text() == "M-0001   <b>X</b> &amp;"
        at.key(Qt.Key.Key_Escape)
        at.wait_closed("take_deposit_dialog")


@pytest.mark.parametrize(
    ("size", "percent"),
    [((1366, 697), 100), ((1024, 540), 100), ((1366, 697), 150), ((1024, 540), 150)],
)
def test_nothing_is_cut_or_nameless(
    office: PracticeOffice, seat: Seat, theme: Theme, size: tuple[int, int], percent: int
) -> None:
    jane = make.member(office, first_name="Jane", last_name="Wanjiku-Kariuki", deposits_kes=950_000)
    office.write(
        phone_changes.change_phone, PhoneChange(1, jane.version, "0733 999 888"), office.peter
    )
    theme.set_text_percent(percent)
    with seat(office.peter) as at:
        at.window.resize(*size)
        at.choose(1)
        at.wait(lambda: cut_texts(at.window) == [])
        assert outside(at.window) == []
        assert nameless(at.window) == []
        assert at.page.table.horizontalScrollBar().maximum() == 0
        for opened, name in (
            ("new", "new_member_dialog"),
            ("main_action", "take_deposit_dialog"),
            ("change_phone", "change_phone_dialog"),
        ):
            _open(at, opened)
            dialog = at.dialog(name)
            at.wait(lambda shown=dialog: cut_texts(shown) == [])  # type: ignore[misc]
            assert outside(dialog) == []
            assert nameless(dialog) == []
            assert dialog.width() <= size[0]
            assert dialog.height() <= size[1]
            dialog.reject()
            at.wait_closed(name)


def _open(at: Counter, how: str) -> None:
    if how in ("new", "main_action"):
        at.command(how)
        return
    if not at.sees(how):
        # The panel has folded for want of room; the page of the member has the same button.
        at.page.table.setFocus()
        at.key(Qt.Key.Key_Return)
        at.find("member_name")
    at.click(how)


def test_the_first_members_stand_there_before_the_others(
    office: PracticeOffice, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make.member(office)
    monkeypatch.setattr(members, "AT_FIRST", 2)
    assert len(office.read(members.first_members, None, office.peter).rows) == 2
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 3)
        at.wait(lambda: "are being read" not in said(at.page))


def test_of_very_many_members_some_are_listed_and_any_is_found(
    office: PracticeOffice, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Achieng", "Barasa", "Chebet", "Wanjiku", "Wanjala"):
        make.member(office, last_name=name)
    monkeypatch.setattr(members, "AT_FIRST", 2)
    monkeypatch.setattr(members, "MANY", 3)
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 2)
        assert "These are the first 2 members." in said(at.page)
        line = at.find("filter", QLineEdit)
        line.setText("njik")
        at.wait(lambda: [row.number for row in at.shown()] == ["M-0004"])
        at.page.table.setFocus()
        at.key(Qt.Key.Key_Space)
        # Whoever is ticked stays, and nobody else stands there.
        line.setText("0002")
        at.wait(lambda: [row.number for row in at.shown()] == ["M-0002", "M-0004"])
        at.page.table.table_model.tick_shown(is_ticked=False)
        line.setText("nobody")
        at.wait(lambda: "No member fits ‘nobody’." in said(at.page))
        line.setText("wanj")
        at.wait(lambda: [row.number for row in at.shown()] == ["M-0004", "M-0005"])
        at.click("members_older")
        at.wait(lambda: len(at.page.table.table_model.rows) == 5)
        assert [row.number for row in at.shown()] == ["M-0004", "M-0005"]
        line.clear()
        at.wait(lambda: len(at.shown()) == 5)
        assert not at.sees("members_older")
