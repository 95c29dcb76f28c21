"""Writes messages into the outbox, in the transaction of the event that they tell of, each once.

A message never stops the event itself: one that cannot be written down as it should be is kept with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Member, MemberFile, Message, MessagePaper
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.message_texts import name_of
from sacco_desktop.domain.messages import templates
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.parts import measure
from sacco_desktop.domain.messages.rules import may_leave_at, wants
from sacco_desktop.domain.messages.states import Channel, MessageState
from sacco_desktop.domain.messages.words import Language, first_name, society_words, value_words
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.messages import message_rules, wishes
from sacco_desktop.services.office import society

Values = Callable[[Language], Mapping[str, str]]
_NO_PHONE = {Language.ENGLISH: "our office", Language.SWAHILI: "ofisi yetu"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that goes with an e-mail."""

    name: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """What a member is to be told. `subject` and `period` make it the one message of its kind: a receipt, an instalment
    and its due date. `values` gives the fields of the text in the language of the member.
    """

    event: Event
    member_id: int
    subject: str
    period: str
    values: Values
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is written to one address."""

    channel: Channel
    address: str
    heading: str
    text: str
    parts: int
    trouble: str = ""


_KNOWN = Lookup(
    select(Message.id).where(
        Message.event == bindparam("event"),
        Message.subject == bindparam("subject"),
        Message.period == bindparam("period"),
        Message.channel == bindparam("channel"),
    )
)
_EMAIL = Lookup(
    select(MemberFile.email)
    .join(Member, Member.file_id == MemberFile.id)
    .where(Member.id == bindparam("member_id"))
)


def is_on(work: Work) -> bool:
    """Whether the society tells its members anything."""
    return message_rules.rules(work).is_on


def tell(work: Work, notice: Notice) -> int:
    """Write a message down for each road that the society uses, unless it was before; returns how many are new."""
    rules = message_rules.rules(work)
    if not rules.is_on:
        return 0
    addresses = _addresses(work, notice, tuple(rules.gateways))
    if not addresses:
        return 0
    member = work.session.get_one(Member, notice.member_id)
    wanted = wishes.of_member(work, member.id)
    language = wanted.language or rules.language
    why_not = _why_not(member, wanted, notice.event)
    for channel, address in addresses:
        letter = _write(work, notice, member, language, (channel, address))
        row = _row(work, notice, member, language, letter)
        row.status, row.words = MessageState.WAITING.value, ""
        if why_not or letter.trouble:
            row.status, row.words = MessageState.DROPPED.value, why_not or letter.trouble
            row.ended_at = work.now
        row.not_before = _leaves_at(work, notice.event, member, channel)
        work.session.add(row)
        work.session.flush()
        if channel is Channel.EMAIL:
            _add_papers(work, row.id, notice.papers)
    work.changed(Topic.MESSAGES)
    return len(addresses)


def _addresses(
    work: Work, notice: Notice, channels: tuple[Channel, ...]
) -> tuple[tuple[Channel, str], ...]:
    """Where the notice still has to go."""
    found = []
    for channel in channels:
        known = _KNOWN.value(
            work.session,
            event=notice.event.value,
            subject=notice.subject,
            period=notice.period,
            channel=channel.value,
        )
        address = address_now(work, notice.member_id, channel)
        if known is None and address:
            found.append((channel, address))
    return tuple(found)


def address_now(work: Work, member_id: int, channel: Channel) -> str:
    """The phone or e-mail address of a member as it is now; empty where there is none."""
    if channel is Channel.SMS:
        return work.session.get_one(Member, member_id).phone
    return (_EMAIL.value(work.session, member_id=member_id) or "").strip()


def _why_not(member: Member, wanted: wishes.Wanted, event: Event) -> str:
    if member.status == "deceased":
        return "The member has died."
    if not wants(wanted.wish, event):
        return "The member does not want such messages."
    return ""


def _leaves_at(work: Work, event: Event, member: Member, channel: Channel) -> datetime:
    sending = message_rules.rules(work).sending
    changed_at = member.phone_changed_at if channel is Channel.SMS else None
    return may_leave_at(event, work.now, sending, changed_at)


def _write(
    work: Work, notice: Notice, member: Member, language: Language, where: tuple[Channel, str]
) -> _Letter:
    channel, address = where
    event = notice.event
    values = {**_common(work, member, language), **_tidy(notice.values(language))}
    try:
        if channel is Channel.SMS:
            text = society.setting(work, name_of(event, language))
            said = templates.fill_sms(event, text, values)
            return _Letter(channel, address, "", said, measure(said).parts)
        shipped = society.shipped_texts()[event, language]
        heading = templates.fill(event, shipped.subject, values)
        return _Letter(channel, address, heading, templates.fill(event, shipped.mail, values), 0)
    except InvalidInput as error:
        return _Letter(channel, address, "", "", 0, error.message)


def _common(work: Work, member: Member, language: Language) -> dict[str, str]:
    own = society.society_of(work)
    return {
        "name": first_name(member.first_name),
        "society": society_words(own.name),
        "office_phone": value_words(own.phone) or _NO_PHONE[language],
    }


def _tidy(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value_words(value) for name, value in values.items()}


def _row(
    work: Work, notice: Notice, member: Member, language: Language, letter: _Letter
) -> Message:
    return Message(
        event=notice.event.value,
        subject=notice.subject,
        period=notice.period,
        channel=letter.channel.value,
        member_id=member.id,
        language=language.value,
        address=letter.address,
        heading=letter.heading,
        text=letter.text,
        parts=letter.parts,
        made_at=work.now,
    )


def _add_papers(work: Work, message_id: int, papers: tuple[Paper, ...]) -> None:
    for paper in papers:
        work.session.add(
            MessagePaper(
                message_id=message_id, name=paper.name, media=paper.media, content=paper.content
            )
        )
    work.session.flush()
