"""The window of the office: rail, top bar, page, status bar. It knows no service; the composition root connects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.ui.banner import Banner, BannerNotice
from sacco_desktop.ui.commands import COMMANDS, Context
from sacco_desktop.ui.idle_watch import IdleWatch
from sacco_desktop.ui.key_card import KeyCard
from sacco_desktop.ui.lock_screen import OfficeLock
from sacco_desktop.ui.menus import Menus
from sacco_desktop.ui.messages import Messages, Question
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.page_stack import PageStack
from sacco_desktop.ui.rail import Rail
from sacco_desktop.ui.sign_in import SignIn
from sacco_desktop.ui.status_bar import StatusBar
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from sacco_desktop.ui.top_bar import TopBar
from sacco_desktop.ui.widgets.toast import Toasts
from sacco_desktop.ui.world import World

PROGRAM = "Sacco Desktop"
_FOLDS_BELOW, _FOLDS_ABOVE_PERCENT = 1200, 135
_OUTAGE_RANK = 50

Commands = Mapping[str, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Office:
    """What the window says about the office it belongs to.

    `commands` are what only the composition root can answer: find, notices, my_password, check_setup, about.
    `question_before_closing` gives a question while something is being sent, else None.
    """

    society: str
    world: World
    now: Callable[[], datetime]
    lock_minutes: float = 5
    hint: str = ""
    commands: Commands = field(default_factory=dict)
    question_before_closing: Callable[[], Question | None] = lambda: None


class MainWindow(QMainWindow):
    """Who is in, which page is open, and the commands of the window.

    The composition root connects `sign_in_asked`, `unlock_asked` and `person_left`, and calls `welcome`,
    `refuse_sign_in`, `unlock` and `refuse_unlock`.
    """

    sign_in_asked = Signal(str, str)
    unlock_asked = Signal(str)
    person_left = Signal()

    def __init__(self, app: QApplication, theme: Theme, messages: Messages, office: Office) -> None:
        super().__init__()
        self._theme = theme
        self._messages = messages
        self._office = office
        self._person = ""
        self._is_rail_folded_by_hand = False
        self._may_close = False
        self.setObjectName("main_window")
        self.setWindowTitle(PROGRAM)
        self.setWindowIcon(theme.program_icon())
        self.setMinimumSize(QSize(960, 500))
        self.resize(1366, 697)
        self.rail = Rail(theme)
        self.top_bar = TopBar(theme, office.world)
        self.banner = Banner(theme)
        self.pages = PageStack()
        self.status = StatusBar(theme)
        self.sign_in = SignIn(theme, office.society, office.world, office.hint)
        self.menus = Menus(self, self._answer)
        self.toasts = Toasts(theme, self, self.status.height)
        self.office_lock = OfficeLock(app, self, theme)
        self.idle_watch = IdleWatch(app, office.lock_minutes, self)
        self._own = self._own_commands()
        self._lay_out()
        self._connect()
        self._show_sign_in()

    def welcome(self, full_name: str, roles: str, entries: Sequence[PageEntry]) -> None:
        """Show the office to a person, with the pages this person may use; the first of them opens."""
        self._person = full_name
        self.office_lock.unlock()
        self.top_bar.say_person(full_name, roles)
        self.rail.set_pages(entries)
        self.menus.set_pages(entries)
        self.pages.set_pages(entries)
        self._root.setCurrentWidget(self._office_view)
        self.menus.bar.show()
        self.idle_watch.start()
        if entries:
            self.pages.open(entries[0].key)

    def refuse_sign_in(self, sentence: str) -> None:
        """The name or the password was not right."""
        self.sign_in.refuse(sentence)

    def lock(self) -> None:
        """Cover everything until this person's password is given; running work goes on."""
        if self._person:
            self.idle_watch.stop()
            self.office_lock.lock(self._person)

    def unlock(self) -> None:
        """The password was right."""
        self.office_lock.unlock()
        self.idle_watch.start()

    def refuse_unlock(self, sentence: str) -> None:
        """The password was not right."""
        self.office_lock.refuse(sentence)

    def open_page(self, address: str) -> None:
        """Go to a page, to a place on it (`payouts/in_flight`), or do what only a command of the window does."""
        if address in self._own:
            self._own[address]()
        else:
            self.pages.open(address)

    def toast(self, text: str, link: str = "", act: Callable[[], None] | None = None) -> None:
        """Short news; kept back while the office is locked, because it may hold a name or an amount."""
        if not self.office_lock.is_locked:
            self.toasts.say(text, link, act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rail()
        self.toasts.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        question = None if self._may_close else self._office.question_before_closing()
        if question is None:
            event.accept()
            return
        event.ignore()
        self._messages.ask(self, question, self._close_if)

    def _close_if(self, is_wanted: bool) -> None:
        if is_wanted:
            self._may_close = True
            self.close()

    def _answer(self, key: str) -> Callable[[], None] | None:
        """Who answers a command now: the page that is open comes before the window."""
        page = self.pages.page
        if page is not None and key in page.commands:
            return page.commands[key]
        return self._own.get(key)

    def _own_commands(self) -> dict[str, Callable[[], None]]:
        theme = self._theme
        return {
            **self._office.commands,
            "save": lambda: self.toast(_saved_words(self._office.now())),
            "lock": self.lock,
            "switch_person": self._leave,
            "quit": lambda: _close(self),
            "fold_rail": self._fold_by_hand,
            "next_pane": lambda: self._go_to_pane(1),
            "previous_pane": lambda: self._go_to_pane(-1),
            "text_larger": lambda: theme.set_text_percent(theme.text_percent + 10),
            "text_smaller": lambda: theme.set_text_percent(theme.text_percent - 10),
            "text_normal": lambda: theme.set_text_percent(100),
            "light": lambda: theme.use_scheme(Scheme.LIGHT),
            "dark": lambda: theme.use_scheme(Scheme.DARK),
            "as_system": lambda: theme.use_scheme(Scheme.SYSTEM),
            "back": self.pages.back,
            "keys": self._show_keys,
        }

    def _connect(self) -> None:
        self.rail.page_asked.connect(self.pages.open)
        self.menus.page_asked.connect(self.pages.open)
        self.pages.opened.connect(self._show_opened)
        self.pages.opened.connect(lambda entry: self.banner.be_on(entry.key))
        self.status.in_flight_asked.connect(lambda: self.open_page("payouts/in_flight"))
        self.top_bar.find_asked.connect(lambda: self.menus.actions["find"].trigger())
        self.top_bar.offer_find("find" in self._office.commands)
        self.top_bar.add_person_actions(
            [self.menus.actions[key] for key in ("lock", "switch_person", "my_password")]
        )
        text_sizes = self.top_bar.person_menu.addMenu("Text size")
        sizes = ("text_larger", "text_smaller", "text_normal")
        text_sizes.addActions([self.menus.actions[key] for key in sizes])
        self.sign_in.asked.connect(self.sign_in_asked)
        self.office_lock.unlock_asked.connect(self.unlock_asked)
        self.office_lock.switch_asked.connect(self._leave)
        self.idle_watch.idle.connect(self.lock)
        self._messages.use_window(self)
        self._messages.outside_unavailable.connect(self._show_outage)
        self._theme.changed.connect(self._fit_rail)
        self._theme.changed.connect(self.toasts.place)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_bar)
        right.addWidget(self.banner)
        right.addWidget(self.pages, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(right, 1)
        self._office_view = QWidget()
        column = QVBoxLayout(self._office_view)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self._root = QStackedWidget()
        self._root.addWidget(self.sign_in)
        self._root.addWidget(self._office_view)
        self.setCentralWidget(self._root)
        top = QWidget()
        over = QVBoxLayout(top)
        over.setContentsMargins(0, 0, 0, 0)
        over.setSpacing(0)
        if self._office.world is not World.LIVE:
            line = QFrame()
            line.setObjectName("practice_line")
            line.setFixedHeight(4)
            over.addWidget(line)
        over.addWidget(self.menus.bar)
        self.setMenuWidget(top)

    @Slot(object)
    def _show_opened(self, entry: PageEntry) -> None:
        self.rail.mark(entry.under or entry.key)
        self.top_bar.say_title(entry.title)
        self.setWindowTitle(f"{entry.title} – {self._office.society} – {PROGRAM}")
        page = self.pages.page
        answered = {**self._own, **(page.commands if page is not None else {})}
        self.menus.show_answered(answered, is_open=True)

    @Slot()
    def _leave(self) -> None:
        """Nobody is in; open dialogs close, and what was typed in pages is their own draft."""
        for dialog in self.findChildren(QDialog):
            if dialog.objectName() != "lock_screen":
                dialog.reject()
        self._person = ""
        self.toasts.clear()
        self.idle_watch.stop()
        self.office_lock.unlock()
        self.pages.set_pages(())
        self.rail.set_pages(())
        self.menus.set_pages(())
        self._show_sign_in()
        self.person_left.emit()

    def _show_sign_in(self) -> None:
        self.menus.show_answered(self._own, is_open=False)
        self.menus.bar.hide()
        self.setWindowTitle(f"{self._office.society} – {PROGRAM}")
        self._root.setCurrentWidget(self.sign_in)
        self.sign_in.start_over()

    def _show_keys(self) -> None:
        entry = self.pages.entry
        lines = [
            (command.title, command.keys[0])
            for command in COMMANDS
            if command.keys and (self._answer(command.key) or command.context is Context.FOCUS)
        ]
        lines += [(other.title, other.shortcut) for other in self.pages.entries if other.shortcut]
        KeyCard(self, entry.title if entry is not None else PROGRAM, lines).open()

    @Slot(object)
    def _show_outage(self, outage: OutsideUnavailable) -> None:
        again = f" We try again at {format_time(outage.retry_at)}." if outage.retry_at else ""
        notice = BannerNotice(_OUTAGE_RANK, f"{outage.message}{again}")
        self.banner.set(f"outside:{outage.service}", notice)

    def _fold_by_hand(self) -> None:
        self._is_rail_folded_by_hand = not self._is_rail_folded_by_hand
        self._fit_rail()

    @Slot()
    def _fit_rail(self) -> None:
        is_narrow = self.width() < _FOLDS_BELOW or self._theme.text_percent > _FOLDS_ABOVE_PERCENT
        self.rail.fold(is_narrow or self._is_rail_folded_by_hand)

    def _go_to_pane(self, step: int) -> None:
        page = self.pages.page
        if page is None:
            return
        panes = [self.rail.current_button(), *(pane for pane in page.panes if pane.isVisible())]
        focused = self.focusWidget()
        here = next((n for n, pane in enumerate(panes) if _holds(pane, focused)), 0)
        panes[(here + step) % len(panes)].setFocus(Qt.FocusReason.ShortcutFocusReason)


def _close(window: MainWindow) -> None:
    window.close()


def _saved_words(now: datetime) -> str:
    return f"All is saved already, {format_time(now)}."


def _holds(pane: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (pane is focused or pane.isAncestorOf(focused))
