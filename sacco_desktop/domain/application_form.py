"""What an applicant states on the form of a loan, beside what the books know already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes

LONGEST_LINE, LONGEST_NOTE = 120, 400


@dataclass(frozen=True, slots=True)
class StatedForm:
    """The form as it was handed in. An empty text was not stated; `net_pay_cents` is of a month, None when not stated,
    and `declared_on` the day on which the member signed the declaration.
    """

    payroll_number: str = ""
    employer: str = ""
    employment_terms: str = ""
    address: str = ""
    net_pay_cents: int | None = None
    other_loans: str = ""
    security: str = ""
    declared_on: date | None = None


NOTHING_STATED = StatedForm()

# Every text of the form with its title; the last two may be some sentences long.
TEXTS = {
    "payroll_number": "Payroll no.",
    "employer": "Employer",
    "employment_terms": "Employed",
    "address": "Address",
    "other_loans": "Loans elsewhere",
    "security": "Security",
}
_NOTES = ("other_loans", "security")


def checked_form(form: StatedForm, today: date) -> StatedForm:
    """The form as it is kept, with single spaces. Raises InvalidInput under the field that cannot be so."""
    texts: dict[str, Any] = {}
    for name in TEXTS:
        text = " ".join(getattr(form, name).split())
        longest = LONGEST_NOTE if name in _NOTES else LONGEST_LINE
        if len(text) > longest:
            raise InvalidInput(f"Write at most {longest} letters.", name)
        texts[name] = text
    if form.net_pay_cents is not None and form.net_pay_cents < 0:
        raise InvalidInput("Write the net pay of a month, or leave it empty.", "net_pay")
    if form.declared_on is not None and form.declared_on > today:
        raise InvalidInput("A declaration cannot be signed in the future.", "declared_on")
    return replace(form, **texts)


def stated_lines(form: StatedForm) -> tuple[tuple[str, str], ...]:
    """What was stated, as titles with words; what was not stated has no line."""
    lines = {TEXTS[name]: getattr(form, name) for name in TEXTS}
    if form.net_pay_cents is not None:
        lines["Net pay"] = f"{format_kes(form.net_pay_cents)} a month"
    if form.declared_on is not None:
        lines["Declared"] = f"Signed on {format_date(form.declared_on)}"
    return tuple((title, words) for title, words in lines.items() if words)


def weighed_lines(form: StatedForm) -> tuple[tuple[str, str], ...]:
    """What of it an approval is bound to and shows to everybody who looks at requests: what secures the loan and what
    else is owed, and nothing of the person.
    """
    return tuple((TEXTS[name], getattr(form, name)) for name in _NOTES if getattr(form, name))
