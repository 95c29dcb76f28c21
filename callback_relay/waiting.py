"""The room in which long polls wait until their society's feed grows."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Seat:
    """One waiting poll. `grown` is set when there may be something to read, or when waiting is
    over."""

    tenant: str
    device: str
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def end(self) -> None:
        """Send it home with whatever there is."""
        self.is_over = True
        self.grown.set()


class WaitingRoom:
    """Lives on the event loop's thread. A seat is taken before the feed is read, so no entry can
    slip past it."""

    def __init__(self, seats_per_device: int) -> None:
        self._seats_per_device = seats_per_device
        self._by_tenant: defaultdict[str, list[Seat]] = defaultdict(list)
        self._closed = False

    def __len__(self) -> int:
        return sum(len(seats) for seats in self._by_tenant.values())

    @contextmanager
    def seat(self, tenant: str, device: str) -> Iterator[Seat]:
        """Take a seat. A device that comes once too often lost its oldest line, so that one is sent
        home."""
        taken = Seat(tenant, device)
        seats = self._by_tenant[tenant]
        own = [seat for seat in seats if seat.device == device]
        if len(own) >= self._seats_per_device:
            own[0].end()
        seats.append(taken)
        if self._closed:
            taken.end()
        try:
            yield taken
        finally:
            seats.remove(taken)
            if not seats:
                self._by_tenant.pop(tenant, None)

    def wake(self, tenants: Iterable[str]) -> None:
        """Tell those who wait that these feeds grew."""
        for tenant in tenants:
            for seat in self._by_tenant.get(tenant, ()):
                seat.grown.set()

    def close(self) -> None:
        """The relay stops: everybody is answered at once."""
        self._closed = True
        for seats in self._by_tenant.values():
            for seat in seats:
                seat.end()
