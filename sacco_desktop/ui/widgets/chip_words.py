"""The words for states, as data: sign, word in English and Swahili, colour. The signs differ, so
that grey print suffices.

The Swahili was written by us and no Kenyan reader has signed it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sacco_desktop.ui.theme.tokens import ChipColour


class Language(StrEnum):
    """The language of the window."""

    ENGLISH = "en"
    SWAHILI = "sw"


@dataclass(frozen=True, slots=True)
class Chip:
    """One state. `sign` stands for it in plain text and on paper, `icon` on the screen.

    `is_outline` marks what is told but not yet proven.
    """

    key: str
    sign: str
    icon: str
    english: str
    swahili: str
    colour: ChipColour
    is_outline: bool = False

    def word(self, language: Language = Language.ENGLISH) -> str:
        """The word a person reads."""
        return self.swahili if language is Language.SWAHILI else self.english

    def __str__(self) -> str:
        return f"{self.sign} {self.english}"


_GREEN, _BLUE, _AMBER, _RED, _GREY, _VIOLET = ChipColour

NOT_SENT = Chip("not_sent", "○", "circle", "Not sent", "Haijatumwa", _GREY)
NEEDS_APPROVAL = Chip(
    "needs_approval", "◐", "contrast", "Needs approval", "Inasubiri idhini", _VIOLET
)
READY = Chip("ready", "▷", "play", "Ready", "Tayari", _GREY, is_outline=True)
WAITING = Chip("waiting", "◷", "clock", "Waiting", "Inasubiri M-Pesa", _BLUE)
NOT_SURE = Chip("not_sure", "?", "circle-help", "Not sure yet", "Bado hatujui", _AMBER)
PAID_CHECKING = Chip(
    "paid_checking", "✓", "check", "Paid, checking", "Imelipwa, inakaguliwa", _GREEN, True
)
PAID = Chip("paid", "✓", "check", "Paid", "Imelipwa", _GREEN)
FAILED_CHECKING = Chip(
    "failed_checking", "✕", "x", "Failed, checking", "Imeshindikana, inakaguliwa", _RED, True
)
FAILED = Chip("failed", "✕", "x", "Failed", "Imeshindikana", _RED)
ON_HOLD = Chip("on_hold", "‖", "pause", "On hold", "Imezuiwa", _GREY)
SENT_BACK = Chip("sent_back", "↩", "corner-up-left", "Sent back", "Imerudishwa", _GREY)

ON_TIME = Chip("on_time", "✓", "check", "On time", "Kwa wakati", _GREEN)
LATE_1_30 = Chip("late_1_30", "!", "circle-alert", "1–30 days late", "Siku 1–30", _AMBER)
LATE_31_90 = Chip("late_31_90", "!!", "circle-alert", "31–90 days late", "Siku 31–90", _AMBER)
LATE_91_180 = Chip("late_91_180", "!!!", "alert-triangle", "91–180 days late", "Siku 91–180", _RED)
LATE_OVER_180 = Chip(
    "late_over_180", "!!!!", "alert-triangle", "Over 180 days late", "Zaidi ya siku 180", _RED
)
CLOSED = Chip("closed", "■", "archive", "Closed", "Umefungwa", _GREY)
WRITTEN_OFF = Chip("written_off", "—", "minus", "Written off", "Umefutwa", _GREY, is_outline=True)

MATCHED = Chip("matched", "✓", "check", "Matched", "Imelinganishwa", _GREEN)
GUESS = Chip("guess", "◌", "circle-dashed", "Guess", "Dhana", _BLUE)
NO_OWNER = Chip("no_owner", "?", "circle-help", "No owner", "Haina mwenyewe", _AMBER)
NOT_OURS = Chip("not_ours", "✕", "x", "Not ours", "Si yetu", _GREY)

PAYOUT_CHIPS = (
    NOT_SENT,
    NEEDS_APPROVAL,
    READY,
    WAITING,
    NOT_SURE,
    PAID_CHECKING,
    PAID,
    FAILED_CHECKING,
    FAILED,
    ON_HOLD,
    SENT_BACK,
)
LOAN_CHIPS = (ON_TIME, LATE_1_30, LATE_31_90, LATE_91_180, LATE_OVER_180, CLOSED, WRITTEN_OFF)
MONEY_IN_CHIPS = (MATCHED, GUESS, NO_OWNER, NOT_OURS)
ALL_CHIPS = PAYOUT_CHIPS + LOAN_CHIPS + MONEY_IN_CHIPS
