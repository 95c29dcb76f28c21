"""The rows of levels hold every rule that a society may have: opened and sent unchanged, it is the same rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approval_levels import (
    MOST_BANDS,
    MOST_PEOPLE,
    MOST_STEPS,
    NEEDED,
    Band,
    Bands,
    Step,
    check_bands,
)
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.permissions import roles_for
from sacco_desktop.services.office.approval_needs import shipped_levels
from sacco_desktop.ui.pages.settings.level_rows import LevelRows, LevelsPlan
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox

W = TypeVar("W", bound=QWidget)
LOAN = ApprovalKind.LOAN
ROLES = sorted(roles_for(NEEDED[LOAN]))


@st.composite
def rules(draw: st.DrawFn) -> Bands:
    steps = st.lists(
        st.builds(
            Step,
            st.frozensets(st.sampled_from(ROLES), min_size=1),
            st.integers(1, MOST_PEOPLE),
        ),
        min_size=1,
        max_size=MOST_STEPS,
    ).map(tuple)
    ceilings = sorted(draw(st.sets(st.integers(1, 10**11), min_size=0, max_size=MOST_BANDS - 1)))
    bands = tuple(Band(cents, draw(steps)) for cents in (*ceilings, None))
    return check_bands(LOAN, bands)


def opened(theme: Theme, bands: Bands, kind: ApprovalKind = LOAN) -> LevelRows:
    roles = [role for role in ROLE_WORDS if role in roles_for(NEEDED[kind])]
    return LevelRows(theme, LevelsPlan(tuple(roles)), bands)


def part(rows: LevelRows, kind: type[W], name: str) -> W:
    found = rows.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def thrown_away(qtbot: QtBot) -> Iterator[list[LevelRows]]:
    made: list[LevelRows] = []
    yield made
    for rows in made:
        rows.deleteLater()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bands=rules())
def test_any_rule_opened_and_sent_unchanged_is_the_same_rule(
    theme: Theme, thrown_away: list[LevelRows], bands: Bands
) -> None:
    rows = opened(theme, bands)
    thrown_away.append(rows)
    assert rows.bands() == bands


@pytest.mark.parametrize("kind", ApprovalKind)
def test_the_rules_that_new_books_begin_with_too(
    theme: Theme, thrown_away: list[LevelRows], kind: ApprovalKind
) -> None:
    rows = opened(theme, shipped_levels()[kind], kind)
    thrown_away.append(rows)
    assert rows.bands() == shipped_levels()[kind]


def test_the_largest_rule_has_room_and_no_button_for_more(
    theme: Theme, thrown_away: list[LevelRows]
) -> None:
    step = Step(frozenset(ROLES), MOST_PEOPLE)
    ceilings: list[int | None] = [100 * n for n in range(1, MOST_BANDS)]
    largest = tuple(Band(cents, (step,) * MOST_STEPS) for cents in [*ceilings, None])
    rows = opened(theme, largest)
    thrown_away.append(rows)
    assert rows.bands() == largest
    assert part(rows, QPushButton, "add_level").isHidden()
    assert part(rows, QPushButton, "level9_add_step").isHidden()


def test_a_level_that_is_added_comes_first_and_one_that_is_removed_is_gone(
    theme: Theme, thrown_away: list[LevelRows]
) -> None:
    rows = opened(theme, shipped_levels()[LOAN])
    thrown_away.append(rows)
    button = QPushButton
    part(rows, button, "add_level").click()
    part(rows, QLineEdit, "level4_ceiling").setText("50,000")
    part(rows, ChoiceBox, "level4_step1_count").choose(1)
    assert [band.ceiling_cents for band in rows.bands()] == [
        50_000_00,
        500_000_00,
        1_000_000_00,
        None,
    ]
    part(rows, button, "level2_remove").click()
    assert [band.ceiling_cents for band in rows.bands()] == [50_000_00, 500_000_00, None]
