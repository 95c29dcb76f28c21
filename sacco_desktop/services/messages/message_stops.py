"""Messages stand still: all of them by a person's word, or those of a gateway that refuses us. Nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import MessageStop
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.messages.message_gateways import GATEWAY_WORDS

ALL = ""


@dataclass(frozen=True, slots=True)
class StandingStop:
    """What stands still and why; `gateway` is empty when everything does."""

    stop_id: int
    gateway: str
    stopped_at: datetime
    reason: str

    @property
    def words(self) -> str:
        """What the banner says."""
        what = GATEWAY_WORDS.get(self.gateway, "Messages")
        who = "stand still" if self.gateway == ALL else "stands still"
        return f"{what} {who}. {self.reason} Nothing is lost: messages wait until somebody lets them go on."


@dataclass(frozen=True, slots=True)
class GoOn:
    """What a person put right before a gateway, or all messages, may go on."""

    gateway: str
    words: str


def standing(work: Work, _nothing: None = None) -> tuple[StandingStop, ...]:
    """What stands still now, the oldest first."""
    rows = work.session.scalars(
        select(MessageStop).where(MessageStop.cleared_at.is_(None)).order_by(MessageStop.id)
    )
    return tuple(StandingStop(row.id, row.gateway, row.stopped_at, row.reason) for row in rows)


def stop(work: Work, gateway: str, code: str, reason: str) -> None:
    """A gateway refuses us; one that stands still already keeps its first reason."""
    if any(one.gateway == gateway for one in standing(work)):
        return
    work.session.add(MessageStop(gateway=gateway, code=code, reason=reason, stopped_at=work.now))
    work.session.flush()
    what = GATEWAY_WORDS.get(gateway, "all")
    audit.record(work, "stopped messages", what, {"why": reason})
    work.changed(Topic.MESSAGES)


def stop_all(work: Work, reason: str) -> None:
    """A person stops all messages. Raises InvalidInput under `reason`, WrongState when they stand still already."""
    work.allow(Act.KEEP_MESSAGES)
    if not reason.strip():
        raise InvalidInput("Write why messages stop.", "reason")
    if any(one.gateway == ALL for one in standing(work)):
        raise WrongState("Messages stand still already.")
    stop(work, ALL, "", " ".join(reason.split()))


def go_on(work: Work, given: GoOn) -> None:
    """Let a gateway or all messages go on. Raises InvalidInput under `words`, WrongState when nothing stands still."""
    work.allow_one_of(Act.KEEP_MESSAGES, Act.MANAGE_CONNECTIONS)
    words = " ".join(given.words.split())
    if not words:
        raise InvalidInput("Write what you put right.", "words")
    rows = work.session.scalars(
        select(MessageStop).where(
            MessageStop.cleared_at.is_(None), MessageStop.gateway == given.gateway
        )
    ).all()
    if not rows:
        raise WrongState("That does not stand still. Somebody let it go on already.")
    for row in rows:
        row.cleared_at, row.cleared_by, row.clearing_words = work.now, work.actor.user_id, words
    work.session.flush()
    what = GATEWAY_WORDS.get(given.gateway, "all")
    audit.record(work, "let messages go on", what, {"why": words})
    work.changed(Topic.MESSAGES)
