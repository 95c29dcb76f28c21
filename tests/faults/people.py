"""What careful people do about payouts until each has come to an end, with Safaricom's statement in their hands."""

from __future__ import annotations

import json
from contextlib import suppress

from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Dismissal
from tests.faults.desk import Desk
from tests.faults.standing import PayoutStand
from tests.faults.truth import check, payments_of

# First the minutes in which a person may send the same again, then well beyond the hours after which two may decide.
QUICK_ROUNDS, HOURS_A_ROUND = 5, 13
MOST_ROUNDS = 24


def settle(
    desk: Desk,
    *payout_ids: int,
    pay_anew: bool = True,
    forgotten: frozenset[str] = frozenset(),
) -> None:
    """Let the clock and the people work until these payouts (or all that were sent) have come to an end.

    Each round must leave the books true. With `pay_anew` a payout that failed is approved again and sent again.
    """
    for number in range(MOST_ROUNDS):
        desk.day.quiet()
        desk.jobs()
        desk.news()
        check(desk, forgotten)
        now = desk.stand()
        wanted = payout_ids or {facts.payout_id for facts in now.attempts}
        rows = [row for row in now.payouts if row.payout_id in wanted]
        if all(_is_at_its_end(row, pay_anew) for row in rows):
            return
        if desk.stop() is not None:
            _settle_forgotten(desk)
            with suppress(WrongState):
                desk.let_queue_go_on()
        for row in rows:
            take_next_step(desk, row, pay_anew)
        desk.day.later(minutes=3 if number < QUICK_ROUNDS else 60 * HOURS_A_ROUND)


def _settle_forgotten(desk: Desk) -> None:
    """Lucy lets rest what M-Pesa's statement does not show, as soon as she may; somebody else lets sending go on."""
    booked = {row.receipt for row in desk.stand().payouts}
    for entry in desk.parked():
        if entry.kind != "note":
            continue
        number = str(json.loads(entry.body)["payout"])
        if all(p.receipt in booked for p in payments_of(desk.day.safaricom, number)):
            with suppress(WrongState):
                given = Dismissal(entry.entry_id, "The statement shows no other payment.")
                desk.write(relay_feed.dismiss, given, "lucy")


def _is_at_its_end(row: PayoutStand, pay_anew: bool) -> bool:
    if row.status in (PayoutStatus.PAID, PayoutStatus.CANCELLED):
        return True
    return not pay_anew and row.status in (PayoutStatus.DRAFT, PayoutStatus.APPROVED)


def take_next_step(desk: Desk, row: PayoutStand, pay_anew: bool) -> None:
    """The one thing that the program offers for this payout now, if there is any."""
    if row.status is PayoutStatus.DRAFT and pay_anew:
        desk.approve_anew(row.payout_id)
    elif row.status is PayoutStatus.APPROVED and pay_anew:
        desk.send(row.payout_id)
    elif row.attempt_status is AttemptStatus.UNKNOWN:
        _clear_up(desk, row)


def _clear_up(desk: Desk, row: PayoutStand) -> None:
    facts = desk.attempt(row.payout_id)
    if facts.may_confirm_failure:
        desk.confirm_failure(row.payout_id)
    elif facts.may_resend:
        desk.resend(row.payout_id)
    elif facts.may_ask_not_paid:
        # Only what was paid stands on Safaricom's statement.
        found = payments_of(desk.day.safaricom, row.number)
        if not found:
            desk.two_people_say_not_paid(row.payout_id)
        else:
            paid_at = found[0].finalised_at or desk.day.clock.now()
            desk.confirm_paid(row.payout_id, found[0].receipt, paid_at)
