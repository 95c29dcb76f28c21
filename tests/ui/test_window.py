"""The window: focus, panes, folding, what changed, the lock and who is in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.ui.banner import BannerNotice
from sacco_desktop.ui.idle_watch import IdleWatch
from sacco_desktop.ui.lock_screen import Cover, LockScreen
from sacco_desktop.ui.main_window import MainWindow, Office
from sacco_desktop.ui.messages import Messages, Question
from sacco_desktop.ui.page import Page, PageEntry
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.world import World
from tests.ui import sample_office


def list_page(window: MainWindow) -> ListPage:
    page = window.pages.currentWidget()
    assert isinstance(page, ListPage)
    return page


def button(window: QWidget, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow())
    return window


def test_a_page_opens_with_the_focus_on_its_table(window: MainWindow, qtbot: QtBot) -> None:
    active(window, qtbot)
    page = list_page(window)
    qtbot.waitUntil(lambda: page.table.hasFocus())
    assert window.windowTitle() == "Payouts – Umoja SACCO – Sacco Desktop"
    assert button(window, "rail_payouts").isChecked()


def test_f6_goes_round_the_four_panes_and_back(window: MainWindow, qtbot: QtBot) -> None:
    active(window, qtbot)
    page = list_page(window)
    page.table.setFocus()
    seen = []
    for _ in range(4):
        QTest.keyClick(window, Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    rail = button(window, "rail_payouts")
    assert seen == [page.panel, rail, page.filter_bar.line, page.table]
    QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is page.filter_bar.line


def test_tab_leaves_the_table(window: MainWindow, qtbot: QtBot) -> None:
    active(window, qtbot)
    page = list_page(window)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Tab)
    assert window.focusWidget() is not page.table


def test_the_rail_folds_when_narrow_or_when_the_text_is_large(
    window: MainWindow, theme: Theme
) -> None:
    folded = [window.rail.is_folded]
    window.resize(1024, 540)
    folded.append(window.rail.is_folded)
    window.resize(1366, 697)
    theme.set_text_percent(140)
    folded.append(window.rail.is_folded)
    theme.set_text_percent(100)
    folded.append(window.rail.is_folded)
    window.menus.actions["fold_rail"].trigger()
    folded.append(window.rail.is_folded)
    assert folded == [False, True, True, False, True]


def test_all_pages_fit_in_the_rail_without_scrolling(window: MainWindow) -> None:
    last = button(window, "rail_settings")
    assert (
        last.mapTo(window, last.rect().bottomLeft()).y()
        < window.status.mapTo(window, window.rect().topLeft()).y()
    )


def test_a_badge_says_what_it_counts(window: MainWindow) -> None:
    assert (
        button(window, "rail_approvals").accessibleName() == "Approvals, 3 wait for your decision"
    )
    window.rail.set_badge("approvals", 0)
    assert button(window, "rail_approvals").accessibleName() == "Approvals"


def test_practice_is_marked_all_over_the_window(window: MainWindow, theme: Theme) -> None:
    line = window.findChild(QFrame, "practice_line")
    assert isinstance(line, QFrame)
    assert line.width() == window.width()
    assert line.height() == 4
    worlds = [label.text() for label in window.findChildren(QLabel, "world")]
    assert set(worlds) == {"PRACTICE"}


def test_the_live_office_has_no_line(
    qapp: QApplication, qtbot: QtBot, theme: Theme, messages: Messages
) -> None:
    live = sample_office.a_window(qapp, theme, messages, World.LIVE)
    qtbot.addWidget(live)
    assert live.findChild(QFrame, "practice_line") is None


def counting_entry(key: str, reads: list[str]) -> PageEntry:
    def factory() -> Page:
        widget = QWidget()
        widget.setObjectName(f"{key}_page")
        QVBoxLayout(widget)
        return Page(
            widget, widget, topics=frozenset({key.upper()}), reload=lambda: reads.append(key)
        )

    return PageEntry(key, key.title(), "home", "", factory)


def test_a_hidden_page_reads_again_only_when_it_is_shown(window: MainWindow) -> None:
    reads: list[str] = []
    window.welcome(
        "Grace Wambui", "", [counting_entry("loans", reads), counting_entry("members", reads)]
    )
    assert reads == ["loans"]
    window.open_page("members")
    window.pages.hear_of_change(frozenset({"LOANS", "LEDGER"}))
    assert reads == ["loans", "members"]
    window.pages.hear_of_change(frozenset({"MEMBERS"}))
    assert reads == ["loans", "members", "members"]
    window.pages.back()
    assert reads == ["loans", "members", "members", "loans"]


def test_escape_goes_back_one_page(window: MainWindow, qtbot: QtBot) -> None:
    active(window, qtbot)
    window.open_page("loans")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.pages.entry is not None
    assert window.pages.entry.key == "payouts"


def test_pages_that_a_person_may_not_use_are_absent(window: MainWindow, qtbot: QtBot) -> None:
    window.welcome("Lucy Chebet", "Clerk", [counting_entry("members", [])])
    assert window.findChild(QPushButton, "rail_members") is not None

    def shown() -> list[str]:
        return [b.objectName() for b in window.rail.findChildren(QPushButton) if b.isVisible()]

    qtbot.waitUntil(lambda: shown() == ["rail_members"])


def test_the_lock_covers_every_window_at_once(window: MainWindow, messages: Messages) -> None:
    messages.tell(window, "Not done", "KES 95,000.00 was not sent.")
    (box,) = window.findChildren(QMessageBox)
    window.menus.actions["lock"].trigger()
    for covered in (window, box):
        (cover,) = covered.findChildren(Cover, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert cover.geometry() == covered.rect()
        assert cover.isVisible()
    screen = window.findChild(LockScreen)
    assert isinstance(screen, LockScreen)
    assert screen.isVisible()
    window.unlock()


def test_the_cover_grows_with_its_window(window: MainWindow) -> None:
    window.lock()
    window.resize(1400, 720)
    (cover,) = window.findChildren(Cover)
    assert cover.geometry() == window.rect()
    window.unlock()


def test_neither_escape_nor_closing_opens_the_lock(window: MainWindow) -> None:
    window.lock()
    screen = window.findChild(LockScreen)
    assert isinstance(screen, LockScreen)
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    screen.close()
    assert screen.isVisible()
    assert window.office_lock.is_locked
    window.unlock()


def test_the_right_password_shows_everything_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    page = list_page(window)
    page.filter_bar.line.setText("wanj")
    window.lock()
    screen = window.findChild(LockScreen)
    assert isinstance(screen, LockScreen)
    line = screen.findChild(QLineEdit, "password")
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "secret")
    with qtbot.waitSignal(window.unlock_asked) as asked:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked.args == ["secret"]
    assert line.text() == ""
    window.refuse_unlock("That password is not right. You have 3 tries left.")
    assert screen.isVisible()
    window.unlock()
    assert not window.office_lock.is_locked
    assert all(not cover.isVisible() for cover in window.findChildren(Cover))
    assert page.filter_bar.line.text() == "wanj"


def test_no_news_is_shown_while_locked(window: MainWindow) -> None:
    window.lock()
    window.toast("Paid. Fatuma Ali received KES 40,000.00.")
    assert window.findChildren(QLabel, "toast_text") == []
    window.unlock()


def test_being_idle_locks_the_office(window: MainWindow) -> None:
    watch = window.idle_watch
    assert watch.is_watching()
    watch.idle.emit()
    assert window.office_lock.is_locked
    assert not watch.is_watching()
    window.unlock()
    assert watch.is_watching()


def test_a_key_or_the_mouse_puts_the_lock_off(window: MainWindow, qtbot: QtBot) -> None:
    active(window, qtbot)
    handle = window.windowHandle()
    touched = QSignalSpy(window.idle_watch.touched)
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert touched.count() == 1
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    assert touched.count() > 1


def test_the_time_really_ends(qapp: QApplication, qtbot: QtBot) -> None:
    owner = QObject()
    watch = IdleWatch(qapp, 0.0005, owner)
    with qtbot.waitSignal(watch.idle):
        watch.start()


def test_switching_the_person_shows_the_sign_in_and_nothing_else(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.person_left):
        window.menus.actions["switch_person"].trigger()
    assert window.sign_in.isVisible()
    assert not window.rail.isVisible()
    assert window.pages.page is None
    assert not window.menus.actions["lock"].isEnabled()
    assert not window.idle_watch.is_watching()


def test_signing_in_asks_with_name_and_password(window: MainWindow, qtbot: QtBot) -> None:
    window.menus.actions["switch_person"].trigger()
    QTest.keyClicks(window.sign_in.user_name, "grace")
    QTest.keyClick(window.sign_in.user_name, Qt.Key.Key_Return)
    QTest.keyClicks(window.sign_in.password.line, "practice")
    with qtbot.waitSignal(window.sign_in_asked) as asked:
        QTest.keyClick(window.sign_in.password.line, Qt.Key.Key_Return)
    assert asked.args == ["grace", "practice"]
    window.refuse_sign_in("That password is not right. You have 3 tries left.")
    assert window.sign_in.user_name.text() == "grace"
    assert window.sign_in.password.is_empty()


def test_signing_in_without_a_name_or_password_asks_nobody(window: MainWindow) -> None:
    window.menus.actions["switch_person"].trigger()
    spy = QSignalSpy(window.sign_in_asked)
    button(window.sign_in, "sign_in_button").click()
    QTest.keyClicks(window.sign_in.user_name, "grace")
    button(window.sign_in, "sign_in_button").click()
    assert spy.count() == 0


def test_closing_asks_once_while_something_is_sent(
    qapp: QApplication, qtbot: QtBot, theme: Theme, messages: Messages
) -> None:
    question = Question("Close", "Two payments are being sent.", "Close after this one", "Stay")
    office = Office(
        "Umoja SACCO",
        World.LIVE,
        lambda: sample_office.NOW,
        question_before_closing=lambda: question,
    )
    window = MainWindow(qapp, theme, messages, office)
    qtbot.addWidget(window)
    window.show()
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    (act,) = [b for b in box.buttons() if b.text() == "Close after this one"]
    act.click()
    assert not window.isVisible()


def test_an_outage_stands_in_the_banner_with_the_next_try(
    window: MainWindow, messages: Messages
) -> None:
    retry_at = datetime(2026, 7, 3, 7, 42, tzinfo=UTC)
    messages.show(OutsideUnavailable("M-Pesa", "M-Pesa cannot be reached.", retry_at), window)
    assert window.banner.text() == "M-Pesa cannot be reached. We try again at 10:42."
    assert window.banner.isVisible()
    window.banner.clear("outside:M-Pesa")
    assert not window.banner.isVisible()


def test_the_banner_shows_the_worst_and_acts(window: MainWindow) -> None:
    done: list[str] = []
    window.banner.set("backup", BannerNotice(40, "Backup missing 2 days."))
    window.banner.set(
        "queue", BannerNotice(1, "Sending stopped.", action="Look", act=lambda: done.append("look"))
    )
    assert window.banner.text() == "Sending stopped."
    button(window.banner, "banner_action").click()
    assert done == ["look"]
    window.banner.clear("queue")
    assert window.banner.text() == "Backup missing 2 days."
    entry = window.pages.entry
    assert entry is not None
    window.banner.set("stop", BannerNotice(1, "Sending stands still.", told_on=entry.key))
    assert window.banner.text() == "Backup missing 2 days."
    window.banner.be_on("another page")
    assert window.banner.text() == "Sending stands still."


def test_the_status_bar_speaks_only_when_work_lasts(window: MainWindow, qtbot: QtBot) -> None:
    window.status.say_busy("write", 1)
    assert window.status.work_words() == ""
    qtbot.waitUntil(lambda: window.status.work_words() == "Saving…")
    window.status.say_progress("Statements 120 of 412")
    assert window.status.work_words() == "Statements 120 of 412"
    window.status.say_progress("")
    window.status.say_busy("write", 0)
    assert window.status.work_words() == ""


def test_at_most_three_toasts_and_a_link_acts(window: MainWindow) -> None:
    followed: list[str] = []
    for number in range(5):
        window.toast(f"News {number}", "Open", lambda: followed.append("link"))
    shown = [label for label in window.findChildren(QLabel, "toast_text") if label.isVisible()]
    assert sorted(label.text() for label in shown) == ["News 2", "News 3", "News 4"]
    links = [link for link in window.findChildren(QPushButton, "toast_link") if link.isVisible()]
    links[0].click()
    assert followed == ["link"]


@pytest.mark.parametrize("size", [(1366, 697), (1024, 540)])
def test_toasts_stay_inside_the_window(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.toast(
        "Statements are printed. 412 pages went to the printer in the office of the treasurer.",
        "Open",
    )
    (label,) = window.findChildren(QLabel, "toast_text")
    frame = label.parentWidget()
    assert frame is not None
    assert window.rect().contains(frame.geometry())
    assert label.heightForWidth(label.width()) <= label.height()
