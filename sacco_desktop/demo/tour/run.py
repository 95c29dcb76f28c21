"""Runs the demo: opens the window on a practice office, or drives it through the guided tour without a display."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sacco_desktop.application import front_office
from sacco_desktop.demo.practice_office import (
    PASSPHRASE,
    PASSWORD,
    PEOPLE,
    PracticeOffice,
    practice_office,
)
from sacco_desktop.demo.tour.hands import Hands, NotSeen
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import NotProven, Sources
from sacco_desktop.demo.tour.steps import STEPS, Step
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.settings import Settings


def run_demo(folder: Path, now: Callable[[], datetime], *, headless: bool) -> int:
    """Run the practice office in `folder`. With a window, a person plays; headless, every step must be proven.

    Returns 0 only if every step was seen to happen.
    """
    # The platform is named here too, so that the command works without dev.py and its environment.
    arguments = ["sacco-desktop", *(["-platform", "offscreen"] if headless else [])]
    app = QApplication(arguments)
    _make_room(folder)
    clock = MovedClock(now)
    with practice_office(folder / "office", clock) as practice:
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        hint = f"{_hint()}. M-Pesa's side of it, in a browser: {practice.safaricom.base_url}/"
        with front_office(app, practice.opened, settings, clock, hint=hint) as front:
            if headless:
                hands = Hands(app, folder / "pictures")
                sources = Sources(practice)
                return _tour(Visit(practice, front, hands, sources, folder / "papers", clock))
            print(_greeting(practice), flush=True)
            return app.exec()


def _make_room(folder: Path) -> None:
    """Take away what an earlier tour left, and nothing else that may lie there."""
    for old in (folder / "office", folder / "pictures", folder / "papers"):
        if old.exists():
            shutil.rmtree(old)
    (folder / "pictures").mkdir(parents=True)
    (folder / "papers").mkdir()


def _hint() -> str:
    people = ", ".join(f"{name} ({role.value})" for name, _full, role in PEOPLE)
    return f"Practice office. People: {people}. Everybody's password: {PASSWORD}"


def _greeting(practice: PracticeOffice) -> str:
    return (
        f"The practice office is open. {_hint()}.\n"
        f"Simulated Safaricom, a page to keep open beside the window: {practice.safaricom.base_url}/\n"
        f"Relay: {practice.relay.api_url}. Close the window to end it."
    )


def _tour(visit: Visit) -> int:
    began = time.monotonic()
    if not prove_steps(visit, STEPS):
        visit.picture("failed")
        return 1
    seconds = time.monotonic() - began
    folder = visit.papers.parent
    print(f"All {len(STEPS)} steps were seen to happen, in {seconds:.0f} s.")
    print(f"Pictures in {folder / 'pictures'}, papers in {folder / 'papers'}.")
    return 0


def prove_steps(visit: Visit, steps: Sequence[tuple[str, Step]]) -> bool:
    """Take the steps one after the other and print the proof of each; False at the first that is not proven."""
    for number, (title, step) in enumerate(steps, 1):
        try:
            proof = step(visit)
        except (NotSeen, NotProven) as failure:
            print(f"{number:2}. {title}\n    FAILED: {failure}", flush=True)
            return False
        print(f"{number:2}. {title}\n    proof: {proof}", flush=True)
    return True
