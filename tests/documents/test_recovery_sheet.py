"""The recovery sheet, read back: the whole key in its order, and nothing of it where a file manager looks."""

from __future__ import annotations

from datetime import UTC, datetime

from sacco_desktop.documents.recovery_sheet import RecoverySheet, draw_recovery_sheet
from sacco_desktop.operations.open_office import key_from_words, recovery_words
from tests.documents.read_back import flat_text, properties

KEY = bytes(range(7, 256, 8))


def sheet(name: str = "Umoja Sacco", is_practice: bool = False) -> RecoverySheet:
    printed = datetime(2026, 3, 16, 6, tzinfo=UTC)
    return RecoverySheet(name, is_practice, recovery_words(KEY), "OFFICE-PC", "the folder", printed)


def test_the_key_on_paper_opens_the_books() -> None:
    text = flat_text(draw_recovery_sheet(sheet()))
    groups = recovery_words(KEY).split()
    found = [word for word in text.split() if word in groups]
    assert found == groups
    assert key_from_words(" ".join(found)) == KEY
    assert "16 Mar 2026, 09:00" in text


def test_practice_is_marked_and_long_names_stay_on_the_page() -> None:
    pdf = draw_recovery_sheet(sheet("Savings " * 40, is_practice=True))
    assert "PRACTICE" in flat_text(pdf)
    assert "PRACTICE" not in flat_text(draw_recovery_sheet(sheet()))
    assert len(recovery_words(KEY).split()) == 16


def test_the_key_stands_nowhere_but_on_the_page() -> None:
    paper = sheet()
    told = " ".join(properties(draw_recovery_sheet(paper)).values()) + repr(paper)
    assert not any(group in told for group in recovery_words(KEY).split())
