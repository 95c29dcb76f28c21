"""The states of a prompt on a member's phone as a person reads them."""

from __future__ import annotations

from sacco_desktop.domain.prompts import PromptStatus
from sacco_desktop.services.collecting.prompt_list import AskedRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip

ON_PHONE = Chip("on_phone", "◷", "smartphone", "On the phone", "Kwenye simu", ChipColour.BLUE)
NOT_PAID = Chip("not_paid", "✕", "x", "Not paid", "Haijalipwa", ChipColour.GREY)
NO_WORD = Chip("no_word", "?", "circle-dashed", "No answer", "Hakuna jibu", ChipColour.AMBER)
PROMPT_CHIPS = (ON_PHONE, chips.NOT_SURE, NO_WORD, chips.PAID_CHECKING, chips.PAID, NOT_PAID)


def chip_of_prompt(row: AskedRow) -> Chip:
    """What the list and the dialog show for a prompt."""
    if row.status is PromptStatus.PAID:
        return chips.PAID if row.is_booked else chips.PAID_CHECKING
    return {
        PromptStatus.SENDING: ON_PHONE,
        PromptStatus.WAITING: ON_PHONE,
        PromptStatus.UNKNOWN: chips.NOT_SURE,
        PromptStatus.FAILED: NOT_PAID,
        PromptStatus.LAPSED: NO_WORD,
    }[row.status]
