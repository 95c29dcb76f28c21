"""Answers come back on the GUI thread, in order, to owners that still live."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.errors import NotAllowed
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.messages import NOTHING_SAVED, WAS_SAVED


class PlainBooks:
    """Runs a service with the actor in place of a unit of work, and says afterwards what
    changed."""

    def __init__(self) -> None:
        self.on_changed: Callable[[frozenset[str]], None] = lambda _topics: None

    def write(self, service: Callable[[Any, Any], Any], argument: Any, *, actor: Any) -> Any:
        answer = service(actor, argument)
        self.on_changed(frozenset({"LOANS"}))
        return answer

    def read(self, service: Callable[[Any, Any], Any], argument: Any, *, actor: Any) -> Any:
        return service(actor, argument)


class Office:
    """A background with its owner and everything that was shown to a person."""

    def __init__(self) -> None:
        self.shown: list[tuple[BaseException, QObject | None]] = []
        books = PlainBooks()
        self.background = Background(Lanes(), books, self._show)
        books.on_changed = self.background.announce
        self.owner = QObject()

    def _show(self, error: BaseException, owner: QObject | None) -> None:
        self.shown.append((error, owner))


@pytest.fixture
def office(qapp: object) -> Iterator[Office]:
    office = Office()
    yield office
    assert office.background.close(5)


def test_answers_come_in_order_on_the_gui_thread(office: Office, qtbot: QtBot) -> None:
    answers: list[tuple[int, bool]] = []

    def keep(number: int) -> None:
        answers.append((number, threading.current_thread() is threading.main_thread()))

    for number in range(300):
        office.background.write(_echo, number, owner=office.owner, done=keep)
    qtbot.waitUntil(lambda: len(answers) == 300)
    assert answers == [(number, True) for number in range(300)]


def test_an_older_answer_never_takes_the_place_of_a_newer_one(office: Office, qtbot: QtBot) -> None:
    """A list is asked as of today, then as of April; the first reading takes longer."""
    may_end = threading.Event()
    shown: list[str] = []
    ended: list[str] = []

    def as_of(_actor: object, day: str) -> str:
        if day == "today":
            assert may_end.wait(30)
        return day

    def refused(_actor: object, day: str) -> str:
        assert may_end.wait(30)
        raise NotAllowed(day)

    read = office.background.read_anew
    read(as_of, "today", owner=office.owner, done=shown.append)
    read(as_of, "April", owner=office.owner, done=shown.append)
    qtbot.waitUntil(lambda: shown == ["April"])
    may_end.set()
    office.background.read(as_of, "last", owner=office.owner, done=ended.append)
    office.background.read(as_of, "last", owner=office.owner, done=ended.append)
    qtbot.waitUntil(lambda: len(ended) == 2)
    read(as_of, "May", owner=office.owner, done=shown.append)
    qtbot.waitUntil(lambda: len(shown) > 1)
    assert shown == ["April", "May"]
    # Another service or another owner is another question; and a failure is an answer too.
    may_end.clear()
    read(refused, "today", owner=office.owner, done=shown.append)
    read(as_of, "June", owner=office.owner, done=shown.append)
    qtbot.waitUntil(lambda: shown[-1] == "June")
    may_end.set()
    qtbot.waitUntil(lambda: len(office.shown) == 1)


def test_the_service_gets_the_person_signed_in_when_the_work_was_asked(
    office: Office, qtbot: QtBot
) -> None:
    actors: list[Any] = []
    office.background.actor = "Grace"
    office.background.read(lambda actor, _: actor, None, owner=office.owner, done=actors.append)
    office.background.actor = "Peter"
    qtbot.waitUntil(lambda: actors == ["Grace"])


def test_what_changed_is_told_before_the_answer(office: Office, qtbot: QtBot) -> None:
    order: list[Any] = []
    office.background.changed.connect(order.append)
    office.background.write(_echo, "answer", owner=office.owner, done=order.append)
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [frozenset({"LOANS"}), "answer"]


def test_an_owner_that_is_gone_gets_no_answer(office: Office, qtbot: QtBot) -> None:
    answers: list[str] = []
    go_on = threading.Event()
    gone = QObject()

    def wait(_actor: object, _argument: object) -> str:
        go_on.wait(5)
        return "for nobody"

    office.background.read(wait, None, owner=gone, done=answers.append)
    gone.deleteLater()
    qtbot.waitUntil(lambda: not _is_valid(gone))
    go_on.set()
    with qtbot.waitSignal(office.background.busy_changed, check_params_cb=lambda _, n: n == 0):
        office.background.render(lambda: None, owner=office.owner, done=_nothing)
    office.background.read(_echo, "last", owner=office.owner, done=answers.append)
    qtbot.waitUntil(lambda: answers == ["last"])


def test_a_failed_write_of_a_closed_page_is_still_told(office: Office, qtbot: QtBot) -> None:
    go_on = threading.Event()
    gone = QObject()

    def refuse(_actor: object, _argument: object) -> None:
        go_on.wait(5)
        raise NotAllowed("You may not approve loans.")

    office.background.write(refuse, None, owner=gone, done=_nothing)
    gone.deleteLater()
    qtbot.waitUntil(lambda: not _is_valid(gone))
    go_on.set()
    qtbot.waitUntil(lambda: len(office.shown) == 1)
    assert office.shown[0][1] is None


def test_a_failure_goes_to_the_page_if_it_asked_for_it(office: Office, qtbot: QtBot) -> None:
    failures: list[BaseException] = []
    office.background.write(
        _refuse, None, owner=office.owner, done=_nothing, failed=failures.append
    )
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert office.shown == []


def test_only_a_failed_write_says_that_nothing_was_saved(office: Office, qtbot: QtBot) -> None:
    office.background.write(_refuse, None, owner=office.owner, done=_nothing)
    qtbot.waitUntil(lambda: len(office.shown) == 1)
    office.background.read(_refuse, None, owner=office.owner, done=_nothing)
    qtbot.waitUntil(lambda: len(office.shown) == 2)
    (written, owner), (read, _) = office.shown
    assert written.__notes__ == [NOTHING_SAVED]
    assert owner is office.owner
    assert not hasattr(read, "__notes__")


def test_a_bug_after_the_commit_says_that_it_was_saved(office: Office, qtbot: QtBot) -> None:
    def break_down(_answer: object) -> None:
        raise KeyError("column")

    with qtbot.captureExceptions() as caught:
        office.background.write(_echo, 1, owner=office.owner, done=break_down)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught[0][1].__notes__ == [WAS_SAVED]


def test_an_operation_runs_on_the_net_lane_and_answers_here(office: Office, qtbot: QtBot) -> None:
    answers: list[str] = []

    async def ask() -> str:
        return threading.current_thread().name

    office.background.operate(lambda: ask(), owner=office.owner, done=answers.append)
    qtbot.waitUntil(lambda: answers == ["lane-net"])


def test_only_the_gui_thread_may_start_work(office: Office, qtbot: QtBot) -> None:
    failures: list[BaseException] = []

    def start_from_a_lane() -> None:
        office.background.read(_echo, 1, owner=office.owner, done=_nothing)

    office.background.render(
        start_from_a_lane, owner=office.owner, done=_nothing, failed=failures.append
    )
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert "only the GUI thread may start work" in str(failures[0])


def test_the_status_bar_learns_how_much_is_under_way(office: Office, qtbot: QtBot) -> None:
    counts: list[tuple[str, int]] = []
    office.background.busy_changed.connect(lambda lane, count: counts.append((lane, count)))
    office.background.write(_echo, 1, owner=office.owner, done=_nothing)
    office.background.write(_echo, 2, owner=office.owner, done=_nothing)
    qtbot.waitUntil(lambda: len(counts) == 4)
    assert counts == [("write", 1), ("write", 2), ("write", 1), ("write", 0)]


def test_progress_is_told_on_the_gui_thread(office: Office, qtbot: QtBot) -> None:
    told: list[str] = []
    office.background.progress_told.connect(told.append)
    office.background.render(
        lambda: office.background.tell_progress("Statements 120 of 412"),
        owner=office.owner,
        done=_nothing,
    )
    qtbot.waitUntil(lambda: told == ["Statements 120 of 412"])


def test_closing_while_writing_finishes_the_write_and_drops_the_answer(qapp: object) -> None:
    office = Office()
    written: list[str] = []
    answers: list[None] = []
    started, go_on = threading.Event(), threading.Event()

    def slow(_actor: object, _argument: object) -> None:
        started.set()
        go_on.wait(5)
        written.append("entry")

    office.background.write(slow, None, owner=office.owner, done=answers.append)
    assert started.wait(5)
    release = threading.Timer(0.05, go_on.set)
    release.start()
    assert office.background.close(5)
    assert written == ["entry"]
    assert answers == []


def _echo(_actor: object, argument: Any) -> Any:
    return argument


def _refuse(_actor: object, _argument: object) -> None:
    raise NotAllowed("You may not approve loans.")


def _nothing(_answer: object) -> None:
    pass


def _is_valid(thing: QObject) -> bool:
    import shiboken6

    return shiboken6.isValid(thing)
