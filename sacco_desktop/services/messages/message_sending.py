"""Sends what waits in the outbox: each call is committed before it is made, and its answer after it.

Whatever may have gone out is UNKNOWN and stays so until a report or a person says more; only what surely did not leave
waits again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Member,
    Message,
    MessageAttempt,
    MessageGateway,
    MessagePaper,
)
from sacco_desktop.domain.dates import business_date, moment_of
from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.rules import after_daily_cap, is_stale, may_leave_at, wants
from sacco_desktop.domain.messages.states import AttemptState, Channel, MessageState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.messages import (
    message_moves,
    message_rules,
    message_stops,
    outbox,
    wishes,
)
from sacco_desktop.services.messages.message_gateways import GATEWAY_WORDS, SMTP, TWILIO
from sacco_desktop.services.messages.outbox import Paper
from sacco_desktop.services.office import society

# Far longer than any call may take.
_LONGEST_CALL = timedelta(minutes=10)
_FIRST_REPORT = timedelta(minutes=1)
_WAIT_FOR_GATEWAY = timedelta(minutes=5)
# What is put off in one transaction before a message is found that may leave.
_MOST_PUT_OFF = 50
_STOPPED = "The program stopped while this was sent, so it may have gone out."


@dataclass(frozen=True, slots=True)
class SendOrder:
    """One call that is committed and to be made now. `own_id` is the same for every call for the same message."""

    attempt_id: int
    gateway: str
    own_id: str
    address: str = field(repr=False)
    heading: str = field(repr=False)
    text: str = field(repr=False)
    papers: tuple[Paper, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SendAnswered:
    """What a gateway answered to a call; `cost` in its own words."""

    attempt_id: int
    told: Told
    words: str
    code: str = ""
    gateway_id: str = ""
    cost: str = ""
    http_status: int = 0
    answer: str = field(default="", repr=False)


def recover(work: Work, _nothing: None = None) -> int:
    """Calls of which nobody will hear an answer any more are in doubt from now on; returns how many.

    Those of this PC are its own from before it stopped; those of another one after a time in which every call ends.
    """
    work.allow(Act.FOLLOW_UP)
    long_ago = (MessageAttempt.begun_at <= work.now - _LONGEST_CALL) | (
        MessageAttempt.begun_at > work.now + _LONGEST_CALL
    )
    found = work.session.scalars(
        select(MessageAttempt).where(
            MessageAttempt.status == AttemptState.SENDING.value,
            (MessageAttempt.pc_name == work.pc_name) | long_ago,
        )
    ).all()
    for attempt in found:
        _end(work, attempt, AttemptState.UNKNOWN, _STOPPED)
        row = work.session.get_one(Message, attempt.message_id)
        row.decided_by = None
        message_moves.move(work, row, MessageState.UNKNOWN, _STOPPED)
    return len(found)


@dataclass(frozen=True, slots=True)
class Down:
    """The gateways that could not be reached in this run."""

    gateways: tuple[str, ...] = ()


def begin_next(work: Work, down: Down) -> SendOrder | None:
    """Commit the next call to a gateway that is not down, or None when nothing may leave now.

    On its way it puts off or drops what may not leave, a few in one transaction.
    """
    work.allow(Act.FOLLOW_UP)
    closed = {one.gateway for one in message_stops.standing(work)}
    open_gateways = _open_gateways(work, closed | set(down.gateways))
    if message_stops.ALL in closed or not open_gateways:
        return None
    for _ in range(_MOST_PUT_OFF):
        row = _next(work, tuple(open_gateways))
        if row is None:
            return None
        if _put_off(work, row):
            continue
        gateway = _gateway_for(work, row, open_gateways[Channel(row.channel)])
        if gateway:
            return _begin(work, row, gateway)
    return None


def _open_gateways(work: Work, closed: set[str]) -> dict[Channel, tuple[str, ...]]:
    set_up = set(work.session.scalars(select(MessageGateway.gateway)))
    found = {
        channel: tuple(one for one in several if one in set_up - closed)
        for channel, several in message_rules.rules(work).gateways.items()
    }
    return {channel: several for channel, several in found.items() if several}


def _next(work: Work, channels: tuple[Channel, ...]) -> Message | None:
    return work.session.scalar(
        select(Message)
        .where(
            Message.status == MessageState.WAITING.value,
            Message.not_before <= work.now,
            Message.channel.in_([channel.value for channel in channels]),
        )
        .order_by(Message.event != Event.PHONE_CODE.value, Message.not_before, Message.id)
        .limit(1)
    )


def _put_off(work: Work, row: Message) -> bool:
    """Whether a message does not leave now: dropped for good, or later."""
    event, sending = Event(row.event), message_rules.rules(work).sending
    member = work.session.get_one(Member, row.member_id)
    if why := _why_never(work, row, member):
        message_moves.move(work, row, MessageState.DROPPED, why)
        return True
    changed_at = member.phone_changed_at if row.channel == Channel.SMS.value else None
    leaves_at = may_leave_at(event, work.now, sending, changed_at)
    if leaves_at <= work.now and event is not Event.PHONE_CODE:
        day = moment_of(business_date(work.now))
        sent = work.session.scalar(
            select(func.count()).where(
                Message.member_id == row.member_id,
                Message.channel == row.channel,
                Message.sent_at >= day,
                Message.sent_at < day + timedelta(days=1),
            )
        )
        if (sent or 0) >= sending.daily_cap:
            leaves_at = after_daily_cap(work.now, sending)
    if leaves_at > work.now:
        row.not_before = leaves_at
        work.session.flush()
        return True
    return False


def _why_never(work: Work, row: Message, member: Member) -> str:
    rules = message_rules.rules(work)
    if is_stale(row.made_at, work.now, rules.sending) and row.decided_by is None:
        return "It waited so long that it is no news any more."
    if member.status == "deceased":
        return "The member has died."
    if not wants(wishes.of_member(work, member.id).wish, Event(row.event)):
        return "The member does not want such messages any more."
    if outbox.address_now(work, member.id, Channel(row.channel)) != row.address:
        return "The member has another number or address by now."
    return ""


def _gateway_for(work: Work, row: Message, several: tuple[str, ...]) -> str:
    """The first gateway that has not refused this message; with none that is open it waits, or it has failed."""
    refused = _refused_by(work, row)
    for gateway in several:
        if gateway not in refused:
            return gateway
    all_of_it = message_rules.rules(work).gateways[Channel(row.channel)]
    if set(all_of_it) <= refused:
        message_moves.move(work, row, MessageState.FAILED, row.words)
    else:
        row.not_before = work.now + _WAIT_FOR_GATEWAY
        work.session.flush()
    return ""


def _refused_by(work: Work, row: Message) -> set[str]:
    """Who refused a message since somebody last wanted it sent."""
    query = select(MessageAttempt.gateway).where(
        MessageAttempt.message_id == row.id,
        MessageAttempt.status == AttemptState.REFUSED.value,
    )
    if row.decided_at is not None:
        query = query.where(MessageAttempt.begun_at >= row.decided_at)
    return set(work.session.scalars(query))


def _begin(work: Work, row: Message, gateway: str) -> SendOrder:
    message_moves.move(work, row, MessageState.SENDING, f"{GATEWAY_WORDS[gateway]} is being asked.")
    row.sent_at = work.now
    attempt = MessageAttempt(
        message_id=row.id,
        gateway=gateway,
        status=AttemptState.SENDING.value,
        words="",
        pc_name=work.pc_name,
        begun_at=work.now,
        decided_by=row.decided_by,
    )
    work.session.add(attempt)
    work.session.flush()
    papers: tuple[Paper, ...] = ()
    if gateway == SMTP:
        rows = work.session.scalars(
            select(MessagePaper).where(MessagePaper.message_id == row.id).order_by(MessagePaper.id)
        )
        papers = tuple(Paper(one.name, one.media, one.content) for one in rows)
    own_id = f"{society.books_id(work)}-{row.id}"
    return SendOrder(attempt.id, gateway, own_id, row.address, row.heading, row.text, papers)


def record_answer(work: Work, answered: SendAnswered) -> MessageState:
    """Keep what a gateway answered, and say where the message stands. An answer that comes after it was put in doubt
    still counts; one of an earlier call than the last is kept and changes nothing.
    """
    work.allow(Act.FOLLOW_UP)
    attempt = work.session.get_one(MessageAttempt, answered.attempt_id)
    row = work.session.get_one(Message, attempt.message_id)
    if attempt.status not in (AttemptState.SENDING.value, AttemptState.UNKNOWN.value):
        return MessageState(row.status)
    attempt.code, attempt.gateway_id = answered.code, answered.gateway_id
    attempt.http_status, attempt.answer = answered.http_status, answered.answer
    _end(work, attempt, _ATTEMPT[answered.told], answered.words)
    if answered.told is Told.GATEWAY_REFUSES_US:
        message_stops.stop(work, attempt.gateway, answered.code, answered.words)
    newest = work.session.scalar(
        select(func.max(MessageAttempt.id)).where(MessageAttempt.message_id == row.id)
    )
    if newest == attempt.id and row.status in (
        MessageState.SENDING.value,
        MessageState.UNKNOWN.value,
    ):
        _apply(work, row, attempt, answered)
    return MessageState(row.status)


_ATTEMPT = {
    Told.TAKEN: AttemptState.TAKEN,
    Told.NUMBER_REFUSED: AttemptState.REFUSED,
    Told.REFUSED: AttemptState.REFUSED,
    Told.GATEWAY_REFUSES_US: AttemptState.NOT_SENT,
    Told.NOT_SENT: AttemptState.NOT_SENT,
    Told.DOUBTFUL: AttemptState.UNKNOWN,
}


def _apply(work: Work, row: Message, attempt: MessageAttempt, answered: SendAnswered) -> None:
    told = answered.told
    if told is Told.TAKEN:
        row.cost, row.tries, row.decided_by = answered.cost, 0, None
        message_moves.move(work, row, MessageState.SENT, answered.words)
        if attempt.gateway == TWILIO:
            row.not_before = work.now + _FIRST_REPORT
    elif told is Told.DOUBTFUL:
        row.decided_by = None
        words = f"{answered.words} It may have gone out all the same."
        message_moves.move(work, row, MessageState.UNKNOWN, words)
    elif told is Told.NUMBER_REFUSED:
        row.sent_at, row.decided_by = None, None
        message_moves.move(work, row, MessageState.FAILED, answered.words)
    else:
        row.sent_at = None
        _wait_again(work, row, attempt, answered)
    work.session.flush()


def _wait_again(work: Work, row: Message, attempt: MessageAttempt, answered: SendAnswered) -> None:
    if row.status == MessageState.UNKNOWN.value:
        # It was put in doubt while its answer was on the way; nobody decided on it, and nobody needs to.
        message_moves.move(work, row, MessageState.FAILED, answered.words)
        return
    message_moves.move(work, row, MessageState.WAITING, answered.words)
    several = message_rules.rules(work).gateways.get(Channel(row.channel), ())
    # Where another gateway stands in reserve the message goes by that one at once.
    if answered.told is Told.NOT_SENT and attempt.gateway == (several or (attempt.gateway,))[-1]:
        row.tries += 1
        row.not_before = next_try(work.now, row.tries)


def next_try(now: datetime, tries: int) -> datetime:
    """When a message that surely did not leave is tried again: after one minute, then two, four, to an hour."""
    return now + timedelta(minutes=min(2 ** (tries - 1), 60))


def _end(work: Work, attempt: MessageAttempt, new: AttemptState, words: str) -> None:
    attempt.status, attempt.words, attempt.ended_at = new.value, words, work.now
    work.session.flush()
    work.changed(Topic.MESSAGES)
