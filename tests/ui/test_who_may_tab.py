"""The table of who may do what says exactly what the table of permissions says."""

from __future__ import annotations

from collections.abc import Callable

from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.pages.settings.who_may import act_rows, role_words
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests.ui.practice_desk import Seat
from tests.ui.test_settings_page import open_settings

Sit = Callable[[str], Seat]


def test_every_act_and_every_role_stands_there_as_in_the_program() -> None:
    rows = act_rows()
    assert [row.act for row in rows] == list(Act)
    told = {role: {row.act for row in rows if role in row.roles} for role in Role}
    assert told == {role: set(PERMISSIONS[role]) for role in Role}
    by_words = {role_words(role): role for role in Role}
    assert len(by_words) == len(Role)
    for row in rows:
        assert {by_words[word] for word in row.words.split(", ")} == set(row.roles)
    assert set(ROLE_WORDS) == set(Role) - {Role.CLOCK}


def test_everybody_may_read_the_table(sit: Sit) -> None:
    daniel = sit("daniel")
    open_settings(daniel, "Who may do what")
    table = daniel.find("acts_table", FrozenTable)
    daniel.wait(lambda: len(table.table_model.shown_rows()) == len(Act))
    daniel.click("saved_act_mine")
    daniel.wait(
        lambda: {row.act for row in table.table_model.shown_rows()} == PERMISSIONS[Role.COMMITTEE]
    )
