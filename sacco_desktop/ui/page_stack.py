"""Opens pages when they are first wanted, and reads them again only when they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from sacco_desktop.ui.one_reading import Pace
from sacco_desktop.ui.page import Page, PageEntry


class PageStack(QStackedWidget):
    """`opened` brings the PageEntry of the page that is now shown."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pages")
        self._entries: dict[str, PageEntry] = {}
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._way: list[str] = []
        self._pace = Pace(self, self._read_if_stale)

    def set_pages(self, entries: Sequence[PageEntry]) -> None:
        """Another person, other pages: those of the person before are closed."""
        for page in self._pages.values():
            self.removeWidget(page.widget)
            page.widget.deleteLater()
        self._entries = {entry.key: entry for entry in entries}
        self._pages, self._stale, self._way = {}, set(), []

    @property
    def entries(self) -> Sequence[PageEntry]:
        """All pages of this person."""
        return tuple(self._entries.values())

    @property
    def entry(self) -> PageEntry | None:
        """The page that is open, if any."""
        return self._entries.get(self._way[-1]) if self._way else None

    @property
    def page(self) -> Page | None:
        """Its widget and commands."""
        return self._pages.get(self._way[-1]) if self._way else None

    def made(self, key: str) -> Page | None:
        """A page that was opened already."""
        return self._pages.get(key)

    def open(self, address: str) -> None:
        """Show a page, or a place on it such as `payouts/in_flight`; the first time it is made, and read."""
        key, _slash, place = address.partition("/")
        if key not in self._entries:
            return
        if key not in self._pages:
            page = self._entries[key].factory()
            self._pages[key] = page
            self._stale.add(key)
            self.addWidget(page.widget)
        if not self._way or self._way[-1] != key:
            self._way.append(key)
        self._show()
        if place:
            self._pages[key].go_to(place)

    def back(self) -> None:
        """To the page before, which is as it was left."""
        if len(self._way) > 1:
            self._way.pop()
            self._show()

    @Slot(object)
    def hear_of_change(self, topics: frozenset[Any]) -> None:
        """A page that is seen reads again now, the others when they are shown."""
        for key, page in self._pages.items():
            if page.topics & topics:
                self._stale.add(key)
        if self._way and self._way[-1] in self._stale:
            self._pace.ask()

    def _show(self) -> None:
        page, entry = self.page, self.entry
        if page is None or entry is None:
            return
        self.setCurrentWidget(page.widget)
        self._read_if_stale()
        self.opened.emit(entry)
        page.first_focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_if_stale(self) -> None:
        page = self.page
        if page is not None and self._way[-1] in self._stale:
            self._stale.discard(self._way[-1])
            page.reload()
