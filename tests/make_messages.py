"""Builders of an office that tells its members by text message, and of gateways' answers."""

from __future__ import annotations

from typing import Any

from sacco_desktop.db.tables import Message
from sacco_desktop.domain.messages.answers import Told
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.messages import message_gateways, message_list, message_sending
from sacco_desktop.services.messages.message_gateways import (
    AFRICAS_TALKING,
    SMTP,
    TWILIO,
    GatewayFacts,
)
from sacco_desktop.services.messages.message_list import MessageFilter, MessageRow
from sacco_desktop.services.messages.message_sending import Down, SendAnswered, SendOrder
from tests import make
from tests.make import PracticeOffice

FACTS = {
    AFRICAS_TALKING: GatewayFacts(AFRICAS_TALKING, "http://127.0.0.1:1", "sandbox", "UMOJA"),
    TWILIO: GatewayFacts(TWILIO, "http://127.0.0.1:1", "AC" + "0" * 32, "+15005550006"),
    SMTP: GatewayFacts(SMTP, "smtp://127.0.0.1:1", "office", "office@umoja.example"),
}


def messages_on(
    office: PracticeOffice, first: str = AFRICAS_TALKING, second: str = "none", email: str = "no"
) -> None:
    """From now on members are told by these gateways, which are set up."""
    for name, value in (("sms", first), ("sms_second", second), ("email", email)):
        before = {"sms": "none", "sms_second": "none", "email": "no"}[name]
        if value != before:
            make.setting(office, f"message.{name}", value)
    for gateway, facts in FACTS.items():
        if gateway in (first, second) or (gateway == SMTP and email == "yes"):
            office.write(message_gateways.save, facts, office.admin)


def outbox(office: PracticeOffice, **wanted: Any) -> tuple[MessageRow, ...]:
    """The messages that fit, the oldest first."""
    return office.read(message_list.list_messages, MessageFilter(**wanted))[::-1]


def begun(office: PracticeOffice, *down: str) -> SendOrder:
    """The next call, committed."""
    order = office.write(message_sending.begin_next, Down(down))
    assert order is not None
    return order


def none_left(office: PracticeOffice, *down: str) -> bool:
    """Whether nothing may leave now."""
    return office.write(message_sending.begin_next, Down(down)) is None


def told(office: PracticeOffice, order: SendOrder, what: Told, **more: Any) -> MessageRow:
    """A gateway's answer to a call, and the message as it stands then."""
    more.setdefault("words", f"It said {what.value}.")
    if what is Told.TAKEN:
        more.setdefault("gateway_id", f"id-{order.attempt_id}")
    office.write(message_sending.record_answer, SendAnswered(order.attempt_id, what, **more))
    return of_attempt(office, order)


def of_attempt(office: PracticeOffice, order: SendOrder) -> MessageRow:
    """The message of a call as it stands now."""
    ((message_id,),) = office.sql(
        "SELECT message_id FROM message_attempt WHERE id = ?", order.attempt_id
    )
    return next(row for row in outbox(office) if row.message_id == message_id)


def text_kept(office: PracticeOffice, message_id: int) -> str:
    """What a message says, the code of a phone too."""

    def read(work: Work, number: int) -> str:
        return work.session.get_one(Message, number).text

    return office.read(read, message_id)
