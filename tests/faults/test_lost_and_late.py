"""Each way in which M-Pesa's news can be lost, late, doubled, early or false: never a second payment, never a wrong
entry, and always something for a person to see.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from sacco_desktop.domain.errors import QueueStopped
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.planted import use_version
from tests.faults.truth import check, check_end, payments_of

ONE = 1
UNKNOWN, ACCEPTED, PAID = AttemptStatus.UNKNOWN, AttemptStatus.ACCEPTED, AttemptStatus.PAID


def _send(desk: Desk, payout_id: int = ONE) -> AttemptStatus | None:
    """Send one payout and read in what came; where the attempt stands then."""
    desk.send(payout_id)
    desk.news()
    check(desk)
    return desk.row(payout_id).attempt_status


def _questions(desk: Desk) -> int:
    return sum(m.kind == "request" and m.name == "status" for m in desk.day.safaricom.messages)


def _requests(desk: Desk) -> int:
    """How many requests to pay reached the gateway, answered or not."""
    return sum(
        m.kind == "request" and m.name.startswith("b2c") for m in desk.day.safaricom.messages
    )


def test_a_lost_result_is_found_by_asking(desk: Desk) -> None:
    desk.day.safaricom.arm("result_lost")
    assert _send(desk) is ACCEPTED
    settle(desk, ONE)
    check_end(desk)
    assert desk.row(ONE).attempt_status is PAID
    assert (_requests(desk), _questions(desk)) == (1, 1)


def test_a_result_days_late_changes_nothing_that_an_answer_has_settled(desk: Desk) -> None:
    desk.day.safaricom.arm("result_late")
    assert _send(desk) is ACCEPTED
    settle(desk, ONE)
    before = desk.row(ONE)
    desk.day.later(days=5)
    desk.day.safaricom.release_callbacks()
    assert desk.day.safaricom.wait_for(lambda: desk.day.safaricom.held_back == 0)
    desk.news()
    check_end(desk)
    assert desk.row(ONE) == before
    assert desk.parked() == ()


def test_a_result_days_late_settles_what_no_answer_has(desk: Desk) -> None:
    """The status answers are lost as well, so for five days nobody knows."""
    safaricom = desk.day.safaricom
    safaricom.arm("result_late")
    safaricom.arm("result_lost", api="status", times=200)
    assert _send(desk) is ACCEPTED
    sent_on = desk.day.clock.now()
    for _ in range(5):
        desk.day.later(days=1)
        desk.jobs()
        check(desk)
        assert desk.row(ONE).status is PayoutStatus.IN_FLIGHT
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    desk.news()
    check_end(desk)
    paid_at = desk.row(ONE).paid_at
    assert paid_at is not None
    assert abs(paid_at - sent_on) < timedelta(minutes=1)


def test_a_doubled_result_counts_once(desk: Desk) -> None:
    desk.day.safaricom.arm("result_doubled")
    assert _send(desk) is PAID
    check_end(desk)
    assert len(desk.feed_bodies("b2c-result")) == 2
    assert desk.parked() == ()


def test_a_result_before_the_synchronous_answer_stands(desk: Desk) -> None:
    desk.day.safaricom.arm("result_early")
    assert _send(desk) is PAID
    check_end(desk)


def test_a_result_with_ids_that_nobody_knows_pays_nothing_by_itself(desk: Desk) -> None:
    """At the right address, but about another payment: the queue stops and a person sees it; asking settles it."""
    desk.day.safaricom.arm("result_unknown_id")
    assert _send(desk) is UNKNOWN
    assert "names another payment" in desk.parked()[0].reason
    assert desk.stop() is not None
    settle(desk, ONE)
    check_end(desk)
    assert desk.row(ONE).attempt_status is PAID
    assert len(desk.parked()) == 1


@pytest.mark.parametrize("fault", ["result_other_amount", "result_other_receiver"])
def test_a_result_with_another_amount_or_receiver_is_not_booked(desk: Desk, fault: str) -> None:
    desk.day.safaricom.arm(fault)
    assert _send(desk) is UNKNOWN
    assert "does not fit what we sent" in desk.parked()[0].reason
    assert desk.stop() is not None
    assert "Sending stands still" in str(_refusal(desk, 2))
    settle(desk, ONE)
    check_end(desk)
    assert desk.row(ONE).attempt_status is PAID
    assert len(desk.parked()) == 1


def _refusal(desk: Desk, payout_id: int) -> str:
    with pytest.raises(QueueStopped) as refused:
        desk.send(payout_id)
    return str(refused.value)


def test_a_forged_failure_leads_to_no_second_payment(desk: Desk) -> None:
    desk.day.safaricom.arm("result_forged_failure")
    assert _send(desk) is UNKNOWN
    row = desk.row(ONE)
    assert (row.claim, row.status) == ("failed", PayoutStatus.IN_FLIGHT)
    settle(desk, ONE)
    check_end(desk)
    assert _requests(desk) == 1
    assert desk.row(ONE).attempt_status is PAID


def test_a_forged_failure_followed_by_the_truth_ends_as_paid(desk: Desk) -> None:
    desk.day.safaricom.arm("result_forged_failure", real_too=True)
    assert _send(desk) is PAID
    check_end(desk)


def test_a_forged_failure_and_an_answer_that_does_not_know_the_payment_prove_nothing(
    desk: Desk,
) -> None:
    """What M-Pesa does not find yet may still be paid; the member has the money already here."""
    safaricom = desk.day.safaricom
    safaricom.arm("result_forged_failure")
    safaricom.arm("status_not_found", times=4)
    assert _send(desk) is UNKNOWN
    settle(desk, ONE)
    check_end(desk)
    assert _requests(desk) == 1


@pytest.mark.parametrize("fault", ["timeout_original", "timeout_result"])
def test_a_queue_timeout_without_payment_is_sent_again_under_the_same_id(
    desk: Desk, fault: str
) -> None:
    desk.day.safaricom.arm(fault)
    assert _send(desk) is UNKNOWN
    settle(desk, ONE)
    check_end(desk)
    assert len({facts.originator_id for facts in desk.attempts() if facts.payout_id == ONE}) <= 2


@pytest.mark.parametrize("fault", ["timeout_original", "timeout_result"])
def test_a_queue_timeout_is_no_failure_when_the_money_moves_later(desk: Desk, fault: str) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm(fault, paid_later=True)
    assert _send(desk) is UNKNOWN
    for _ in range(5):
        desk.day.later(minutes=7)
        desk.jobs()
        desk.news()
        check(desk)
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    desk.news()
    settle(desk, ONE)
    check_end(desk)
    assert len(desk.attempts()) == 1


def test_a_queue_timeout_brings_no_credential_into_the_books(desk: Desk) -> None:
    desk.day.safaricom.arm("timeout_original")
    _send(desk)
    [body] = desk.feed_bodies("b2c-timeout")
    sent = desk.day.safaricom.transactions[0].request["SecurityCredential"]
    assert b"PartyB" in body
    assert str(sent).encode() not in body


@pytest.mark.parametrize(
    "fault",
    [
        "duplicate_error",
        "html_before_taking",
        "soap_before_taking",
        "empty_before_taking",
        "error_before_taking",
        "hang_before_taking",
        "drop_before_taking",
    ],
)
def test_what_was_not_taken_is_doubted_then_sent_once_more_by_a_person(
    desk: Desk, fault: str
) -> None:
    desk.day.safaricom.arm(fault)
    assert _send(desk) is UNKNOWN
    settle(desk, ONE)
    check_end(desk)
    [facts] = desk.attempts()
    assert (facts.status, facts.times_sent) == ("paid", 2)


@pytest.mark.parametrize("chosen", ["yes", "no"])
def test_the_clock_sends_the_same_request_again_only_where_the_society_chose_so(
    desk: Desk, chosen: str
) -> None:
    """Nobody is at the window: an hour of the clock's own minutes, and the id stays the same throughout."""
    # Every society begins with "no", and a rule that is so already is not asked for.
    if chosen == "yes":
        desk.set("payout.resend_by_clock", chosen)
    desk.day.safaricom.arm("drop_before_taking")
    assert _send(desk) is UNKNOWN
    for _minute in range(60):
        desk.day.clock.advance(minutes=1)
        desk.jobs()
        desk.news()
    check(desk)
    [facts] = desk.attempts()
    expected = ("paid", 2) if chosen == "yes" else ("unknown", 1)
    assert (facts.status, facts.times_sent) == expected


