"""The outbox as a page shows it, and what stands above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import Member, Message, MessageAttempt
from sacco_desktop.domain.messages.events import FACTS, Event
from sacco_desktop.domain.messages.states import Channel, MessageState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import masked_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.messages import message_rules, message_stops
from sacco_desktop.services.messages.message_gateways import (
    GATEWAY_WORDS,
    GatewayRow,
    list_gateways,
)
from sacco_desktop.services.messages.message_stops import StandingStop

_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages to show: all, or those in one state, about one event, to one member."""

    state: MessageState | None = None
    event: Event | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list shows it; `made_at` and `sent_at` are moments in UTC, `cost` in the gateway's words."""

    message_id: int
    version: int
    event: Event
    title: str
    member_id: int
    member_number: str
    member_name: str
    channel: Channel
    address: str
    text: str = field(repr=False)
    parts: int
    state: MessageState
    words: str
    cost: str
    made_at: datetime
    not_before: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageCall:
    """One call to a gateway for a message, as its history shows it."""

    gateway: str
    begun_at: datetime
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class OutboxHead:
    """What stands above the list: whether messages are on, what stands still, how many there are by state, balances."""

    is_on: bool
    stops: tuple[StandingStop, ...]
    counts: dict[MessageState, int]
    gateways: tuple[GatewayRow, ...]


@dataclass(frozen=True, slots=True)
class OutboxView:
    """The page Messages as it is read at once."""

    head: OutboxHead
    rows: tuple[MessageRow, ...]


def view(work: Work, _nothing: None = None) -> OutboxView:
    """What stands above the list, and the newest messages."""
    return OutboxView(head(work), list_messages(work, MessageFilter()))


def list_messages(work: Work, wanted: MessageFilter) -> tuple[MessageRow, ...]:
    """The newest messages that fit, at most 500."""
    work.allow(Act.LOOK)
    query = (
        select(Message, Member)
        .join(Member, Member.id == Message.member_id)
        .order_by(Message.id.desc())
        .limit(_MOST_ROWS)
    )
    if wanted.state is not None:
        query = query.where(Message.status == wanted.state.value)
    if wanted.event is not None:
        query = query.where(Message.event == wanted.event.value)
    if wanted.member_id is not None:
        query = query.where(Message.member_id == wanted.member_id)
    return tuple(_row(row, member) for row, member in work.session.execute(query))


def history(work: Work, message_id: int) -> tuple[MessageCall, ...]:
    """The calls for a message, the first one first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(MessageAttempt)
        .where(MessageAttempt.message_id == message_id)
        .order_by(MessageAttempt.id)
    )
    return tuple(
        MessageCall(GATEWAY_WORDS[row.gateway], row.begun_at, row.status, row.words) for row in rows
    )


def head(work: Work, _nothing: None = None) -> OutboxHead:
    """What stands above the list."""
    work.allow(Act.LOOK)
    counted = work.session.execute(select(Message.status, func.count()).group_by(Message.status))
    counts = {MessageState(status): int(count) for status, count in counted}
    is_on = message_rules.rules(work).is_on
    return OutboxHead(is_on, message_stops.standing(work), counts, list_gateways(work))


def _row(row: Message, member: Member) -> MessageRow:
    channel, event = Channel(row.channel), Event(row.event)
    return MessageRow(
        message_id=row.id,
        version=row.version,
        event=event,
        title=FACTS[event].title,
        member_id=member.id,
        member_number=member.number,
        member_name=member.full_name,
        channel=channel,
        address=masked_phone(row.address) if channel is Channel.SMS else row.address,
        # A code opens a phone to whoever reads it, so nobody in the office does.
        text="" if event is Event.PHONE_CODE else row.text,
        parts=row.parts,
        state=MessageState(row.status),
        words=row.words,
        cost=row.cost,
        made_at=row.made_at,
        not_before=row.not_before,
        sent_at=row.sent_at,
    )
