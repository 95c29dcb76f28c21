"""The texts of messages as they hold today, for whoever reads or changes them."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.message_texts import name_of
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.templates import title_of
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society


@dataclass(frozen=True, slots=True)
class TextRow:
    """What is said of an event in one language; `rule` is the name under which it is changed."""

    event: Event
    language: Language
    rule: str
    title: str
    text: str
    is_own: bool


def list_texts(work: Work, _nothing: None = None) -> tuple[TextRow, ...]:
    """Every text that holds today, in the order of the events."""
    work.allow(Act.LOOK)
    found = []
    for (event, language), shipped in society.shipped_texts().items():
        rule = name_of(event, language)
        text = society.setting(work, rule)
        row = TextRow(event, language, rule, title_of(event, language), text, text != shipped.text)
        found.append(row)
    return tuple(found)
