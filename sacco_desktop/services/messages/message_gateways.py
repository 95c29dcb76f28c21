"""The gateways of messages: where they are, who we are to them, and what they last said of balance and price.

Their secrets never come here; they lie in the keyring of the PC that sends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import MessageGateway
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import society

AFRICAS_TALKING, TWILIO, SMTP = "africas_talking", "twilio", "smtp"
GATEWAY_WORDS = {AFRICAS_TALKING: "Africa's Talking", TWILIO: "Twilio", SMTP: "The mail server"}
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


@dataclass(frozen=True, slots=True)
class GatewayFacts:
    """A gateway without its secret. `account` is the user name at Africa's Talking, the account SID at Twilio, the user
    of the mail server; `sender` the name or number that members see. `address` is `smtp://host:587` or
    `smtps://host:465` for e-mail, and the simulated gateway's in practice; else it is empty, since the hosts are fixed.
    """

    gateway: str
    address: str
    account: str
    sender: str


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """A gateway with its last balance, in the gateway's own words, and the environment of the books."""

    facts: GatewayFacts
    environment: str
    balance: str
    balance_at: datetime | None


@dataclass(frozen=True, slots=True)
class BalanceTold:
    """What a gateway says is left, in its own currency."""

    gateway: str
    balance: str


def save(work: Work, facts: GatewayFacts) -> None:
    """Write down where a gateway is. Raises InvalidInput under the field that cannot be used."""
    work.allow(Act.MANAGE_CONNECTIONS)
    if facts.gateway not in GATEWAY_WORDS:
        raise InvalidInput("Choose Africa's Talking, Twilio or e-mail.", "gateway")
    address, account, sender = (
        part.strip() for part in (facts.address, facts.account, facts.sender)
    )
    if facts.gateway != SMTP and not account:
        raise InvalidInput("Write the account, as the gateway's own page shows it.", "account")
    if facts.gateway == SMTP and _MAIL.fullmatch(sender) is None:
        raise InvalidInput(
            "Write the address from which members get e-mail, for example office@umoja.example.",
            "sender",
        )
    if facts.gateway == TWILIO and not sender:
        raise InvalidInput("Write the number or the messaging service that sends.", "sender")
    row = work.session.get(MessageGateway, facts.gateway)
    if row is None:
        row = MessageGateway(gateway=facts.gateway)
        work.session.add(row)
    row.address, row.account, row.sender = address, account, sender
    row.version = (row.version or 0) + 1
    work.session.flush()
    audit.record(work, "set up a gateway for messages", GATEWAY_WORDS[facts.gateway])
    work.changed(Topic.SETTINGS, Topic.MESSAGES)


def current(work: Work, gateway: str) -> GatewayRow:
    """A gateway as it is set up. Raises NotFound before that."""
    row = work.session.get(MessageGateway, gateway)
    if row is None:
        raise NotFound(
            f"{GATEWAY_WORDS.get(gateway, gateway)} is not set up yet. An administrator does that in Settings."
        )
    return _row(work, row)


def list_gateways(work: Work, _nothing: None = None) -> tuple[GatewayRow, ...]:
    """Every gateway that is set up."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(select(MessageGateway).order_by(MessageGateway.gateway))
    return tuple(_row(work, row) for row in rows)


def note_balance(work: Work, told: BalanceTold) -> None:
    """Keep what a gateway says is left."""
    work.allow_one_of(Act.FOLLOW_UP, Act.KEEP_MESSAGES)
    row = work.session.get_one(MessageGateway, told.gateway)
    row.balance, row.balance_at = told.balance[:40], work.now
    work.session.flush()
    work.changed(Topic.MESSAGES)


def _row(work: Work, row: MessageGateway) -> GatewayRow:
    facts = GatewayFacts(row.gateway, row.address, row.account, row.sender)
    environment = society.society_of(work).environment
    return GatewayRow(facts, environment, row.balance, row.balance_at)
