"""What the society's settings say about messages, read once in a transaction: hooks stand in every act of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sacco_desktop.domain.messages.rules import SendingRules
from sacco_desktop.domain.messages.states import Channel
from sacco_desktop.domain.messages.words import Language
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society

NONE = "none"
SMTP = "smtp"
_KEPT = "sacco_message_rules"


@dataclass(frozen=True, slots=True)
class MessageRules:
    """By which gateways messages go, by channel and the first one first; empty while the society wants no messages."""

    gateways: dict[Channel, tuple[str, ...]]
    language: Language
    sending: SendingRules
    due_days: int

    @property
    def is_on(self) -> bool:
        """Whether members are told anything."""
        return bool(self.gateways)


def rules(work: Work) -> MessageRules:
    """What holds today."""
    kept = work.session.info.get(_KEPT)
    if kept is None or kept[0] is not work:
        kept = (work, _read(work))
        work.session.info[_KEPT] = kept
    return cast(MessageRules, kept[1])


def _read(work: Work) -> MessageRules:
    gateways: dict[Channel, tuple[str, ...]] = {}
    first = society.setting(work, "message.sms")
    if first != NONE:
        second = society.setting(work, "message.sms_second")
        gateways[Channel.SMS] = tuple(dict.fromkeys(g for g in (first, second) if g != NONE))
    if society.yes_setting(work, "message.email"):
        gateways[Channel.EMAIL] = (SMTP,)
    if not gateways:
        # Nothing more is asked for acts of a society that sends nothing.
        return MessageRules({}, Language.ENGLISH, SendingRules(), 0)
    return MessageRules(
        gateways,
        Language(society.setting(work, "message.language")),
        SendingRules(
            society.number_setting(work, "message.quiet_from"),
            society.number_setting(work, "message.quiet_until"),
            society.number_setting(work, "message.daily_cap"),
            society.number_setting(work, "message.stale_days"),
        ),
        society.number_setting(work, "message.due_days"),
    )
