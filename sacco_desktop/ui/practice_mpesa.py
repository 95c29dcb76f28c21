"""In a practice office, M-Pesa's side of it: the page of the simulated Safaricom, in the browser of this PC."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.ui.background import Background


def show_practice_mpesa(background: Background, owner: QObject, say: Callable[[str], None]) -> None:
    """Open the page that belongs to the connection of these books, or say where it is."""

    def open_page(facts: ConnectionFacts) -> None:
        page = QUrl(facts.address)
        page.setPath("/")
        if page.scheme() not in ("http", "https") or not QDesktopServices.openUrl(page):
            say(f"No browser opened. The simulated M-Pesa is at {page.toString()}")

    background.read(mpesa_connections.current, None, owner=owner, done=open_page)
