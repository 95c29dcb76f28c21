"""A code of M-Pesa that a member shows: how it is written, and where the claim stands."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput, WrongState


class ClaimStatus(StrEnum):
    """Where a claimed code stands; it counts for nobody before it is proven."""

    OPEN = "open"
    PROVEN = "proven"
    DIFFERS = "differs"  # The payment is there with another sum than the member said.
    NOT_OURS = "not_ours"  # M-Pesa knows the payment, and it went to somebody else.
    NOT_KNOWN = "not_known"  # M-Pesa said twice that there is no such payment.
    DROPPED = "dropped"  # Written down by mistake.


# A word of M-Pesa that such a payment exists is always believed, so what was not known can still be proven.
CLAIM_MOVES: frozenset[tuple[ClaimStatus, ClaimStatus]] = frozenset(
    {
        (ClaimStatus.OPEN, ClaimStatus.PROVEN),
        (ClaimStatus.OPEN, ClaimStatus.DIFFERS),
        (ClaimStatus.OPEN, ClaimStatus.NOT_OURS),
        (ClaimStatus.OPEN, ClaimStatus.NOT_KNOWN),
        (ClaimStatus.OPEN, ClaimStatus.DROPPED),
        (ClaimStatus.NOT_KNOWN, ClaimStatus.PROVEN),
        (ClaimStatus.NOT_KNOWN, ClaimStatus.DIFFERS),
        (ClaimStatus.NOT_KNOWN, ClaimStatus.NOT_OURS),
        (ClaimStatus.NOT_KNOWN, ClaimStatus.DROPPED),
        (ClaimStatus.NOT_OURS, ClaimStatus.PROVEN),
        (ClaimStatus.NOT_OURS, ClaimStatus.DIFFERS),
    }
)
# Two answers that a code is not known count when they lie so far apart: the first may have come too early.
APART = timedelta(minutes=30)
_CODE = re.compile(r"[A-Z0-9]{10}")
_WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
_LATER = timedelta(days=1)


def clean_code(typed: str, field: str = "code") -> str:
    """The code as M-Pesa writes it. Raises InvalidInput under `field`."""
    code = "".join(typed.split()).upper()
    if not _CODE.fullmatch(code) or not re.search(r"[A-Z]", code):
        raise InvalidInput(
            "M-Pesa's code has 10 letters and figures, for example SGA1ABCD2E.", field
        )
    return code


def check_claim_move(old: ClaimStatus, new: ClaimStatus) -> None:
    """Raise WrongState unless a claim may go from `old` to `new`."""
    if (old, new) not in CLAIM_MOVES:
        raise WrongState(f"A code that is {old.value} cannot become {new.value}.")


def ask_again_at(questions_asked: int, now: datetime) -> datetime:
    """When to ask M-Pesa about a code again that is not proven: in 5 minutes, an hour, six hours, then every day."""
    return now + (_WAITS[questions_asked] if questions_asked < len(_WAITS) else _LATER)
