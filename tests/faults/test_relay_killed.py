"""The relay as a process of its own, killed with SIGKILL: what it accepted is still there when it comes back."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from sacco_desktop.domain.payouts import PayoutStatus
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.truth import check, check_end


def _serve(settings: RelaySettings, started: object) -> None:
    server = RelayServer(settings).start()
    started.set()  # type: ignore[attr-defined]
    server.wait()


@contextmanager
def _relay_process(settings: RelaySettings) -> Iterator[int]:
    """A relay in its own process; its id. It is killed when the block ends, if nobody did that before."""
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    process = context.Process(target=_serve, args=(settings, started), daemon=True)
    process.start()
    assert started.wait(30)
    assert process.pid is not None
    try:
        yield process.pid
    finally:
        process.kill()
        process.join(10)


def test_what_a_killed_relay_had_accepted_is_read_after_its_next_start(desk: Desk) -> None:
    day = desk.day
    day.stop_relay()
    settings = RelaySettings.for_practice(day.relay_settings.data_dir, day.relay_settings.port)
    with _relay_process(settings) as pid:
        desk.send(1, 2)
        day.quiet()
        os.kill(pid, signal.SIGKILL)
    desk.jobs()
    check(desk)
    day.start_relay()
    desk.send(3)
    settle(desk)
    check_end(desk)
    assert [desk.row(number).status for number in (1, 2, 3)] == [PayoutStatus.PAID] * 3
    assert not [m for m in day.safaricom.messages if m.name == "status"], "nothing was lost"


def test_a_relay_killed_between_intent_and_call_sends_nothing(desk: Desk) -> None:
    """The note cannot be laid down, so M-Pesa is not called, and the payout stays ready under its id."""
    day = desk.day
    day.stop_relay()
    settings = RelaySettings.for_practice(day.relay_settings.data_dir, day.relay_settings.port)
    with _relay_process(settings) as pid:
        desk.sync()
        client = desk.office.relay(desk.run(desk.office.relays)[0])
        lay_down = client.lay_down_note

        async def lay_down_after_the_kill(note_id: str, note: bytes) -> object:
            os.kill(pid, signal.SIGKILL)
            return await lay_down(note_id, note)

        client.lay_down_note = lay_down_after_the_kill  # type: ignore[method-assign, assignment]
        desk.send(1)
        client.lay_down_note = lay_down  # type: ignore[method-assign]
    assert desk.row(1).status is PayoutStatus.APPROVED
    assert day.safaricom.transactions == ()
    day.start_relay()
    settle(desk, 1)
    desk.send(1)
    settle(desk, 1)
    check_end(desk)