@pytest.mark.parametrize("result", ["result_lost", ""])
@pytest.mark.parametrize(
    "fault",
    [
        "html_after_taking",
        "soap_after_taking",
        "empty_after_taking",
        "error_after_taking",
        "hang_after_taking",
        "drop_after_taking",
    ],
)
def test_what_was_taken_without_an_answer_is_never_sent_again(
    desk: Desk, fault: str, result: str
) -> None:
    desk.day.safaricom.arm(fault)
    if result:
        desk.day.safaricom.arm(result)
    desk.send(ONE)
    assert desk.row(ONE).attempt_status is UNKNOWN
    settle(desk, ONE)
    check_end(desk)
    [facts] = desk.attempts()
    assert (facts.status, facts.times_sent, _requests(desk)) == ("paid", 1, 1)


def test_a_busy_gateway_that_has_taken_the_payment_all_the_same_leads_to_no_second_one(
    desk: Desk,
) -> None:
    """“System is busy” protects only under the same id, so the payout may not be taken back and asked for anew."""
    safaricom = desk.day.safaricom
    text = "System is busy. Please try again in few minutes."
    safaricom.arm("error_after_taking", code="500.003.02", text=text)
    safaricom.arm("result_lost")
    desk.send(ONE)
    assert safaricom.wait_until_quiet()
    row = desk.row(ONE)
    if row.status is PayoutStatus.APPROVED:
        desk.write(payouts.take_back, PayoutChange(ONE, row.version, "Later"), "grace")
        anew = desk.write(payouts.request, NewPayout("anew", row.loan_id or 0), "grace")
        desk.approve_payout(anew.payout_id)
        desk.send(anew.payout_id)
        desk.news()
    paid = [p for p in safaricom.transactions if p.phone == row.phone and p.state == "Completed"]
    assert len(paid) == 1
    settle(desk, ONE)
    check_end(desk)


