"""The way from a click on the icon to the sign-in: one program at a time, what opens the books, the set-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.operations.open_office import OpenedOffice, books_key, recovery_words
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.office import society
from sacco_desktop.settings import Settings
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.start.opening import settings_that_open
from sacco_desktop.ui.start.set_up import SetUpRoom, SetUpWindow
from sacco_desktop.ui.start.start_dialog import run_dialog
from sacco_desktop.ui.start.trouble import tell_trouble
from sacco_desktop.ui.theme.theme import Theme


class Start:
    """Asks and tells before there is a window. Each method waits until the person has answered."""

    def __init__(
        self, theme: Theme, messages: Messages, settings: Settings, now: Callable[[], datetime]
    ) -> None:
        self._theme = theme
        self._messages = messages
        self._settings = settings
        # With the passphrase that a person has typed, once it is known.
        self._opening = settings
        self._now = now

    def settings_that_open(self) -> Settings | None:
        """The settings with what opens the books; None when the person would rather not. Raises BooksInUse."""
        # Nobody should type a passphrase only to learn that the books are open already; opening asks again.
        with hold_books(self._settings, self._now, "the start"):
            pass
        found = settings_that_open(self._theme, self._settings, self._now)
        self._opening = found or self._settings
        return found

    def set_up(self, opened: OpenedOffice, settings: Settings) -> bool:
        """Set up empty books; False when the person would rather finish later. Books that have begun need nothing."""
        office = opened.office
        if not office.books.read(society.is_empty, None, actor=CLOCK):
            return True
        background = Background(office.lanes, office.books, self._messages.show)
        background.actor = CLOCK
        words = recovery_words(books_key(settings, office.secrets))
        room = SetUpRoom(self._theme, self._messages, background, settings, words, self._now)
        return run_dialog(SetUpWindow(room))

    def tell(self, error: BaseException) -> bool:
        """Say why the books stay shut; whether to try again."""
        return tell_trouble(self._theme, self._opening, error, self._now)
