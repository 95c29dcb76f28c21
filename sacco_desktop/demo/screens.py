"""Draws every page in the sizes and colours that people work in, and every dialog that opens, into out/screens."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabWidget, QWidget

from sacco_desktop.application import front_office
from sacco_desktop.demo.old_register import begin_import
from sacco_desktop.demo.practice_office import PASSPHRASE, practice_office
from sacco_desktop.demo.scenes import Scenes, every_state, queue_stopped
from sacco_desktop.demo.tour.hands import Hands, let_work
from sacco_desktop.demo.tour.moved_clock import MovedClock
from sacco_desktop.demo.tour.proofs import Sources
from sacco_desktop.demo.tour.visit import Visit
from sacco_desktop.demo.walk import Walk
from sacco_desktop.settings import Settings, system_clock
from sacco_desktop.ui.main_window import MainWindow
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


def _tab(key: str) -> Callable[[Visit], None]:
    return lambda visit: visit.open_tab(key)


def _cards(visit: Visit) -> None:
    visit.open_tab("in_flight")
    # A page that is still reading would make a picture of nothing.
    visit.hands.find("payout_card_PO-2026-0002")


def _settings_tab(title: str, table: str, words: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        tabs = visit.hands.find("settings_tabs", QTabWidget)
        titles = [tabs.tabText(place) for place in range(tabs.count())]
        tabs.setCurrentIndex(titles.index(title))
        visit.choose_row(table, words)

    return prepare


def _first_row(table: str) -> Callable[[Visit], None]:
    return lambda visit: visit.choose_row(table, "-")


def _member(visit: Visit) -> None:
    """The page of the first member, by Enter in the list."""
    visit.choose_row("members_table", "M-0001")
    visit.hands.press("members_table", Qt.Key.Key_Return)
    visit.hands.find("member_name")


def _applications(visit: Visit) -> None:
    """Who wants to join, from the list of members."""
    visit.hands.click("members_applications")
    visit.hands.find("applications_table")


def _member_file(visit: Visit) -> None:
    """What is known of the first member."""
    _member(visit)
    visit.hands.find("member_tabs", QTabWidget).setCurrentIndex(5)
    visit.hands.find("file_change")


def _levels(visit: Visit) -> None:
    _settings_tab("Approval rules", "approval_rules_table", "Loans")(visit)
    visit.hands.click("change_approval_rule")
    visit.hands.find("levels_dialog")


def _rule(visit: Visit) -> None:
    _settings_tab("Rules", "rules_table", "Wait before")(visit)
    visit.hands.click("change_rule")
    visit.hands.find("rule_dialog")


def _opened(button: str, dialog: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.hands.click(button)
        visit.hands.find(dialog)

    return prepare


def _import_step(step: int) -> Callable[[Visit], None]:
    """The import that was begun, at one of its five steps."""

    def prepare(visit: Visit) -> None:
        visit.hands.click("members_import")
        visit.hands.click("import_step_1")
        visit.choose_row("imports_table", "Umoja")
        visit.hands.press("imports_table", Qt.Key.Key_Return)
        visit.hands.find("import_columns_step")
        visit.hands.click(f"import_step_{step}")

    return prepare


def _ticked(visit: Visit) -> None:
    for number in ("M-0002", "M-0004"):
        visit.tick_row("members_table", number)


def _found(visit: Visit) -> None:
    """The results of Ctrl+K for a name."""
    visit.front.window.menus.actions["find"].trigger()
    visit.hands.type_into("find_line", "wanj")
    let_work(400)


def _keys(visit: Visit) -> None:
    visit.front.window.menus.actions["keys"].trigger()
    visit.hands.find("key_card")


# Who looks at which page, and what is opened on it before the picture.
VIEWS: tuple[tuple[str, str, str, Callable[[Visit], None] | None], ...] = (
    ("grace", "today", "today", None),
    ("peter", "members", "members", _first_row("members_table")),
    ("peter", "members", "member", _member),
    ("peter", "members", "member-file", _member_file),
    ("peter", "members", "applications", _applications),
    ("grace", "members", "import-columns", _import_step(2)),
    ("grace", "members", "import-check", _import_step(3)),
    ("grace", "members", "import-totals", _import_step(4)),
    ("peter", "members", "members-ticked", _ticked),
    ("peter", "members", "find", _found),
    ("peter", "loans", "keys", _keys),
    ("peter", "loans", "loans", _first_row("loans_table")),
    ("daniel", "approvals", "approvals", _first_row("approvals_table")),
    ("daniel", "approvals", "sitting", _opened("hold_sitting", "sitting_dialog")),
    ("daniel", "approvals", "sittings-held", _opened("old_sittings", "sittings_dialog")),
    ("grace", "payouts", "payouts-to-send", _tab("to_send")),
    ("grace", "payouts", "payouts-in-flight", _cards),
    ("grace", "payouts", "payouts-done", _tab("done")),
    ("grace", "payouts", "payouts-problems", _tab("problems")),
    ("grace", "books", "books", None),
    ("ruth", "settings", "settings", None),
    (
        "ruth",
        "settings",
        "settings-approval-rules",
        _settings_tab("Approval rules", "approval_rules_table", "Loans"),
    ),
    ("ruth", "settings", "levels-dialog", _levels),
    ("ruth", "settings", "rule-dialog", _rule),
    (
        "ruth",
        "settings",
        "settings-who-may",
        _settings_tab("Who may do what", "acts_table", "Send payouts"),
    ),
    (
        "ruth",
        "settings",
        "settings-products",
        _settings_tab("Products", "products_table", "Group weekly"),
    ),
)


def _dialog_of(tab: str, table: str, words: str, button: str) -> Callable[[Visit], None]:
    """Choose a row of a Payouts tab, and open what a button of its panel opens."""

    def prepare(visit: Visit) -> None:
        visit.open_tab(tab)
        visit.choose_row(table, words)
        visit.hands.click(button)

    return prepare


def _card_dialog(number: str, button: str) -> Callable[[Visit], None]:
    def prepare(visit: Visit) -> None:
        visit.open_tab("in_flight")
        visit.click_in(f"payout_card_{number}", button)

    return prepare


def _rest(visit: Visit) -> None:
    visit.choose_row("loans_table", "300,000")
    visit.hands.click("rest_not_wanted")


def _close_day(visit: Visit) -> None:
    visit.hands.wait_for("the day to be read", lambda: visit.hands.is_seen("close_day"))
    visit.hands.click("close_day")
    visit.hands.find("close_day_dialog")
    ok = visit.hands.find("ok", QPushButton)
    visit.hands.wait_for("the books to be added up", ok.isEnabled)


def _closed_days(visit: Visit) -> None:
    visit.hands.click("closed_days_open")
    visit.hands.find("reopen_day")


def _reopen_day(visit: Visit) -> None:
    """The day is closed before the first picture, so nothing that posts entries comes after this."""
    hands = visit.hands
    hands.wait_for(
        "the day to be read", lambda: any(map(hands.is_seen, ("close_day", "print_day")))
    )
    if hands.is_seen("close_day"):
        Scenes(visit.practice).closed_day()
        hands.wait_for("the day to close", lambda: not hands.is_seen("close_day"))
    hands.click("closed_days_open")
    hands.click("reopen_day")


# Dialogs of payments by hand and of the day: who opens them, on which page, the picture's name, how, and the dialog's
# own name.
DIALOGS: tuple[tuple[str, str, str, Callable[[Visit], None], str], ...] = (
    (
        "grace",
        "payouts",
        "dialog-bank-file",
        _dialog_of("to_send", "to_send_table", "8,750", "pay_by_hand"),
        "bank_file_dialog",
    ),
    (
        "grace",
        "payouts",
        "dialog-cheque",
        _dialog_of("to_send", "to_send_table", "21,000", "pay_by_hand"),
        "cheque_dialog",
    ),
    (
        "peter",
        "payouts",
        "dialog-cash",
        _dialog_of("to_send", "to_send_table", "5,000.00", "pay_by_hand"),
        "cash_dialog",
    ),
    (
        "grace",
        "payouts",
        "dialog-came-back-confirmed",
        _dialog_of("done", "done_table", "6,300", "returned"),
        "returned_dialog",
    ),
    ("grace", "loans", "dialog-rest-not-wanted", _rest, "rest_dialog"),
    ("grace", "today", "dialog-close-day", _close_day, "close_day_dialog"),
    ("grace", "today", "dialog-reopen-day", _reopen_day, "reopen_day_dialog"),
    ("grace", "today", "closed-days", _closed_days, "closed_days_dialog"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Draw everything and say where it is."""
    parser = argparse.ArgumentParser(prog="screens", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("out") / "screens")
    folder: Path = parser.parse_args(argv).folder
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "dialogs").mkdir(parents=True)
    app = QApplication(["screens", "-platform", "offscreen"])
    with practice_office(folder / "office", system_clock) as practice:
        settings = Settings(practice.data_dir / "office", "PRACTICE-PC", "file", PASSPHRASE)
        with front_office(app, practice.opened, settings, system_clock) as front:
            hands, clock = Hands(app, folder), MovedClock(system_clock)
            gallery = Gallery(Visit(practice, front, hands, Sources(practice), folder, clock))
            gallery.first_day()
            every_state(practice)
            begin_import(practice)
            gallery.pages()
            gallery.dialogs()
            queue_stopped(practice)
            gallery.stopped()
    shutil.rmtree(folder / "office")
    print(f"{gallery.count} pictures in {folder}")
    return 0