@pytest.mark.parametrize("fault", ["spike_arrest", "quota", "token_death"])
def test_a_refusal_before_processing_leaves_the_payout_ready_under_its_id(
    desk: Desk, fault: str
) -> None:
    times = 2 if fault == "token_death" else 1
    desk.day.safaricom.arm(fault, times=times)
    desk.send(ONE)
    row = desk.row(ONE)
    assert (row.status, row.attempt_status) == (PayoutStatus.APPROVED, AttemptStatus.UNSENT)
    check(desk)
    settle(desk, ONE)
    check_end(desk)
    assert len(desk.attempts()) == 1


def test_one_dead_token_is_replaced_without_anybody_noticing(desk: Desk) -> None:
    _send(desk, 2)
    desk.day.safaricom.arm("token_death")
    assert _send(desk) is PAID
    check_end(desk)


@pytest.mark.parametrize(
    "fault", ["oauth_unavailable", "oauth_hang", "oauth_garbage", "no_api_product"]
)
def test_without_a_token_or_product_nothing_leaves(desk: Desk, fault: str) -> None:
    desk.day.safaricom.arm(fault)
    desk.send(ONE)
    row = desk.row(ONE)
    assert (row.status, row.attempt_status) == (PayoutStatus.APPROVED, AttemptStatus.UNSENT)
    assert row.reason
    settle(desk, ONE)
    check_end(desk)


def test_a_wrong_consumer_secret_stops_the_queue_at_the_first(desk: Desk) -> None:
    desk.day.safaricom.arm("oauth_empty", times=10)
    sent = desk.send(ONE, 2, 3)
    assert len(sent) == 1
    stop = desk.stop()
    assert stop is not None
    assert "consumer key and secret" in stop.reason
    desk.day.safaricom.disarm()
    settle(desk, ONE)
    check_end(desk)


def test_a_drained_float_fails_and_is_paid_after_two_people_approved_anew(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("float_drained")
    assert _send(desk) is UNKNOWN
    assert desk.row(ONE).claim == "failed"
    safaricom.fund(1_000_000_00)
    settle(desk, ONE)
    check_end(desk)
    first, second = desk.attempts()
    assert (first.status, second.status) == ("failed", "paid")
    assert first.originator_id != second.originator_id


@pytest.mark.parametrize("shown", ["declined", "not_found"])
def test_a_definite_failure_is_settled_whichever_way_m_pesa_remembers_it(
    desk: Desk, shown: str
) -> None:
    desk.day.safaricom.set_oddities(failed_status=shown)
    desk.day.safaricom.arm("outcome", code="2040")
    assert _send(desk) is UNKNOWN
    settle(desk, ONE, pay_anew=False)
    row = desk.row(ONE)
    assert (row.status, row.attempt_status) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)
    assert ("not a registered" if shown == "declined" else "Two people") in row.reason
    check_end(desk)


