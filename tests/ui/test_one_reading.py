"""However often the books change, a page is read a few times, and always once after the last change."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.ui.one_reading import OneReading, Pace
from sacco_desktop.ui.page import Page, PageEntry
from sacco_desktop.ui.page_stack import PageStack

BURST = 50
# Three at once, and one for all that came after them.
FEW = 4


def test_a_burst_is_read_a_few_times_and_its_end_is_seen(qtbot: QtBot) -> None:
    owner, read = QObject(), []
    books = 0
    reading = OneReading(owner, lambda: read.append(books))
    for _ in range(BURST):
        books += 1
        reading.ask()
        reading.ended()
    qtbot.waitUntil(lambda: read[-1] == BURST)
    assert len(read) == FEW
    assert read[:2] == [1, 2]


def test_what_changes_while_a_reading_runs_is_read_after_it(qtbot: QtBot) -> None:
    owner, begun = QObject(), []
    reading = OneReading(owner, lambda: begun.append(len(begun)))
    for _ in range(BURST):
        reading.ask()
    assert len(begun) == 1
    reading.ended()
    assert len(begun) == 2
    reading.ended()
    assert len(begun) == 2


def test_after_a_rest_a_change_is_seen_at_once(qtbot: QtBot) -> None:
    owner, acts = QObject(), []
    pace = Pace(owner, lambda: acts.append(1))
    for _ in range(BURST):
        pace.ask()
    qtbot.waitUntil(lambda: len(acts) == FEW)
    qtbot.waitUntil(lambda: not pace.is_resting)
    pace.ask()
    assert len(acts) == FEW + 1


def test_a_page_that_is_not_seen_reads_when_it_is_shown(qtbot: QtBot) -> None:
    read: list[str] = []
    stack = PageStack()
    qtbot.addWidget(stack)

    def page(name: str) -> Page:
        widget = QWidget()
        return Page(widget, widget, topics=frozenset({1}), reload=lambda: read.append(name))

    stack.set_pages([PageEntry(name, name, "", "", partial(page, name)) for name in "ab"])
    stack.open("a")
    stack.open("b")
    read.clear()
    for _ in range(BURST):
        stack.hear_of_change(frozenset({1}))
    assert read == ["b"] * 3
    qtbot.waitUntil(lambda: len(read) == FEW)
    stack.open("a")
    assert read == ["b"] * FEW + ["a"]
