"""News from the other PCs: what somebody else has just changed in the books that we share, in words for who looks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sacco_desktop.domain.dates import format_time

# The server carries 8,000 bytes at the most, and who looks at one record needs few.
_LONGEST_NOTICE = 7_500
_MOST_ACTS = 20
# Numbers of members, loans and payouts; what else acts are about can hold a name or a phone number, and a notice is
# not sealed.
_NUMBER = re.compile(r"[A-Z]{1,3}-[0-9-]+")


class Told(Protocol):
    """What is told of a transaction; `services.work.Work` has all of it."""

    now: datetime
    pc_name: str
    topics: Any
    acts: list[tuple[str, str]]

    @property
    def actor(self) -> Any:
        """Who did it, with a `full_name`."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A transaction of another PC. `acts` are pairs of what was done and to what, as its audit rows say it."""

    sender: str
    who: str
    pc_name: str
    at: datetime
    topics: frozenset[str]
    acts: tuple[tuple[str, str], ...]

    def words_about(self, shown: frozenset[str]) -> str:
        """What was done to one of the things that are `shown`, such as a member's number; empty when nothing was."""
        for action, subject in self.acts:
            if subject and any(subject == each for each in shown):
                return (
                    f"{self.who} {action} {subject} at {format_time(self.at)}, on {self.pc_name}."
                    " You see it as it is now."
                )
        return ""


def notice_of(work: Told, sender: str) -> str:
    """What the others are told of a transaction: a few acts of it, or none when their words are too long."""
    acts = [act for act in work.acts if _NUMBER.fullmatch(act[1])]
    for most in (_MOST_ACTS, 0):
        notice = json.dumps(
            {
                "sender": sender,
                "who": work.actor.full_name,
                "pc": work.pc_name,
                "at": work.now.isoformat(),
                "topics": sorted(work.topics),
                "acts": acts[:most],
            }
        )
        if len(notice.encode()) <= _LONGEST_NOTICE:
            break
    return notice


def read_notice(notice: str) -> Elsewhere | None:
    """The news in a notice, or None for one that another version wrote and this one cannot read."""
    try:
        said = json.loads(notice)
        return Elsewhere(
            str(said["sender"]),
            str(said["who"]),
            str(said["pc"]),
            datetime.fromisoformat(said["at"]),
            frozenset(map(str, said["topics"])),
            tuple((str(action), str(subject)) for action, subject in said["acts"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
