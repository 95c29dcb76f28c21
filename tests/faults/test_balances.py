"""Balances asked of the simulated Safaricom through the real relay: what it told, when it is asked, and what it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sacco_desktop.demo.safaricom.profile import ID_CHECKED
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.ask_balance import ask_and_wait, freshen
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.sending import balance_questions, queue_stops, utility_float
from sacco_desktop.services.sending.utility_float import UtilityFloat
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import PATIENT, Day
from tests.faults.truth import check_end


def _float(desk: Desk) -> UtilityFloat:
    return desk.read(utility_float.current, None)


def _questions(desk: Desk) -> list[str]:
    messages = desk.day.safaricom.messages
    return [one.address for one in messages if "accountbalance" in one.address]


def _words(desk: Desk) -> str:
    def read(work: Work, _nothing: None) -> str:
        return balance_questions.state_words(work)

    return desk.read(read, None)


def test_a_person_asks_and_the_books_know_what_each_account_holds(day: Day) -> None:
    with day.desk(PATIENT) as desk:
        day.later(minutes=1)
        desk.run(lambda: ask_and_wait(desk.office, desk.people["grace"]))
        told = _float(desk)
        assert told.told_cents == day.safaricom.balance_cents("utility")
        assert told.working_cents == day.safaricom.balance_cents("working")
        assert told.is_fresh
        assert _words(desk) == ""


def test_the_clock_asks_once_a_day(desk: Desk) -> None:
    for _ in range(4):
        desk.day.later(minutes=6)
        desk.jobs()
        desk.news()
    assert len(_questions(desk)) == 1
    desk.day.later(days=1)
    desk.jobs()
    desk.news()
    assert len(_questions(desk)) == 2


def test_before_a_run_it_is_asked_only_when_the_last_word_is_old(day: Day) -> None:
    with day.desk(PATIENT) as desk:
        grace = desk.people["grace"]
        day.later(minutes=1)
        for minutes, count in ((0, 1), (4, 1), (2, 2)):
            day.later(minutes=minutes)
            desk.run(lambda: freshen(desk.office, grace))
            assert len(_questions(desk)) == count
            assert _float(desk).is_fresh


def test_an_answer_that_never_comes_says_so_and_another_question_may_be_asked(desk: Desk) -> None:
    desk.day.safaricom.arm("result_lost", api="balance")
    desk.run(lambda: freshen(desk.office, desk.people["grace"]))
    assert "the answer comes by itself" in _words(desk)
    with pytest.raises(WrongState, match="has not answered yet"):
        desk.run(lambda: ask_and_wait(desk.office, desk.people["grace"]))
    desk.day.later(minutes=4)
    assert "has not answered. Ask again." in _words(desk)
    desk.run(lambda: freshen(desk.office, desk.people["grace"]))
    desk.news()
    assert _float(desk).told_cents == desk.day.safaricom.balance_cents("utility")


@pytest.mark.parametrize("fault", ["hang_before_taking", "html_before_taking", "quota"])
def test_a_question_that_m_pesa_does_not_take_harms_nothing(desk: Desk, fault: str) -> None:
    desk.day.safaricom.arm(fault, api="balance")
    desk.run(lambda: freshen(desk.office, desk.people["grace"]))
    assert _float(desk).told_cents is None
    assert desk.read(queue_stops.standing, None) is None
    desk.send(1)
    settle(desk, 1)
    check_end(desk)


@pytest.mark.parametrize("fault", ["result_doubled", "result_early", "result_garbage"])
def test_doubled_early_and_broken_answers_harm_nothing(desk: Desk, fault: str) -> None:
    desk.day.safaricom.arm(fault, api="balance")
    desk.run(lambda: freshen(desk.office, desk.people["grace"]))
    desk.news()
    known = _float(desk).told_cents
    assert known == (
        None if fault == "result_garbage" else desk.day.safaricom.balance_cents("utility")
    )
    assert desk.read(queue_stops.standing, None) is None


def _enable_id_check(desk: Desk) -> None:
    facts = desk.read(mpesa_connections.current, None)
    desk.write(mpesa_connections.save, replace(facts, has_id_check=True), "ruth")


def test_the_line_must_be_registered_to_the_members_id_number_where_the_society_wants_it(
    desk: Desk,
) -> None:
    safaricom = desk.day.safaricom
    safaricom.switch_product(ID_CHECKED)
    desk.set("payout.id_check", "yes")
    with pytest.raises(WrongState, match="M-Pesa is not set up for that"):
        desk.send(1)
    _enable_id_check(desk)
    for payout_id in (1, 2):
        row = desk.row(payout_id)
        assert row.member_id is not None
        own = desk.read(members.row_of, row.member_id).national_id
        safaricom.register_line(row.phone, own if payout_id == 1 else "99999999")
    desk.send(1)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    desk.send(2)
    settle(desk, 2, pay_anew=False)
    assert desk.row(2).status is PayoutStatus.DRAFT
    [first, second] = desk.attempts()
    assert (first.b2c_version, second.b2c_version) == ("id-v2", "id-v2")
    assert "not registered to this member's ID number" in desk.row(2).reason
    check_end(desk)


def test_an_id_checked_payment_in_doubt_goes_out_again_under_its_id_and_is_paid_once(
    desk: Desk,
) -> None:
    safaricom = desk.day.safaricom
    safaricom.switch_product(ID_CHECKED)
    desk.set("payout.id_check", "yes")
    _enable_id_check(desk)
    row = desk.row(1)
    assert row.member_id is not None
    safaricom.register_line(row.phone, desk.read(members.row_of, row.member_id).national_id)
    safaricom.arm("hang_before_taking")
    desk.send(1)
    settle(desk, 1)
    [facts] = desk.attempts()
    assert (facts.times_sent, facts.status) == (2, "paid")
    check_end(desk)
