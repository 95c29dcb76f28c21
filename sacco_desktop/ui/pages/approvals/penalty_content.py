"""What the details of a request to waive penalties, or to spare a member from them, say."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes


def lines(content: Content) -> list[tuple[str, str]]:
    """The member, each charge with what is waived of it, and why; or from what the member is spared and how long."""
    told = [("Member", f"{content['name']}, {content['member']}")]
    if content["what"] == "spare":
        until = str(content["until"])
        told += [
            ("Spared from", str(content["rule_name"])),
            ("What falls due from", format_date(date.fromisoformat(str(content["from"])))),
            ("Until", format_date(date.fromisoformat(until)) if until else "further notice"),
        ]
        return [*told, ("Reason", str(content["reason"]))]
    charges = content["charges"]
    assert isinstance(charges, list), "a waiver names charges"
    for words, cents, _charge in charges:
        told.append((str(words), format_kes(int(cents))))
    told.append(("Waived in all", format_kes(int(str(content["cents"])))))
    return [*told, ("Reason", str(content["reason"]))]
