"""What a member's money can be for, and whether the member's phone can be asked for it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Prompt
from sacco_desktop.domain import prompts
from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prompts import OPEN_PROMPTS
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import purposes
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.services.collecting.routing import DEPOSITS
from sacco_desktop.services.membership import members

_OPEN = tuple(status.value for status in OPEN_PROMPTS)


@dataclass(frozen=True, slots=True)
class MemberChoices:
    """The choices of a member, what is due first. `free_at` is when the phone may be asked again and None when now;
    `busy_with` names the prompt that is open on it. `gone` says why the member pays in no more.
    """

    member_id: int
    number: str
    full_name: str
    phone: str = field(repr=False)
    choices: tuple[PurposeChoice, ...] = ()
    busy_with: str = ""
    free_at: datetime | None = None
    gone: str = ""


def choices_for(work: Work, member_id: int) -> MemberChoices:
    """Everything that money of this member can be for, what is owed first. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    found = purposes.purposes_for(work, member_id)
    gone = "" if found else f"{member.number} has left the society and pays in no more."
    busy, free_at = _phone_stand(work, member.phone)
    ordered = sorted(found, key=lambda one: (not one.due_cents, one.purpose != DEPOSITS))
    return MemberChoices(
        member.id,
        member.number,
        member.full_name,
        member.phone,
        tuple(ordered),
        busy,
        free_at,
        gone,
    )


def _phone_stand(work: Work, phone: str) -> tuple[str, datetime | None]:
    """The prompt that is open on this phone, and from when on it may be asked for the same sum again."""
    last = work.session.scalar(
        select(Prompt).where(Prompt.phone == phone).order_by(Prompt.id.desc()).limit(1)
    )
    if last is None or last.asked_at > work.now:
        return "", None
    free_at = prompts.free_at(last.asked_at, last.amount_cents, last.amount_cents)
    busy = last.number if last.status in _OPEN else ""
    return busy, free_at if free_at > work.now else None


def busy_words(stand: MemberChoices) -> str:
    """Why the phone is not asked now; empty when it can be."""
    if stand.busy_with:
        return f"{stand.busy_with} is still open on this phone. Wait until it has ended."
    if stand.free_at is not None:
        return (
            f"This phone was asked just now. It can be asked again at {format_time(stand.free_at)}."
        )
    return ""
