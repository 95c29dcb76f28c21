"""What rests on a notice alone: what it may be used for, what proves it, and when M-Pesa is asked for the proof."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.errors import NotProven
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import evidence, hand_overs, payouts
from sacco_desktop.services.payouts.hand_overs import CashPayment
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.relays import relay_rests
from sacco_desktop.services.relays.relay_rests import LetRest
from sacco_desktop.services.sending import pay_sheet, payout_decisions
from sacco_desktop.services.sending.payout_decisions import SeenOnStatement
from sacco_desktop.services.sending.payout_sending import SendOrder
from tests import make, make_payments
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2


@pytest.fixture
def claimed(office: PracticeOffice) -> SendOrder:
    """Payout 1, paid by a notice through relay one."""
    order = make.accepted(office, office.read(payouts.row_of, 1), make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    return order


def _member(office: PracticeOffice, row: PayoutRow) -> MemberRow:
    assert row.member_id is not None
    return office.read(members.row_of, row.member_id)


def _prove(office: PracticeOffice, order: SendOrder) -> None:
    version = office.sql("SELECT version FROM payout_attempt WHERE payout_id = 1")[0][0]
    seen = SeenOnStatement(
        order.attempt_id or 0, version, make.receipt(order), office.clock.now(), "Today's"
    )
    office.write(payout_decisions.confirm_paid, seen, office.grace)


def test_no_money_leaves_again_to_a_member_while_an_earlier_payment_is_only_claimed(
    office: PracticeOffice, claimed: SendOrder
) -> None:
    row = make.payout_now(office, claimed)
    again = make.approved_payout(office, _member(office, row), kes=10_000)
    other = make.approved_payout(office, float_kes=0)
    route = make.route(office, ONE)
    with pytest.raises(NotProven) as refused:
        make.begin(office, again, route)
    assert refused.value.message == (
        "PO-2026-0001 to the same member rests on one notice alone. Until it is proven the member is paid nothing more,"
        " and this is KES 9,450.00. Find PO-2026-0001 on M-Pesa's statement first. Nothing was sent."
    )
    sheet = office.read(pay_sheet.pay_sheet, (again.payout_id, other.payout_id), office.grace)
    assert [bool(line.locked_why) for line in sheet.lines] == [True, False]
    make.begin(office, other, route)
    _prove(office, claimed)
    make.begin(office, make.payout_now(office, again), route)


def test_the_society_may_set_a_sum_up_to_which_a_claim_is_enough(
    office: PracticeOffice, claimed: SendOrder
) -> None:
    row = make.payout_now(office, claimed)
    again = make.approved_payout(office, _member(office, row), kes=10_000)
    make.setting(office, "evidence.pay_again_cents", "944999")
    with pytest.raises(NotProven):
        make.begin(office, again, make.route(office, ONE))
    make.setting(office, "evidence.pay_again_cents", "945000")
    make.begin(office, again, make.route(office, ONE))


def test_the_end_of_the_day_lists_what_is_still_claimed_until_it_is_proven(
    office: PracticeOffice, claimed: SendOrder
) -> None:
    [still] = office.read(evidence.still_claimed, None)
    assert (still.number, still.mpesa_cents) == ("PO-2026-0001", 98_500_00)
    assert still.receipt == make.receipt(claimed)
    assert office.read(payouts.row_of, 1).proven_by == ""
    _prove(office, claimed)
    assert office.read(evidence.still_claimed, None) == ()
    assert make.payout_now(office, claimed).evidence is Evidence.VERIFIED
    assert "Grace Wanjiru found it on the statement" in office.read(payouts.row_of, 1).proven_by


def test_with_two_relays_the_clock_asks_for_the_second_proof_ever_more_seldom(
    office: PracticeOffice, claimed: SendOrder
) -> None:
    attempt = claimed.attempt_id or 0
    assert office.read(evidence.to_prove, None) == ()
    for minutes in (1, 5, 30, 120, 720, 720):
        office.clock.advance(minutes=minutes)
        assert office.read(evidence.to_prove, None) == (attempt,)
        make.ask(office, claimed, make.route(office, TWO))
        assert office.read(evidence.to_prove, None) == ()
    office.clock.advance(days=1)
    _prove(office, claimed)
    assert office.read(evidence.to_prove, None) == ()


def test_one_relay_alone_is_not_asked_for_a_proof_that_it_cannot_give(
    office: PracticeOffice, claimed: SendOrder
) -> None:
    office.clock.advance(days=1)
    assert office.read(evidence.to_prove, None) == (claimed.attempt_id,)
    office.write(relay_rests.let_rest, LetRest(TWO, "It is away."), office.grace)
    assert office.read(evidence.to_prove, None) == ()


def test_nor_does_it_leave_by_another_way(office: PracticeOffice, claimed: SendOrder) -> None:
    member = _member(office, make.payout_now(office, claimed))
    refund = make_payments.approved_payment(
        office,
        Way.CASH,
        purpose="deposit_refund",
        amount_cents=100_000,
        member_id=member.member_id,
        destination=Destination(),
    )
    version, id_number = refund.version, "23450001"
    with pytest.raises(NotProven, match=r"this is KES 1,000\.00"):
        office.write(
            hand_overs.pay_cash,
            CashPayment(make.key(), refund.payout_id, version, id_number),
            office.peter,
        )
    assert office.count("hand_over") == 0
