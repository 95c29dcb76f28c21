"""Hold and release: whoever has to do with payouts may stop one, only a sender lets it go, and nothing of it leaves."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    OnHold,
    WrongState,
)
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.payouts import hand_overs, loan_steps, payout_holds, payouts
from sacco_desktop.services.payouts.hand_overs import CashPayment
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import pay_sheet, payout_cards
from sacco_desktop.services.sending.payout_cards import Chip
from tests import make, make_payments
from tests.make import PracticeOffice

WHY = "The member is abroad and asks us to wait"


def _hold(office: PracticeOffice, row: PayoutRow, by: Actor | None = None) -> PayoutRow:
    change = PayoutChange(row.payout_id, row.version, WHY)
    return office.write(payout_holds.hold, change, by or office.lucy)


def _release(office: PracticeOffice, row: PayoutRow, by: Actor | None = None) -> PayoutRow:
    change = PayoutChange(row.payout_id, row.version, "Back home.")
    return office.write(payout_holds.release, change, by or office.grace)


def test_nothing_leaves_until_a_sender_releases_it(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    held = _hold(office, row)
    assert held.held is not None
    assert held.held.words == f"On hold since 16 Mar 2026 09:00 by {office.lucy.full_name}: {WHY}."
    with pytest.raises(
        OnHold, match=r"is on hold since .* A treasurer can release it\. Nothing was"
    ):
        make.begin(office, held, via)
    assert office.count("payout_attempt") == 0
    with pytest.raises(NotAllowed):
        _release(office, held, office.peter)
    free = _release(office, held)
    assert free.held is None
    assert make.begin(office, free, via).attempt_id is not None
    assert make.payout_now(office, free).status is PayoutStatus.IN_FLIGHT


def test_who_and_why_are_seen_wherever_the_payout_is(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    held = _hold(office, row)
    card = office.read(payout_cards.card, row.payout_id)
    assert card.chip is Chip.ON_HOLD
    assert WHY in card.headline
    assert card.history[-1].words == f"Put on hold by {office.lucy.full_name}: {WHY}"
    sheet = office.read(pay_sheet.pay_sheet, (row.payout_id,), office.grace)
    assert "is on hold since" in sheet.lines[0].locked_why
    assert row.loan_id is not None
    step = office.read(loan_steps.sheet, row.loan_id, office.grace).next_step
    assert step is not None
    assert step.words == f"release its payout, which {office.lucy.full_name} put on hold"
    _release(office, held)
    card = office.read(payout_cards.card, row.payout_id)
    assert (card.chip, card.history[-1].words) == (
        Chip.READY,
        f"Released by {office.grace.full_name}: Back home.",
    )
    acts = {action for (action,) in office.sql("SELECT action FROM audit_row")}
    assert {"put a payout on hold", "released a payout"} <= acts


def test_a_hold_needs_a_reason_and_is_of_what_was_looked_at(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    with pytest.raises(InvalidInput, match="Write why it shall wait"):
        office.write(payout_holds.hold, PayoutChange(row.payout_id, row.version, " "), office.lucy)
    held = _hold(office, row)
    with pytest.raises(ChangedMeanwhile):
        _hold(office, row)
    with pytest.raises(WrongState, match="is on hold since"):
        _hold(office, held)
    with pytest.raises(InvalidInput, match="Write why it may go on"):
        office.write(payout_holds.release, PayoutChange(row.payout_id, held.version), office.grace)
    free = _release(office, held)
    with pytest.raises(WrongState, match="is not on hold"):
        _release(office, free)


def test_only_what_is_approved_and_has_not_left_is_held(office: PracticeOffice) -> None:
    draft = make.requested_payout(office)
    with pytest.raises(WrongState, match="is draft, so it cannot be put on hold"):
        _hold(office, draft)
    row = make.approved_payout(office)
    make.accepted(office, row, make.route(office, make.relay(office)))
    with pytest.raises(WrongState, match="is in flight, so it cannot be put on hold"):
        _hold(office, make.payout_now(office, row))


@pytest.mark.parametrize("role", [Role.CASHIER, Role.COMMITTEE, Role.TREASURER, Role.ACCOUNTANT])
def test_whoever_has_to_do_with_payouts_may_stop_one(office: PracticeOffice, role: Role) -> None:
    row = make.approved_payout(office)
    assert _hold(office, row, make.person(office, "Some Body", role)).held is not None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_may_not(office: PracticeOffice, role: Role) -> None:
    row = make.approved_payout(office)
    with pytest.raises(NotAllowed):
        _hold(office, row, make.person(office, "Some Body", role))


def test_cash_on_hold_is_not_paid_at_the_till(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 500_000)
    row = make_payments.approved_payment(office, Way.CASH)
    held = _hold(office, row)
    paid = CashPayment(make.key(), row.payout_id, held.version, "23450001")
    with pytest.raises(OnHold):
        office.write(hand_overs.pay_cash, paid, office.peter)
    assert "is on hold since" in office.read(hand_overs.why_not_by_me, row.payout_id, office.peter)


def test_taking_it_back_ends_the_hold(office: PracticeOffice) -> None:
    held = _hold(office, make.approved_payout(office))
    change = PayoutChange(held.payout_id, held.version, "The loan is not wanted.")
    back = office.write(payouts.take_back, change, office.grace)
    assert (back.status, back.held) == (PayoutStatus.CANCELLED, None)
    assert office.count("payout_hold", "released_at IS NULL") == 0


def test_a_hold_does_not_stop_the_truth(office: PracticeOffice) -> None:
    """The request was thought unsent and its payout put on hold; then M-Pesa says that it has paid."""
    via = make.route(office, make.relay(office))
    order = make.unsent(office, make.approved_payout(office), via)
    _hold(office, make.payout_now(office, order))
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    now = make.payout_now(office, order)
    assert (now.status, now.held) == (PayoutStatus.PAID, None)
