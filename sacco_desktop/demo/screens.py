"""Draws every page in the sizes and colours that people work in, and every dialog that opens, into out/screens.

All of it takes minutes; `--only payouts` draws what is called so, `--look dark` one look, `--walk grace` the dialogs
that one person can open.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from sacco_desktop.application import front_office
from sacco_desktop.demo.member_scenes import a_member_died, a_member_leaves
from sacco_desktop.demo.old_register import begin_import
from sacco_desktop.demo.practice_office import PASSPHRASE, practice_office
from sacco_desktop.demo.scenes import every_state, queue_stopped
from sacco_desktop.demo.tour.hands import Hands, let_work
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import Sources
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.demo.views import DIALOGS, LATE_VIEWS, VIEWS
from sacco_desktop.demo.walk import Walk
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.theme.tokens import Scheme

# A 1366×768 screen less its bars, and the same screen at 125 %.
USUAL, SMALL = QSize(1366, 697), QSize(1024, 540)

Looks = tuple[str, QSize, Scheme, int]
LOOKS: tuple[Looks, ...] = (
    ("light", USUAL, Scheme.LIGHT, 100),
    ("dark", USUAL, Scheme.DARK, 100),
    ("small", SMALL, Scheme.LIGHT, 100),
    ("large-text", USUAL, Scheme.LIGHT, 150),
)
# So many rows of each list are tried for what their panel opens.
_LINES = 20
WALKERS = ("grace", "peter", "daniel", "ruth")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of all pictures: those with `only` in their name, in these looks, and the walks of these people."""

    only: str
    looks: tuple[Looks, ...]
    walkers: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether a picture of this name is wanted."""
        return self.only in name


def wanted(argv: Sequence[str] | None = None) -> tuple[Path, Wanted]:
    """The folder for the pictures, and which of them; without an argument all."""
    parser = argparse.ArgumentParser(prog="screens", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("out") / "screens")
    parser.add_argument("--only", default="", help="words in the name of a picture")
    parser.add_argument("--look", choices=[look[0] for look in LOOKS])
    parser.add_argument(
        "--walk", choices=WALKERS, help="only the dialogs that this person can open"
    )
    given = parser.parse_args(argv)
    looks = tuple(look for look in LOOKS if given.look in (None, look[0]))
    if given.walk:
        return given.folder, Wanted("nothing but the walk", looks, (given.walk,))
    return given.folder, Wanted(given.only, looks, () if given.only else WALKERS)


def main(argv: Sequence[str] | None = None) -> int:
    """Draw what is wanted, and say where it is and how long it took."""
    began = time.monotonic()
    folder, which = wanted(argv)
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "dialogs").mkdir(parents=True)
    app = QApplication(["screens", "-platform", "offscreen"])
    with practice_office(folder / "office", system_clock) as practice:
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(app, practice.opened, settings, system_clock) as front:
            hands, clock = Hands(app, folder), MovedClock(system_clock)
            gallery = Gallery(
                Visit(practice, front, hands, Sources(practice), folder, clock), which
            )
            gallery.first_day()
            every_state(practice)
            begin_import(practice)
            gallery.pages()
            a_member_died(practice)
            gallery.dialogs()
            queue_stopped(practice)
            a_member_leaves(practice)
            gallery.stopped()
    shutil.rmtree(folder / "office")
    minutes = (time.monotonic() - began) / 60
    print(f"{gallery.count} pictures in {folder}, drawn in {minutes:.1f} minutes")
    return 0


class Gallery:
    """Draws pages in every look, and each dialog once as it opens on the usual screen and once in large letters."""

    def __init__(self, visit: Visit, which: Wanted) -> None:
        self._visit = visit
        self._which = which
        self._window, self._theme = visit.front.window, visit.front.theme
        self._person = ""
        self.count = 0

    def first_day(self) -> None:
        """An office in which nothing has happened yet."""
        if self._which.has("sign-in"):
            self._shoot(self._window, "sign-in")
        for page in ("today", "loans", "payouts", "collections"):
            self._view("grace", page, f"{page}-first-day", None)

    def pages(self) -> None:
        """What VIEWS names."""
        for person, page, name, prepare in VIEWS:
            self._view(person, page, name, prepare)

    def dialogs(self) -> None:
        """Those of payments by hand over their page, then whatever any button opens for anybody."""
        self._over_their_pages()
        walk = Walk(self._window, self._visit.hands, self._look_at, lines=_LINES)
        for person in self._which.walkers:
            self._person = person
            walk.sign_in(person)
            walk.everywhere()
            for under in ("member/M-0001", "applications"):
                walk.through(under)

    def _over_their_pages(self) -> None:
        """Each dialog over its page, at the usual size of text and at a large one."""
        hands = self._visit.hands
        for person, page, name, prepare, dialog in DIALOGS:
            if not self._which.has(name):
                continue
            self._visit.sign_in(person)
            self._visit.open_page(page)
            for look in (each for each in self._which.looks if each[0] in ("light", "large-text")):
                self._dress(look)
                prepare(self._visit)
                hands.find(dialog)
                let_work(60)
                hands.picture(f"{name}-{look[0]}", self._window)
                self.count += 1
                hands.press(dialog, Qt.Key.Key_Escape)
                hands.gone(dialog)
            self._dress(LOOKS[0])

    def stopped(self) -> None:
        """Safaricom has refused our user, so nothing is sent, and members have left."""
        for person, page, name, prepare in LATE_VIEWS:
            self._view(person, page, name, prepare)

    def _view(
        self, person: str, page: str, name: str, prepare: Callable[[Visit], None] | None
    ) -> None:
        """A dialog is opened anew in each look, as it is for people; a page changes under their eyes."""
        if not self._which.has(name):
            return
        self._dress(LOOKS[0])
        self._visit.sign_in(person)
        self._visit.open_page(page)
        self._rest()
        to_do = prepare
        for look in self._which.looks:
            self._dress(look)
            if to_do is not None:
                to_do(self._visit)
                self._rest()
            dialog = QApplication.activeModalWidget()
            self._shoot(dialog or self._window, f"{name}-{look[0]}")
            to_do = None if dialog is None else prepare
            while dialog is not None:
                dialog.close()
                self._visit.hands.wait_for(f"{dialog.objectName()} to close", dialog.isHidden)
                dialog = QApplication.activeModalWidget()
        self._dress(LOOKS[0])

    def _look_at(self, root: QWidget, where: str) -> None:
        """Of the walk: dialogs only, because the pages have their own pictures."""
        if not isinstance(root, QDialog):
            return
        words = re.sub(r"[^a-z0-9_]+", "-", f"{self._person} {where}".lower())
        for percent in (100, 150):
            self._theme.set_text_percent(percent)
            let_work(40)
            self._shoot(root, f"dialogs/{words}-{percent}")
        self._theme.set_text_percent(100)

    def _dress(self, look: Looks) -> None:
        _name, size, scheme, percent = look
        self._theme.use_scheme(scheme)
        self._theme.set_text_percent(percent)
        self._window.resize(size)
        self._rest()

    def _rest(self) -> None:
        self._visit.hands.touch(self._window)
        let_work(60)
        is_busy = self._window.status.is_busy
        self._visit.hands.wait_for("the readings to end", lambda: not is_busy())
        let_work(60)

    def _shoot(self, shown: QWidget, name: str) -> None:
        shown.grab().save(str(self._visit.papers / f"{name}.png"))
        self.count += 1


if __name__ == "__main__":
    sys.exit(main())
