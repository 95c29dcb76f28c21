"""The colours of the office, light and dark. Data only; their contrast is computed in a test.

Colour is spent on states and on one action; everything else is paper, ink and hairlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """Which set of colours is used."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class ChipColour(StrEnum):
    """The six colours of states. A sign and a word always say the same, so that grey print
    suffices."""

    GREEN = "green"
    BLUE = "blue"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Ink:
    """Text and the ground it stands on, as `#RRGGBB`."""

    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour that may appear in the window, as `#RRGGBB`."""

    app: str
    surface: str
    alternate: str
    rail: str
    rail_selected: str
    text: str
    secondary: str
    selection: str
    disabled: str
    hairline: str
    action: str
    on_action: str
    link: str
    focus: str
    negative: str
    practice: Ink
    chips: Mapping[ChipColour, Ink]
    late_ramp: tuple[str, str, str, str, str]
    chart_line: str
    chart_second: str


LIGHT = Tokens(
    app="#F4F5F7",
    surface="#FFFFFF",
    alternate="#F8F9FB",
    rail="#E9EDF2",
    rail_selected="#FFFFFF",
    text="#1B232C",
    secondary="#4A5563",
    selection="#D6E6F7",
    disabled="#76818E",
    hairline="#C9D0D9",
    action="#14558F",
    on_action="#FFFFFF",
    link="#14558F",
    focus="#0B5FD0",
    negative="#A11B1B",
    practice=Ink("#FFFFFF", "#8A4B00"),
    chips={
        ChipColour.GREEN: Ink("#0F5132", "#DDF3E4"),
        ChipColour.BLUE: Ink("#0B4A7A", "#DCEBFA"),
        ChipColour.AMBER: Ink("#6B4200", "#FFEFC7"),
        ChipColour.RED: Ink("#8A1C1C", "#FBE1E1"),
        ChipColour.GREY: Ink("#3B4652", "#E6EAEF"),
        ChipColour.VIOLET: Ink("#4B2A84", "#ECE3FA"),
    },
    late_ramp=("#3E8E5A", "#B87A00", "#C2571A", "#A3201D", "#5E1512"),
    chart_line="#14558F",
    chart_second="#5B6673",
)

DARK = Tokens(
    app="#14181D",
    surface="#1C2229",
    alternate="#20272F",
    rail="#171C22",
    rail_selected="#28323D",
    text="#E7ECF2",
    secondary="#AEBAC7",
    selection="#274763",
    disabled="#7F8C9A",
    hairline="#3A4552",
    action="#4C9BE0",
    on_action="#0B1016",
    link="#8CC4FF",
    focus="#8CC4FF",
    negative="#FF9C96",
    practice=Ink("#1B1200", "#F2B24C"),
    chips={
        ChipColour.GREEN: Ink("#A6E8BD", "#163A26"),
        ChipColour.BLUE: Ink("#B3D8FB", "#143450"),
        ChipColour.AMBER: Ink("#FFDD8F", "#46340B"),
        ChipColour.RED: Ink("#FFB9B4", "#4F1B1B"),
        ChipColour.GREY: Ink("#D3DBE4", "#323C47"),
        ChipColour.VIOLET: Ink("#D9C6FF", "#3A2960"),
    },
    late_ramp=("#6CC58B", "#F2C14E", "#F0935A", "#FF8A84", "#FFC2BE"),
    chart_line="#6FB3F2",
    chart_second="#A9B5C2",
)