class Gallery:
    """Draws pages in every look, and each dialog once as it opens on the usual screen and once in large letters."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._window, self._theme = visit.front.window, visit.front.theme
        self._person = ""
        self.count = 0

    def first_day(self) -> None:
        """An office in which nothing has happened yet."""
        self._shoot(self._window, "sign-in")
        for page in ("today", "loans", "payouts"):
            self._view("grace", page, f"{page}-first-day", None)

    def pages(self) -> None:
        """What VIEWS names."""
        for person, page, name, prepare in VIEWS:
            self._view(person, page, name, prepare)

    def dialogs(self) -> None:
        """Those of payments by hand over their page, then whatever any button opens for anybody."""
        self.count += _draw_dialogs(self._window, self._visit)
        walk = Walk(self._visit.front, self._visit.hands, self._look_at)
        for person in ("grace", "peter", "daniel", "ruth"):
            self._person = person
            walk.sign_in(person)
            walk.everywhere()

    def stopped(self) -> None:
        """Safaricom has refused our user, so nothing is sent."""
        self._view("grace", "today", "today-queue-stopped", None)
        self._view("grace", "payouts", "payouts-queue-stopped", _tab("to_send"))

    def _view(
        self, person: str, page: str, name: str, prepare: Callable[[Visit], None] | None
    ) -> None:
        self._dress(LOOKS[0])
        self._visit.sign_in(person)
        self._visit.open_page(page)
        self._rest()
        if prepare is not None:
            prepare(self._visit)
        for look in LOOKS:
            self._dress(look)
            self._shoot(QApplication.activeModalWidget() or self._window, f"{name}-{look[0]}")
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()
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
        let_work(60)
        is_busy = self._window.status.is_busy
        self._visit.hands.wait_for("the readings to end", lambda: not is_busy())
        let_work(60)

    def _shoot(self, shown: QWidget, name: str) -> None:
        shown.grab().save(str(self._visit.papers / f"{name}.png"))
        self.count += 1


def _draw_dialogs(window: MainWindow, visit: Visit) -> int:
    """Each dialog over its page, at the usual size of text and at a large one."""
    hands, theme = visit.hands, visit.front.theme
    theme.use_scheme(Scheme.LIGHT)
    window.resize(USUAL)
    for person, page, name, prepare, dialog in DIALOGS:
        visit.sign_in(person)
        visit.open_page(page)
        for look, percent in (("light", 100), ("large-text", 150)):
            theme.set_text_percent(percent)
            let_work(60)
            prepare(visit)
            hands.find(dialog)
            let_work(60)
            hands.picture(f"{name}-{look}", window)
            hands.press(dialog, Qt.Key.Key_Escape)
            hands.gone(dialog)
    return 2 * len(DIALOGS)


if __name__ == "__main__":
    sys.exit(main())
