"""Whether money that waits for an owner may be that of a member who leaves."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.db.tables import Member
from sacco_desktop.domain.exits import ExitCheck
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.counter import unowned_money
from sacco_desktop.services.counter.unowned_money import UnownedRow
from sacco_desktop.services.membership import member_files


def check(work: Work, member: Member) -> ExitCheck:
    """Check-off money without owner that is this member's by a number stops; what only the name says is pointed at."""
    title = "Money without owner"
    asked, named, perhaps = unowned_money.of_person(work, member_files.person_of(work, member))
    if asked:
        words = f"{_told(asked)} waits for the second person to become this member's."
        return ExitCheck("unowned", title, False, words)
    if named:
        words = f"{_told(named)} names this member. Give it to its owner first, on Savings, Without owner."
        return ExitCheck("unowned", title, False, words)
    if perhaps:
        return ExitCheck(
            "unowned", title, True, f"{_told(perhaps)} may be this member's: look first."
        )
    return ExitCheck("unowned", title, True, "None names this member.")


def _told(rows: Sequence[UnownedRow]) -> str:
    return ", ".join(
        f"{row.list_number} {row.name or row.named} {format_kes(row.cents)}" for row in rows
    )
