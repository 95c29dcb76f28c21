"""What Python clears away is cleared away on the GUI thread, whoever made it."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from sacco_desktop.ui.garbage import cleared_on_gui_thread


class _Ring:
    """Something that only a search finds to be of no more use."""

    def __init__(self) -> None:
        self.itself = self


def test_what_another_thread_leaves_behind_goes_on_the_gui_thread(qtbot: QtBot) -> None:
    # More than what makes Python clear away by itself.
    enough = 2 * gc.get_threshold()[0]
    where: list[int] = []
    kept: list[list[int]] = []

    def work() -> None:
        weakref.finalize(_Ring(), lambda: where.append(threading.get_ident()))
        kept.extend([number] for number in range(enough))

    with cleared_on_gui_thread():
        lane = threading.Thread(target=work)
        lane.start()
        lane.join()
        assert where == []
        qtbot.waitUntil(lambda: bool(where))
    assert where == [threading.get_ident()]


def test_the_tests_of_windows_clear_away_like_the_program(qtbot: QtBot) -> None:
    where: list[int] = []

    def work() -> None:
        weakref.finalize(_Ring(), lambda: where.append(threading.get_ident()))
        assert not gc.isenabled()

    lane = threading.Thread(target=work)
    lane.start()
    lane.join()
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    assert where == []
    qtbot.waitUntil(lambda: bool(where))
    assert where == [threading.get_ident()]
    assert kept


def test_python_clears_away_by_itself_again_afterwards(qtbot: QtBot) -> None:
    gc.enable()
    with cleared_on_gui_thread():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
