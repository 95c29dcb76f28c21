"""Enter never pays. The named button pays, and only when every check holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.money_dialog import MoneyDialog
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan
from tests.ui.sample_dialogs import PAY

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def opened(theme: Theme, parent: QWidget, plan: MoneyPlan = PAY) -> MoneyDialog:
    dialog = MoneyDialog(theme, plan, parent)
    dialog.show()
    return dialog


def act(dialog: MoneyDialog) -> QPushButton:
    button = dialog.findChild(QPushButton, "act")
    assert isinstance(button, QPushButton)
    return button


def tick(dialog: MoneyDialog) -> None:
    box = dialog.findChild(QCheckBox, "confirmation_1")
    assert isinstance(box, QCheckBox)
    box.click()


def words(dialog: MoneyDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_no_button_is_a_default(theme: Theme, parent: QWidget) -> None:
    dialog = opened(theme, parent)
    for button in dialog.findChildren(QPushButton):
        assert not button.isDefault()
        assert not button.autoDefault()


def test_enter_in_the_password_moves_on_and_does_nothing(
    theme: Theme, parent: QWidget, qtbot: QtBot
) -> None:
    dialog = opened(theme, parent)
    confirmed, rejected = QSignalSpy(dialog.confirmed), QSignalSpy(dialog.rejected)
    tick(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.password.line.hasFocus())
    QTest.keyClicks(dialog.password.line, "secret")
    QTest.keyClick(dialog.password.line, Qt.Key.Key_Return)
    assert confirmed.count() == 0
    assert rejected.count() == 0
    assert dialog.isVisible()
    assert not dialog.password.line.hasFocus()
    assert not dialog.password.is_empty()


def test_the_button_names_sum_and_count_and_says_what_is_missing(
    theme: Theme, parent: QWidget
) -> None:
    dialog = opened(theme, parent)
    assert act(dialog).text() == "Pay KES 95,000.00 to 3 members"
    assert not act(dialog).isEnabled()
    assert words(dialog, "why_locked") == "Answer what is marked above first."
    tick(dialog)
    assert words(dialog, "why_locked") == "Write your password to go on."
    QTest.keyClicks(dialog.password.line, "s")
    assert words(dialog, "why_locked") == ""
    assert act(dialog).isEnabled()


def test_control_enter_pays_once_when_all_checks_hold(theme: Theme, parent: QWidget) -> None:
    dialog = opened(theme, parent)
    confirmed = QSignalSpy(dialog.confirmed)
    QTest.keyClicks(dialog.password.line, "secret")
    QTest.keyClick(dialog.password.line, Qt.Key.Key_Return, CONTROL)
    assert confirmed.count() == 0
    tick(dialog)
    for _ in range(3):
        QTest.keyClick(dialog.password.line, Qt.Key.Key_Return, CONTROL)
    assert confirmed.count() == 1
    assert confirmed.at(0) == ["secret"]
    assert dialog.password.is_empty()
    assert not act(dialog).isEnabled()


def test_a_broken_check_locks_the_button_whatever_is_typed(theme: Theme, parent: QWidget) -> None:
    short = Check("The Utility account is short by KES 33,837.00.", False)
    dialog = opened(theme, parent, replace(PAY, checks=(short,), confirmations=()))
    confirmed = QSignalSpy(dialog.confirmed)
    QTest.keyClicks(dialog.password.line, "secret")
    QTest.keyClick(dialog.password.line, Qt.Key.Key_Return, CONTROL)
    dialog.confirm()
    assert confirmed.count() == 0
    assert words(dialog, "why_locked") == "What is marked above stands in the way."
    told = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert told.count(short.text) == 1


def test_a_wrong_password_can_be_tried_again(theme: Theme, parent: QWidget) -> None:
    dialog = opened(theme, parent, replace(PAY, confirmations=()))
    confirmed = QSignalSpy(dialog.confirmed)
    QTest.keyClicks(dialog.password.line, "wrong")
    act(dialog).click()
    dialog.refuse("That password is not right. You have 3 tries left.")
    assert words(dialog, "password_error") == "That password is not right. You have 3 tries left."
    assert not act(dialog).isEnabled()
    QTest.keyClicks(dialog.password.line, "right")
    act(dialog).click()
    assert [confirmed.at(n) for n in range(confirmed.count())] == [["wrong"], ["right"]]


def test_escape_leaves_without_paying(theme: Theme, parent: QWidget) -> None:
    dialog = opened(theme, parent)
    confirmed, rejected = QSignalSpy(dialog.confirmed), QSignalSpy(dialog.rejected)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (confirmed.count(), rejected.count()) == (0, 1)


def test_tab_follows_the_reading_order(theme: Theme, parent: QWidget, qtbot: QtBot) -> None:
    dialog = opened(theme, parent)
    tick(dialog)
    QTest.keyClicks(dialog.password.line, "s")
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.password.line.hasFocus())
    order = []
    for _ in range(4):
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        focused = dialog.focusWidget()
        assert focused is not None
        order.append(focused.objectName())
    assert order.index("keep") < order.index("act") < order.index("confirmation_1")


def test_figures_follow_the_size_of_the_text_while_the_dialog_is_open(
    theme: Theme, parent: QWidget
) -> None:
    dialog = opened(theme, parent)
    facts = [label for label in dialog.findChildren(QLabel, "fact") if "KES" in label.text()]
    assert facts
    theme.set_text_percent(150)
    assert {label.font().pointSizeF() for label in facts} == {theme.font().pointSizeF()}


def test_amounts_below_zero_are_red(theme: Theme, parent: QWidget) -> None:
    dialog = opened(theme, parent)
    red = [label.text() for label in dialog.findChildren(QLabel) if label.property("negative")]
    assert red == ["KES −95,037.00", "KES −42,000.00"]


def test_a_short_dialog_is_low_and_a_long_one_never_higher_than_the_window(
    theme: Theme, parent: QWidget
) -> None:
    parent.resize(1024, 540)
    short = opened(theme, parent, MoneyPlan(title="Make a file", act="Make it"))
    long = opened(theme, parent, replace(PAY, effects=PAY.effects * 60))
    assert short.height() < 320
    assert long.height() <= 540


def test_a_dialog_grows_with_its_text(theme: Theme, parent: QWidget) -> None:
    parent.resize(1366, 697)
    dialog = opened(theme, parent)
    before = dialog.size()
    theme.set_text_percent(150)
    assert dialog.width() == before.width() * 3 // 2
    assert dialog.height() > before.height()
    theme.set_text_percent(100)
    assert dialog.size() == before
