"""The life of a prompt on a member's phone: states, the table of allowed moves, when to ask what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money import format_kes


class PromptStatus(StrEnum):
    """Where a prompt stands."""

    SENDING = "sending"  # Committed; M-Pesa may or may not have it.
    WAITING = "waiting"  # M-Pesa has it, and the member is asked.
    UNKNOWN = "unknown"  # It may be on the phone, and nothing says so.
    PAID = "paid"
    FAILED = "failed"
    LAPSED = "lapsed"  # M-Pesa never said what became of it; a payment is still believed.


OPEN_PROMPTS = frozenset({PromptStatus.SENDING, PromptStatus.WAITING, PromptStatus.UNKNOWN})

# PAID is never left: a later word that says otherwise is looked at by a person. FAILED and LAPSED become PAID when the
# member paid after all, which happens after a time-out.
PROMPT_MOVES: frozenset[tuple[PromptStatus, PromptStatus]] = frozenset(
    {
        (PromptStatus.SENDING, PromptStatus.WAITING),
        (PromptStatus.SENDING, PromptStatus.UNKNOWN),
        (PromptStatus.SENDING, PromptStatus.PAID),
        (PromptStatus.SENDING, PromptStatus.FAILED),
        (PromptStatus.WAITING, PromptStatus.PAID),
        (PromptStatus.WAITING, PromptStatus.FAILED),
        (PromptStatus.WAITING, PromptStatus.LAPSED),
        (PromptStatus.UNKNOWN, PromptStatus.WAITING),
        (PromptStatus.UNKNOWN, PromptStatus.PAID),
        (PromptStatus.UNKNOWN, PromptStatus.FAILED),
        (PromptStatus.UNKNOWN, PromptStatus.LAPSED),
        (PromptStatus.FAILED, PromptStatus.PAID),
        (PromptStatus.LAPSED, PromptStatus.PAID),
    }
)

# First asked 20 seconds after the prompt, then every 10 seconds up to two minutes, then at 5, 15 and 60 minutes.
_QUESTION_SECONDS = (*range(20, 121, 10), 300, 900, 3600)
# A prompt stays about a minute on the phone; another one to the same number waits so long, and one for the same sum
# twice as long, because M-Pesa refuses it as a repeat.
SHORTEST_PAUSE = timedelta(minutes=1)
SAME_SUM_PAUSE = timedelta(minutes=2)
# So long may a prompt whose sending is in doubt still bring a payment of which nobody has told us.
DOUBT_LASTS = timedelta(minutes=3)
LONGEST_REFERENCE = 12


def check_prompt_move(old: PromptStatus, new: PromptStatus) -> None:
    """Raise WrongState unless a prompt may go from `old` to `new`."""
    if (old, new) not in PROMPT_MOVES:
        raise WrongState(f"A prompt that is {old.value} cannot become {new.value}.")


def next_question_at(asked_at: datetime, questions_asked: int, now: datetime) -> datetime | None:
    """When to ask M-Pesa again; never before `now`, and None when nothing more is asked."""
    if questions_asked >= len(_QUESTION_SECONDS):
        return None
    return max(asked_at + timedelta(seconds=_QUESTION_SECONDS[questions_asked]), now)


def check_amount(amount_cents: int, least_cents: int, most_cents: int) -> None:
    """Raise InvalidInput unless the sum is whole shillings within M-Pesa's limits."""
    if amount_cents % 100:
        raise InvalidInput("M-Pesa asks for whole shillings.", "amount")
    if amount_cents < least_cents:
        raise InvalidInput(f"M-Pesa asks for {format_kes(least_cents)} at least.", "amount")
    if amount_cents > most_cents:
        raise InvalidInput(f"M-Pesa asks for {format_kes(most_cents)} at most.", "amount")


def free_at(last_asked_at: datetime, last_amount_cents: int, amount_cents: int) -> datetime:
    """From when the same phone may be asked for this sum, after the last prompt to it."""
    pause = SAME_SUM_PAUSE if amount_cents == last_amount_cents else SHORTEST_PAUSE
    return last_asked_at + pause
