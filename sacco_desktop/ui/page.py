"""What a page is to the window: a widget, the commands it answers, its panes and when it must read
again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget


def _nothing() -> None:
    pass


def _nowhere(_place: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Page:
    """Made once by its factory, when it is first opened.

    `commands` maps keys of `ui/commands.py` to what the page does. `panes` are the stops of F6
    after the rail, in reading order. `first_focus` gets the focus when the page opens. `reload` is
    called when the page is opened the first time and whenever one of `topics` changed: at once if
    it is shown, else when it is shown next. `go_to` opens a place on the page, such as a tab, a saved
    filter or the number of a row; it may be called before anything was read.
    """

    widget: QWidget
    first_focus: QWidget
    commands: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    panes: Sequence[QWidget] = ()
    topics: frozenset[Any] = frozenset()
    reload: Callable[[], None] = _nothing
    go_to: Callable[[str], None] = _nowhere


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the rail. The composition root gives the window a list of those that this person
    may use.

    `badge` says what its number counts, for the tool tip and the screen reader: "wait for your
    decision"; empty means that the page never has one. A page that is opened from another one stands
    `under` its key: it is not in the rail, and in the menu only where it has a key of its own.
    """

    key: str
    title: str
    icon: str
    shortcut: str
    factory: Callable[[], Page]
    badge: str = ""
    under: str = ""
