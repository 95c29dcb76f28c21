"""Withdrawals of savings: by notice, within the terms, asked at the request, the approval and the sending, once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.paying_out import OutTerms
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.savings import Withdrawal
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn, Share, contribution
from sacco_desktop.services.books.papers import AmountLine
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.member_payouts import exits, withdrawals
from sacco_desktop.services.member_payouts.withdrawals import NewWithdrawal
from sacco_desktop.services.membership import members
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import hand_overs, payments, payouts, vouchers
from sacco_desktop.services.payouts.hand_overs import CashPayment
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.savings import withdrawal_notices
from sacco_desktop.services.savings.withdrawal_notices import NewWithdrawalNotice, NoticeBack
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Sending
from tests import make, make_members, make_payments, make_savings
from tests.make import PracticeOffice

SPECIAL = "special_savings"


def _saver(office: PracticeOffice, kes: int = 10_000) -> int:
    """A member with special savings, who brought them in cash."""
    member = make.member(office)
    make_savings.contribution(office, member, special_savings=kes)
    return member.member_id


def _notice(office: PracticeOffice, member_id: int, kes: int, **changes: Any) -> int:
    new = NewWithdrawalNotice(make.key(), member_id, SPECIAL, kes * 100, make.day(office))
    given = office.write(withdrawal_notices.give, replace(new, **changes), office.peter)
    return given.notice_id


def _wish(
    member_id: int, kes: int, notice_id: int | None = None, way: Way = Way.CASH
) -> NewWithdrawal:
    return NewWithdrawal(make.key(), member_id, SPECIAL, kes * 100, way, notice_id=notice_id)


def _ask(office: PracticeOffice, wish: NewWithdrawal) -> PayoutRow:
    return office.write(withdrawals.request, wish, office.grace)


def _approve(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    make.approve_payout(office, row, office.lucy)
    return make.payout_now(office, row)


def _pay_cash(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    now = make.payout_now(office, row)
    assert now.member_id is not None
    identity = office.read(members.row_of, now.member_id).national_id
    paid = CashPayment(make.key(), now.payout_id, now.version, identity)
    return office.write(hand_overs.pay_cash, paid, office.peter)


def test_savings_go_out_by_a_notice_that_has_run(office: PracticeOffice) -> None:
    member_id = _saver(office)
    with pytest.raises(InvalidInput, match="None was given; write it down first"):
        _ask(office, _wish(member_id, 4_000))
    notice = _notice(office, member_id, 4_000)
    with pytest.raises(InvalidInput, match="runs until 15 Apr 2026"):
        _ask(office, _wish(member_id, 4_000, notice))
    office.clock.advance(days=30)
    with pytest.raises(InvalidInput, match=r"given of KES 4,000\.00 and not of more"):
        _ask(office, _wish(member_id, 4_100, notice))
    wish = _wish(member_id, 4_000, notice)
    row = _ask(office, wish)
    assert _ask(office, wish) == row, "two presses are one withdrawal"
    with pytest.raises(WrongState, match=f"{row.number} uses this notice"):
        _ask(office, _wish(member_id, 1_000, notice))
    with pytest.raises(WrongState, match="Take that payout back first"):
        office.write(withdrawal_notices.take_back, NoticeBack(notice, "No."), office.peter)
    (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
    shown = next(
        one for one in office.read(decisions.list_waiting, None) if one.request_id == request
    )
    assert shown.content["about"][0][0] == "Notice"  # type: ignore[index]
    assert not shown.has_changed
    _pay_cash(office, _approve(office, row))
    assert (office.balance("2040.M-0001"), office.balance("1010")) == (600_000, 600_000)
    (seen,) = office.read(withdrawal_notices.of_member, member_id)
    assert (seen.status, seen.payout_number) == ("used", row.number)


def test_the_fee_of_the_terms_is_kept_by_the_society(
    office: PracticeOffice,
) -> None:
    member_id = _saver(office)
    make_savings.other_terms(office, SPECIAL, notice_days=0, out=OutTerms(fee_cents=5_000))
    with pytest.raises(InvalidInput, match="nothing of this would be paid"):
        _ask(office, _wish(member_id, 50))
    row = _approve(office, _ask(office, _wish(member_id, 10_000)))
    assert (row.net_cents, row.paid_cents) == (1_000_000, 995_000)
    _pay_cash(office, row)
    codes = ("2040.M-0001", "1010", "4050")
    assert [office.balance(code) for code in codes] == [0, 5_000, 5_000]
    paper = office.write(vouchers.voucher, row.payout_id, office.grace)
    assert (paper.gross_cents, paper.net_cents) == (1_000_000, 995_000)
    assert paper.deductions == (AmountLine("Fee of the society", 5_000),)


def test_two_withdrawals_at_once_do_not_take_the_same_money(office: PracticeOffice) -> None:
    member_id = _saver(office)
    make_savings.other_terms(
        office, SPECIAL, notice_days=0, least_cents=100_000, out=OutTerms(most_a_month=2)
    )
    for kes, words in ((0, "above zero"), (-5, "above zero"), (9_001, "least balance")):
        with pytest.raises(InvalidInput, match=words):
            _ask(office, _wish(member_id, kes))
    first = _ask(office, _wish(member_id, 6_000))
    with pytest.raises(InvalidInput, match=r"6,000\.00 is on its way out"):
        _ask(office, _wish(member_id, 6_000))
    with pytest.raises(InvalidInput, match="least balance"):
        _ask(office, _wish(member_id, 4_000))
    _ask(office, _wish(member_id, 1_000))
    with pytest.raises(InvalidInput, match="withdrawn 2 times in a month"):
        _ask(office, _wish(member_id, 500))
    # What was taken back does not count, and the first is not in its own way.
    back = PayoutChange(first.payout_id, make.payout_now(office, first).version, "Not now.")
    office.write(payouts.take_back, back, office.grace)
    again = _ask(office, _wish(member_id, 8_000))
    assert _approve(office, again).status.value == "approved"


def test_what_is_never_withdrawn_is_refused_by_every_door(office: PracticeOffice) -> None:
    member_id = _saver(office)
    make.member(office, deposits_kes=5_000)
    row = make_payments.requested_payment(
        office, Way.CASH, purpose="deposit_refund", amount_cents=100_000, member_id=2
    )
    never = Withdrawal.NEVER
    make_savings.other_terms(office, "deposits", withdrawal=never)
    make_savings.other_terms(office, SPECIAL, withdrawal=never, notice_days=0)
    refund = NewPayment(make.key(), "deposit_refund", 100_000, Way.CASH, 2)
    with pytest.raises(InvalidInput, match="only when a member leaves"):
        office.write(payments.request, refund, office.grace)
    # It was asked for while the terms still allowed it.
    with pytest.raises(WrongState, match=f"{row.number} cannot go on. Deposits are paid back only"):
        make.approve_payout(office, row, office.lucy)
    with pytest.raises(InvalidInput, match="cannot be withdrawn"):
        _ask(office, _wish(member_id, 100))
    with pytest.raises(InvalidInput, match="cannot be withdrawn"):
        _notice(office, member_id, 100)
    for wrong, words in (
        (replace(refund, purpose="savings_withdrawal"), "on the page of the member"),
        (replace(refund, account_code="2040"), "account of this purpose"),
    ):
        with pytest.raises(InvalidInput, match=words):
            office.write(payments.request, wrong, office.grace)


def test_deposits_by_notice_need_it_and_keep_what_loans_need(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=50_000)
    make_savings.other_terms(office, "deposits", withdrawal=Withdrawal.BY_NOTICE, notice_days=7)
    make.appraised_loan(office, member)
    new = NewWithdrawalNotice(make.key(), member.member_id, "deposits", 5_000_000, make.day(office))
    notice = office.write(withdrawal_notices.give, new, office.peter).notice_id
    office.clock.advance(days=7)
    refund = NewPayment(make.key(), "deposit_refund", 100_000, Way.CASH, member.member_id)
    with pytest.raises(InvalidInput, match="7 days' notice"):
        office.write(payments.request, refund, office.grace)
    wish = replace(_wish(member.member_id, 50_000, notice), product="deposits")
    with pytest.raises(InvalidInput, match="cover for the member's loans"):
        _ask(office, wish)
    row = _ask(office, replace(wish, cents=1_000_000))
    _pay_cash(office, _approve(office, row))
    assert office.balance(f"2010.{member.number}") == 4_000_000


def test_a_balance_that_fell_stops_the_sending(office: PracticeOffice) -> None:
    make.float_of(office, 50_000)
    member_id = _saver(office)
    make_savings.other_terms(office, SPECIAL, notice_days=0)
    row = _approve(office, _ask(office, _wish(member_id, 9_000, way=Way.MPESA)))
    _take_out(office, 2_000)
    via = make.route(office, make.relay(office))
    with pytest.raises(SaccoError, match=r"come to KES 8,000\.00"):
        office.write(payout_sending.begin, Sending(row.payout_id, via), office.grace)
    assert office.count("payout_attempt") == 0
    make_savings.contribution(office, office.read(members.row_of, member_id), special_savings=2_000)
    order = office.write(payout_sending.begin, Sending(row.payout_id, via), office.grace)
    assert order.amount_shillings == 9_000
    # In flight it holds its part of the savings, whatever else asks for it.
    with pytest.raises(InvalidInput, match=r"9,000\.00 is on its way"):
        _ask(office, _wish(member_id, 2_000))


def _take_out(office: PracticeOffice, kes: int) -> None:
    """As the reversal of a wrong entry does; the services would refuse it beside a payout in flight only."""
    share = Share("Special savings", "2040", kes * 100)
    paid = PaidIn("M-0001", (share,), make.key(), make.day(office))
    entry = contribution(paid, PaidBy.CASH)
    lines = tuple(
        line._replace(debit_cents=line.credit_cents, credit_cents=line.debit_cents)
        for line in entry.postings
    )
    make.post(office, replace(entry, postings=lines, kind="correction"))


def test_only_whoever_may_withdraws(office: PracticeOffice) -> None:
    member_id = _saver(office)
    make_savings.other_terms(office, SPECIAL, notice_days=0)
    row, later = (_ask(office, _wish(member_id, 100)) for _ in range(2))

    def refused(words: str) -> None:
        for act in (
            lambda: _ask(office, _wish(member_id, 100)),
            lambda: _notice(office, member_id, 100),
            lambda: make.approve_payout(office, later, office.lucy),
            lambda: office.read(withdrawals.facts, member_id),
        ):
            with pytest.raises(WrongState, match=words):
                act()

    office.without_guards("UPDATE member SET status = 'dormant'")
    refused("Make the member active first")
    make.setting(office, "savings.who_withdraws", "all_members")
    assert office.read(withdrawals.facts, member_id).products[1].free_cents == 980_000
    _approve(office, row)
    office.without_guards("UPDATE member SET status = 'deceased'")
    refused("the nominees are paid")
    with pytest.raises(WrongState, match="deceased"):
        _pay_cash(office, row)


def test_a_notice_is_dated_within_days_and_taken_back_for_good(office: PracticeOffice) -> None:
    member_id = _saver(office)
    today = make.day(office)
    office.without_guards("UPDATE member SET joined_on = '2026-03-12'")
    for day, words in (
        (today + timedelta(days=1), "in the future"),
        (today - timedelta(days=8), "older than the membership"),
    ):
        with pytest.raises(InvalidInput, match=words):
            _notice(office, member_id, 100, given_on=day)
    office.without_guards("UPDATE member SET joined_on = '2020-01-01'")
    with pytest.raises(InvalidInput, match="counts from 9 Mar 2026 at the earliest"):
        _notice(office, member_id, 100, given_on=today - timedelta(days=8))
    for cents, words in ((0, "above zero"), (1_000_001, r"come to KES 10,000\.00")):
        with pytest.raises(InvalidInput, match=words):
            _notice(office, member_id, 0, cents=cents)
    notice = _notice(office, member_id, 6_000, given_on=today - timedelta(days=7))
    with pytest.raises(InvalidInput, match=r"notice runs of 6,000\.00"):
        _notice(office, member_id, 5_000)
    office.clock.advance(days=23)
    assert [row.status for row in office.read(withdrawal_notices.list_notices, None)] == ["ripe"]
    with pytest.raises(InvalidInput, match="Write why"):
        office.write(withdrawal_notices.take_back, NoticeBack(notice, " "), office.peter)
    back = NoticeBack(notice, "Keeps it.")
    office.write(withdrawal_notices.take_back, back, office.peter)
    (row,) = office.read(withdrawal_notices.list_notices, None)
    assert row.status == "taken_back"
    with pytest.raises(WrongState, match="already"):
        office.write(withdrawal_notices.take_back, back, office.peter)
    with pytest.raises(InvalidInput, match="None was given"):
        _ask(office, _wish(member_id, 100, notice))


def test_a_notice_serves_again_when_its_payout_is_rejected_or_taken_back(
    office: PracticeOffice,
) -> None:
    member_id = _saver(office)
    notice = _notice(office, member_id, 4_000)
    office.clock.advance(days=30)
    row = _ask(office, _wish(member_id, 4_000, notice))
    (request, shown) = office.sql("SELECT id, fingerprint FROM approval_request ORDER BY id DESC")[
        0
    ]
    no = Verdict(request, shown, Decision.REJECT, "Comes on Friday.")
    office.write(decisions.decide, no, office.lucy)
    again = _ask(office, _wish(member_id, 3_000, notice))
    assert (again.number > row.number, again.net_cents) == (True, 300_000)
    make_members.noticed(office, office.read(members.row_of, member_id))
    facts = office.read(exits.look, member_id)
    assert "payouts" in {check.name for check in facts.checks if not check.is_met}
