"""A process that has imported the program and forks a fresh office worker for each job, which may die at any point.

It has no thread of its own, so that a fork is safe. It speaks lines with the test: a job in JSON comes in; the
worker asks "wait" (until Safaricom is quiet) or "later <minutes>" and goes on at "go"; "ended <status>" closes the job.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from sacco_desktop.operations.office import Office
from sacco_desktop.operations.open_office import open_office
from sacco_desktop.operations.run_jobs import run_due
from sacco_desktop.operations.send_payouts import send_payouts
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.office import users
from tests.architecture.house import ROOT
from tests.faults import probe
from tests.faults.town import QUICK, Day, settings_of, weaken_passwords


@dataclass(frozen=True, slots=True)
class Job:
    """Pay one payout from the office in `folder`, dying at point `die_at`; 0 lives to the end."""

    folder: str
    now: str
    payout_id: int
    die_at: int
    report: str
    minutes_until_question: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended: killed, or with the names of all points that it passed."""

    was_killed: bool
    points: tuple[str, ...]


class WarmWorker:
    """The test's end of the line; `with WarmWorker() as worker: worker.run(day, …)`."""

    def __enter__(self) -> WarmWorker:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm_worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def run(self, day: Day, payout_id: int, die_at: int, minutes_until_question: int) -> Ended:
        """Run one job on the day's office; the day's clock moves with the worker's."""
        report = day.folder / "report.json"
        job = Job(
            str(day.folder),
            day.clock.now().isoformat(),
            payout_id,
            die_at,
            str(report),
            minutes_until_question,
        )
        self._say(json.dumps(asdict(job)))
        while (line := self._hear()).split()[0] != "ended":
            if line == "wait":
                day.quiet()
            else:
                day.later(minutes=int(line.split()[1]))
            self._say("go")
        status = int(line.split()[1])
        if status == -signal.SIGKILL:
            return Ended(True, ())
        assert status == 0, f"the worker failed: {report.read_text() if report.exists() else line}"
        return Ended(False, tuple(json.loads(report.read_text())))

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the worker is gone"
        return line


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _ask(line: str) -> None:
    _say(line)
    assert sys.stdin.readline().strip() == "go"


class _Points:
    """Counts, and ends the process at the one point that was asked for."""

    def __init__(self, die_at: int) -> None:
        self.names: list[str] = []
        self._die_at = die_at

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _work(job: Job) -> list[str]:
    """Send, read the feed; then, when the result may be lost, let time pass, ask, and read the answer."""
    moment = [datetime.fromisoformat(job.now)]
    points = _Points(job.die_at)
    with open_office(settings_of(Path(job.folder)), lambda: moment[0], timeouts=QUICK) as opened:
        office = opened.office
        probe.install(office, points)
        grace = _person(office, "grace")
        _run(office, lambda: send_payouts(office, [job.payout_id], grace))
        _ask("wait")
        _run(office, lambda: run_due(office))
        if job.minutes_until_question:
            _ask(f"later {job.minutes_until_question}")
            moment[0] += timedelta(minutes=job.minutes_until_question)
            _run(office, lambda: run_due(office))
            _ask("wait")
            _ask("later 1")
            moment[0] += timedelta(minutes=1)
            _run(office, lambda: run_due(office))
    return points.names


def _run(office: Office, make: Callable[[], object]) -> None:
    office.lanes.submit_async(make).result(30)  # type: ignore[arg-type]


def _person(office: Office, username: str) -> Actor:
    rows = office.books.read(users.list_users, None, actor=CLOCK)
    row = next(row for row in rows if row.username == username)
    return Actor(row.user_id, row.full_name, row.roles)


def _serve() -> None:
    weaken_passwords()
    for line in iter(sys.stdin.readline, ""):
        job = Job(**json.loads(line))
        child = os.fork()
        if child == 0:
            _live(job)
        _pid, status = os.waitpid(child, 0)
        _say(f"ended {os.waitstatus_to_exitcode(status)}")


def _live(job: Job) -> None:
    """The child's whole life; it never comes back to the loop of its parent."""
    code = 1
    try:
        Path(job.report).write_text(json.dumps(_work(job)))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
