"""Which pictures are drawn can be chosen, because all of them take minutes; and a walk never waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from sacco_desktop.demo.screens import LOOKS, WALKERS, wanted
from sacco_desktop.demo.views import DIALOGS, LATE_VIEWS, VIEWS


def test_without_an_argument_everything_is_drawn() -> None:
    folder, which = wanted([])
    assert folder == Path("out") / "screens"
    assert (which.looks, which.walkers) == (LOOKS, WALKERS)
    assert all(which.has(view[2]) for view in (*VIEWS, *LATE_VIEWS))


def test_one_view_one_look_or_one_walk_may_be_chosen() -> None:
    _, which = wanted(["--only", "payouts", "--look", "dark"])
    assert which.has("payouts-to-send")
    assert not which.has("today")
    assert [look[0] for look in which.looks] == ["dark"]
    assert which.walkers == ()
    _, which = wanted(["--walk", "grace"])
    assert which.walkers == ("grace",)
    assert not any(which.has(view[2]) for view in (*VIEWS, *LATE_VIEWS))
    with pytest.raises(SystemExit):
        wanted(["--look", "purple"])


def test_no_two_pictures_have_one_name() -> None:
    names = [view[2] for view in (*VIEWS, *LATE_VIEWS)] + [view[2] for view in DIALOGS]
    assert len(set(names)) == len(names)
