"""What an entry carries: the header that everybody sees and the envelope that only the society can
open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_json,
    from_moment,
    number_field,
    object_field,
    text_field,
    to_base64,
    to_json,
    to_moment,
)

CALLBACK_KINDS = frozenset(
    {
        "stk",
        "c2b-confirm",
        "c2b-validate",
        "b2c-result",
        "b2c-timeout",
        "status-result",
        "status-timeout",
        "balance-result",
        "balance-timeout",
        "reversal-result",
        "reversal-timeout",
        "pull-notice",
        "selftest",
    }
)
# Kinds that only the relay or a device can write: nobody can post them to a callback address.
NOTE_KIND = "note"
SYSTEM_KIND = "system"


@dataclass(frozen=True, slots=True)
class Header:
    """The open part of an entry. `key_id` names the inbox key of the box; `system` stands in its
    place when the relay itself tells something, and then the box is empty."""

    tenant: str
    epoch: int
    sequence: int
    at: datetime
    key_id: str | None = None
    system: Mapping[str, Any] | None = None

    def encode(self) -> bytes:
        """The exact bytes that are hashed, bound into the box and sent."""
        message: dict[str, Any] = {
            "v": 1,
            "t": self.tenant,
            "e": self.epoch,
            "s": self.sequence,
            "at": to_moment(self.at),
        }
        if self.system is None:
            message["kid"] = self.key_id
        else:
            message["sys"] = dict(self.system)
        return to_json(message)

    @classmethod
    def decode(cls, data: bytes) -> Header:
        """Read a header whose bytes have been verified. Unknown fields are ignored, so that a newer
        relay can add some."""
        message = from_json(data, "the header")
        if message.get("v") != 1:
            raise Malformed("the header has an unknown version")
        is_system = "sys" in message
        if is_system == ("kid" in message):
            raise Malformed("the header names neither or both of a key and a system message")
        return cls(
            tenant=text_field(message, "t"),
            epoch=number_field(message, "e"),
            sequence=number_field(message, "s"),
            at=from_moment(message.get("at"), "the time of the header"),
            key_id=None if is_system else text_field(message, "kid"),
            system=object_field(message, "sys") if is_system else None,
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the box holds: the callback as it was received, and what the relay saw around it. `body`
    is untouched bytes.

    `token` is the public id of the callback token, `retiring` says that the token has been
    replaced, `listed` that the source address is one of Safaricom's. The repr leaves the body out,
    for it may hold names and phone numbers.
    """

    kind: str
    body: bytes = field(repr=False)
    tag: str | None = field(default=None, repr=False)
    token: str | None = None
    retiring: bool = False
    source: str | None = None
    listed: bool = False
    content_type: str = ""
    user_agent: str = ""

    def encode(self) -> bytes:
        """The plain text that goes into the box."""
        return to_json(
            {
                "v": 1,
                "kind": self.kind,
                "tag": self.tag,
                "token": self.token,
                "retiring": self.retiring,
                "src": self.source,
                "listed": self.listed,
                "ct": self.content_type,
                "ua": self.user_agent,
                "body": to_base64(self.body),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Envelope:
        """Read the plain text of a box. Unknown kinds are kept: a later relay may know more of
        them."""
        message = from_json(data, "the envelope")
        if message.get("v") != 1:
            raise Malformed("the envelope has an unknown version")
        return cls(
            kind=text_field(message, "kind"),
            body=from_base64(message.get("body"), "the body of the envelope"),
            tag=_optional_text(message, "tag"),
            token=_optional_text(message, "token"),
            retiring=message.get("retiring") is True,
            source=_optional_text(message, "src"),
            listed=message.get("listed") is True,
            content_type=text_field(message, "ct", longest=1000),
            user_agent=text_field(message, "ua", longest=1000),
        )


def _optional_text(message: Mapping[str, Any], name: str) -> str | None:
    return None if message.get(name) is None else text_field(message, name)
