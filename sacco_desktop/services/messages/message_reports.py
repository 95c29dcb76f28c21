"""What became of messages that a gateway took: its reports, asked for or received, in any order and any number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import Message, MessageAttempt
from sacco_desktop.domain.messages.answers import Became
from sacco_desktop.domain.messages.states import AttemptState, MessageState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.messages import message_moves
from sacco_desktop.services.messages.message_gateways import TWILIO

# After these times a report is asked for; then no more is, and the message stays sent.
_ASK_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 360, 1440))
_A_SLICE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says became of the message that it knows by this id; `cost` in its own words, or empty."""

    gateway: str
    gateway_id: str
    became: Became
    words: str
    cost: str = ""


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A message about which its gateway is to be asked now."""

    message_id: int
    gateway: str
    gateway_id: str


def due(work: Work, _nothing: None = None) -> tuple[ReportDue, ...]:
    """The messages about which a gateway is asked now, the longest waiting first; only Twilio can be asked."""
    work.allow(Act.LOOK)
    rows = work.session.execute(
        select(Message.id, MessageAttempt.gateway, MessageAttempt.gateway_id)
        .join(MessageAttempt, MessageAttempt.message_id == Message.id)
        .where(
            Message.status == MessageState.SENT.value,
            Message.not_before <= work.now,
            Message.tries < len(_ASK_AFTER),
            MessageAttempt.gateway == TWILIO,
            MessageAttempt.status == AttemptState.TAKEN.value,
        )
        .order_by(Message.not_before, Message.id)
        .limit(_A_SLICE)
    )
    return tuple(ReportDue(*row) for row in rows)


def asked(work: Work, message_id: int) -> None:
    """A gateway was asked about a message, whatever it said; the next question comes later."""
    work.allow(Act.FOLLOW_UP)
    row = work.session.get_one(Message, message_id)
    row.tries += 1
    if row.tries < len(_ASK_AFTER):
        row.not_before = max((row.sent_at or work.now) + _ASK_AFTER[row.tries], work.now)
    work.session.flush()


def take_in(work: Work, report: Report) -> str:
    """Keep what a gateway reports, and say in words what it changed. What is delivered stays so."""
    work.allow(Act.FOLLOW_UP)
    attempt = work.session.scalar(
        select(MessageAttempt)
        .where(
            MessageAttempt.gateway == report.gateway,
            MessageAttempt.gateway_id == report.gateway_id,
            MessageAttempt.gateway_id != "",
        )
        .order_by(MessageAttempt.id.desc())
        .limit(1)
    )
    if attempt is None:
        return "It belongs to no message of ours."
    row = work.session.get_one(Message, attempt.message_id)
    if report.cost and not row.cost:
        row.cost = report.cost[:40]
    state = MessageState(row.status)
    if report.became is Became.OPEN or state not in (MessageState.SENT, MessageState.UNKNOWN):
        work.session.flush()
        return "It changed nothing."
    new = MessageState.DELIVERED if report.became is Became.DELIVERED else MessageState.FAILED
    message_moves.move(work, row, new, report.words)
    return report.words
