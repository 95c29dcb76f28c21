"""What an approver reads of a loan that is agreed anew or written off, and of the allowance for losses."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes

Lines = list[tuple[str, str]]


def reschedule_lines(content: Content) -> Lines:
    """What is outstanding, and how it is to be repaid."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        *_whose(content),
        ("Outstanding", _kes(content, "outstanding_cents")),
        ("Late interest and fees", _kes(content, "carried_cents")),
        ("Until now", f"{content['instalments_left']} instalments left"),
        ("From then on", f"{content['instalments']} instalments, {content['terms']}"),
        ("Reason", str(content["reason"])),
    ]


def reschedule_undone_lines(content: Content) -> Lines:
    """Which agreement is taken back, and what holds again."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        *_whose(content),
        ("Agreed anew", format_date(date.fromisoformat(str(content["agreed_on"])))),
        ("Because", str(content["agreed_because"])),
        ("From now on", f"{content['instalments_left']} instalments left, as before"),
        ("Due at once", _kes(content, "due_cents")),
        ("Reason", str(content["reason"])),
    ]


def from_deposits_lines(content: Content) -> Lines:
    """What the deposits pay, and what stays of them."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        *_whose(content),
        ("Pays", str(content["what"])),
        ("Amount", _kes(content, "cents")),
        ("Deposits now", _kes(content, "deposits_cents")),
        ("Of which must stay", _kes(content, "stays_cents")),
        ("Asked by the member", str(content["reason"])),
    ]


def clearing_lines(content: Content) -> Lines:
    """Until when what clears an older loan was agreed; nothing for a loan that clears none."""
    if "clears_until" not in content:
        return []
    until = format_date(date.fromisoformat(str(content["clears_until"])))
    return [
        ("Clears the old loan", f"If paid out until {until}; what is over goes to the deposits")
    ]


def write_off_lines(content: Content) -> Lines:
    """What leaves the books, and what pays for it."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    return [
        *_whose(content),
        ("Principal", _kes(content, "principal_cents")),
        ("Interest, fees and penalties still owed", _kes(content, "interest_cents")),
        ("From the allowance", _kes(content, "covered_cents")),
        ("As an expense", _kes(content, "expense_cents")),
        ("Guarantors", str(content["guarantors"])),
        ("Resolution", str(content["resolution"])),
    ]


def provisioning_lines(content: Content) -> Lines:
    """Each class before and after, and the entry that it comes to."""
    if "gone" in content:
        return [("In the way now", str(content["gone"]))]
    lines = content["classes"]
    told = (
        [
            (str(name), f"{format_kes(int(was))} to {format_kes(int(now))}")
            for name, was, now in lines
        ]
        if isinstance(lines, list)
        else []
    )
    return [
        ("As of", format_date(date.fromisoformat(str(content["as_of"])))),
        *told,
        ("Held now", _kes(content, "held_cents")),
        ("Wanted", _kes(content, "wanted_cents")),
        (
            "Movement",
            format_kes(int(str(content["wanted_cents"])) - int(str(content["held_cents"]))),
        ),
    ]


def _whose(content: Content) -> Lines:
    return [
        ("Member", f"{content['name']}, {content['member']}"),
        ("Loan", str(content["loan"])),
    ]


def _kes(content: Content, name: str) -> str:
    return format_kes(int(str(content[name])))
