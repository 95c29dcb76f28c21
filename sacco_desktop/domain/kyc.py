"""What a society wants to know of its members, as data, and what looks wrong of it: warnings, never walls.

Forms of Kenyan societies ask for nearly the same; the shapes of PINs and ID numbers change with the years, so nothing
here refuses a text that a person has read off a paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.phones import normalise_phone

ADULT = 18
LONGEST_TEXT = 120


class MemberKind(StrEnum):
    """Who a member is."""

    PERSON = "person"
    GROUP = "group"
    ORGANISATION = "organisation"


KIND_WORDS = {
    MemberKind.PERSON: "Person",
    MemberKind.GROUP: "Group",
    MemberKind.ORGANISATION: "Organisation",
}


@dataclass(frozen=True, slots=True)
class KycField:
    """One line of the sheet. `is_wanted` lines are missed when empty; those `of_persons` are not asked of groups."""

    name: str
    title: str
    section: str
    example: str = ""
    is_wanted: bool = False
    of_persons: bool = True


FIELDS = (
    KycField("born_on", "Date of birth", "Person", "For example 14 Feb 1988.", is_wanted=True),
    KycField("gender", "Gender", "Person", is_wanted=True),
    KycField("marital_status", "Marital status", "Person"),
    KycField("kra_pin", "KRA PIN", "Person", "A letter, 9 figures, a letter.", True, False),
    KycField("introduced_by", "Introduced by", "Person", of_persons=False),
    KycField("email", "Email", "Contact", of_persons=False),
    KycField("other_phone", "Other phone", "Contact", of_persons=False),
    KycField("postal_address", "Postal address", "Contact", "P.O. Box 123", True, False),
    KycField("postal_code", "Postal code", "Contact", of_persons=False),
    KycField("town", "Town", "Contact", of_persons=False),
    KycField("village", "Village or estate", "Residence", of_persons=False),
    KycField("location", "Location", "Residence", of_persons=False),
    KycField("sub_county", "Sub-county", "Residence", of_persons=False),
    KycField("county", "County", "Residence", is_wanted=True, of_persons=False),
    KycField("occupation", "Occupation", "Work", is_wanted=True),
    KycField("employer", "Employer", "Work"),
    KycField("payroll_number", "Payroll number", "Work"),
    KycField("employment_terms", "Terms of employment", "Work", "Permanent, contract, casual."),
    KycField("bank", "Bank", "Bank", of_persons=False),
    KycField("bank_branch", "Branch", "Bank", of_persons=False),
    KycField("bank_account", "Account number", "Bank", of_persons=False),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)

_PIN = re.compile(r"[A-Z][0-9]{9}[A-Z]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ID_LENGTHS = range(6, 10)


@dataclass(frozen=True, slots=True)
class KycFacts:
    """All that a sheet says, with what lies beside it: how many kin, nominees and papers there are."""

    kind: MemberKind
    national_id: str
    texts: Mapping[str, str]
    next_of_kin: int
    representatives: int
    nominees: int
    papers: frozenset[str]


@dataclass(frozen=True, slots=True)
class KycWarning:
    """Something that is missing or looks wrong; `field` is the line that it belongs to, empty for none."""

    field: str
    words: str


def fields_of(kind: MemberKind) -> tuple[KycField, ...]:
    """The lines that are asked of this kind of member."""
    return tuple(each for each in FIELDS if kind is MemberKind.PERSON or not each.of_persons)


def clean_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept: single spaces, a PIN in capitals, a phone in its stored form where it is one.

    Raises InvalidInput under the field whose text is too long, and for a day of birth that is no ISO day.
    """
    kept = {}
    for name in FIELD_NAMES:
        text = " ".join(texts.get(name, "").split())
        if len(text) > LONGEST_TEXT:
            raise InvalidInput(f"Write at most {LONGEST_TEXT} letters.", name)
        kept[name] = text
    kept["kra_pin"] = kept["kra_pin"].upper().replace(" ", "")
    kept["payroll_number"] = kept["payroll_number"].upper()
    kept["other_phone"] = _phone(kept["other_phone"])
    _check_day(kept["born_on"], "born_on")
    return kept


def _phone(text: str) -> str:
    try:
        return normalise_phone(text) if text else ""
    except InvalidInput:
        return text


def _check_day(text: str, field: str) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("Write a day, for example 14 Feb 1988.", field) from error


def age_on(born_on: str, today: date) -> int | None:
    """Whole years since an ISO day; None when it is not known."""
    if not born_on:
        return None
    born = date.fromisoformat(born_on)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def warnings(facts: KycFacts, today: date) -> tuple[KycWarning, ...]:
    """What a person should look at, in the order of the sheet."""
    found = [
        KycWarning(each.name, f"{each.title} is missing.")
        for each in fields_of(facts.kind)
        if each.is_wanted and not facts.texts.get(each.name)
    ]
    found += _odd(facts, today)
    if facts.kind is MemberKind.PERSON:
        found += [] if facts.next_of_kin else [KycWarning("", "No next of kin is written down.")]
        found += [] if facts.nominees else [KycWarning("", "There is no nominee form.")]
        found += [] if "photo" in facts.papers else [KycWarning("", "There is no photo.")]
        found += (
            [] if "id_copy" in facts.papers else [KycWarning("", "The copy of the ID is missing.")]
        )
    elif not facts.representatives:
        found.append(KycWarning("", "Nobody is written down who signs for it."))
    return tuple(found)


def _odd(facts: KycFacts, today: date) -> list[KycWarning]:
    """What is there and looks wrong."""
    texts, found = facts.texts, []
    pin, email, phone = (texts.get(name, "") for name in ("kra_pin", "email", "other_phone"))
    if pin and _PIN.fullmatch(pin) is None:
        found.append(KycWarning("kra_pin", "A KRA PIN is a letter, 9 figures and a letter."))
    if email and _EMAIL.fullmatch(email) is None:
        found.append(KycWarning("email", "This does not look like an email address."))
    if phone and not phone.isdigit():
        found.append(KycWarning("other_phone", "This is no Kenyan mobile number."))
    if facts.kind is not MemberKind.PERSON:
        return found
    if facts.national_id.isdigit() and len(facts.national_id) not in _ID_LENGTHS:
        found.append(KycWarning("", "An ID number mostly has 6 to 9 figures."))
    age = age_on(texts.get("born_on", ""), today)
    if age is not None and age < ADULT:
        found.append(KycWarning("born_on", f"A member must be {ADULT} years old by law."))
    if texts.get("employer") and not texts.get("payroll_number"):
        found.append(KycWarning("payroll_number", "The payroll number is missing."))
    return found
