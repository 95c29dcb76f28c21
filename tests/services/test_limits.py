"""Amount limits by role: at once and in a day, who has a higher one, and a change that another person approves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sacco_desktop.domain.amount_limits import Limit
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import InvalidInput, OverLimit, WrongState
from sacco_desktop.domain.permissions import Act, Role
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office import approval_rules, approvals, limits
from sacco_desktop.services.office.approval_rules import LimitChange
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending.pay_sheet import pay_sheet
from tests import make, make_payments
from tests.make import PracticeOffice


def _set(
    office: PracticeOffice, role: Role, act: Act, single: int | None, day: int | None = None
) -> None:
    """A limit from today on, in KES, asked by the administrator and approved by Daniel."""
    limit = Limit(
        role, act, None if single is None else single * 100, None if day is None else day * 100
    )
    asked = office.write(
        approval_rules.ask_limit, LimitChange(limit, make.day(office)), office.admin
    )
    make.decide(office, asked, office.daniel)


def _deposit(office: PracticeOffice, by: Actor, kes: int, key: str = "") -> None:
    (member,) = office.sql("SELECT id FROM member LIMIT 1") or [(make.member(office).member_id,)]
    new = NewDeposit(key or make.key(), member[0], kes * 100, make.day(office))
    office.write(deposits.take_cash, new, by)


def test_a_cashier_takes_deposits_up_to_the_limit_at_once_and_a_day(
    office: PracticeOffice,
) -> None:
    cashier = make.person(office, "Janet Moraa", Role.CASHIER)
    _set(office, Role.CASHIER, Act.TAKE_DEPOSIT, 1_000, 1_500)
    with pytest.raises(OverLimit) as over:
        _deposit(office, cashier, 1_001)
    assert over.value.message == (
        "KES 1,001.00 is above your limit of KES 1,000.00 at once, as cashier, to take deposits."
        " Grace Wanjiru or Lucy Chebet or Peter Kamau have a higher limit."
    )
    _deposit(office, cashier, 1_000)
    with pytest.raises(OverLimit) as over:
        _deposit(office, cashier, 501)
    assert over.value.message.startswith(
        "KES 501.00 is more than the KES 500.00 that is left today of your limit of KES 1,500.00 a day"
    )
    _deposit(office, cashier, 500)
    left = office.read(_left, Act.TAKE_DEPOSIT, cashier)
    assert left is not None
    assert (left.used_cents, left.left_cents, left.carries(1)) == (1_500_00, 0, False)
    office.clock.advance(days=1)
    _deposit(office, cashier, 1_000)


def _left(work: Work, act: Act) -> limits.Left | None:
    return limits.left_for(work, act)


def test_the_same_deposit_twice_counts_once(office: PracticeOffice) -> None:
    cashier = make.person(office, "Janet Moraa", Role.CASHIER)
    _set(office, Role.CASHIER, Act.TAKE_DEPOSIT, 1_000, 1_500)
    for _ in range(3):
        _deposit(office, cashier, 1_000, "one-key")
    left = office.read(_left, Act.TAKE_DEPOSIT, cashier)
    assert left is not None
    assert left.left_cents == 500_00


def test_of_several_roles_the_highest_limit_counts(office: PracticeOffice) -> None:
    both = make.person(office, "Janet Moraa", Role.CASHIER, Role.OFFICER)
    _set(office, Role.CASHIER, Act.TAKE_DEPOSIT, 1_000)
    _deposit(office, both, 5_000)
    left = office.read(_left, Act.TAKE_DEPOSIT, both)
    assert left is not None
    assert (left.role, left.single_cents) == (Role.OFFICER, None)


def test_who_sends_is_held_to_the_limit_and_an_unsent_one_counts_once(
    office: PracticeOffice,
) -> None:
    row = make.approved_payout(office)
    _set(office, Role.TREASURER, Act.SEND_PAYOUT, 98_499)
    via = make.route(office, make.relay(office))
    with pytest.raises(OverLimit, match="Nobody in this office has a higher limit today"):
        make.begin(office, row, via)
    assert office.count("payout_attempt") == 0
    _set(office, Role.TREASURER, Act.SEND_PAYOUT, 98_500, 98_500)
    make.unsent(office, row, via)
    make.begin(office, make.payout_now(office, row), via)
    left = office.read(_left, Act.SEND_PAYOUT, office.grace)
    assert left is not None
    assert left.left_cents == 0


def test_who_approves_is_held_to_the_limit_and_may_still_say_no(office: PracticeOffice) -> None:
    _set(office, Role.TREASURER, Act.APPROVE_PAYOUT, 50_000)
    payout = make.requested_payout(office)
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    with pytest.raises(OverLimit, match="Daniel Omondi has a higher limit"):
        make.decide(office, request_id, office.lucy)
    said = make.decide(office, request_id, office.lucy, Decision.REJECT, "Not this one.")
    assert said.status is ApprovalStatus.REJECTED


def test_a_decision_keeps_the_limit_within_which_it_was_taken(office: PracticeOffice) -> None:
    _set(office, Role.TREASURER, Act.APPROVE_PAYOUT, 200_000)
    payout = make.requested_payout(office)
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    make.decide(office, request_id, office.lucy)
    _set(office, Role.TREASURER, Act.APPROVE_PAYOUT, 10)
    found = office.sql("SELECT limit_cents FROM approval_decision WHERE request_id = ?", request_id)
    assert found == [(200_000_00,)]


# A change of the rules is a request of its own.


def test_a_change_waits_for_another_person_and_shows_before_and_after(
    office: PracticeOffice,
) -> None:
    limit = Limit(Role.TREASURER, Act.SEND_PAYOUT, 50_000_00, None)
    change = LimitChange(limit, make.day(office))
    asked = office.write(approval_rules.ask_limit, change, office.admin)
    (row,) = office.sql("SELECT count(*) FROM amount_limit WHERE act = 'send_payout'")
    assert row == (1,)
    content = office.read(_content, asked)
    assert content["before"] == "KES 1,000,000.00 at once, no limit a day"
    assert content["after"] == "KES 50,000.00 at once, no limit a day"
    make.decide(office, asked, office.daniel)
    rows = office.read(approval_rules.list_limits, None, office.peter)
    now = next(each for each in rows if each.limit.act is Act.SEND_PAYOUT)
    assert now.limit == limit
    assert now.source is not None
    assert (now.source.asked_by, now.source.approved_by) == ("Ruth Akinyi", "Daniel Omondi")
    with pytest.raises(WrongState, match="That is the rule already"):
        office.write(approval_rules.ask_limit, change, office.admin)


def _content(work: Work, request_id: int) -> dict[str, object]:
    return dict(approvals.content_of(approvals.load(work, request_id)))


def test_a_rule_that_changed_meanwhile_voids_the_request(office: PracticeOffice) -> None:
    first = Limit(Role.TREASURER, Act.SEND_PAYOUT, 50_000_00, None)
    asked = office.write(
        approval_rules.ask_limit, LimitChange(first, make.day(office)), office.admin
    )
    office.take_off_guard("limit_by_nobody")
    office.sql(
        "INSERT INTO amount_limit (role, act, single_cents, effective_on, request_id, written_at)"
        " SELECT role, act, 7, '2026-03-16', NULL, written_at FROM amount_limit"
        " WHERE act = 'send_payout'"
    )
    assert make.decide(office, asked, office.daniel).status is ApprovalStatus.VOID
    office.without_guards("UPDATE amount_limit SET single_cents = 8 WHERE single_cents = 7")


@pytest.mark.parametrize(
    ("limit", "field"),
    [
        (Limit(Role.OFFICER, Act.SEND_PAYOUT, 1, None), "role"),
        (Limit(Role.TREASURER, Act.MANAGE_USERS, 1, None), "act"),
        (Limit(Role.TREASURER, Act.SEND_PAYOUT, -1, None), "single"),
        (Limit(Role.TREASURER, Act.SEND_PAYOUT, 10, 9), "day"),
    ],
)
def test_a_limit_that_cannot_be_is_said_under_its_field(
    office: PracticeOffice, limit: Limit, field: str
) -> None:
    change = LimitChange(limit, make.day(office))
    with pytest.raises(InvalidInput) as refused:
        office.write(approval_rules.ask_limit, change, office.admin)
    assert refused.value.field == field


def test_rules_change_today_or_later(office: PracticeOffice) -> None:
    limit = Limit(Role.TREASURER, Act.SEND_PAYOUT, 50_000_00, None)
    change = LimitChange(limit, make.day(office))
    office.clock.advance(days=1)
    with pytest.raises(InvalidInput) as refused:
        office.write(approval_rules.ask_limit, change, office.admin)
    assert refused.value.field == "effective_on"
    later = replace(change, effective_on=make.day(office))
    asked = office.write(approval_rules.ask_limit, later, office.admin)
    office.clock.advance(days=3)
    make.decide(office, asked, office.daniel)
    assert office.sql("SELECT max(effective_on) FROM amount_limit") == [
        (make.day(office).isoformat(),)
    ]


def test_all_parts_of_a_loan_are_one_sum_for_the_limit_at_once(office: PracticeOffice) -> None:
    """394,000 go out as 250,000 and 144,000: whoever may approve or send 300,000 at once may do neither part."""
    _set(office, Role.TREASURER, Act.APPROVE_PAYOUT, 300_000)
    first, second = make_payments.parts_of_loan(office)
    with pytest.raises(OverLimit) as over:
        make.approve_payout(office, second, office.lucy)
    assert over.value.message.startswith(
        "KES 394,000.00, all parts together, is above your limit of KES 300,000.00 at once"
    )
    assert "Lucy" not in " ".join(_who_can(office, second))
    _set(office, Role.TREASURER, Act.APPROVE_PAYOUT, None)
    _set(office, Role.TREASURER, Act.SEND_PAYOUT, 300_000)
    row = make_payments.approved_part(office, first)
    via = make.route(office, make.relay(office))
    with pytest.raises(OverLimit, match=r"KES 394,000\.00, all parts together, is above"):
        make.begin(office, row, via)
    sheet = office.read(pay_sheet, (row.payout_id,), office.grace)
    assert sheet.lines[0].at_once_cents == 39_400_000
    assert office.count("payout_attempt") == 0


def test_the_day_counts_each_part_by_itself(office: PracticeOffice) -> None:
    _set(office, Role.TREASURER, Act.SEND_PAYOUT, 394_000, 394_000)
    first, second = make_payments.parts_of_loan(office)
    via = make.route(office, make.relay(office))
    make.accepted(office, make_payments.approved_part(office, first), via)
    make.accepted(office, make_payments.approved_part(office, second), via)
    left = office.read(_left, Act.SEND_PAYOUT, office.grace)
    assert left is not None
    assert left.left_cents == 0


def _who_can(office: PracticeOffice, row: PayoutRow) -> tuple[str, ...]:
    waiting = office.read(decisions.list_waiting, None, office.daniel)
    return next(each.who_can for each in waiting if each.subject_id == row.payout_id)