@pytest.mark.parametrize("code", ["15", "17", "26", "77777"])
def test_a_code_that_says_nothing_is_no_failure(desk: Desk, code: str) -> None:
    """M-Pesa answers nothing but doubt; asked back, it says declined, and then a person decides."""
    desk.day.safaricom.arm("outcome", code=code)
    assert _send(desk) is UNKNOWN
    assert desk.row(ONE).claim == ""
    settle(desk, ONE)
    check_end(desk)


def test_open_states_are_waited_for(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("settles_late")
    assert _send(desk) is ACCEPTED
    desk.day.later(minutes=3)
    desk.jobs()
    desk.news()
    assert desk.row(ONE).attempt_status is ACCEPTED
    assert payments_of(safaricom, desk.row(ONE).number) == []
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    settle(desk, ONE)
    check_end(desk)
    assert len(desk.attempts()) == 1


def test_a_failure_that_was_open_for_a_while_still_ends_with_a_person(desk: Desk) -> None:
    """Found by seed 9 of the histories: after “Initiated” nobody was ever asked to decide."""
    safaricom = desk.day.safaricom
    safaricom.arm("outcome", code="2040")
    safaricom.arm("status_open", state="Initiated")
    assert _send(desk) is UNKNOWN
    settle(desk, ONE, pay_anew=False)
    check_end(desk)
    assert desk.row(ONE).attempt_status is AttemptStatus.FAILED


def test_initiated_then_completed(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("result_lost")
    safaricom.arm("status_open", state="Initiated")
    _send(desk)
    settle(desk, ONE)
    check_end(desk)
    assert _questions(desk) == 2


@pytest.mark.parametrize("fault", ["result_lost", "status_not_found", "result_doubled"])
def test_status_answers_lost_unknowing_or_doubled(desk: Desk, fault: str) -> None:
    desk.day.safaricom.arm("result_lost")
    desk.day.safaricom.arm(fault, api="status", times=3)
    _send(desk)
    settle(desk, ONE)
    check_end(desk)
    [facts] = desk.attempts()
    assert facts.status == "paid"
    assert desk.parked() == ()


@pytest.mark.parametrize(
    "oddities",
    [
        {"doubled_debit_party": True, "result_id": "gateway"},
        {"doubled_debit_party": False, "codes": "string", "values": "string"},
        {"result_id": "gateway", "backwards": True, "item_without_value": True},
        {"success_parameters": "dict"},
        {"success_parameters": "missing"},
    ],
    ids=str,
)
@pytest.mark.parametrize("fault", ["", "result_lost", "drop_after_taking"])
def test_every_spelling_ends_as_paid_once(
    desk: Desk, oddities: dict[str, object], fault: str
) -> None:
    desk.day.safaricom.set_oddities(**oddities)
    if fault:
        desk.day.safaricom.arm(fault)
    desk.send(ONE)
    settle(desk, ONE)
    check_end(desk)
    assert len(desk.attempts()) == 1


@pytest.mark.parametrize("fault", ["hang_before_taking", "hang_after_taking"])
def test_on_v1_without_an_id_only_the_statement_can_tell(desk: Desk, fault: str) -> None:
    """M-Pesa gave no id to ask by, and nothing may be sent again; still it must come to an end."""
    desk.write(use_version, "v1")
    desk.day.safaricom.arm(fault)
    desk.day.safaricom.arm("result_lost")
    desk.send(ONE)
    assert desk.row(ONE).attempt_status is UNKNOWN
    settle(desk, ONE, pay_anew=False)
    check_end(desk)
    is_paid = fault == "hang_after_taking"
    assert desk.row(ONE).status is (PayoutStatus.PAID if is_paid else PayoutStatus.DRAFT)


def test_two_not_founds_and_the_money_moves_while_a_person_sends_again(desk: Desk) -> None:
    """The same id is refused as a duplicate; that is no failure, and the first request is what paid."""
    safaricom = desk.day.safaricom
    safaricom.arm("hang_after_taking")
    safaricom.arm("result_lost")
    safaricom.arm("status_not_found", times=2)
    desk.send(ONE)
    settle(desk, ONE)
    check_end(desk)
    [facts] = desk.attempts()
    assert (facts.status, facts.times_sent) == ("paid", 2)
    assert _requests(desk) == 2
