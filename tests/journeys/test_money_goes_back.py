"""A payment is taken back through M-Pesa and a shown code is proven, over the real relay; answers are lost."""

from __future__ import annotations

from uuid import uuid4

import pytest

from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.taking_back import ReversalStatus
from sacco_desktop.operations import collect, money_back
from sacco_desktop.operations.register_shortcodes import ToRegister, register_shortcode
from sacco_desktop.services.books import ledger
from sacco_desktop.services.collecting import (
    mpesa_receipts,
    payment_list,
    receipt_claims,
    receipt_reversals,
    reversal_list,
)
from sacco_desktop.services.collecting.payment_list import PaymentsQuestion
from sacco_desktop.services.collecting.receipt_claims import ClaimRow, NewClaim
from sacco_desktop.services.collecting.receipt_reversals import ReversalChange, TakeBack
from sacco_desktop.services.collecting.reversal_list import ReversalRow
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.proof import verify
from tests.faults.desk import Desk

pytestmark = pytest.mark.only_on("sqlite", "what each database does is proven in tests/services")


def _member(desk: Desk) -> MemberRow:
    return next(row for row in desk.read(members.list_members, None) if "Kipchoge" in row.full_name)


def _balances(desk: Desk, of: MemberRow) -> tuple[int, int, int]:
    """The paybill, what of it has no purpose, and the member's deposits."""
    accounts = ("1030", "2150", members.deposits_account(of.number))
    first, second, third = (desk.read(ledger.balance, code) for code in accounts)
    return first, second, third


def _paid(desk: Desk, of: MemberRow, kes: int) -> int:
    """A payment to the paybill that is in the member's deposits; its id."""
    code = desk.day.safaricom.members.pay(of.phone, kes * 100, of.number).receipt
    desk.day.quiet()
    desk.sync()
    desk.day.clock.advance(minutes=1)
    desk.run(lambda: collect.pull_payments(desk.office))
    today = business_date(desk.office.now())
    rows = desk.read(payment_list.list_payments, PaymentsQuestion(today, today))
    return next(row.receipt_id for row in rows if row.receipt == code)


def _agreed(desk: Desk, receipt_id: int) -> ReversalRow:
    new = TakeBack(uuid4().hex, receipt_id, "Paid to us by mistake.")
    reversal = desk.write(receipt_reversals.ask, new, "grace")
    rows = desk.read(decisions.list_waiting, None, "lucy")
    desk.decide(next(row.request_id for row in rows if row.subject_id == reversal), "lucy")
    return desk.read(reversal_list.row_of, reversal)


def _send(desk: Desk, row: ReversalRow) -> ReversalRow:
    actor = desk.people["grace"]
    change = ReversalChange(row.reversal_id, row.version)
    return desk.run(lambda: money_back.take_back(desk.office, change, actor))


def _now(desk: Desk, row: ReversalRow) -> ReversalRow:
    return desk.read(reversal_list.row_of, row.reversal_id)


def test_a_payment_goes_back_once_whatever_is_lost(desk: Desk) -> None:
    safaricom, jane = desk.day.safaricom, _member(desk)
    to_register = ToRegister(nominated_phone=jane.phone)
    desk.run(lambda: register_shortcode(desk.office, to_register, desk.people["ruth"]))
    before = _balances(desk, jane)
    wallet = safaricom.wallet_cents(jane.phone)

    # The result comes by the relay, and a question to M-Pesa proves it.
    row = _send(desk, _agreed(desk, _paid(desk, jane, 500)))
    assert row.status is ReversalStatus.ACCEPTED
    desk.news()
    assert _now(desk, row).status is ReversalStatus.DONE
    desk.run(lambda: money_back.follow(desk.office))
    desk.news()
    assert _now(desk, row).is_proven
    assert _balances(desk, jane) == before

    # The connection breaks after M-Pesa took the request, and its result is lost: the same request is sent again.
    safaricom.arm("drop_after_taking", api="reversal")
    safaricom.arm("result_lost", api="reversal")
    lost = _send(desk, _agreed(desk, _paid(desk, jane, 300)))
    desk.news()
    lost = _now(desk, lost)
    assert lost.status is ReversalStatus.UNKNOWN
    assert _balances(desk, jane) == (before[0] + 300_00, before[1] + 300_00, before[2])
    assert _send(desk, lost).status is ReversalStatus.ACCEPTED
    desk.news()
    assert _now(desk, lost).words == "M-Pesa had taken this payment back before."
    assert _balances(desk, jane) == before
    with pytest.raises(WrongState, match="cannot become sending"):
        _send(desk, _now(desk, lost))

    # M-Pesa says no, and is asked before anybody has the money again.
    receipt = _paid(desk, jane, 200)
    safaricom.arm("outcome", api="reversal", code="1")
    refused = _send(desk, _agreed(desk, receipt))
    desk.news()
    assert _now(desk, refused).status is ReversalStatus.UNKNOWN
    desk.run(lambda: money_back.follow(desk.office))
    desk.news()
    assert _now(desk, refused).status is ReversalStatus.FAILED
    desk.run(lambda: collect.pull_payments(desk.office))
    assert _balances(desk, jane) == (before[0] + 200_00, before[1], before[2] + 200_00)
    # The wallet was filled up once, with the first 500.
    assert safaricom.wallet_cents(jane.phone) == wallet + 300_00
    assert desk.read(verify.verify, None).is_sound
    assert safaricom.is_conserved


def _claim(desk: Desk, of: MemberRow, code: str, kes: int) -> ClaimRow:
    today = business_date(desk.office.now())
    new = NewClaim(uuid4().hex, of.member_id, code, kes * 100, today, "deposits")
    actor = desk.people["peter"]
    row = desk.run(lambda: money_back.claim_code(desk.office, new, actor))
    desk.news()
    return desk.read(receipt_claims.row_of, row.claim_id)


def test_a_shown_code_counts_when_mpesa_knows_it(desk: Desk) -> None:
    safaricom, jane = desk.day.safaricom, _member(desk)
    before = _balances(desk, jane)
    # No address is registered, so nobody tells us of this payment.
    code = safaricom.members.pay(jane.phone, 700_00, "wrong account").receipt
    desk.day.quiet()
    assert _claim(desk, jane, code, 700).status is ClaimStatus.PROVEN
    assert _balances(desk, jane) == (before[0] + 700_00, before[1], before[2] + 700_00)
    forged = _claim(desk, jane, "SZZ9ZZZZ9Z", 900)
    assert forged.status is ClaimStatus.OPEN
    desk.day.clock.advance(hours=1)
    desk.run(lambda: money_back.follow(desk.office))
    desk.news()
    assert desk.read(receipt_claims.row_of, forged.claim_id).status is ClaimStatus.NOT_KNOWN
    assert _balances(desk, jane) == (before[0] + 700_00, before[1], before[2] + 700_00)
    assert desk.read(mpesa_receipts.list_waiting, None) == ()
