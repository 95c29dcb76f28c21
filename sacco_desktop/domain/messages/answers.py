"""What the answer of a gateway proves about one message, and how a message ended."""

from __future__ import annotations

from enum import StrEnum


class Told(StrEnum):
    """What a gateway's answer to a call proves."""

    TAKEN = "taken"
    NUMBER_REFUSED = "number_refused"  # Surely not sent, and no other gateway would.
    REFUSED = "refused"  # Surely not sent by this gateway; another one may.
    GATEWAY_REFUSES_US = "gateway_refuses_us"  # Our key, our credit or our sender: it stops.
    NOT_SENT = "not_sent"  # Nothing was taken; the same may go out later.
    DOUBTFUL = "doubtful"


class Became(StrEnum):
    """How a message ended, as a gateway reports it."""

    OPEN = "open"
    DELIVERED = "delivered"
    FAILED = "failed"
