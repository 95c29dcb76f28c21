"""The texts of messages: named fields in braces, checked when they are written and again when they are filled in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.events import FACTS, Event
from sacco_desktop.domain.messages.parts import measure, plain
from sacco_desktop.domain.messages.words import LANGUAGE_WORDS, Language

# More parts than these a gateway may refuse, and no member reads.
MOST_PARTS = 4
_LONGEST_TEXT = 600
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """What is said of an event in one language: the text message, and the e-mail about the same."""

    event: Event
    language: Language
    text: str
    subject: str
    mail: str


Templates = Mapping[tuple[Event, Language], Template]


def read_templates(source: str) -> dict[tuple[Event, Language], Template]:
    """All templates of the data file. Raises ValueError for one that is missing, and for any that cannot be used."""
    rows: dict[str, Any] = tomllib.loads(source)
    if unknown := set(rows) - {event.value for event in Event}:
        raise ValueError(f"no event is called {min(unknown)}")
    found = {}
    for event in Event:
        for language in Language:
            try:
                row = rows[event.value][language.value]
                found[event, language] = Template(event, language, **row)
            except (KeyError, TypeError) as error:
                raise ValueError(f"{event.value} in {language.value}: {error}") from error
            _check_shipped(found[event, language])
    return found


def _check_shipped(template: Template) -> None:
    for text in (template.text, template.subject, template.mail):
        try:
            check_text(template.event, text)
        except InvalidInput as error:
            where = f"{template.event.value} in {template.language.value}"
            raise ValueError(f"{where}: {error.message}") from error


def check_text(event: Event, text: str) -> str:
    """The text itself when it can be used for the event. Raises InvalidInput under `text`, naming what is wrong."""
    if not text.strip():
        raise InvalidInput("Write what the message says.", "text")
    if len(text) > _LONGEST_TEXT:
        raise InvalidInput(
            f"The text has {len(text)} letters, and {_LONGEST_TEXT} are the most.", "text"
        )
    facts = FACTS[event]
    for name in _FIELD.findall(text):
        if name not in facts.fields:
            raise InvalidInput(
                f"There is no field {{{name}}} for “{facts.title}”. It has {_list(facts.fields)}.",
                "text",
            )
    if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        raise InvalidInput("A brace is not closed. A field is written {like_this}.", "text")
    return text


def fill(event: Event, text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in. Raises InvalidInput under `text` for an unknown field or a missing value."""
    check_text(event, text)
    missing = sorted({name for name in _FIELD.findall(text) if not values.get(name, "").strip()})
    if missing:
        raise InvalidInput(
            f"Nothing is known for the field {{{missing[0]}}} of “{FACTS[event].title}”, so the message was not"
            " written.",
            "text",
        )
    return _FIELD.sub(lambda found: values[found[1]], text)


def fill_sms(event: Event, text: str, values: Mapping[str, str]) -> str:
    """The same as a text message: on one line, in letters of the GSM alphabet where there are such.

    Raises InvalidInput under `text` for what is longer than MOST_PARTS parts.
    """
    said = plain(fill(event, text, values))
    parts = measure(said).parts
    if parts > MOST_PARTS:
        raise InvalidInput(
            f"The message has {parts} parts, and {MOST_PARTS} are the most. Write it shorter.",
            "text",
        )
    return said


# What stands in a text while it is written, so that its length can be seen.
SAMPLES: Mapping[str, str] = {
    "name": "Amina",
    "society": "Umoja SACCO",
    "office_phone": "020 272 0000",
    "amount": "KES 12,500",
    "purpose": "loan L-0412",
    "date": "3 Jul 2026",
    "receipt": "R-2026-000412",
    "loan": "L-0412",
    "days": "3",
    "rule": "Late instalment",
    "about": "loan L-0412",
    "borrower": "Mercy Atieno",
    "year": "2025",
    "from": "1 Jan 2026",
    "until": "30 Jun 2026",
    "code": "482915",
    "minutes": "10",
}


def preview(event: Event, text: str) -> str:
    """The text as a member would read it. Raises InvalidInput under `text`."""
    return fill_sms(event, text, SAMPLES)


def title_of(event: Event, language: Language) -> str:
    """`Payment received, English`."""
    return f"{FACTS[event].title}, {LANGUAGE_WORDS[language]}"


def _list(fields: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(fields))
