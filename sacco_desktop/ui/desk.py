"""What the composition root gives every page: lanes, office, look, and ways to tell the person something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject

from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its PDF, the title of its preview and the name of its file."""

    pdf: bytes
    title: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of the person who is signed in.

    `toast` says something that was done. `show_paper` opens the preview in the window. `open_page` goes to another page
    by its key, or to a place on it (`payouts/in_flight`). Errors without a better place go to `messages.show`.
    `sending` outlives a change of person, so that the window can ask before it closes; without one the Payouts page
    has its own.
    """

    background: Background
    office: Office
    theme: Theme
    messages: Messages
    now: Callable[[], datetime]
    toast: Callable[[str], None]
    show_paper: Callable[[Paper], None]
    open_page: Callable[[str], None]
    sending: Sending | None = None

    @property
    def actor(self) -> Actor:
        """Who is signed in now."""
        actor: Actor = self.background.actor
        return actor

    def show(self, error: BaseException, owner: QObject | None) -> None:
        """Show an error in the way that its kind asks for."""
        self.messages.show(error, owner)
