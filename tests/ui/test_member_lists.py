"""Many members at once: tick, export, print, copy; and from a member straight to an application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.pages.loans.new_loan_dialog import NewLoanDialog
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from tests import make
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter
from tests.ui.test_fit import cut_texts, nameless, outside

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    for first, last in (("Jane", "Wanjiku"), ("Amina", "Hassan"), ("Otieno", "Okoth")):
        make.member(made, first_name=first, last_name=last, deposits_kes=60_000)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def _tick(at: Counter, *lines: int) -> None:
    at.wait(lambda: len(at.shown()) == 3)
    for line in lines:
        at.choose(line)
        at.key(Qt.Key.Key_Space)


def _export(at: Counter, ending: str, target: Path) -> str:
    at.command("export")
    menu = at.window.findChild(QMenu, "members_export_menu")
    assert isinstance(menu, QMenu)
    (action,) = (each for each in menu.actions() if each.objectName() == f"members_{ending}")
    menu.close()
    action.trigger()
    dialog = at.find("export_dialog", QFileDialog)
    proposed = Path(dialog.selectedFiles()[0]).name
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    at.wait(lambda: f"Saved as {target}." in at.toasts)
    return proposed


@pytest.mark.parametrize(("ending", "starts"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_ticked_members_leave_as_a_file(
    office: PracticeOffice, seat: Seat, tmp_path: Path, ending: str, starts: bytes
) -> None:
    with seat(office.peter) as at:
        _tick(at, 1, 3)
        assert at.find("members_export", QPushButton).text() == "Export ticked…"
        assert at.says("ticked") == "2 ticked · Deposits KES 120,000.00"
        target = tmp_path / f"list.{ending}"
        assert _export(at, ending, target) == f"PRACTICE_Members_2026-03-16.{ending}"
    content = target.read_bytes()
    assert content.startswith(starts)
    if ending == "csv":
        assert [line[:8] for line in content.decode("utf-8-sig").splitlines()[1:]] == [
            '"M-0001"',
            '"M-0003"',
        ]
    assert office.count("audit_row", "action = 'exported a list of members'") == 1


def test_without_ticks_it_is_what_is_listed(
    office: PracticeOffice, seat: Seat, tmp_path: Path
) -> None:
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 3)
        at.type("filter", "amina")
        at.wait(lambda: len(at.shown()) == 1)
        assert at.find("members_export", QPushButton).text() == "Export…"
        _export(at, "csv", tmp_path / "list.csv")
        at.command("print")
        at.wait(lambda: len(at.papers) == 1)
        assert at.papers[0].pdf.startswith(b"%PDF")
        at.type("filter", "nobody")
        at.wait(lambda: not at.shown())
        assert not at.find("members_print", QPushButton).isEnabled()
    assert len((tmp_path / "list.csv").read_text("utf-8-sig").splitlines()) == 2


def test_phones_are_copied_for_a_telephone(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        _tick(at, 1, 2)
        at.click("members_phones")
        assert QGuiApplication.clipboard().text() == "+254712345001\n+254712345002"
        assert at.toasts == ["2 phone numbers are on the clipboard."]
    with seat(office.daniel) as at:
        _tick(at, 1)
        assert not at.sees("members_phones")


def test_an_application_begins_at_the_member(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        office.clock.advance(days=200)
        at.wait(lambda: len(at.shown()) == 3)
        at.choose(2)
        at.command("new_loan")
        assert at.opened == ["loans/new-M-0002"]
        dialog = at.find("new_loan_dialog", NewLoanDialog)
        assert dialog.findChild(MoneyEdit, "amount") is at.focus()
        assert "Amina" in at.find("member", QLineEdit).text()
        at.wait(lambda: at.find("product", ChoiceBox).count() > 1)
        at.find("product", ChoiceBox).choose("development")
        at.type("amount", "30000")
        at.type("instalments", "6")
        at.type("purpose", "Dairy cow")
        at.go()
        at.wait_closed("new_loan_dialog")
    assert office.sql("SELECT member_id, amount_cents FROM loan") == [(2, 3_000_000)]


def test_it_begins_at_the_members_page_too(office: PracticeOffice, seat: Seat) -> None:
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 3)
        at.choose(1)
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: at.sees("new_loan") and at.find("new_loan", QPushButton).isEnabled())
        at.click("new_loan")
        at.find("new_loan_dialog", NewLoanDialog).reject()
        assert at.opened[-1] == "loans/new-M-0001"


def test_the_menu_of_a_row_has_what_the_panel_has(office: PracticeOffice, seat: Seat) -> None:
    office.without_guards("UPDATE member SET status = 'exited' WHERE id = 3")
    with seat(office.peter) as at:
        at.wait(lambda: len(at.shown()) == 3)
        at.choose(3)
        table = at.page.table
        table.customContextMenuRequested.emit(QPoint(5, 5))
        menu = at.find("row_menu", QMenu)
        entries = {each.objectName(): each for each in menu.actions()}
        assert list(entries)[:3] == ["row_take_deposit", "row_new_loan", "row_change_phone"]
        assert entries["row_take_deposit"].toolTip() == "Locked: this member has left the society."
        assert not entries["row_new_loan"].isEnabled()
        entries["row_copy_member"].trigger()
        menu.close()
        assert "M-0003" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(("width", "percent"), [(1366, 100), (1024, 100), (1366, 150)])
def test_nothing_of_it_is_cut(
    office: PracticeOffice, seat: Seat, theme: Theme, width: int, percent: int
) -> None:
    theme.set_text_percent(percent)
    with seat(office.peter) as at:
        at.window.resize(width, 540)
        _tick(at, 1)
        at.wait(lambda: cut_texts(at.window) == [])
        assert outside(at.window) == []
        assert nameless(at.window) == []
        QTest.keyClick(at.page.table, Qt.Key.Key_Tab)
        assert not at.page.table.hasFocus()
