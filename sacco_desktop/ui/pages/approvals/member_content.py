"""What an approver reads of who wants to join, and of what becomes of members."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.member_status import words_of
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


def status_lines(content: Content) -> list[tuple[str, str]]:
    """What a member is to become, and why."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        _member(content),
        ("Is now", words_of(str(content["before"]))),
        ("Becomes", words_of(str(content["new"]))),
        ("Why", str(content["reason"])),
    ]


_CAUSES = {"left": "Has given notice", "died": "Has died", "expelled": "Was expelled"}


def exit_lines(content: Content) -> list[tuple[str, str]]:
    """What is settled, and anything that has come into the way since it was asked for."""
    blocked = content["in_the_way"]
    assert isinstance(blocked, list), "a content is what the service wrote"
    return [
        _member(content),
        ("Why", _CAUSES[str(content["cause"])]),
        ("Deposits", _kes(content, "deposits_cents")),
        ("Share capital paid back", _kes(content, "shares_cents")),
        ("Kept as a fee", _kes(content, "fee_cents")),
        ("Owed to who leaves", _kes(content, "refund_cents")),
        *((f"In the way: {title}", str(words)) for title, words in blocked),
    ]


def transfer_lines(content: Content) -> list[tuple[str, str]]:
    """Whose shares go to whom."""
    return [
        ("From", f"{content['name']}, {content['member']}"),
        ("Holds", _kes(content, "held_cents")),
        ("To", f"{content['to_name']}, {content['to']}"),
        ("Amount", _kes(content, "cents")),
        ("Fee", _kes(content, "fee_cents")),
    ]


def _member(content: Content) -> tuple[str, str]:
    return "Member", f"{content['name']}, {content['member']}"


def _kes(content: Content, name: str) -> str:
    return format_kes(int(str(content[name])))
