"""An entry that the relay's disk has damaged: nothing is sent until two people have skipped exactly this one."""

from __future__ import annotations

import sqlite3

import pytest

from sacco_desktop.domain.errors import OutsideUnavailable, QueueStopped, SaccoError, SamePerson
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.feed import damaged_entries
from sacco_desktop.services.feed.damaged_entries import DamagedRow, SkipRequest
from sacco_desktop.services.relays import relays
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.truth import check, check_end, payments_of

LAST = "(SELECT max(seq) FROM entry)"


def _damage(desk: Desk, what: str, where: str = LAST) -> None:
    """Change an entry on the disk of the relay while it does not run."""
    day = desk.day
    day.stop_relay()
    with sqlite3.connect(day.relay_settings.database_file) as file:
        file.execute(f"UPDATE entry SET {what} WHERE seq = {where}")
    file.close()
    day.start_relay()


def _lost_result(desk: Desk, what: str) -> DamagedRow:
    """Payout 1 is paid by M-Pesa, and the entry that says so is damaged."""
    desk.send(1)
    desk.day.quiet()
    _damage(desk, what)
    desk.jobs()
    (found,) = desk.read(damaged_entries.list_damaged, None, "grace")
    return found


def _skip(desk: Desk, found: DamagedRow) -> None:
    asked = SkipRequest(found.entry_id, "The operator's disk was broken; the statement shows all.")
    request_id = desk.write(damaged_entries.ask_skip, asked, "grace")
    with pytest.raises(SamePerson):
        desk.decide(request_id, "grace")
    # Asking alone moves nothing.
    assert desk.read(relays.list_relays, None)[0].sequence == found.sequence - 1
    desk.decide(request_id, "lucy")


@pytest.mark.parametrize(
    "what",
    ["box = zeroblob(length(box))", "hdr = zeroblob(length(hdr))", "hdr = x'7b7d', box = x'00'"],
    ids=["box", "header", "both"],
)
def test_two_people_skip_exactly_the_damaged_entry(desk: Desk, what: str) -> None:
    found = _lost_result(desk, what)
    assert found.payouts == (desk.row(1).number,)
    assert found.why
    with pytest.raises(OutsideUnavailable):
        desk.send(2)
    _skip(desk, found)
    assert desk.read(damaged_entries.list_damaged, None, "grace") == ()
    assert desk.read(relays.list_relays, None)[0].sequence == found.sequence
    assert desk.attempt(1).status == AttemptStatus.UNKNOWN.value
    stop = desk.stop()
    assert stop is not None
    assert desk.row(1).number in stop.reason
    with pytest.raises((QueueStopped, OutsideUnavailable)):
        desk.send(2)
    # M-Pesa is asked, and answers through the feed behind the skipped entry.
    desk.day.later(minutes=2)
    desk.jobs()
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    desk.let_queue_go_on()
    desk.send(2)
    settle(desk)
    assert len(payments_of(desk.day.safaricom, desk.row(1).number)) == 1
    check_end(desk)


def test_what_lies_behind_a_damaged_entry_is_read_when_it_is_skipped(desk: Desk) -> None:
    """Two results; the first is damaged. The second waits behind it and counts at once afterwards."""
    day = desk.day
    day.safaricom.arm("result_late")
    desk.send(2)
    desk.send(1)
    day.quiet()
    day.safaricom.release_callbacks()
    assert day.safaricom.wait_for(lambda: day.safaricom.held_back == 0)
    day.quiet()
    _damage(desk, "box = zeroblob(length(box))", "(SELECT max(seq) - 1 FROM entry)")
    desk.jobs()
    (found,) = desk.read(damaged_entries.list_damaged, None, "grace")
    assert desk.row(2).status is PayoutStatus.IN_FLIGHT
    _skip(desk, found)
    desk.sync()
    assert desk.row(2).status is PayoutStatus.PAID
    desk.let_queue_go_on()
    settle(desk)
    check_end(desk)


def test_an_entry_that_has_healed_is_not_skipped(desk: Desk) -> None:
    """The relay gets its good copy back before the second person has looked: nothing is lost, the yes is void."""
    desk.send(1)
    desk.day.quiet()
    with sqlite3.connect(desk.day.relay_settings.database_file) as file:
        ((box,),) = file.execute(f"SELECT box FROM entry WHERE seq = {LAST}").fetchall()
    file.close()
    _damage(desk, "box = zeroblob(length(box))")
    desk.jobs()
    (found,) = desk.read(damaged_entries.list_damaged, None, "grace")
    request_id = desk.write(damaged_entries.ask_skip, SkipRequest(found.entry_id, "x"), "grace")
    _damage(desk, f"box = x'{box.hex()}'")
    assert desk.sync().trouble == ""
    assert desk.row(1).status is PayoutStatus.PAID
    assert desk.read(damaged_entries.list_damaged, None, "grace") == ()
    assert "void" in desk.decide(request_id, "lucy").words
    with pytest.raises(SaccoError, match="read beyond this entry"):
        desk.write(damaged_entries.ask_skip, SkipRequest(found.entry_id, "x"), "grace")
    check(desk)


def test_a_damaged_entry_is_kept_once_and_its_bytes_stay(desk: Desk) -> None:
    found = _lost_result(desk, "box = zeroblob(length(box))")
    for _ in range(3):
        desk.jobs()
    (again,) = desk.read(damaged_entries.list_damaged, None, "grace")
    assert again == found
    assert set(found.box) == {0}
    assert b'"v":1' in found.header.replace(b" ", b"")
    with pytest.raises(SaccoError, match="operator"):
        desk.write(damaged_entries.ask_skip, SkipRequest(found.entry_id, " "), "grace")
    check(desk)
