"""What an approver reads of who wants to join, and of what becomes of members."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone


def application_lines(content: Content) -> list[tuple[str, str]]:
    """Who applies, whether the fee is taken, and everything that is missing or odd in the file."""
    fee = int(str(content["fee_cents"]))
    receipt = str(content["receipt"])
    paid = (
        f"{format_kes(fee)}, {f'receipt {receipt}' if receipt else 'not taken'}" if fee else "None"
    )
    odd = content["warnings"]
    assert isinstance(odd, list), "a content is what the service wrote"
    return [
        ("Applicant", str(content["name"])),
        ("Application", f"{content['application']}, {str(content['who']).lower()}"),
        ("ID or registration", str(content["national_id"])),
        ("Phone", display_phone(str(content["phone"]))),
        ("Applied on", format_date(date.fromisoformat(str(content["applied_on"])))),
        ("Registration fee", paid),
        *(("Look at", str(words)) for (words,) in odd),
    ]
