"""The life of a message in the outbox: its states, and the table of allowed moves."""

from __future__ import annotations

from enum import StrEnum

from sacco_desktop.domain.errors import WrongState


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"  # Committed; a gateway may or may not have it.
    SENT = "sent"  # A gateway took it, and the phone has not confirmed it yet.
    DELIVERED = "delivered"
    FAILED = "failed"  # Surely not delivered.
    UNKNOWN = "unknown"  # It may have gone out, and nothing says so.
    DROPPED = "dropped"  # Never sent, and not to be: not wanted, or too late.


class Channel(StrEnum):
    """By which road a message goes."""

    SMS = "sms"
    EMAIL = "email"


_S = MessageState
# SENDING goes back to WAITING only when it is proven that nothing left. UNKNOWN leaves by a report of the gateway, or
# goes back to WAITING by a person's decision; nothing sends it again by itself. DELIVERED is never left.
MESSAGE_MOVES: frozenset[tuple[MessageState, MessageState]] = frozenset(
    {
        (_S.WAITING, _S.SENDING),
        (_S.WAITING, _S.DROPPED),
        (_S.WAITING, _S.FAILED),
        (_S.SENDING, _S.WAITING),
        (_S.SENDING, _S.SENT),
        (_S.SENDING, _S.FAILED),
        (_S.SENDING, _S.UNKNOWN),
        (_S.SENT, _S.DELIVERED),
        (_S.SENT, _S.FAILED),
        (_S.UNKNOWN, _S.SENT),
        (_S.UNKNOWN, _S.DELIVERED),
        (_S.UNKNOWN, _S.FAILED),
        (_S.UNKNOWN, _S.WAITING),
        (_S.UNKNOWN, _S.DROPPED),
        (_S.FAILED, _S.WAITING),
    }
)
STATE_WORDS = {
    _S.WAITING: "Waiting",
    _S.SENDING: "Sending",
    _S.SENT: "Sent",
    _S.DELIVERED: "Delivered",
    _S.FAILED: "Not delivered",
    _S.UNKNOWN: "Not sure",
    _S.DROPPED: "Not sent",
}


class AttemptState(StrEnum):
    """What became of one call to a gateway."""

    SENDING = "sending"
    TAKEN = "taken"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


_A = AttemptState
_ANSWERED = (_A.TAKEN, _A.REFUSED, _A.NOT_SENT)
# An answer may come after its call was put in doubt, and still counts.
ATTEMPT_MOVES: frozenset[tuple[AttemptState, AttemptState]] = frozenset(
    (old, new)
    for old in (_A.SENDING, _A.UNKNOWN)
    for new in (*_ANSWERED, _A.UNKNOWN)
    if old is not new
)


def check_move(old: MessageState, new: MessageState) -> None:
    """Raise WrongState unless a message may go from `old` to `new`."""
    if (old, new) not in MESSAGE_MOVES:
        raise WrongState(
            f"A message that is “{STATE_WORDS[old].lower()}” cannot become “{STATE_WORDS[new].lower()}”."
        )
