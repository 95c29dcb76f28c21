"""The page Messages in the window: a doubt is decided by a person, and a text shows what a member reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.domain.messages.states import MessageState
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.messages.page import messages_page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make, make_messages
from tests.ui.counter import counter


def _pages(desk: Desk) -> Sequence[PageEntry]:
    page = PageEntry("messages", "Messages", "mail", "Ctrl+Shift+M", lambda: messages_page(desk))
    return (page,)


def test_a_doubt_is_decided_and_everything_is_stopped(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    make_messages.messages_on(office)
    make.member(office, deposits_kes=1_000)
    make_messages.told(office, make_messages.begun(office), Told.DOUBTFUL)
    with counter(tmp_path, qtbot, theme, office, office.peter, _pages) as at:
        table = at.find("messages_page", ListPage).table
        at.wait(lambda: len(table.table_model.shown_rows()) == 1)
        table.setCurrentIndex(table.model().index(0, 0))
        at.click("send_again")
        at.dialog("send_again_dialog")
        at.click("ok")
        at.wait(lambda: at.find("reason_error", QLabel).text() == "Write why.")
        at.type("reason", "The member got nothing")
        at.click("ok")
        at.wait_closed("send_again_dialog")
        at.wait(lambda: table.table_model.shown_rows()[0].state is MessageState.WAITING)
        at.click("stop_messages")
        at.dialog("stop_messages_dialog")
        at.type("reason", "A wrong text")
        at.click("ok")
        at.wait_closed("stop_messages_dialog")
        at.wait(lambda: at.find("stop_messages").text() == "Let go on…")
    assert make_messages.none_left(office)
    office.close()


def test_a_text_shows_what_a_member_reads_while_it_is_written(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    with counter(tmp_path, qtbot, theme, office, office.admin, _pages) as at:
        at.click("message_texts")
        at.dialog("message_text_dialog")
        text, read = at.find("text", NoteEdit), at.find("message_preview", QLabel)
        at.find("language", ChoiceBox).choose(Language.SWAHILI)
        assert read.text().startswith("Umoja SACCO: Amina, tumepokea KES 12,500")
        text.setPlainText("{name}: {amount} – ĩ")
        assert read.text() == "Amina: KES 12,500 - ĩ"
        length = at.find("message_length", QLabel)
        assert "with letters outside the GSM alphabet, 1 part, 49 left" in length.text()
        text.setPlainText("{name}: {balance}")
        assert read.text() == ""
        at.click("ok")
        at.wait(lambda: "There is no field {balance}" in at.find("text_error", QLabel).text())
        text.setPlainText("{name}: {amount}")
        at.click("ok")
        at.wait_closed("message_text_dialog")
    assert office.count("approval_request", "kind = 'setting' AND status = 'waiting'") == 1
    office.close()
