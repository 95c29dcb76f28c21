"""How long the window is silent while payouts are sent beside it. Window, relay and simulated Safaricom are real and
share this one process, which makes it harder than it is in an office.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bench._measuring import Row
from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import PASSPHRASE, PracticeOffice, practice_office
from sacco_desktop.demo.scenes import LoanScene, Scenes
from sacco_desktop.demo.tour.hands import Hands, let_work
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import Sources
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.operations.send_payouts import send_payouts
from sacco_desktop.services import society
from sacco_desktop.services.society import SettingChange
from sacco_desktop.services.work import Work
from sacco_desktop.settings import Settings, system_clock

# As the program paces itself, one a second.
SENT = 30
LOAN_CENTS = 5_000_00
BEAT_MS = 5
# The longest silence that a person does not feel as standing still.
GOAL_MS = 100.0
_REST_SECONDS = 2.0


@dataclass
class Heart:
    """Beats on the GUI thread and remembers the longest wait between two beats, in milliseconds."""

    gaps: list[float] = field(default_factory=list)
    _last: float = 0.0

    def begin(self) -> QTimer:
        """Start beating."""
        timer = QTimer()
        timer.setInterval(BEAT_MS)
        self._last = time.perf_counter()
        timer.timeout.connect(self._beat)
        timer.start()
        return timer

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def heartbeat(folder: Path) -> list[Row]:
    """The window shows the Payouts page while a treasurer's payments go out one after the other."""
    app = QApplication.instance() or QApplication(["bench", "-platform", "offscreen"])
    assert isinstance(app, QApplication)
    with practice_office(folder / "office", system_clock) as practice:
        ids = _ready(practice)
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(app, practice.opened, settings, system_clock) as front:
            hands, clock = Hands(app, folder), MovedClock(system_clock)
            visit = Visit(practice, front, hands, Sources(practice), folder, clock)
            visit.sign_in("grace")
            visit.open_page("payouts")
            hands.wait_for("the readings to end", lambda: not front.window.status.is_busy())
            rested_at = time.perf_counter() + _REST_SECONDS
            at_rest = _beside_until(lambda: time.perf_counter() > rested_at)
            office, grace = practice.office, practice.person("grace")
            run = office.lanes.submit_async(lambda: send_payouts(office, ids, grace))
            while_sending = _beside_until(run.done)
            sent = run.result(1)
    assert all(not each.refusal for each in sent), [each.refusal for each in sent if each.refusal]
    return [
        _row(f"longest silence of the window, {SENT} sent", max(while_sending)),
        _row("the same, 99 of 100 beats", _percentile(while_sending)),
        _row("the same at rest, longest", max(at_rest)),
    ]


def _ready(practice: PracticeOffice) -> tuple[int, ...]:
    books = practice.office.books
    today = books.read(_today, None, actor=practice.person("ruth"))
    change = SettingChange("evidence.pay_again_cents", "25000000", today)
    books.write(society.change_setting, change, actor=practice.person("ruth"))
    scenes, numbers = Scenes(practice), ("M-0001", "M-0002", "M-0004")
    rows = [
        scenes.ready(LoanScene(numbers[place % 3], LOAN_CENTS + 100_00 * (place // 3), 6, "Bench"))
        for place in range(SENT)
    ]
    return tuple(row.payout_id for row in rows)


def _today(work: Work, _nothing: None) -> date:
    return work.today


def _beside_until(done: Callable[[], bool]) -> list[float]:
    heart = Heart()
    timer = heart.begin()
    while not done():
        let_work(20)
    timer.stop()
    return heart.gaps


def _percentile(gaps: list[float]) -> float:
    return sorted(gaps)[int(len(gaps) * 0.99)]


def _row(case: str, gap: float) -> Row:
    ratio = gap / GOAL_MS
    return Row(case, round(gap, 1), GOAL_MS, "ms", round(ratio, 2), 1.0, ratio <= 1.0)
