"""What a details panel says about one row, as data made by a page from the row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip


@dataclass(frozen=True, slots=True)
class Note:
    """What is special about the row, in a tinted box."""

    text: str
    colour: ChipColour = ChipColour.AMBER
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timeline; `is_done` False means that it is still to come."""

    when: str
    text: str
    is_done: bool = True


@dataclass(frozen=True, slots=True)
class PanelAction:
    """A button of the panel. Without `act` it is locked, and `why_locked` says why and until
    when."""

    key: str
    text: str
    act: Callable[[], None] | None
    why_locked: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """Who, how much, in what state, what is special, the facts, what happened, and the one main
    action. With `are_actions_together` the other actions stand at the main one: a yes and its no.

    `picture` is a photo as its file holds it, empty for none.

    `explains` are the facts that can be asked about, each with the name of its fact as its text.
    """

    title: str
    subtitle: str = ""
    amount_cents: int | None = None
    chip: Chip | None = None
    note: Note | None = None
    more_notes: tuple[Note, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    timeline: tuple[Step, ...] = ()
    action: PanelAction | None = None
    other_actions: tuple[PanelAction, ...] = ()
    are_actions_together: bool = False
    explains: tuple[PanelAction, ...] = ()
    picture: bytes = b""
