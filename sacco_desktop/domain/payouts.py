"""The life of a payout and of its attempts: states, the table of allowed moves, the id of an attempt, when to
ask again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.errors import WrongState


class PayoutStatus(StrEnum):
    """Where money going out stands. One payout is one intention to pay one person once."""

    DRAFT = "draft"
    APPROVED = "approved"
    IN_FLIGHT = "in_flight"
    PAID = "paid"
    CANCELLED = "cancelled"


class AttemptStatus(StrEnum):
    """Where one request to M-Pesa stands, by what is proven and not by what is hoped."""

    UNSENT = "unsent"  # Written down, and proven that nothing reached M-Pesa under this id.
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    PAID = "paid"
    FAILED = "failed"


class Evidence(StrEnum):
    """How well an outcome is known: a notice claims it, an independent source verifies it."""

    NONE = "none"
    CLAIMED = "claimed"
    VERIFIED = "verified"


# PAID is never left by code. By M-Pesa it is final; a payment by bank, cheque or cash that came back after it was
# confirmed is a DRAFT again when two people say so. DRAFT again means that two people must approve anew. A draft or a
# cancelled payout is on its way again only when two people take the failure of its attempt back.
PAYOUT_MOVES: frozenset[tuple[PayoutStatus, PayoutStatus]] = frozenset(
    {
        (PayoutStatus.DRAFT, PayoutStatus.APPROVED),
        (PayoutStatus.DRAFT, PayoutStatus.CANCELLED),
        (PayoutStatus.DRAFT, PayoutStatus.IN_FLIGHT),
        (PayoutStatus.CANCELLED, PayoutStatus.IN_FLIGHT),
        (PayoutStatus.APPROVED, PayoutStatus.DRAFT),
        (PayoutStatus.APPROVED, PayoutStatus.IN_FLIGHT),
        (PayoutStatus.APPROVED, PayoutStatus.CANCELLED),
        (PayoutStatus.IN_FLIGHT, PayoutStatus.APPROVED),
        (PayoutStatus.IN_FLIGHT, PayoutStatus.PAID),
        (PayoutStatus.IN_FLIGHT, PayoutStatus.DRAFT),
        (PayoutStatus.PAID, PayoutStatus.DRAFT),
    }
)

# PAID is final for an attempt. FAILED is final for the program; two people may take it back, which makes it a doubt
# again. UNSENT goes out again only under the same id.
ATTEMPT_MOVES: frozenset[tuple[AttemptStatus, AttemptStatus]] = frozenset(
    {
        (AttemptStatus.UNSENT, AttemptStatus.SENDING),
        (AttemptStatus.UNSENT, AttemptStatus.UNKNOWN),
        (AttemptStatus.SENDING, AttemptStatus.UNSENT),
        (AttemptStatus.SENDING, AttemptStatus.ACCEPTED),
        (AttemptStatus.SENDING, AttemptStatus.UNKNOWN),
        (AttemptStatus.SENDING, AttemptStatus.PAID),
        (AttemptStatus.SENDING, AttemptStatus.FAILED),
        (AttemptStatus.ACCEPTED, AttemptStatus.UNKNOWN),
        (AttemptStatus.ACCEPTED, AttemptStatus.PAID),
        (AttemptStatus.ACCEPTED, AttemptStatus.FAILED),
        (AttemptStatus.UNKNOWN, AttemptStatus.SENDING),
        (AttemptStatus.UNKNOWN, AttemptStatus.ACCEPTED),
        (AttemptStatus.UNKNOWN, AttemptStatus.PAID),
        (AttemptStatus.UNKNOWN, AttemptStatus.FAILED),
        (AttemptStatus.FAILED, AttemptStatus.UNKNOWN),
    }
)

# How a payment is asked for: on v1 M-Pesa knows no id of ours and cannot refuse the same one twice; the last pays only
# when the line is registered to the member's identity number.
B2C_V1, B2C_V3, ID_CHECKED = "v1", "v3", "id-v2"

OPEN_ATTEMPTS = frozenset({AttemptStatus.SENDING, AttemptStatus.ACCEPTED, AttemptStatus.UNKNOWN})

# Asked after 1, 2, 5, 15 and 60 minutes, then every hour; there is no last time and no time that means failed.
LONGEST_QUERY_WAIT = timedelta(minutes=60)
_QUERY_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    LONGEST_QUERY_WAIT,
)


def check_payout_move(old: PayoutStatus, new: PayoutStatus) -> None:
    """Raise WrongState unless a payout may go from `old` to `new`."""
    if (old, new) not in PAYOUT_MOVES:
        raise WrongState(f"A payout that is {old.value} cannot become {new.value}.")


def check_attempt_move(old: AttemptStatus, new: AttemptStatus) -> None:
    """Raise WrongState unless an attempt may go from `old` to `new`."""
    if (old, new) not in ATTEMPT_MOVES:
        raise WrongState(f"An attempt that is {old.value} cannot become {new.value}.")


def originator_conversation_id(
    books_id: str, payout_number: str, definite_failures: int, generation: int = 0
) -> str:
    """The id under which M-Pesa pays this payout at most once: at most 36 letters, digits and hyphens.

    It depends only on the payout and on how many attempts are proven failed. So a restart makes the same id again, and
    only a definite failure can ever lead to another one. Where restored books find the id used by a payment that they
    forgot, they take the next `generation`.
    """
    text = f"sacco-desktop/payout\n{books_id}\n{payout_number}\n{definite_failures}"
    if generation:
        text += f"\n{generation}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{payout_number}-{digest[:20]}"


def intent_note_id(originator_id: str) -> str:
    """The id of the note by which a relay keeps this intent, 32 hex digits: a repeat adds nothing."""
    return hashlib.sha256(f"intent\n{originator_id}".encode()).hexdigest()[:32]


def next_question_at(first_sent_at: datetime, questions_asked: int, now: datetime) -> datetime:
    """When to ask M-Pesa about an unsettled attempt again; never before `now`."""
    if questions_asked < len(_QUERY_WAITS):
        return max(first_sent_at + _QUERY_WAITS[questions_asked], now)
    return now + _QUERY_WAITS[-1]


def may_resend(
    not_found_answers: int, first_sent_at: datetime, now: datetime, window: timedelta
) -> bool:
    """Whether the same id may be sent again: status answers twice said not found, and the window is still open.

    A clock that was put back behind the first sending says nothing about the window, so then it is closed.
    """
    return not_found_answers >= 2 and timedelta(0) <= now - first_sent_at <= window
