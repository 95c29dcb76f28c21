"""The long form of the fault tests: `dev.py faults [NAME] [--seeds N] [--first N] [--workers N] [--story]`."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.engine import open_database
from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.operations.lanes import Lanes
from tests import make, money_news
from tests.db.first_books import first_books
from tests.engines import KEY, EngineKind
from tests.faults import money_year
from tests.faults.damage import (
    accepted_copies,
    start_on,
    take_album,
    unnoticed_flips,
    wrong_files,
)
from tests.faults.failing_disk import Disk, Kind, approved
from tests.faults.failing_disk import live as live_on_disk
from tests.faults.histories import live
from tests.faults.kills import COURSES, kill_at, points_of
from tests.faults.migration_kills import Migrator, all_rows, wrong_after
from tests.faults.planted import DAYS, MISTAKES
from tests.faults.power_cut import cut, record
from tests.faults.quick import campaign
from tests.faults.quick.mistakes import SLIPS, until_caught
from tests.faults.quick.town import QuickTown
from tests.faults.town import Town
from tests.faults.truth import Broken
from tests.faults.warm_worker import WarmWorker

SEEDS = 1_600
# Minutes each, so that all campaigns together end before the day does.
_MOST_MONKEYS = 5
_MOST_YEARS = 1


def kills(town: Town, folder: Path, _given: argparse.Namespace) -> int:
    """SIGKILL at every point of every course; the number of points that went wrong."""
    wrong = 0
    with WarmWorker() as worker:
        for number, course in enumerate(COURSES):
            points = points_of(town, worker, course, folder / f"alive-{number}")
            print(f"kills: {course.name}: {len(points)} points")
            for point, name in enumerate(points, 1):
                try:
                    kill_at(town, worker, course, point, folder / f"{number}-{point}")
                except AssertionError as broken:
                    wrong += 1
                    print(f"  point {point} ({name}): {broken}")
    return wrong


def histories(town: Town, folder: Path, given: argparse.Namespace) -> int:
    """Live through seeds; the number of those that went wrong."""
    wrong = 0
    for seed in range(given.first, given.first + given.seeds):
        try:
            live(town, folder / f"{seed}", seed)
        except Broken as broken:
            wrong += 1
            print(f"histories: {broken}")
        if seed % 50 == 49:
            print(f"histories: up to seed {seed}, {wrong} wrong")
    return wrong


def planted(town: Town, folder: Path, _given: argparse.Namespace) -> int:
    """Our program passes each day and each mistake is caught; the number of days on which that was not so."""
    wrong = 0
    for number, happens in enumerate(DAYS):
        with town.day(folder / f"day-{number}") as day:
            happens(day)
    for number, mistake in enumerate(MISTAKES):
        try:
            with town.day(folder / f"mistake-{number}") as day, mistake.plant():
                mistake.day(day)
        except (Broken, IntegrityError) as caught:
            print(f"planted: {mistake.name}: {str(caught).splitlines()[0]}")
        else:
            wrong += 1
            print(f"planted: {mistake.name}: NOT CAUGHT")
    return wrong


def _say(words: str) -> None:
    print(words, flush=True)


def payouts(_town: Town, _folder: Path, given: argparse.Namespace) -> int:
    """Quick histories, thousands of them; each process makes a town of its own."""
    if given.story:
        return campaign.tell(given.first, given.engine, _say)
    wanted = campaign.Campaign(given.first, given.seeds, given.workers, given.engine)
    return campaign.run(wanted, _say)


def slips(town: Town, _folder: Path, given: argparse.Namespace) -> int:
    """How many quick histories each planted mistake survives; the number of those that survived too many."""
    survived = 0
    with QuickTown(town) as quick_town:
        for slip in SLIPS:
            caught = until_caught(quick_town, slip, given.first)
            survived += not caught.by
            words = caught.by or "NOT CAUGHT"
            print(f"slips: {slip.name}: {caught.seeds} of {slip.most_seeds}: {words}", flush=True)
    return survived


def power_cut(town: Town, _folder: Path, given: argparse.Namespace) -> int:
    """Disks as a power cut may leave them; the number of those on which something was lost or damaged."""
    with QuickTown(town) as quick_town, quick_town.folder() as memory:
        recording = record(quick_town.start_books, quick_town.key, memory / "office")
        tally = cut(recording, given.states, given.first, memory / "disk")
    print(f"power-cut: {tally.states} disks, {tally.lost} with losses, {tally.damaged} damaged")
    return tally.bad


def monkey(_town: Town, folder: Path, given: argparse.Namespace) -> int:
    """Random hands at the real window; the number of seeds under which something broke. A crash ends the program."""
    # Only this campaign needs Qt.
    from PySide6.QtWidgets import QApplication

    from sacco_desktop.settings import resources_dir
    from sacco_desktop.ui.theme.theme import Theme
    from tests.ui.monkey import Found, play

    app = QApplication(["monkey"])
    theme, wrong = Theme(app, resources_dir()), 0
    for seed in range(given.first, given.first + min(given.seeds, _MOST_MONKEYS)):
        _say(f"monkey: seed {seed}, {given.events:,} events")
        try:
            play(app, theme, folder, seed, given.events)
        except Found as found:
            wrong += 1
            _say(f"monkey: {found}")
    return wrong


def news(_town: Town, _folder: Path, given: argparse.Namespace) -> int:
    """News of money in, in any order; the number of histories that ended in other books than they must."""
    bad = []
    for seed in range(given.first, given.first + given.seeds):
        chance = random.Random(seed)
        events = chance.choices(sorted(money_news.EVENTS), k=chance.randrange(25))
        try:
            wrong = f"{money_news.differences(events) or ''}"
        except AssertionError as broken:
            wrong = f"on the way: {broken}"
        bad += [f"seed {seed}: {wrong} after {events}"] if wrong else []
        if seed % 50 == 49:
            _say(f"news: up to seed {seed}, {len(bad)} wrong")
    return _told("news", bad)


def money(_town: Town, folder: Path, given: argparse.Namespace) -> int:
    """Whole years of money with faults of every class, 20,000 lines each; the number of years that went wrong."""
    bad = []
    for seed in range(given.first, given.first + min(given.seeds, _MOST_YEARS)):
        home = folder / f"year-{seed}"
        home.mkdir()
        office = make.office(home)
        year = money_year.begin(office, seed)
        try:
            money_year.live(year, days=365, lines=20_000, faults_a_day=2)
        except money_year.Wrong as wrong:
            bad.append(f"seed {seed}: {wrong}")
        found = ", ".join(f"{count} {kind.value}" for kind, count in sorted(year.found.items()))
        _say(f"money: seed {seed}: {year.lines:,} lines; {found}")
        office.close()
    return _told("money", bad)


def damage(town: Town, folder: Path, given: argparse.Namespace) -> int:
    """Wrong files and flipped bits of the books; the number that a start did not notice."""
    album = take_album(town, folder)
    bad = [
        name
        for name, files in wrong_files(album)
        if not isinstance(start_on(album.settings, files), BooksDamaged)
    ]
    return _told("damage", bad + unnoticed_flips(album, given.states, given.first))


def copies(town: Town, folder: Path, given: argparse.Namespace) -> int:
    """Damaged copies of the books; the number that was taken back."""
    return _told("copies", accepted_copies(town, folder, given.states, given.first))


def disk(_town: Town, folder: Path, _given: argparse.Namespace) -> int:
    """Every write and sync of a payout on a disk that fails there; the number after which something is wrong."""
    books, lanes, bad = approved(folder), Lanes(), []
    for kind in Kind:
        well = Disk(kind, 0)
        live_on_disk(books, folder, lanes, well)
        for fails_at in range(1, well.asked + 1):
            wrong = live_on_disk(books, folder, lanes, Disk(kind, fails_at))
            bad += [f"{kind} at {fails_at}: {wrong}"] if wrong else []
        print(f"disk: {kind}: {well.asked} moments", flush=True)
    lanes.close(10)
    return _told("disk", bad)


def migrations(_town: Town, folder: Path, _given: argparse.Namespace) -> int:
    """An upgrade from the first schema killed at every statement; the number that left something in between."""
    bad = []
    with Migrator() as migrator:
        place = str(first_books().put(folder).file)
        before = open_database(Path(place), KEY)
        old = all_rows(before)
        before.close()
        last = migrator.run(place, KEY, folder, 0).statements
        after = open_database(Path(place), KEY)
        new = all_rows(after)
        after.close()
        for die_at in range(1, last + 1):
            home = folder / f"killed-{die_at}"
            home.mkdir()
            killed = str(first_books().put(home).file)
            migrator.run(killed, KEY, home, die_at)
            wrong = wrong_after(killed, KEY, home, old, new)
            bad += [f"statement {die_at} of {last}: {wrong}"] if wrong else []
            shutil.rmtree(home)
    print(f"migrations: {last} statements", flush=True)
    return _told("migrations", bad)


def _told(name: str, bad: list[str]) -> int:
    for words in bad:
        print(f"{name}: {words}", flush=True)
    return len(bad)


CAMPAIGNS: dict[str, Callable[[Town, Path, argparse.Namespace], int]] = {
    "planted": planted,
    "kills": kills,
    "histories": histories,
    "payouts": payouts,
    "slips": slips,
    "money": money,
    "news": news,
    "power-cut": power_cut,
    "damage": damage,
    "copies": copies,
    "disk": disk,
    "migrations": migrations,
    "monkey": monkey,
}


def main() -> int:
    """Run one campaign or all; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(CAMPAIGNS), help="only this campaign")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many histories")
    parser.add_argument("--first", type=int, default=0, help="the first seed, to replay one")
    parser.add_argument(
        "--states", type=int, default=20_000, help="how many power cuts, flips or copies"
    )
    parser.add_argument("--events", type=int, default=5_000, help="events of each random hand")
    parser.add_argument("--workers", type=int, default=1, help="processes for quick histories")
    engines = [kind.value for kind in EngineKind]
    parser.add_argument("--engine", choices=engines, default="sqlite", help="for quick histories")
    parser.add_argument("--story", action="store_true", help="tell the story of the first seed")
    given = parser.parse_args()
    wrong = 0
    for name in [given.name] if given.name else CAMPAIGNS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, Town(Path(folder)) as town:
            found = CAMPAIGNS[name](town, Path(folder), given)
        print(f"{name}: {found} wrong, {time.monotonic() - began:.0f} s")
        wrong += found
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
