"""What waits for whoever is signed in, and what is on its way: on the rail, in the status bar and over the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.window import front_desk
from sacco_desktop.services.window.front_desk import Waiting
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.banner import BannerNotice
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.one_reading import OneReading

# What changes which requests wait, or who can decide on them.
_DECIDED_BY = frozenset({Topic.APPROVALS, Topic.USERS, Topic.SETTINGS, Topic.MEMBERS})
_STOPPED_RANK = 10


class WhatWaits(QObject):
    """Counts anew when the books change, a few times a second at most."""

    def __init__(self, background: Background, window: MainWindow, messages: Messages) -> None:
        super().__init__(window)
        self._background, self._window, self._messages = background, window, messages
        self._counting = OneReading(self, self._start)
        self._counting_requests = OneReading(self, self._start_requests)

    def hear_of_change(self, topics: frozenset[Topic]) -> None:
        """The books have changed."""
        self._counting.ask()
        if topics & _DECIDED_BY:
            self._counting_requests.ask()

    def count(self) -> None:
        """Another person is at the window."""
        self._counting.ask()
        self._counting_requests.ask()

    def _start(self) -> None:
        if self._background.actor is None:
            self._counting.ended()
            return
        failed = self._not_counted(self._counting)
        self._background.read(front_desk.waiting, None, owner=self, done=self._show, failed=failed)

    def _start_requests(self) -> None:
        if self._background.actor is None:
            self._counting_requests.ended()
            return
        failed = self._not_counted(self._counting_requests)
        self._background.read(
            front_desk.to_decide, None, owner=self, done=self._show_requests, failed=failed
        )

    def _not_counted(self, counting: OneReading) -> Callable[[BaseException], None]:
        def tell(error: BaseException) -> None:
            counting.ended()
            self._messages.show(error, None)

        return tell

    def _show_requests(self, count: int) -> None:
        self._window.rail.set_badge("approvals", count)
        self._counting_requests.ended()

    def _show(self, waiting: Waiting) -> None:
        rail, banner = self._window.rail, self._window.banner
        urgent = waiting.unsure_long > 0 or bool(waiting.stop)
        rail.set_badge("payouts", waiting.payouts, is_urgent=urgent)
        rail.set_badge("loans", waiting.loans)
        words = ""
        if waiting.open_count:
            words = f"{waiting.open_count} in flight {format_kes(waiting.open_cents)}"
        self._window.status.say_in_flight(words)
        if waiting.stop:
            words = f"Sending stands still. {waiting.stop}"
            banner.set("stopped", BannerNotice(_STOPPED_RANK, words, told_on="payouts"))
        else:
            banner.clear("stopped")
        if not waiting.open_count:
            banner.clear("recovered")
        self._counting.ended()
