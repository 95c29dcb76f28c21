"""The real relay without its threads and sockets: its writer commits each job at once, in the thread that asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest.mock import patch

from callback_relay.admin import AdminDesk
from callback_relay.app import public_app
from callback_relay.relay import Relay
from callback_relay.settings import RelaySettings
from callback_relay.writer import Job, Writer
from tests.faults.quick.wire import Wire

Answer = TypeVar("Answer")


class _WriterAtOnce(Writer):
    def start(self) -> None:
        """No thread."""

    def put(self, job: Job) -> None:
        self._commit_group([job])


class _RelayAtOnce(Relay):
    async def read(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        return self.read_now(work, *arguments)

    async def aside(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        return work(*arguments)


class QuickRelay:
    """A relay on its folder, as an application for the wire."""

    def __init__(self, settings: RelaySettings) -> None:
        with patch("callback_relay.relay.Writer", _WriterAtOnce):
            self.relay = _RelayAtOnce(settings)
        self.desk = AdminDesk(self.relay)
        self.application = public_app(self.relay)

    def stop(self) -> None:
        """Close its file."""
        with suppress(RuntimeError):
            self.relay.close()


@dataclass
class RelayPlace:
    """Where a relay of the office stands: its folder, the port that everybody knows, and the relay while it is on."""

    wire: Wire
    port: int
    settings: RelaySettings
    relay: QuickRelay | None = None

    def start(self) -> QuickRelay:
        """Start it on its folder."""
        self.relay = QuickRelay(self.settings)
        self.wire.behind[self.port] = self.relay.application
        return self.relay

    def stop(self) -> None:
        """Stop it; a second time does nothing."""
        if self.relay is not None:
            self.wire.behind.pop(self.port, None)
            self.relay.stop()
            self.relay = None
