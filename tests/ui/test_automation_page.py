"""The page Automation in the window: a job is run now, stopped with a reason, and let run again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.automation.page import automation_page
from sacco_desktop.ui.pages.automation.words import how_often
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make
from tests.ui.counter import Counter, counter


def test_how_often_is_said_in_words() -> None:
    spans = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=12), timedelta(days=1))
    assert [how_often(span) for span in spans] == [
        "Every minute",
        "Every 15 minutes",
        "Every 12 hours",
        "Every day",
    ]


def _pages(desk: Desk) -> Sequence[PageEntry]:
    entry = PageEntry(
        "automation", "Automation", "refresh-cw", "Ctrl+Shift+J", lambda: automation_page(desk)
    )
    return (entry,)


def _list(at: Counter) -> ListPage:
    shown = at.find("automation_tabs", QTabWidget).currentWidget()
    assert isinstance(shown, ListPage)
    return shown


def _choose(at: Counter, job: str) -> None:
    table = _list(at).table
    at.wait(lambda: bool(table.table_model.shown_rows()))
    rows = [row.job.name for row in table.table_model.shown_rows()]
    table.setCurrentIndex(table.table_model.index(rows.index(job), 0))


def test_a_treasurer_runs_a_job_stops_it_and_lets_it_run_again(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        _choose(at, "due instalments")
        at.click("run_job")
        at.wait(lambda: office.count("job_run", "outcome = 'done'") == 1)
        assert office.count("audit_row", "action = 'ran a job now'") == 1
        _choose(at, "due instalments")
        at.click("stop_job")
        at.dialog("stop_job_dialog")
        at.click("ok")
        at.wait(lambda: "Say why" in " ".join(each.text() for each in _labels(at)))
        at.find("why", NoteEdit).setPlainText("The rules are being changed.")
        at.click("ok")
        at.wait_closed("stop_job_dialog")
        _choose(at, "due instalments")
        at.click("resume_job")
        at.wait(lambda: office.count("job_pause") == 2)
        _choose(at, "relay sync")
        assert not at.find("stop_job", QPushButton).isEnabled()
        at.find("automation_tabs", QTabWidget).setCurrentIndex(1)
        at.wait(lambda: len(_list(at).table.table_model.shown_rows()) == 1)
    office.close()


def _labels(at: Counter) -> list[QLabel]:
    return at.find("stop_job_dialog").findChildren(QLabel)


def test_who_may_not_keep_jobs_sees_them_and_no_button(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    with counter(tmp_path, qtbot, theme, office, office.peter, _pages) as at:
        _choose(at, "penalties")
        assert not at.sees("run_job")
        assert not at.sees("stop_job")
    office.close()
