"""Every text that is shipped, in both languages, filled with real data; and what a text may not say."""

import re
from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.events import FACTS, Event
from sacco_desktop.domain.messages.parts import Alphabet, measure
from sacco_desktop.domain.messages.templates import (
    SAMPLES,
    check_text,
    fill,
    fill_sms,
    preview,
    read_templates,
)
from sacco_desktop.domain.messages.words import (
    Language,
    and_words,
    date_words,
    first_name,
    loan_words,
    money_words,
    society_words,
    value_words,
)
from sacco_desktop.settings import resources_dir

SOURCE = (resources_dir() / "messages" / "templates.toml").read_text(encoding="utf-8")
TEMPLATES = read_templates(SOURCE)
# As long as they come: the largest sum of one payment, a long name, a day of two figures.
LONG = {
    **SAMPLES,
    "name": first_name("Wanjiku Mwende"),
    "amount": money_words(249_999_50),
    "borrower": "Kipchoge Cherono",
    "date": "23 Sep 2026",
    "days": "28",
    "purpose": "loan L-0412",
}


@pytest.mark.parametrize("language", Language)
def test_every_text_is_rendered_in_both_languages(language: Language) -> None:
    for event in Event:
        template = TEMPLATES[event, language]
        for values in (SAMPLES, LONG):
            said = fill_sms(event, template.text, values)
            assert (measure(said).alphabet, measure(said).parts) == (Alphabet.GSM, 1), said
            subject, mail = (fill(event, one, values) for one in (template.subject, template.mail))
            for text in (said, subject, mail):
                assert not re.search(r"[{}]|  |\bNone\b", text)


def test_both_languages_say_the_same() -> None:
    for event in Event:
        english, swahili = (TEMPLATES[event, language] for language in Language)
        for part in ("text", "subject", "mail"):
            one, other = getattr(english, part), getattr(swahili, part)
            assert one != other
            assert set(re.findall(r"{(\w+)}", one)) == set(re.findall(r"{(\w+)}", other)), one


def test_the_samples_of_the_editor_know_every_field() -> None:
    assert set().union(*(facts.fields for facts in FACTS.values())) == SAMPLES.keys()
    assert FACTS.keys() == set(Event)
    assert preview(Event.PHONE_CODE, "{code}!") == "482915!"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "{name} owes {balance}.",
            "There is no field {balance} for “Loan approved”. It has {amount}",
        ),
        ("{} approved", "There is no field {} for"),
        ("{name approved", "A brace is not closed."),
        ("name} approved", "A brace is not closed."),
        ("{{name}} approved", "A brace is not closed."),
        ("  ", "Write what the message says."),
        ("a" * 601, "The text has 601 letters, and 600 are the most."),
        ("{name.__class__}", "There is no field {name.__class__}"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_text(Event.LOAN_APPROVED, text)
    assert words in refused.value.message
    assert refused.value.field == "text"


def test_a_value_that_is_missing_stops_the_message_and_not_only_the_word() -> None:
    for values in ({}, {"name": "  "}):
        with pytest.raises(InvalidInput, match=r"Nothing is known for the field \{name\}"):
            fill(Event.LOAN_APPROVED, "{name}, hello", values)


def test_a_value_is_only_ever_a_value() -> None:
    """A member who is called like a field, or whose name holds braces, changes nothing else."""
    values = {"name": "{society}", "society": "Umoja"}
    assert fill(Event.LOAN_APPROVED, "{name} of {society}", values) == "{society} of Umoja"


def test_what_grows_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidInput, match="The message has 5 parts, and 4 are the most"):
        fill_sms(Event.LOAN_APPROVED, "{name}" * 20, {"name": "a" * 31})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[payment_received.sw]", "[payment_received.fr]", "payment_received in sw"),
        ("[dividend.en]", "[dividends.en]", "no event is called dividends"),
        ("{minutes} minutes. Give", "{mins} minutes. Give", "phone_code in en: There is no field"),
        ('subject = "Your code"', 'title = "Your code"', "phone_code in en"),
    ],
)
def test_a_file_that_lacks_something_does_not_load(before: str, after: str, words: str) -> None:
    assert before in SOURCE
    with pytest.raises(ValueError, match=words):
        read_templates(SOURCE.replace(before, after))


def test_figures_dates_and_names_are_short_and_in_the_language_of_the_member() -> None:
    assert money_words(1_250_00) == "KES 1,250"
    assert money_words(1_250_50) == "KES 1,250.50"
    assert date_words(date(2026, 8, 3), Language.ENGLISH) == "3 Aug 2026"
    assert date_words(date(2026, 8, 3), Language.SWAHILI) == "3 Ago 2026"
    assert loan_words("L-1", Language.SWAHILI) == "mkopo L-1"
    assert and_words(("a",), Language.ENGLISH) == "a"
    assert and_words(("a", "b", "c"), Language.ENGLISH) == "a, b and c"
    assert and_words(("a", "b"), Language.SWAHILI) == "a na b"
    assert and_words(("a", "b", "c", "d"), Language.SWAHILI) == "bidhaa 4"
    assert value_words("Ng’ang’a\r\nBcc: x\x00") == "Ng'ang'a Bcc: x"
    assert first_name("A" * 60) == "A" * 20


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Umoja Savings and Credit Co-operative Society", "Umoja SACCO"),
        ("Umoja SACCO Society Ltd", "Umoja SACCO"),
        ("Jua Kali Cooperative Savings & Credit Society Limited", "Jua Kali SACCO"),
        ("Umoja", "Umoja"),
    ],
)
def test_a_society_is_called_as_its_members_call_it(full: str, short: str) -> None:
    assert society_words(full) == short
