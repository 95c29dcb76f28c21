"""The page Penalties & fines in the window: a meeting is noted, its fine is seen, explained, and asked to be waived."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.penalties.terms import GrowsBy, Growth
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.penalties.page import penalties_page
from sacco_desktop.ui.pages.penalties.rule_dialog import growth_of_text, growth_text
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.member_picker import MemberPicker
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make, make_penalties
from tests.ui.counter import counter

GROWS = (Growth(30, 2000, GrowsBy.ORIGINAL), Growth(365, 1250, GrowsBy.UNPAID))


def test_stages_of_growth_are_read_as_they_are_written() -> None:
    """What the field says is what it takes."""
    text = "30 days 20 % of the fine, 365 days 12.5 % of the unpaid"
    assert growth_text(GROWS) == text
    assert growth_of_text(text) == growth_of_text(text.replace("%", "")) == GROWS
    assert growth_of_text(" ") == ()
    for wrong in ("30", "30 days 20 %", "x days 20 of the fine", "30 days 20 % of it"):
        with pytest.raises(InvalidInput):
            growth_of_text(wrong)


def _pages(desk: Desk) -> Sequence[PageEntry]:
    page = PageEntry("penalties", "Penalties", "clock", "Ctrl+8", lambda: penalties_page(desk))
    return (page,)


def test_attendance_is_noted_and_a_fine_is_asked_to_be_waived(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    make.member(office, first_name="Jane")
    make_penalties.switch_on(office, "absent")
    with counter(tmp_path, qtbot, theme, office, office.peter, _pages) as at:
        tabs = at.find("penalties_tabs", QTabWidget)
        tabs.setCurrentIndex(2)
        at.click("attendance")
        at.dialog("attendance_dialog")
        at.type("title", "Monthly meeting")
        at.type("marks", "M-0001")
        picker = at.find("marks", MemberPicker)
        at.wait(lambda: len(picker.found_lines()) == 1)
        at.key(Qt.Key.Key_Return)
        at.click("add_mark")
        assert picker.member is None
        at.find("remove_1_absent")
        at.click("ok")
        at.wait_closed("attendance_dialog")
        tabs.setCurrentIndex(0)
        charged = at.find("penalties_tabs", QTabWidget).currentWidget()
        assert isinstance(charged, ListPage)
        at.wait(lambda: len(charged.table.table_model.shown_rows()) == 1)
        row = charged.table.table_model.shown_rows()[0]
        assert (row.what, row.left_cents, row.state) == ("Absent", 20_000, "unpaid")
        at.click("waive")
        at.dialog("waive_dialog")
        at.find("reason", NoteEdit).setPlainText("Was in hospital")
        at.click("ok")
        at.wait_closed("waive_dialog")
        at.wait(lambda: charged.table.table_model.shown_rows()[0].state == "waiver asked")
    assert office.count("penalty_waiver") == 0
    office.close()
