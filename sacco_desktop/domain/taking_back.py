"""Taking a payment to the paybill back through M-Pesa: its life, the allowed moves, and what each code says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.errors import WrongState


class ReversalStatus(StrEnum):
    """Where the taking back of a payment stands, by what is known and not by what is hoped."""

    ASKED = "asked"
    APPROVED = "approved"  # A second person agreed; M-Pesa knows nothing of it.
    SENDING = "sending"  # Committed; M-Pesa may or may not have it.
    ACCEPTED = "accepted"  # M-Pesa has it in its queue.
    UNKNOWN = "unknown"  # M-Pesa may have taken it back.
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


# DONE is never left. FAILED becomes DONE when it turns out that M-Pesa took the money back after all. UNKNOWN may be
# sent again: M-Pesa takes a whole payment back once and says of a second request that it was done before.
REVERSAL_MOVES: frozenset[tuple[ReversalStatus, ReversalStatus]] = frozenset(
    {
        (ReversalStatus.ASKED, ReversalStatus.APPROVED),
        (ReversalStatus.ASKED, ReversalStatus.DROPPED),
        (ReversalStatus.APPROVED, ReversalStatus.SENDING),
        (ReversalStatus.APPROVED, ReversalStatus.DROPPED),
        (ReversalStatus.SENDING, ReversalStatus.APPROVED),
        (ReversalStatus.SENDING, ReversalStatus.ACCEPTED),
        (ReversalStatus.SENDING, ReversalStatus.UNKNOWN),
        (ReversalStatus.SENDING, ReversalStatus.DONE),
        (ReversalStatus.SENDING, ReversalStatus.FAILED),
        (ReversalStatus.ACCEPTED, ReversalStatus.UNKNOWN),
        (ReversalStatus.ACCEPTED, ReversalStatus.DONE),
        (ReversalStatus.ACCEPTED, ReversalStatus.FAILED),
        (ReversalStatus.UNKNOWN, ReversalStatus.SENDING),
        (ReversalStatus.UNKNOWN, ReversalStatus.DONE),
        (ReversalStatus.UNKNOWN, ReversalStatus.FAILED),
        (ReversalStatus.FAILED, ReversalStatus.DONE),
    }
)
# M-Pesa may have the request, so the payment is nobody's meanwhile.
OPEN_REVERSALS = (ReversalStatus.SENDING, ReversalStatus.ACCEPTED, ReversalStatus.UNKNOWN)
# Nothing else may be asked for beside one of these.
LIVING_REVERSALS = (
    ReversalStatus.ASKED,
    ReversalStatus.APPROVED,
    *OPEN_REVERSALS,
    ReversalStatus.DONE,
)
# Far longer than a call may take: what still says SENDING by then was cut off.
SENDING_LASTS = timedelta(minutes=3)
_WAITS = (1, 2, 5, 15, 60)


class CodeKind(StrEnum):
    """What a code says about the money."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ReversalCode:
    """A code in words; `stops_queue` where carrying on would lock our user at M-Pesa."""

    kind: CodeKind
    words: str
    stops_queue: bool = False


_D, _N = CodeKind.DONE, CodeKind.NOT_DONE
_ROLE = "Our user may not take payments back. Ask the Business Administrator for the reversal role."
_USER = (
    "M-Pesa did not accept our user or its password. Check it in Settings before anything is sent."
)
_CODES: Mapping[str, ReversalCode] = {
    "0": ReversalCode(_D, "M-Pesa took the payment back."),
    "R000001": ReversalCode(_D, "M-Pesa had taken this payment back before."),
    "R000002": ReversalCode(
        _N, "M-Pesa knows no such payment, or knows it with another sum. Compare the statement."
    ),
    "1": ReversalCode(_N, "The paybill does not hold enough. Try again when money has come in."),
    "11": ReversalCode(_N, "Our paybill is not active at M-Pesa. Ask Safaricom about it."),
    "21": ReversalCode(_N, _ROLE),
    "2001": ReversalCode(_N, _USER, True),
    "2006": ReversalCode(
        _N, "The account's status does not allow it. Ask Safaricom about the paybill."
    ),
    "2028": ReversalCode(_N, "Our paybill may not take payments back. Ask Safaricom about it."),
    "8006": ReversalCode(_N, "Our user at M-Pesa is locked. Have it unlocked on the portal.", True),
}


def reversal_code(code: str) -> ReversalCode:
    """What a code says. One that nobody has described is a doubt, never a failure."""
    known = _CODES.get(code)
    if known is not None:
        return known
    return ReversalCode(CodeKind.UNCLEAR, f"M-Pesa answered with code {code}, which says nothing.")


def check_reversal_move(old: ReversalStatus, new: ReversalStatus) -> None:
    """Raise WrongState unless the taking back of a payment may go from `old` to `new`."""
    if (old, new) not in REVERSAL_MOVES:
        raise WrongState(
            f"Taking a payment back that is {old.value} cannot become {new.value}. Look at it again."
        )


def ask_again_at(since: datetime, questions_asked: int, now: datetime) -> datetime:
    """When to ask M-Pesa about a payment in doubt again: after 1, 2, 5, 15 and 60 minutes, then every hour."""
    if questions_asked < len(_WAITS):
        return max(since + timedelta(minutes=_WAITS[questions_asked]), now)
    return now + timedelta(minutes=_WAITS[-1])
