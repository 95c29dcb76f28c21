"""Each kind of error is told in its own way, in plain text, and a crash only once."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import OutsideUnavailable, SamePerson
from sacco_desktop.ui.messages import (
    NOTHING_SAVED,
    Messages,
    Question,
    details_for_support,
    reference_of,
)
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def messages(qapp: object, tmp_path: Path) -> Messages:
    return Messages(tmp_path / "sacco-desktop.log")


def boxes(window: QWidget) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def a_bug(secret: str = "0712345678") -> KeyError:
    try:
        raise KeyError(secret)
    except KeyError as bug:
        return bug


def test_a_refusal_is_its_one_sentence_as_plain_text(messages: Messages, window: QWidget) -> None:
    messages.show(SamePerson("You made <b>this</b> request. Daniel Omondi can approve it."), window)
    (box,) = boxes(window)
    assert box.text() == "You made <b>this</b> request. Daniel Omondi can approve it."
    assert box.textFormat() == Qt.TextFormat.PlainText


def test_an_outage_is_not_a_box(messages: Messages, window: QWidget, qtbot: QtBot) -> None:
    outage = OutsideUnavailable("M-Pesa", "No answer.", datetime(2026, 7, 3, 10, 42, tzinfo=UTC))
    with qtbot.waitSignal(messages.outside_unavailable) as told:
        messages.show(outage, window)
    assert told.args == [outage]
    assert boxes(window) == []


@pytest.mark.expects_log("Reference [0-9A-F]{6}")
def test_the_same_bug_is_shown_once_but_logged_each_time(
    messages: Messages, window: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        messages.show(a_bug(), window)
    assert len(boxes(window)) == 1
    logged = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(logged) == 3
    assert all(record.exc_info is not None for record in logged)


@pytest.mark.expects_log("Reference")
def test_nothing_was_saved_is_said_only_when_it_is_known(
    messages: Messages, window: QWidget, tmp_path: Path
) -> None:
    bug = a_bug()
    bug.add_note(NOTHING_SAVED)
    bug.add_note("<private note>")
    messages.show(bug, window)
    (box,) = boxes(window)
    assert NOTHING_SAVED in box.text()
    assert reference_of(bug) in box.text()
    assert str(tmp_path / "sacco-desktop.log") in box.text()
    assert "private" not in box.text()


@pytest.mark.expects_log("Reference")
def test_copied_details_hold_places_and_no_values(messages: Messages, window: QWidget) -> None:
    bug = a_bug()
    messages.show(bug, window)
    (box,) = boxes(window)
    button = box.findChild(QPushButton, "copy_details")
    assert isinstance(button, QPushButton)
    button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied == details_for_support(bug, reference_of(bug))
    assert "test_messages.py, line" in copied
    assert "0712345678" not in copied
    assert box.isVisible()


@pytest.mark.expects_log("Reference")
def test_a_bug_that_nobody_caught_is_told_too(messages: Messages, qtbot: QtBot) -> None:
    bug = a_bug()
    messages.catch(type(bug), bug, bug.__traceback__)

    def shown() -> list[QMessageBox]:
        from PySide6.QtWidgets import QApplication

        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    shown()[0].close()


def test_enter_and_escape_keep_things_as_they_are(
    messages: Messages, window: QWidget, theme: Theme, qtbot: QtBot
) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        decisions: list[bool] = []
        question = Question("Close", "Two payments are being sent.", "Close after this one", "Stay")
        messages.ask(window, question, decisions.append)
        (box,) = boxes(window)
        QApplication.processEvents()
        # The computer turns its colours in the evening, and Qt then lays the buttons out anew.
        theme.use_scheme(Scheme.DARK if theme.scheme is not Scheme.DARK else Scheme.LIGHT)
        QApplication.processEvents()
        QTest.keyClick(box.focusWidget() or box, key)
        qtbot.waitUntil(lambda: boxes(window) == [])
        assert decisions == [False]


def test_the_verb_acts(messages: Messages, window: QWidget) -> None:
    decisions: list[bool] = []
    messages.ask(window, Question("Close", "Sending.", "Close now", "Stay"), decisions.append)
    (box,) = boxes(window)
    (act,) = [button for button in box.buttons() if button.text() == "Close now"]
    QTest.mouseClick(act, Qt.MouseButton.LeftButton)
    assert decisions == [True]


def test_the_reference_depends_on_the_place_and_not_on_the_words() -> None:
    assert reference_of(a_bug("one")) == reference_of(a_bug("two"))
    with pytest.raises(ZeroDivisionError) as other:
        _ = 1 // int("0")
    assert reference_of(other.value) != reference_of(a_bug())
