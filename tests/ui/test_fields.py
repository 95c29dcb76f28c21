"""Fields never guess: money, dates, choices, members, passwords, and the sentence under the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.password_box import PasswordBox
from tests.ui.sample_dialogs import JANE, PAUL, TODAY

Found = Sequence[FoundMember]


Show = Callable[..., QWidget]


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    """Shows fields in a window of their own; pytest-qt closes it, and this fixture keeps it alive until then."""
    windows: list[QWidget] = []

    def show(*widgets: QWidget) -> QWidget:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        window.resize(500, 400)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow())
        return window

    return show


def turn_wheel(widget: QWidget) -> None:
    middle = QPointF(10, 10)
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_sum_is_shown_before_the_field_is_left(shown: Show) -> None:
    field, other = MoneyEdit("amount"), QLineEdit()
    shown(field, other)
    noted: list[str] = []
    field.noted.connect(noted.append)
    field.setFocus()
    QTest.keyClicks(field, "2500*3")
    assert noted[-1] == "= 7,500.00"
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "7,500.00"
    assert field.cents() == 750_000


def test_letters_are_refused_and_stay_as_typed(shown: Show) -> None:
    for text in ("Inc", "1e5", "5k"):
        field, other = MoneyEdit("amount"), QLineEdit()
        shown(field, other)
        refused = QSignalSpy(field.refused)
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert refused.count() == 1
        assert field.text() == text
        with pytest.raises(InvalidInput):
            field.cents()


def test_an_empty_amount_is_nothing_and_not_zero(shown: Show) -> None:
    field, other = MoneyEdit("amount"), QLineEdit()
    shown(field, other)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.cents() is None
    assert field.text() == ""


def test_a_date_is_read_in_short_and_shown_in_full(shown: Show) -> None:
    for typed in ("3/7", "3 jul", "3.7.26"):
        field, other = DateEdit("day", lambda: TODAY), QLineEdit()
        shown(field, other)
        field.setFocus()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert field.text() == "Fri 3 Jul 2026"
        assert field.day() == TODAY


def test_t_is_today_and_plus_and_minus_step_exactly_one_day(shown: Show) -> None:
    field = DateEdit("day", lambda: TODAY)
    shown(field)
    QTest.keyClicks(field, "t")
    assert field.day() == TODAY
    QTest.keyClicks(field, "++")
    assert field.day() == date(2026, 7, 5)
    QTest.keyClicks(field, "---")
    assert field.day() == date(2026, 7, 2)


def test_a_date_that_is_none_is_refused(shown: Show) -> None:
    field, other = DateEdit("day", lambda: TODAY), QLineEdit()
    shown(field, other)
    refused = QSignalSpy(field.refused)
    field.setFocus()
    QTest.keyClicks(field, "31/2")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert refused.count() == 1
    assert field.text() == "31/2"


def test_the_wheel_changes_no_field(shown: Show) -> None:
    choice = ChoiceBox("kind", [("in", "Deposit"), ("out", "Withdrawal")])
    money, day = MoneyEdit("amount"), DateEdit("day", lambda: TODAY)
    shown(choice, money, day)
    money.set_cents(1_100)
    day.set_day(TODAY)
    for field in (choice, money, day):
        field.setFocus()
        turn_wheel(field)
    assert (choice.value(), money.cents(), day.day()) == ("in", 1_100, TODAY)


def test_a_choice_keeps_its_value_when_choices_are_offered_anew(qtbot: QtBot) -> None:
    choice = ChoiceBox("kind", [(1, "One"), (2, "Two")])
    qtbot.addWidget(choice)
    choice.choose(2)
    choice.set_choices([(3, "Three"), (2, "Two")])
    assert choice.value() == 2
    choice.choose(9)
    assert choice.value() == 2


def picker(shown: Show, found: Found) -> MemberPicker:
    field = MemberPicker("member", lambda _text, show: show(found))
    shown(field)
    field.setFocus()
    return field


def test_enter_takes_nobody_when_two_fit(shown: Show) -> None:
    field = picker(shown, [JANE, PAUL])
    QTest.keyClicks(field, "wanj")
    assert len(field.found_lines()) == 2
    chosen = QSignalSpy(field.chosen)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen.count() == 0
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.member == PAUL
    assert field.text() == "M-0214   PAUL WANJALA"
    assert field.found_lines() == []


def test_enter_takes_the_only_one(shown: Show) -> None:
    field = picker(shown, [JANE])
    chosen = QSignalSpy(field.chosen)
    QTest.keyClicks(field, "jane")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen.at(0) == [JANE]


def test_typing_on_gives_the_member_up(shown: Show) -> None:
    field = picker(shown, [JANE])
    field.take(JANE)
    given_up = QSignalSpy(field.chosen)
    QTest.keyClicks(field, "x")
    assert given_up.at(0) == [None]
    assert field.member is None


def test_at_most_eight_are_listed_and_nobody_is_said(shown: Show) -> None:
    many = [FoundMember(n, f"M-{n:04d}", "JANE", "", "Active") for n in range(20)]
    field = picker(shown, many)
    QTest.keyClicks(field, "j")
    assert len(field.found_lines()) == 8
    nobody = picker(shown, [])
    QTest.keyClicks(nobody, "wanjk")
    assert nobody.found_lines() == ["No member fits ‘wanjk’."]
    QTest.keyClick(nobody, Qt.Key.Key_Return)
    assert nobody.member is None


def test_a_late_answer_to_an_earlier_text_is_dropped(shown: Show) -> None:
    asked: list[Callable[[Found], None]] = []
    field = MemberPicker("member", lambda _text, show: asked.append(show))
    shown(field)
    QTest.keyClicks(field, "ja")
    asked[0]([PAUL])
    assert field.found_lines() == []
    asked[1]([JANE])
    assert field.found_lines() == [JANE.words]


def test_escape_closes_the_list_and_keeps_the_text(shown: Show) -> None:
    field = picker(shown, [JANE, PAUL])
    QTest.keyClicks(field, "wanj")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.found_lines() == []
    assert field.text() == "wanj"


def test_a_password_is_given_once_and_forgotten(shown: Show, theme: Theme) -> None:
    box = PasswordBox(theme)
    shown(box)
    QTest.keyClicks(box.line, "secret")
    assert box.line.displayText() != "secret"
    eye = box.findChild(QPushButton, "show_password")
    assert isinstance(eye, QPushButton)
    eye.click()
    assert box.line.displayText() == "secret"
    assert box.take() == "secret"
    assert box.is_empty()
    assert box.line.echoMode() == QLineEdit.EchoMode.Password


def a_form(others: list[BaseException]) -> tuple[Form, MoneyEdit, QLineEdit]:
    form = Form(lambda error, _owner: others.append(error))
    amount, reason = MoneyEdit("amount"), QLineEdit()
    form.add_row("amount", "Amount KES", amount)
    form.add_row("reason", "Reason", reason)
    return form, amount, reason


def error_words(form: Form, field: str) -> str:
    label = form.findChild(QLabel, f"{field}_error")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_an_error_stands_under_its_field_and_takes_the_focus_there(shown: Show) -> None:
    others: list[BaseException] = []
    form, amount, reason = a_form(others)
    shown(form)
    form.failed(InvalidInput("Say why.", "reason"))
    assert error_words(form, "reason") == "Say why."
    assert reason.hasFocus()
    assert reason.accessibleDescription() == "Say why."
    QTest.keyClicks(reason, "x")
    assert error_words(form, "reason") == ""
    assert others == []
    assert amount.accessibleName() == "Amount KES"


def test_what_has_no_field_goes_to_the_messages(shown: Show) -> None:
    others: list[BaseException] = []
    form, _, _ = a_form(others)
    shown(form)
    for error in (NotAllowed("You may not."), InvalidInput("Elsewhere.", "member")):
        form.failed(error)
        assert others[-1] is error


def test_reading_a_form_shows_the_first_error(shown: Show) -> None:
    form, amount, _ = a_form([])
    shown(form)
    amount.setText("abc")
    assert form.read(amount.cents) is None
    assert "Write the amount in figures" in error_words(form, "amount")
    amount.setText("12")
    assert form.read(amount.cents) == 1_200
    assert error_words(form, "amount") == ""


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_choice_looks_like_the_other_fields_and_has_its_arrow(
    qtbot: QtBot, theme: Theme, scheme: Scheme, percent: int
) -> None:
    theme.use_scheme(scheme)
    theme.set_text_percent(percent)
    box, line = ChoiceBox("kind", [("d", "Deposits")]), QLineEdit()
    for field in (box, line):
        qtbot.addWidget(field)
        field.resize(300, field.sizeHint().height())
    assert box.height() == line.height()
    seen, plain = box.grab().toImage(), line.grab().toImage()
    for place in (0, seen.width() // 2):
        assert seen.pixelColor(place, 0) == plain.pixelColor(place, 0), "the frame is another one"
    middle = range(seen.width() - 40, seen.width() - 4)
    arrow = {seen.pixelColor(x, y).name() for x in middle for y in range(4, seen.height() - 4)} - {
        QColor(theme.tokens.surface).name()
    }
    assert QColor(theme.tokens.text).name() in arrow
