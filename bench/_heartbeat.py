"""How long the window is silent while payouts are sent beside it. The window has a process of its own, as in an office;
relay and simulated Safaricom, which are elsewhere in life, run here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from bench._measuring import Row
from sacco_desktop.demo.practice_office import PASSPHRASE, PracticeOffice, furnish, outside
from sacco_desktop.demo.scenes import LoanScene, Scenes
from sacco_desktop.operations.open_office import open_office
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.settings import Settings, system_clock

# As the program paces itself, one a second.
SENT = 30
LOAN_CENTS = 5_000_00
# The longest silence that a person does not feel as standing still.
GOAL_MS = 100.0
_MOST_SECONDS = 600


def heartbeat(folder: Path) -> list[Row]:
    """The window shows the Payouts page while a treasurer's payments go out one after the other."""
    settings = Settings(folder / "office", "PRACTICE-PC", "file", PASSPHRASE)
    with outside(folder, system_clock) as (safaricom, relay):
        with open_office(settings, system_clock) as opened:
            practice = PracticeOffice(opened, safaricom, relay, folder)
            furnish(practice)
            ids = _ready(practice)
        window = [sys.executable, "-m", "bench._window", str(folder), json.dumps(ids)]
        told = subprocess.run(
            window,
            check=True,
            stdout=subprocess.PIPE,
            timeout=_MOST_SECONDS,
            cwd=Path(__file__).parents[1],
        )
    found = json.loads(told.stdout)
    sending = f"{SENT} sent"
    return [
        _row(f"longest silence of the window, {sending}", max(found["gaps"])),
        _row("the same, 99 of 100 beats", _percentile(found["gaps"])),
        _row("the same, processor time of the window's thread alone", max(found["busy"])),
        _row("the same at rest, longest", max(found["at_rest"])),
        _row(
            "processor time of the window's thread for a payment", sum(found["busy"]) / SENT, None
        ),
    ]


def _ready(practice: PracticeOffice) -> tuple[int, ...]:
    books = practice.office.books
    today = books.read(_today, None, actor=practice.person("ruth"))
    change = SettingChange("evidence.pay_again_cents", "25000000", today)
    asked = books.write(setting_changes.change_setting, change, actor=practice.person("ruth"))
    Scenes(practice).agree(asked.request_id)
    scenes, numbers = Scenes(practice), ("M-0001", "M-0002", "M-0004")
    rows = [
        scenes.ready(LoanScene(numbers[place % 3], LOAN_CENTS + 100_00 * (place // 3), 6, "Bench"))
        for place in range(SENT)
    ]
    return tuple(row.payout_id for row in rows)


def _today(work: Work, _nothing: None) -> date:
    return work.today


def _percentile(gaps: list[float]) -> float:
    return sorted(gaps)[int(len(gaps) * 0.99)]


def _row(case: str, milliseconds: float, goal: float | None = 1.0) -> Row:
    ratio = milliseconds / GOAL_MS
    met = None if goal is None else ratio <= goal
    return Row(case, round(milliseconds, 1), GOAL_MS, "ms", round(ratio, 2), goal, met)
