"""The text of each message as a dated rule of the society: it changes like the others, by two people, from a day on."""

from __future__ import annotations

from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.templates import Templates, title_of
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.domain.setting_rules import TEXT_PREFIX, SettingKind, SettingRule

_MEANING = "What a member is told by text message. Fields stand in braces and are filled in."


def name_of(event: Event, language: Language) -> str:
    """The name of the rule under which a text is kept."""
    return f"{TEXT_PREFIX}{event.value}.{language.value}"


def text_rules(shipped: Templates) -> tuple[SettingRule, ...]:
    """One rule for each text, whose first value is the text that is shipped."""
    return tuple(
        SettingRule(
            name=name_of(event, language),
            title=f"Message: {title_of(event, language)}",
            meaning=_MEANING,
            kind=SettingKind.MESSAGE_TEXT,
            first_value=template.text,
        )
        for (event, language), template in shipped.items()
    )
