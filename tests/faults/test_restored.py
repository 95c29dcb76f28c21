"""Books that are brought back from a copy by the program itself, while the relay remembers what was paid since."""

from __future__ import annotations

from pathlib import Path

import pytest

from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.copies import back_up_here
from sacco_desktop.operations.restore import restore_books
from tests.faults.people import settle
from tests.faults.town import Day, settings_of
from tests.faults.truth import check_end


def test_after_a_restore_nothing_is_sent_before_the_relay_was_read_to_its_head(
    day: Day, tmp_path: Path
) -> None:
    settings, copy = settings_of(day.folder), tmp_path / "copy.db"
    back_up_here(settings, copy, day.clock.now)
    with day.desk() as desk:
        desk.send(1)
        desk.news()
        assert desk.row(1).status is PayoutStatus.PAID
    restore_books(settings, copy, day.clock.now)
    day.stop_relay()
    asked = day.safaricom.messages
    with day.desk() as desk:
        assert desk.row(1).status is PayoutStatus.APPROVED
        for payout in (1, 2):
            with pytest.raises(OutsideUnavailable, match="Nothing was sent"):
                desk.send(payout)
        assert day.safaricom.messages == asked
    day.start_relay()
    with day.desk() as desk:
        desk.send(2)
        stop = desk.stop()
        assert stop is not None
        assert "restored from an older copy" in stop.reason
        assert day.safaricom.messages == asked
        # M-Pesa's notice of the payment that they forgot came to its old address and was read with the rest.
        assert desk.row(1).status is PayoutStatus.PAID
        desk.let_queue_go_on()
        [refused] = desk.send(1)
        assert "cannot be sent" in refused.refusal
        settle(desk, 1)
        check_end(desk)
        [facts] = desk.attempts()
        assert facts.status == "paid"
