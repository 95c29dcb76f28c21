"""Lets the window and its lists be found again as they were left: sizes by PC, columns and filters by person."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.habits import Habits
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import Scheme
from sacco_desktop.ui.widgets.list_memory import ListMemory
from sacco_desktop.ui.widgets.list_page import ListPage

# Under this name stands what belongs to no person, because nobody is signed in when it is needed.
_OF_THE_PC = "pc"


class AsLeft(QObject):
    """Sets the window as it was left; lists follow when their page is opened."""

    def __init__(self, window: MainWindow, theme: Theme, habits: Habits) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._habits = habits
        habits.setParent(self)
        self._known: list[Page] = []
        left = habits.of(_OF_THE_PC, "window")
        size = left.get("size")
        if isinstance(size, list) and len(size) == 2 and all(isinstance(n, int) for n in size):
            window.resize(*size)
        if left.get("scheme") in set(Scheme):
            theme.use_scheme(Scheme(left["scheme"]))
        if isinstance(left.get("text"), int):
            theme.set_text_percent(left["text"])

    def remember_page(self, actor: Actor | None) -> None:
        """Every list of the page that has just opened is found as this person left it, and remembered from now on."""
        page = self._window.pages.page
        if page is None or actor is None or any(page is each for each in self._known):
            return
        # Only pages of who is in now can be opened; those of somebody before are gone.
        alive = [self._window.pages.made(entry.key) for entry in self._window.pages.entries]
        self._known = [each for each in self._known if any(each is one for one in alive)] + [page]
        lists = page.widget.findChildren(ListPage)
        if isinstance(page.widget, ListPage):
            lists.append(page.widget)
        for shown in lists:
            self._remember(shown, str(actor.user_id))

    def keep_window(self) -> None:
        """How the window is left, and whatever waits to be written."""
        size = [self._window.width(), self._window.height()]
        how = {"size": size, "scheme": self._theme.scheme, "text": self._theme.text_percent}
        self._habits.keep(_OF_THE_PC, "window", how)
        self._habits.write()

    def _remember(self, shown: ListPage, person: str) -> None:
        name = shown.objectName()
        kept = self._habits.of(person, name)
        ListMemory(shown, kept, lambda habit: self._habits.keep(person, name, habit))
