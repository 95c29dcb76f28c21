"""What a person decides about a message: send it again although it may have gone out, or leave it."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import Message
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from sacco_desktop.domain.messages.events import FACTS, Event
from sacco_desktop.domain.messages.rules import may_leave_at
from sacco_desktop.domain.messages.states import STATE_WORDS, MessageState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import message_moves, message_rules


@dataclass(frozen=True, slots=True)
class MessageDecision:
    """What a person decides about a message that was read in this version, and why."""

    message_id: int
    version: int
    reason: str


def send_again(work: Work, decision: MessageDecision) -> None:
    """Send a message once more that may have gone out, or that did not reach the phone. Raises InvalidInput under
    `reason`, ChangedMeanwhile, NotFound, WrongState.
    """
    work.allow(Act.KEEP_MESSAGES)
    row, reason = _load(work, decision)
    state = MessageState(row.status)
    if state not in (MessageState.UNKNOWN, MessageState.FAILED):
        raise WrongState(
            f"This message is “{STATE_WORDS[state].lower()}”. Only one that is not sure or not delivered is sent again."
        )
    if not row.text:
        raise WrongState("This message has no text, so there is nothing to send.")
    row.decided_by, row.decided_at, row.tries = work.actor.user_id, work.now, 0
    row.not_before = may_leave_at(
        Event(row.event), work.now, message_rules.rules(work).sending, None
    )
    message_moves.move(work, row, MessageState.WAITING, f"To be sent again: {reason}")
    _note(work, "wants a message sent again", row, reason)


def leave(work: Work, decision: MessageDecision) -> None:
    """Let a message be that waits or may have gone out; it is not sent any more. Raises as above."""
    work.allow(Act.KEEP_MESSAGES)
    row, reason = _load(work, decision)
    state = MessageState(row.status)
    if state not in (MessageState.UNKNOWN, MessageState.WAITING):
        raise WrongState(
            f"This message is “{STATE_WORDS[state].lower()}”, so nothing is left to decide."
        )
    message_moves.move(work, row, MessageState.DROPPED, f"Let be: {reason}")
    _note(work, "let a message be", row, reason)


def _load(work: Work, decision: MessageDecision) -> tuple[Message, str]:
    reason = " ".join(decision.reason.split())
    if not reason:
        raise InvalidInput("Write why.", "reason")
    row = work.session.get(Message, decision.message_id)
    if row is None:
        raise NotFound("There is no such message.")
    if row.version != decision.version:
        raise ChangedMeanwhile(
            "Something became of this message after you opened it. Look at it again; nothing was changed."
        )
    return row, reason


def _note(work: Work, action: str, row: Message, reason: str) -> None:
    member = members.load(work, row.member_id)
    detail: audit.Detail = {
        "message": row.id,
        "about": FACTS[Event(row.event)].title,
        "why": reason,
    }
    audit.record(work, action, member.number, detail)
