"""Leaving and death: what must be in order, what is paid back to the cent, who agrees, and who is paid."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.exits import ExitRules, divide_by_shares, exit_sums
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.services.collecting.mpesa_receipts import PayerTold
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.member_payouts import exits, nominee_claims
from sacco_desktop.services.member_payouts.exits import ExitFacts, ExitTakenBack, ExitWish
from sacco_desktop.services.member_payouts.nominee_claims import NewClaim
from sacco_desktop.services.membership import exit_notices, member_files, members
from sacco_desktop.services.membership.exit_notices import NoticeTakenBack
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from tests import (
    make,
    make_check_offs,
    make_guarantors,
    make_members,
    make_payments,
    make_payments_in,
)
from tests.make import PracticeOffice


def _unmet(facts: ExitFacts) -> set[str]:
    return {check.name for check in facts.checks if not check.is_met}


def test_a_member_leaves_after_the_notice_and_is_paid_by_the_usual_approvals(
    office: PracticeOffice,
) -> None:
    make_payments.bank_of(office, 300_000)
    row = make.member(office, deposits_kes=121_577)
    settlement = make_members.asked_to_leave(office, row)
    make_members.settled(office, settlement)
    left = office.read(members.row_of, row.member_id)
    assert (left.status, left.deposits_cents) == ("exited", 0)
    assert office.balance("2180.M-0001") == 12_157_700
    assert office.read(exits.look, row.member_id).payable_cents == 12_157_700
    too_much = NewPayment(make.key(), "exit_refund", 12_157_800, Way.CHEQUE, row.member_id)
    with pytest.raises(InvalidInput, match="can be paid out"):
        office.write(payments.request, too_much, office.grace)
    wanted = NewPayment(make.key(), "exit_refund", 12_157_700, Way.CHEQUE, row.member_id)
    payout = office.write(payments.request, wanted, office.grace)
    assert (payout.status, payout.net_cents) == ("draft", 12_157_700)
    entry = office.sql("SELECT entry_number FROM exit_settlement")[0][0]
    with pytest.raises(WrongState, match="settled the leaving"):
        office.write(decisions.ask_reversal, ReversalRequest(entry, "Why not."), office.grace)


def test_what_was_looked_at_is_frozen(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=900)
    make_members.asked_to_leave(office, row)
    ((kept,),) = office.sql("SELECT snapshot FROM exit_settlement")
    if not kept.startswith("sealed:"):
        snapshot = json.loads(kept)
        assert snapshot["accounts"] == [["2010.M-0001", 90_000]]
        assert snapshot["sums"]["refund_cents"] == 90_000


def test_the_notice_must_have_run(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=900)
    with pytest.raises(WrongState, match="giving notice first"):
        office.read(exits.look, row.member_id)
    make_members.noticed(office, row)
    office.clock.advance(days=59)
    assert _unmet(office.read(exits.look, row.member_id)) == {"notice"}
    with pytest.raises(WrongState, match="Wait until then"):
        make_members.ask_exit(office, row)
    office.clock.advance(days=1)
    assert office.read(exits.look, row.member_id).can_ask


def test_leaving_early_costs_a_part_where_the_society_wants_it(office: PracticeOffice) -> None:
    make.setting(office, "exit.early", "fee")
    make.setting(office, "exit.fee_cents", "10000")
    row = make.member(office, deposits_kes=1_000)
    make_members.noticed(office, row)
    make_members.settled(office, make_members.ask_exit(office, row))
    assert (office.balance("2180.M-0001"), office.balance("4050")) == (80_000, 20_000)


def test_a_notice_can_be_taken_back(office: PracticeOffice) -> None:
    row = make.member(office)
    make_members.noticed(office, row)
    notice = office.read(exit_notices.open_of, row.member_id)
    assert notice is not None
    assert notice.due_on - notice.given_on == timedelta(days=60)
    version = office.read(members.row_of, row.member_id).version
    back = NoticeTakenBack(row.member_id, version, "Stays after all.")
    office.write(exit_notices.take_back, back, office.peter)
    assert office.read(members.row_of, row.member_id).status == "active"
    assert office.read(exit_notices.open_of, row.member_id) is None


def test_nobody_leaves_with_a_loan_a_payout_or_shares(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 300_000)
    row = make.member(office, deposits_kes=50_000)
    make.appraised_loan(office, row)
    make_members.shares(office, row, 1_000)
    payment = NewPayment(make.key(), "deposit_refund", 100_00, Way.CHEQUE, row.member_id)
    office.write(payments.request, payment, office.grace)
    make_members.noticed(office, row)
    office.clock.advance(days=60)
    facts = office.read(exits.look, row.member_id)
    assert _unmet(facts) == {"loans", "payouts", "shares"}
    with pytest.raises(WrongState, match="L-0001 must be repaid"):
        make_members.ask_exit(office, row)


def test_a_live_guarantee_keeps_the_guarantor(office: PracticeOffice) -> None:
    late = make_guarantors.late_loan(office)
    (guarantor,) = office.sql("SELECT min(member_id) FROM guarantee WHERE status = 'accepted'")[0]
    row = office.read(members.row_of, guarantor)
    make_members.noticed(office, row)
    office.clock.advance(days=60)
    facts = office.read(exits.look, guarantor)
    assert "guarantees" in _unmet(facts)
    assert any(late.number in check.words for check in facts.checks)


def test_share_capital_is_paid_back_only_where_the_society_does_so(
    office: PracticeOffice,
) -> None:
    make.setting(office, "exit.share_capital", "refund")
    row = make.member(office, deposits_kes=100)
    make_members.shares(office, row, 400)
    make_members.settled(office, make_members.asked_to_leave(office, row))
    assert (office.balance("2180.M-0001"), office.balance("3010.M-0001")) == (50_000, 0)


def test_what_changes_meanwhile_voids_the_request_and_it_is_asked_for_anew(
    office: PracticeOffice,
) -> None:
    row = make.member(office, deposits_kes=100)
    settlement = make_members.asked_to_leave(office, row)
    make.deposit(office, row, 50)
    request = make.waiting_request(office, ApprovalKind.MEMBER_EXIT, settlement)
    assert make.decide(office, request, office.daniel).status is ApprovalStatus.VOID
    office.write(exits.take_back, ExitTakenBack(settlement), office.peter)
    make_members.settled(office, make_members.ask_exit(office, row))
    assert office.balance("2180.M-0001") == 15_000


def test_a_no_lets_the_settlement_go(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=100)
    settlement = make_members.asked_to_leave(office, row)
    request = make.waiting_request(office, ApprovalKind.MEMBER_EXIT, settlement)
    make.decide(office, request, office.daniel, Decision.REJECT)
    facts = office.read(exits.look, row.member_id)
    assert (facts.settlement, facts.status, facts.can_ask) == ("", "notice_given", True)


def test_two_clicks_ask_once(office: PracticeOffice) -> None:
    row = make.member(office)
    make_members.noticed(office, row)
    office.clock.advance(days=60)
    wish = ExitWish("one key", row.member_id, office.read(members.row_of, row.member_id).version)
    first = office.write(exits.ask, wish, office.peter)
    assert office.write(exits.ask, wish, office.peter) == first
    assert office.count("exit_settlement") == 1


def _dead(office: PracticeOffice) -> int:
    return make_members.dead(office).member_id


def test_the_nominees_of_a_dead_member_get_their_parts_and_no_more(
    office: PracticeOffice,
) -> None:
    member_id = _dead(office)
    assert office.read(members.row_of, member_id).status == "deceased"
    rows = office.read(nominee_claims.claims_of, member_id)
    assert [row.cents for row in rows] == [33_330, 33_330, 33_340]
    settlement = office.read(exits.look, member_id).settlement_id or 0
    for row in rows:
        new = NewClaim(make.key(), settlement, row.nominee.nominee_id, Way.CHEQUE, Destination())
        payout = office.write(nominee_claims.ask, new, office.grace)
        assert payout.net_cents == row.cents
        again = replace(new, key=make.key())
        with pytest.raises(WrongState, match="asked for already"):
            office.write(nominee_claims.ask, again, office.grace)
    paid = office.read(nominee_claims.claims_of, member_id)
    assert [row.payout_status for row in paid] == ["draft"] * 3


def test_nothing_goes_to_the_phone_of_a_dead_member(office: PracticeOffice) -> None:
    member_id = _dead(office)
    payment = NewPayment(make.key(), "exit_refund", 100_00, Way.MPESA, member_id)
    with pytest.raises(InvalidInput, match="has died"):
        office.write(payments.request, payment, office.grace)
    settlement = office.read(exits.look, member_id).settlement_id or 0
    own = office.read(members.row_of, member_id).phone
    claim = NewClaim(make.key(), settlement, 1, Way.MPESA, Destination(), own, "She showed her ID.")
    with pytest.raises(InvalidInput, match="number of the member who has died"):
        office.write(nominee_claims.ask, claim, office.grace)


def test_m_pesa_pays_a_nominee_to_the_own_checked_number_once(office: PracticeOffice) -> None:
    member_id = _dead(office)
    make.float_of(office, 1_000)
    settlement = office.read(exits.look, member_id).settlement_id or 0
    ann = NewClaim(make.key(), settlement, 1, Way.MPESA, Destination(), "0722 555 111", "")
    with pytest.raises(InvalidInput, match="how you made sure"):
        office.write(nominee_claims.ask, ann, office.grace)
    # Nobody else is paid so: the door of all payments knows no nominees.
    plain = NewPayment(make.key(), "exit_refund", 100_00, Way.MPESA, member_id, ann.phone)
    with pytest.raises(InvalidInput, match="has died"):
        office.write(payments.request, plain, office.grace)
    checked = replace(ann, key=make.key(), checked="ID seen, she rang from it.")
    payout = office.write(nominee_claims.ask, checked, office.grace)
    assert (payout.phone, payout.net_cents) == ("254722555111", 333_00)
    with pytest.raises(WrongState, match="asked for already"):
        office.write(nominee_claims.ask, replace(checked, key=make.key()), office.grace)
    make.approve_payout(office, payout, office.lucy)
    # No identity number of a dead member goes out with it, and only M-Pesa's word makes it paid.
    order = make.accepted(office, payout)
    assert (order.phone, order.amount_shillings, order.id_number) == ("254722555111", 333, "")
    make.arrive(office, order.relay_id or 0, (order.tag, make.paid_news(order)))
    assert office.balance("2180.M-0001") == 1_000_00 - 333_00, "what is not claimed stays owed"
    assert office.read(nominee_claims.claims_of, member_id)[0].payout_status == "paid"


def test_the_figures_of_a_worked_exit() -> None:
    """184,500.00 of deposits after a loan of 62,300.00 and 623.00 of interest were paid from them."""
    sums = exit_sums(18_450_000 - 6_230_000 - 62_300, 0, ExitRules(0, 10), is_early=False)
    assert sums.refund_cents == 12_157_700


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.integers(0, 10**6), st.booleans())
def test_deposits_and_shares_are_fee_and_refund(
    deposits: int, shares: int, fee: int, early: bool
) -> None:
    sums = exit_sums(deposits, shares, ExitRules(fee, 10), is_early=early)
    assert deposits + shares == sums.fee_cents + sums.refund_cents
    assert min(sums.fee_cents, sums.refund_cents) >= 0


@given(st.integers(0, 10**10), st.lists(st.integers(1, 10_000), min_size=1, max_size=20))
def test_parts_make_the_whole(cents: int, shares: list[int]) -> None:
    assert sum(divide_by_shares(cents, shares)) == cents


def test_money_without_owner_that_names_the_member_is_given_first(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=1_000)
    other = make.member(office, deposits_kes=1_000, first_name="Zipporah", last_name="Mwakio")
    for each in (row, other):
        make_members.noticed(office, each)
    office.clock.advance(days=60)
    make_check_offs.posted(office, ((other.number, 100), ("0077", 500)))

    def told(of: MemberRow) -> tuple[bool, str]:
        facts = office.read(exits.look, of.member_id)
        [found] = [one for one in facts.checks if one.name == "unowned"]
        return found.is_met, found.words

    assert told(row) == told(other) == (True, "None names this member.")
    change = FileChange(Holder(row.member_id), 0, (("payroll_number", "77"),), 0)
    office.write(member_files.change, change, office.peter)
    is_met, words = told(row)
    assert not is_met
    assert words.startswith("CO-2026-0001")
    assert "names this member. Give it to its owner first" in words
    with pytest.raises(WrongState, match="Money without owner"):
        make_members.ask_exit(office, row)
    assert told(other) == (True, "None names this member.")


def test_a_payment_that_waits_for_its_owner_is_told_to_who_leaves(office: PracticeOffice) -> None:
    make_payments_in.connect(office)
    named, phoned, other = (
        make.member(office, deposits_kes=1_000, first_name=name) for name in ("Ann", "Bea", "Cate")
    )
    for each in (named, phoned, other):
        make_members.noticed(office, each)
    office.clock.advance(days=60)

    def told(of: MemberRow) -> tuple[bool, str]:
        facts = office.read(exits.look, of.member_id)
        [found] = [one for one in facts.checks if one.name == "payments"]
        return found.is_met, found.words

    assert told(named) == (True, "None waits for this member.")
    # A notice alone books nothing for her; a payment from a phone that is known here names nobody by itself.
    make_payments_in.paid_in(office, "SGL1ABCDEF", 300, named.number, road=Road.C2B)
    whose = hashlib.sha256(phoned.phone.encode("ascii")).hexdigest()
    receipt = make_payments_in.paid_in(
        office, "SGL1ABCDEG", 500, "mama", payer=PayerTold(hash=whose)
    )
    assert told(named) == (
        False,
        "SGL1ABCDEF KES 300.00 waits for its owner. Say whose it is first, on Collections.",
    )
    assert told(phoned)[1].startswith("SGL1ABCDEG KES 500.00 waits")
    assert told(other)[0]
    with pytest.raises(WrongState, match="M-Pesa payments: SGL1ABCDEG"):
        make_members.ask_exit(office, phoned)
    make_payments_in.give(office, receipt, phoned, ("deposits", 500_00))
    assert told(phoned)[0]
    make_members.ask_exit(office, phoned)
