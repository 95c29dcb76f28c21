"""A page hands the focus on to its list, and Tab still comes to what stands over the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.widgets.focus_lead import lead_focus


def test_tab_comes_to_the_field_over_the_list(qtbot: QtBot) -> None:
    window, page = QWidget(), QWidget()
    before, over, target = QLineEdit(), QLineEdit(), QLineEdit()
    inside = QVBoxLayout(page)
    inside.addWidget(over)
    inside.addWidget(target)
    outside = QVBoxLayout(window)
    outside.addWidget(before)
    outside.addWidget(page)
    lead_focus(page, target)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    assert window.focusWidget() is target
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert window.focusWidget() is over


def test_a_target_that_comes_later_gets_the_focus_that_waits(qtbot: QtBot) -> None:
    page = QWidget()
    target = QLineEdit(page)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    lead_focus(page, target)
    assert page.focusWidget() is target
