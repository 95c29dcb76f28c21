"""SIGKILL at every write and call of a payout, then a new start: nothing is paid twice, lost or left hanging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sacco_desktop.domain.payouts import PayoutStatus
from tests.faults.people import settle
from tests.faults.town import Day, Town
from tests.faults.truth import Broken, check_end, check_safaricom
from tests.faults.warm_worker import WarmWorker

PAYOUT = 3
# Of the statements inside a transaction the short form takes every so-many-th.
EVERY = 60


@dataclass(frozen=True, slots=True)
class Course:
    """What Safaricom does with the payment while the worker is killed at point after point."""

    name: str
    fault: str
    minutes_until_question: int
    takes_every_step: bool = False

    def begin(self, day: Day) -> None:
        """Arm the fault."""
        if self.fault:
            day.safaricom.arm(self.fault)


COURSES = (
    Course("paid, the result comes", "", 0),
    Course("paid, the result is lost and M-Pesa is asked", "result_lost", 3, True),
    Course("paid, the line is cut before the answer", "drop_after_taking", 3),
)


def points_of(town: Town, worker: WarmWorker, course: Course, folder: Path) -> tuple[str, ...]:
    """The names of all points of a run that nobody kills."""
    with town.day(folder) as day:
        course.begin(day)
        ended = worker.run(day, PAYOUT, 0, course.minutes_until_question)
        with day.desk() as desk:
            check_end(desk)
    return ended.points


def kill_at(town: Town, worker: WarmWorker, course: Course, point: int, folder: Path) -> None:
    """Kill at one point, look at Safaricom, start anew, and let people and clock bring it to its end."""
    with town.day(folder) as day:
        course.begin(day)
        ended = worker.run(day, PAYOUT, point, course.minutes_until_question)
        if not ended.was_killed:
            raise Broken(f"point {point} of {course.name} was never reached")
        day.quiet()
        check_safaricom(day.safaricom)
        # Whatever was armed and not used up belonged to the run that died.
        day.safaricom.disarm()
        with day.desk() as desk:
            settle(desk, PAYOUT)
            check_end(desk)
            row = desk.row(PAYOUT)
            if row.status is not PayoutStatus.PAID:
                raise Broken(f"after a kill at {point} it ended as {row.status}: {row.reason}")


# The calls that lay an intent down, pay, and ask what became of it.
WEIGHTY = ("/v1/notes", "/paymentrequest", "/transactionstatus")


# What a commit may change without anybody seeing another payout: the diary of the clock, of which one kill is enough.
DIARY = {"job_run"}


def short_form(course: Course, points: Iterable[str]) -> list[int]:
    """The points that can differ to somebody who looks from outside, counted from 1.

    Between two commits the file shows nothing of what was written, so of the statements a few are enough. The first
    course to ask M-Pesa takes every step of the calls that money hangs on; the others begin to differ where the payment
    has left.
    """
    statements, chosen, has_left = 0, [], course.takes_every_step
    written: set[str] = set()
    seen: set[str] = set()
    for number, name in enumerate(points, 1):
        has_left = has_left or name.endswith("paymentrequest sent")
        kind = name.split()[0]
        written |= _written_by(name)
        if has_left:
            statements += kind == "statement"
            is_few = kind == "statement" and statements % EVERY == 0
            is_weighty = course.takes_every_step and any(path in name for path in WEIGHTY)
            is_call = kind == "call" and (is_weighty or name.endswith(" sent"))
            is_news = kind == "committed" and bool(written - (DIARY & seen))
            if is_news or is_call or (is_few and course.takes_every_step):
                chosen.append(number)
                seen |= written
        if kind == "committed":
            written = set()
    return chosen


def _written_by(name: str) -> set[str]:
    """The table that a statement writes to; `name` is a point as `probe` names it."""
    match name.split():
        case ["statement", "INSERT", "INTO", table] | ["statement", "UPDATE", table, _]:
            return {table}
        case ["statement", "DELETE", "FROM", table]:
            return {table}
    return set()
