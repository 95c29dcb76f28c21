"""The last things that people did, from the audit rows, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import AuditRow
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work

_SHOWN = 8
# Of these a day has dozens, and they say nothing about money or members.
_UNTOLD = ("signed in", "typed a wrong password for", "changed the own password")


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the card."""

    at: datetime
    words: str


def latest(work: Work, _nothing: None = None) -> tuple[Happened, ...]:
    """The newest first."""
    work.allow(Act.LOOK)
    found = work.session.execute(
        select(AuditRow.at, AuditRow.full_name, AuditRow.action, AuditRow.subject)
        .where(AuditRow.action.not_in(_UNTOLD))
        .order_by(AuditRow.id.desc())
        .limit(_SHOWN)
    )
    return tuple(Happened(at, in_words(who, action, about)) for at, who, action, about in found)


def in_words(who: str, action: str, about: str) -> str:
    """`Peter Kamau changed the phone of M-0001.`, `Grace Wanjiru sent a payout: PO-2026-0001.`"""
    act = action.replace("_", " ")
    if not about:
        return f"{who} {act}."
    joint = " " if act.endswith((" of", " for", " to", " by", " the", " at")) else ": "
    return f"{who} {act}{joint}{about}."
