"""In which world the program runs, and how things stand with the outside, as the top bar says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.ui.theme.tokens import ChipColour


class World(StrEnum):
    """Practice and sandbox move no real money, and no screenshot may be mistaken for the real office."""

    LIVE = "LIVE"
    PRACTICE = "PRACTICE"
    SANDBOX = "SANDBOX"


class LinkKind(StrEnum):
    """What works at the moment."""

    ONLINE = "online"
    SLOW = "slow"
    RELAY_AWAY = "relay_away"
    NO_INTERNET = "no_internet"
    RELAY_DIFFERS = "relay_differs"
    SERVER_LOST = "server_lost"


@dataclass(frozen=True, slots=True)
class LinkLook:
    """Sign and colour of a state of the link."""

    icon: str
    colour: ChipColour


LINK_LOOKS = {
    LinkKind.ONLINE: LinkLook("circle-check", ChipColour.GREEN),
    LinkKind.SLOW: LinkLook("clock", ChipColour.AMBER),
    LinkKind.RELAY_AWAY: LinkLook("cloud-off", ChipColour.AMBER),
    LinkKind.NO_INTERNET: LinkLook("wifi-off", ChipColour.GREY),
    LinkKind.RELAY_DIFFERS: LinkLook("alert-triangle", ChipColour.RED),
    LinkKind.SERVER_LOST: LinkLook("database", ChipColour.RED),
}


@dataclass(frozen=True, slots=True)
class LinkState:
    """`words` as a person reads them: "Online 14:02", "No internet since 13:20"."""

    kind: LinkKind
    words: str
