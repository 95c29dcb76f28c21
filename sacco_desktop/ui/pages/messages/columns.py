"""The columns, chips and filters of the outbox."""

from __future__ import annotations

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.messages.states import STATE_WORDS, Channel, MessageState
from sacco_desktop.services.messages.message_list import MessageRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column
from sacco_desktop.ui.widgets.list_plan import SavedFilter

_S = MessageState
CHIPS: dict[MessageState, Chip] = {
    _S.UNKNOWN: Chip(
        "unsure", "?", "circle-help", STATE_WORDS[_S.UNKNOWN], "Haijulikani", ChipColour.AMBER
    ),
    _S.FAILED: Chip(
        "undelivered", "!", "circle-alert", STATE_WORDS[_S.FAILED], "Haikufika", ChipColour.RED
    ),
    _S.WAITING: Chip(
        "to_leave", "◷", "clock", STATE_WORDS[_S.WAITING], "Inangoja", ChipColour.BLUE
    ),
    _S.SENDING: Chip(
        "leaving", "◐", "circle-dashed", STATE_WORDS[_S.SENDING], "Inatumwa", ChipColour.BLUE
    ),
    _S.SENT: Chip("left", "→", "send", STATE_WORDS[_S.SENT], "Imetumwa", ChipColour.GREEN),
    _S.DELIVERED: Chip(
        "delivered", "✓", "check", STATE_WORDS[_S.DELIVERED], "Imefika", ChipColour.GREEN
    ),
    _S.DROPPED: Chip(
        "dropped", "×", "archive", STATE_WORDS[_S.DROPPED], "Haikutumwa", ChipColour.GREY
    ),
}
ROADS = {Channel.SMS: "Text message", Channel.EMAIL: "E-mail"}
FILTERS: tuple[SavedFilter[MessageRow], ...] = (
    SavedFilter(
        "look",
        "Need a look",
        lambda row: row.state in (_S.UNKNOWN, _S.FAILED),
        "No message needs a look.",
    ),
    SavedFilter("waiting", "Waiting", lambda row: row.state is _S.WAITING, "No message waits."),
    SavedFilter(
        "dropped", "Not sent", lambda row: row.state is _S.DROPPED, "Every message went out."
    ),
)


def when(row: MessageRow) -> str:
    """`16 Mar 2026 09:00`, the moment at which it was written."""
    return f"{format_date(business_date(row.made_at))} {format_time(row.made_at)}"


COLUMNS: tuple[Column[MessageRow], ...] = (
    Column(
        "When",
        lambda row: row.made_at,
        lambda at: f"{format_date(business_date(at))} {format_time(at)}",
        widest="30 May 2026 23:59",
        is_figures=True,
    ),
    Column("To", lambda row: row.member_name, longest=22),
    Column("About", lambda row: row.title, priority=2, longest=24),
    Column("Text", lambda row: row.text or None, priority=2, longest=28),
    chip_column("Status", lambda row: CHIPS[row.state], tuple(CHIPS.values())),
    Column("Cost", lambda row: row.cost or None, priority=3, widest="KES 0.8000"),
    Column("Road", lambda row: ROADS[row.channel], priority=3, widest="Text message"),
    Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
)
