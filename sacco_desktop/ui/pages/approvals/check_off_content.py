"""What a request about a check-off list shows: the employer and the payment, and how much of it has an owner."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes


def lines(content: Content) -> list[tuple[str, str]]:
    """The lines of the panel, each a name and what it says."""
    total, matched = int(str(content["total_cents"])), int(str(content["matched_cents"]))
    day = format_date(date.fromisoformat(str(content["value_date"])))
    return [
        ("List", f"{content['list']}, {content['month']}"),
        ("Employer", str(content["employer"])),
        ("Paid", f"{format_kes(total)} on {day}, {content['reference']}"),
        ("Members", f"{int(str(content['members'])):,} with {format_kes(matched)}"),
        ("Without owner", f"{format_kes(total - matched)}, {content['unmatched']} lines"),
        ("Pays first", str(content["order"])),
        ("File", str(content["file"])),
    ]


def back_lines(content: Content) -> list[tuple[str, str]]:
    """The same for a list that is to be taken back."""
    return [
        ("List", f"{content['list']}, {content['month']}"),
        ("Employer", str(content["employer"])),
        ("Comes to", format_kes(int(str(content["total_cents"])))),
        ("Reason", str(content["reason"])),
    ]


def owner_lines(content: Content) -> list[tuple[str, str]]:
    """Whose money it is said to be, and how that is known."""
    return [
        ("Member", f"{content['name']}, {content['member']}"),
        ("Amount", format_kes(int(str(content["cents"])))),
        ("List", f"{content['list']} of {content['employer']}, {content['month']}"),
        ("The list names", str(content["named"]) or "nobody"),
        ("Why it had no owner", str(content["problem"])),
        ("Known by", str(content["known_by"])),
        ("Pays first", str(content["order"])),
    ]


def owner_back_lines(content: Content) -> list[tuple[str, str]]:
    """The same for money that is to be taken back."""
    return [
        ("Given by", str(content["number"])),
        ("Member", f"{content['name']}, {content['member']}"),
        ("Amount", format_kes(int(str(content["cents"])))),
        ("Reason", str(content["reason"])),
    ]
