"""Connects the window to the office: who signs in, which pages there are, what waits for whom, and the news
from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from sacco_desktop.domain.dates import format_time
from sacco_desktop.operations.listen import listen
from sacco_desktop.operations.open_office import OpenedOffice
from sacco_desktop.operations.sync_relays import SyncOutcome
from sacco_desktop.services.books.elsewhere import Elsewhere
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import Credentials, SignIn
from sacco_desktop.services.window import front_desk
from sacco_desktop.settings import Settings, resources_dir
from sacco_desktop.ui.as_left import AsLeft
from sacco_desktop.ui.back_up import ask_and_back_up
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.banner import BannerNotice
from sacco_desktop.ui.check_setup_dialog import CheckSetupDialog
from sacco_desktop.ui.clock import Clock
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.export_books import ask_and_export
from sacco_desktop.ui.find_dialog import FindDialog, choice_of
from sacco_desktop.ui.habits import Habits
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.main_window import Office as WindowFacts
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.my_password_dialog import MyPasswordDialog
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.page_list import page_entries
from sacco_desktop.ui.paper_view import PaperView
from sacco_desktop.ui.practice_mpesa import show_practice_mpesa
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.what_waits import WhatWaits
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.world import LinkKind, LinkState, World

_WORLDS = {
    "practice": World.PRACTICE,
    "sandbox": World.SANDBOX,
    "production": World.LIVE,
}
_RECOVERED_RANK = 20


class FrontOffice(QObject):
    """The window of an open office, connected. `open` shows it; `close` stops the clock and lets the lanes go."""

    news_came = Signal(object)

    def __init__(
        self,
        app: QApplication,
        opened: OpenedOffice,
        settings: Settings,
        now: Callable[[], datetime],
        *,
        hint: str = "",
        theme: Theme | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("front_office")
        self._settings = settings
        self._under_way = opened.recovery.under_way
        self._held = opened.held
        self._office = opened.office
        self._now = now
        books = self._office.books
        facts = books.read(front_desk.window_facts, None, actor=CLOCK)
        self.theme = theme or Theme(app, resources_dir())
        self.messages = Messages(settings.log_path)
        self.background = Background(self._office.lanes, books, self.messages.show)
        books.on_changed = self.background.announce
        books.on_elsewhere = self.background.for_gui(self._hear_elsewhere, self)
        # One for all persons: a list goes on being sent when the one who began it has left the window.
        self.sending = Sending(self.background, self._office)
        self.window = MainWindow(
            app,
            self.theme,
            self.messages,
            WindowFacts(
                society=facts.society,
                world=_WORLDS[facts.environment],
                now=now,
                lock_minutes=facts.lock_minutes,
                hint=hint,
                question_before_closing=self.sending.question_before_closing,
                commands=self._commands(facts.environment),
            ),
        )
        self.clock = Clock(self.background, self._office)
        self._what_waits = WhatWaits(self.background, self.window, self.messages)
        self._as_left = AsLeft(self.window, self.theme, Habits(settings.habits_path))
        self._connect()

    def open(self) -> None:
        """Show the window, start the clock and listen to the relays."""
        self.window.show()
        self.clock.start()
        self.background.keep_running(lambda: listen(self._office, self.news_came.emit), owner=self)

    def close(self) -> None:
        """Stop the clock and take the window away; the office itself is closed by whoever opened it."""
        self.clock.stop()
        self._office.books.on_elsewhere = lambda _news: None
        self.window.idle_watch.stop()
        self._as_left.keep_window()
        self.window.close()

    def _connect(self) -> None:
        self.window.pages.opened.connect(
            lambda _entry: self._as_left.remember_page(self.background.actor)
        )
        self.window.sign_in_asked.connect(self._sign_in)
        self.window.unlock_asked.connect(self._unlock)
        self.window.person_left.connect(self._forget_person)
        self.background.changed.connect(self.window.pages.hear_of_change)
        self.background.changed.connect(self._what_waits.hear_of_change)
        self.background.busy_changed.connect(self.window.status.say_busy)
        self.background.progress_told.connect(self.window.status.say_progress)
        # The listener speaks on its own thread; queued, its words arrive on this one.
        self.news_came.connect(self._hear_of_relays, Qt.ConnectionType.QueuedConnection)

    def _sign_in(self, username: str, password: str) -> None:
        self.background.actor = CLOCK
        self.background.write(
            users.sign_in,
            Credentials(username, password),
            owner=self,
            done=self._answer_sign_in,
        )

    def _answer_sign_in(self, outcome: SignIn) -> None:
        if outcome.actor is None:
            self.window.refuse_sign_in(_refusal(outcome))
            return
        self.background.actor = outcome.actor
        self._held.name_person(outcome.actor.full_name)
        roles = ", ".join(sorted(role.value.capitalize() for role in outcome.actor.roles))
        self.window.welcome(outcome.actor.full_name, roles, self._entries())
        self._what_waits.count()
        self._tell_of_crash()

    def _entries(self) -> Sequence[PageEntry]:
        return page_entries(self._desk(), self._settings)

    def _desk(self) -> Desk:
        """The desk of whoever is signed in."""
        return Desk(
            background=self.background,
            office=self._office,
            theme=self.theme,
            messages=self.messages,
            now=self._now,
            toast=self.window.toast,
            show_paper=self._show_paper,
            open_page=self.window.open_page,
            sending=self.sending,
        )

    def _commands(self, environment: str) -> dict[str, Callable[[], None]]:
        commands = {
            "my_password": self._my_password,
            "check_setup": self._check_setup,
            "find": self._find,
            "export_books": lambda: ask_and_export(self._desk(), self.window),
        }
        if self._settings.database_url is None:
            # Books on a server are copied by its administrator.
            commands["back_up"] = lambda: ask_and_back_up(self._desk(), self.window)
        if environment == "practice":
            commands["practice_mpesa"] = self._practice_mpesa
        return commands

    def _practice_mpesa(self) -> None:
        show_practice_mpesa(self.background, self, self.window.toast)

    def _my_password(self) -> None:
        MyPasswordDialog(self._desk(), self.window).open()

    def _find(self) -> None:
        choices = [choice_of(kind, action) for kind, action in self.window.menus.offered()]
        FindDialog(self._desk(), self.window, choices).open()

    def _check_setup(self) -> None:
        CheckSetupDialog(self._desk(), self._settings, self.window).open()

    def _show_paper(self, paper: Paper) -> None:
        PaperView(self.window, self.theme, self.background, paper).open()

    def _unlock(self, password: str) -> None:
        self.background.write(users.prove_again, password, owner=self, done=self._answer_unlock)

    def _answer_unlock(self, outcome: SignIn) -> None:
        if outcome.actor is None:
            self.window.refuse_unlock(_refusal(outcome))
            return
        self.background.actor = outcome.actor
        self.window.unlock()

    def _forget_person(self) -> None:
        self.background.actor = None
        self._held.name_person("")

    def _hear_elsewhere(self, news: Elsewhere) -> None:
        """Say in the panel what somebody at another PC has just done to what is shown there."""
        page = self.window.pages.page
        if page is not None and isinstance(page.widget, ListPage):
            page.widget.hear_elsewhere(news.words_about)

    def _tell_of_crash(self) -> None:
        """Say once, after a start that found payments under way, what became of them."""
        count, self._under_way = self._under_way, 0
        if not count:
            return
        one = "1 payment was" if count == 1 else f"{count} payments were"
        words = (
            f"The computer stopped while {one} under way. We ask M-Pesa. Nothing was sent twice."
        )
        notice = BannerNotice(_RECOVERED_RANK, words)
        self.window.banner.set("recovered", notice)

    def _hear_of_relays(self, outcome: SyncOutcome) -> None:
        at = format_time(self._now())
        if outcome.trouble:
            state = LinkState(LinkKind.RELAY_AWAY, f"Relay not reached {at}")
        else:
            state = LinkState(LinkKind.ONLINE, f"Online {at}")
            self.window.banner.clear("outside:relay")
        self.window.top_bar.say_link(state)


def _refusal(outcome: SignIn) -> str:
    if outcome.locked_until is None:
        return outcome.words
    return f"{outcome.words} It opens again at {format_time(outcome.locked_until)}."
