"""What the gallery shows of Automation: the jobs, one chosen, one about to be stopped, and the runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QTabWidget

from sacco_desktop.demo.tour.visit import Visit


def _row(words: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.choose_row("jobs_table", words)

    return prepare


def _stop(visit: Visit) -> None:
    visit.choose_row("jobs_table", "Penalties")
    visit.hands.click("stop_job")
    visit.hands.find("stop_job_dialog")


def _runs(visit: Visit) -> None:
    visit.hands.find("automation_tabs", QTabWidget).setCurrentIndex(1)


# Who looks at which page, the name of the picture, and what is opened before it.
AUTOMATION_VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("grace", "automation", "automation-jobs", _row("Relay sync")),
    ("grace", "automation", "automation-stop", _stop),
    ("peter", "automation", "automation-runs", _runs),
)
