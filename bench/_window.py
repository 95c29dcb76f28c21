"""The window of `_heartbeat`, in a process of its own: it shows the Payouts page, sends, and listens to its own heart.

Prints what it heard: the times between two beats, and how long the thread of the window was busy in each, in ms.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import PASSPHRASE, PASSWORD
from sacco_desktop.demo.tour.hands import Hands, let_work
from sacco_desktop.operations.open_office import open_office
from sacco_desktop.operations.send_payouts import send_payouts
from sacco_desktop.settings import Settings, system_clock

BEAT_MS = 5
_REST_SECONDS = 2.0


@dataclass
class Heart:
    """Beats on the GUI thread and remembers the waits between two beats, and what of them the thread was busy."""

    gaps: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    _last: tuple[float, float] = (0.0, 0.0)

    def begin(self) -> QTimer:
        """Start beating."""
        timer = QTimer()
        timer.setInterval(BEAT_MS)
        self._last = time.perf_counter(), time.thread_time()
        timer.timeout.connect(self._beat)
        timer.start()
        return timer

    def _beat(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.gaps.append((now - self._last[0]) * 1000)
        self.busy.append((busy - self._last[1]) * 1000)
        self._last = now, busy


def main(folder: Path, ids: tuple[int, ...]) -> None:
    """Send the payouts with these ids, and print what was heard meanwhile."""
    app = QApplication(["bench", "-platform", "offscreen"])
    settings = Settings(folder / "office", "PRACTICE-PC", "file", PASSPHRASE)
    with (
        open_office(settings, system_clock) as opened,
        front_office(app, opened, settings, system_clock) as front,
    ):
        hands = Hands(app, folder)
        hands.type_into("user_name", "grace")
        hands.type_into("password", PASSWORD)
        hands.click("sign_in_button")
        hands.wait_for("the window", lambda: hands.is_seen("rail"))
        hands.click("rail_payouts")
        hands.wait_for("the readings to end", lambda: not front.window.status.is_busy())
        rested_at = time.perf_counter() + _REST_SECONDS
        at_rest = _beside_until(lambda: time.perf_counter() > rested_at)
        office, grace = opened.office, front.background.actor
        run = office.lanes.submit_async(lambda: send_payouts(office, ids, grace))
        heard = _beside_until(run.done)
        sent = run.result(1)
    assert all(not each.refusal for each in sent), [each.refusal for each in sent if each.refusal]
    told = {"gaps": heard.gaps, "busy": heard.busy, "at_rest": at_rest.gaps}
    print(json.dumps(told))


def _beside_until(done: Callable[[], bool]) -> Heart:
    heart = Heart()
    timer = heart.begin()
    while not done():
        let_work(20)
    timer.stop()
    return heart


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(json.loads(sys.argv[2])))
