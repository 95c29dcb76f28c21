"""Somebody watches a prompt: read the relays and ask M-Pesa about every prompt whose time has come, now."""

from __future__ import annotations

from sacco_desktop.operations.collect import ask_due
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.sync_relays import sync_all


async def follow_now(office: Office) -> int:
    """Returns about how many prompts M-Pesa was asked. Raises OutsideUnavailable when it cannot be asked."""
    await sync_all(office)
    return await ask_due(office)
