"""Asks a list of members to pay, one phone after the other. Of one that is refused it says why and goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sacco_desktop.domain.errors import OutsideUnavailable, SaccoError
from sacco_desktop.domain.prompts import PromptStatus
from sacco_desktop.operations.collect import ask_to_pay
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.collecting.prompts import NewPrompt

# M-Pesa slows down who asks for more than a few in a second.
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class AskedOne:
    """What became of one line of the list: its prompt, or the sentence why nobody was asked."""

    place: int
    prompt_id: int | None = None
    refusal: str = ""


async def ask_many(
    office: Office,
    listed: Sequence[tuple[int, NewPrompt]],
    actor: Actor,
    *,
    progress: Callable[[AskedOne], None],
    may_go_on: Callable[[], bool],
    pause: Callable[[], Awaitable[None]] | None = None,
) -> int:
    """Ask these, each with its place in the list, until `may_go_on` says no; returns how many phones were asked.

    Raises OutsideUnavailable when M-Pesa or the relay is away, because then all that follow would fail in the same way.
    """
    count = 0
    for number, (place, new) in enumerate(listed):
        if not may_go_on():
            break
        if number:
            await (asyncio.sleep(PAUSE_SECONDS) if pause is None else pause())
        try:
            row = await ask_to_pay(office, new, actor)
        except OutsideUnavailable:
            raise
        except SaccoError as refused:
            progress(AskedOne(place, refusal=refused.message))
            continue
        refusal = row.words if row.status is PromptStatus.FAILED else ""
        progress(AskedOne(place, row.prompt_id, refusal))
        count += not refusal
    return count
