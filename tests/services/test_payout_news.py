"""Results and queue time-outs: each is a claim that must fit what was sent, and none ever pays or posts twice."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.lending import loans
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import payout_sending, queue_stops
from sacco_desktop.services.sending.payout_news import ResultNews
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendOrder
from sacco_desktop.services.sending.utility_float import current
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2


@pytest.fixture
def order(office: PracticeOffice) -> SendOrder:
    """Payout 1, taken by M-Pesa, its result to come by relay one."""
    return make.accepted(office, _row(office), make.route(office, ONE))


def _row(office: PracticeOffice, payout_id: int = 1) -> PayoutRow:
    return office.read(payouts.row_of, payout_id)


def _status(office: PracticeOffice) -> tuple[PayoutStatus, AttemptStatus | None]:
    row = _row(office)
    return row.status, row.attempt_status


def _reasons(office: PracticeOffice) -> list[str]:
    return [entry.reason for entry in office.read(relay_feed.list_parked, None)]


def _postings(office: PracticeOffice) -> int:
    return office.count("journal_entry", "kind = 'loan_disbursement'")


IN_DOUBT = (PayoutStatus.IN_FLIGHT, AttemptStatus.UNKNOWN)
UNDER_WAY = (PayoutStatus.IN_FLIGHT, AttemptStatus.ACCEPTED)
DONE = (PayoutStatus.PAID, AttemptStatus.PAID)


def test_a_paid_result_posts_the_whole_disbursement_and_activates_the_loan(
    office: PracticeOffice, order: SendOrder
) -> None:
    """G-14 without its old loan: 100,000 approved, 1 % processing, 0.5 % insurance, M-Pesa's charge of 13."""
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    row = _row(office)
    assert (_status(office), row.evidence, row.receipt) == (
        DONE,
        Evidence.CLAIMED,
        make.receipt(order),
    )
    entry = office.read(ledger.read_entry, row.entry_number or 0)
    assert [(p.account_code, p.debit_cents, p.credit_cents) for p in entry.postings] == [
        ("1110.L-0001", 10_000_000, 0),
        ("1031", 0, 9_850_000),
        ("4020", 0, 100_000),
        ("2160", 0, 50_000),
    ]
    charge = office.read(ledger.read_entry, (row.entry_number or 0) + 1)
    assert [(p.account_code, p.debit_cents, p.credit_cents) for p in charge.postings] == [
        ("5230", 1_300, 0),
        ("1032", 0, 1_300),
    ]
    detail = office.read(loans.detail, row.loan_id or 0)
    assert (detail.row.status, detail.is_final, len(detail.schedule)) == ("active", True, 12)
    assert detail.row.disbursed_on == entry.value_date == date(2026, 3, 16)


def test_cents_that_m_pesa_cannot_pay_are_booked_to_the_deposits(office: PracticeOffice) -> None:
    row = make.approved_payout(office, amount_cents=10_003_352)
    before = office.balance(f"2010.{row.member_number}")
    order = make.accepted(office, row, make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert office.balance(f"2010.{row.member_number}") - before == row.deposits_cents == 1
    assert office.balance("1110") == 10_003_352


@pytest.mark.parametrize("before", [AnswerKind.ACCEPTED, AnswerKind.DOUBTFUL, None])
def test_a_result_counts_in_every_open_state(
    office: PracticeOffice, before: AnswerKind | None
) -> None:
    order = make.begin(office, _row(office), make.route(office, ONE))
    if before:
        office.write(payout_sending.record_answer, make.answer(order, before), office.grace)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert _status(office) == DONE


def test_the_same_result_again_changes_nothing(office: PracticeOffice, order: SendOrder) -> None:
    """The planted mistake "no dedup of callbacks"."""
    news = make.paid_news(order)
    taken = make.arrive(office, ONE, (order.tag, news), (order.tag, news))
    make.arrive(office, ONE, (order.tag, news))
    assert (taken.applied, taken.parked) == (2, 0)
    assert (_status(office), _postings(office)) == (DONE, 1)


def test_a_failed_result_is_a_claim_and_no_failure(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    row = _row(office)
    assert (_status(office), row.claim) == (IN_DOUBT, "failed")
    assert "A notice says" in row.reason


def test_paid_after_a_forged_failure_is_paid(office: PracticeOffice, order: SendOrder) -> None:
    make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert (_status(office), _postings(office)) == (DONE, 1)


@pytest.mark.parametrize("kind", ["failed", "failed_stop_queue", "unknown"])
def test_nothing_leaves_paid_and_the_contradiction_is_visible(
    office: PracticeOffice, order: SendOrder, kind: str
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    taken = make.arrive(office, ONE, (order.tag, make.failed_news(order, kind=kind)))
    assert (taken.parked, _status(office)) == (1, DONE)
    assert "booked as paid. Compare with M-Pesa's statement" in _reasons(office)[0]


def test_a_timeout_is_a_doubt_and_no_failure(office: PracticeOffice, order: SendOrder) -> None:
    """The planted mistake "queue notice = failed"."""
    make.arrive(office, ONE, (order.tag, make.timeout_news()))
    assert _status(office) == IN_DOUBT
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    make.arrive(office, ONE, (order.tag, make.timeout_news()))
    assert _status(office) == DONE


@pytest.mark.parametrize("kind", ["unknown", "paid"])
def test_an_unclear_or_not_final_result_is_a_doubt(
    office: PracticeOffice, order: SendOrder, kind: str
) -> None:
    news = make.failed_news(order, code="17", kind=kind, is_final=False)
    make.arrive(office, ONE, (order.tag, news))
    assert (_status(office), _row(office).claim) == (IN_DOUBT, "")


MISFITS: dict[str, tuple[dict[str, Any], str]] = {
    "another amount": ({"amount_cents": 9_850_001}, "It says KES 98,500.01 and we sent KES 98,500"),
    "the gross": ({"amount_cents": 10_000_000}, "and we sent KES 98,500"),
    "no amount": ({"amount_cents": None}, "does not say how much"),
    "another receiver": ({"receiver_phone": "254799999999"}, "and we sent to"),
    "no receipt": ({"receipt": None}, "carries no receipt"),
    "other ids": (
        {"originator_conversation_id": "PO-X", "conversation_id": "AG_X"},
        "names another payment",
    ),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_a_result_that_does_not_fit_is_parked_stops_the_queue_and_books_nothing(
    office: PracticeOffice, order: SendOrder, misfit: str
) -> None:
    """The planted mistakes "amount not compared" and "forged posting"."""
    changes, words = MISFITS[misfit]
    taken = make.arrive(office, ONE, (order.tag, make.paid_news(order, **changes)))
    assert (taken.applied, taken.parked) == (0, 1)
    assert words in _reasons(office)[0]
    assert (_status(office), _postings(office)) == (IN_DOUBT, 0)
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    assert words in stop.reason


def test_a_result_with_the_ids_of_another_payment_of_ours_is_parked(
    office: PracticeOffice, order: SendOrder
) -> None:
    other = make.accepted(office, make.approved_payout(office), make.route(office, ONE))
    crossed = make.paid_news(order, conversation_id=make.conversation_id(other))
    make.arrive(office, ONE, (order.tag, crossed))
    assert "names another payment" in _reasons(office)[0]
    assert _status(office) == IN_DOUBT


def test_an_id_that_the_gateway_made_is_known_by_the_conversation(
    office: PracticeOffice, order: SendOrder
) -> None:
    news = make.paid_news(order, originator_conversation_id="gateway-made-1")
    make.arrive(office, ONE, (order.tag, news))
    assert _status(office) == DONE


@pytest.mark.parametrize("tag", [None, "", "0" * 32])
def test_a_result_at_an_address_of_nobody_is_kept_and_books_nothing(
    office: PracticeOffice, order: SendOrder, tag: str | None
) -> None:
    """The planted mistake "static URL secret": right ids, but not the address that only M-Pesa was told."""
    make.arrive(office, ONE, (tag, make.paid_news(order)))
    assert _reasons(office) == ["It came to an address that belongs to no payment of ours."]
    assert _status(office) == UNDER_WAY
    assert office.read(queue_stops.standing, None) is None


def test_a_result_by_another_relay_than_its_own_is_at_an_address_of_nobody(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, TWO, (order.tag, make.paid_news(order)))
    assert _reasons(office) == ["It came to an address that belongs to no payment of ours."]
    assert _status(office) == UNDER_WAY


def test_a_receipt_that_is_booked_already_pays_nothing_else(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    other = make.accepted(office, make.approved_payout(office), make.route(office, ONE))
    reused = make.paid_news(other, receipt=make.receipt(order))
    make.arrive(office, ONE, (other.tag, reused))
    assert (
        f"Its receipt {make.receipt(order)} is that of PO-2026-0001 already" in _reasons(office)[0]
    )
    assert _postings(office) == 1


def test_a_second_receipt_for_a_paid_payment_is_parked(
    office: PracticeOffice, order: SendOrder
) -> None:
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    make.arrive(office, ONE, (order.tag, make.paid_news(order, receipt="ZZZZZZZZZZ")))
    assert f"but {make.receipt(order)} is booked" in _reasons(office)[0]
    assert _postings(office) == 1


def test_paid_after_a_proven_failure_stops_everything(office: PracticeOffice) -> None:
    order = make.begin(office, _row(office), make.route(office, ONE))
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert "booked as failed" in _reasons(office)[0]
    assert office.read(queue_stops.standing, None) is not None
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)


def test_a_failure_known_twice_is_one_failure(office: PracticeOffice) -> None:
    order = make.begin(office, _row(office), make.route(office, ONE))
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    taken = make.arrive(office, ONE, (order.tag, make.failed_news(order)))
    assert taken.applied == 1
    assert _status(office) == (PayoutStatus.DRAFT, AttemptStatus.FAILED)


def test_news_of_a_request_held_as_never_sent_shows_that_it_was_sent(
    office: PracticeOffice,
) -> None:
    order = make.unsent(office, _row(office), make.route(office, ONE))
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert (_status(office), _postings(office)) == (DONE, 1)


@pytest.mark.parametrize("news", ["failed", "timeout"])
def test_other_news_of_a_request_held_as_never_sent_makes_it_a_doubt(
    office: PracticeOffice, news: str
) -> None:
    order = make.unsent(office, _row(office), make.route(office, ONE))
    told = make.failed_news(order) if news == "failed" else make.timeout_news()
    make.arrive(office, ONE, (order.tag, told))
    assert _status(office) == IN_DOUBT


# Dates and floats that a notice tells.


@pytest.mark.parametrize(
    "completed_at",
    [
        datetime(1990, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2031, 1, 1, tzinfo=UTC),
    ],
    ids=["of another century", "before it was sent", "in the future"],
)
def test_a_loan_runs_from_a_day_between_sending_and_today_whatever_a_notice_says(
    office: PracticeOffice, order: SendOrder, completed_at: datetime
) -> None:
    office.clock.advance(days=2)
    make.arrive(office, ONE, (order.tag, make.paid_news(order, completed_at=completed_at)))
    detail = office.read(loans.detail, _row(office).loan_id or 0)
    assert detail.row.disbursed_on in (date(2026, 3, 16), date(2026, 3, 18))
    assert _status(office) == DONE


def test_a_result_late_by_days_is_dated_when_m_pesa_paid(
    office: PracticeOffice, order: SendOrder
) -> None:
    office.clock.advance(days=5)
    make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    entry = office.read(ledger.read_entry, _row(office).entry_number or 0)
    assert entry.value_date == date(2026, 3, 16)


def test_a_result_for_a_month_that_was_closed_meanwhile_is_booked_today(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The money has left, so the books cannot refuse it; the open month takes it."""
    office.clock.advance(days=20)
    office.sql("INSERT INTO closed_month VALUES ('2026-03', 5, '2026-04-02')")
    taken = make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert (taken.applied, _status(office)) == (1, DONE)
    entry = office.read(ledger.read_entry, _row(office).entry_number or 0)
    assert entry.value_date == business_date(office.clock.now())
    detail = office.read(loans.detail, _row(office).loan_id or 0)
    assert detail.row.disbursed_on == date(2026, 3, 16)


def test_a_result_on_a_clock_that_went_back_into_closed_months_is_booked_in_the_first_open_one(
    office: PracticeOffice, order: SendOrder
) -> None:
    """The months were closed while the clock stood in May; it was set right again, and the money has left."""
    office.sql(
        "INSERT INTO closed_month VALUES ('2026-03', 5, '2026-05-02'), ('2026-04', 5, '2026-05-02')"
    )
    taken = make.arrive(office, ONE, (order.tag, make.paid_news(order)))
    assert (taken.applied, _status(office)) == (1, DONE)
    entry = office.read(ledger.read_entry, _row(office).entry_number or 0)
    assert entry.value_date == date(2026, 5, 1)


def _told(work: Work, _nothing: None) -> int | None:
    return current(work).told_cents


def test_what_a_result_says_of_the_float_counts_until_the_books_move(
    office: PracticeOffice, order: SendOrder
) -> None:
    news = make.paid_news(order, utility_available_cents=40_000_000)
    make.arrive(office, ONE, (order.tag, news))
    assert office.read(_told, None) == 40_000_000
    office.clock.advance(minutes=1)
    make.float_of(office, 10_000)
    assert office.read(_told, None) is None


def test_an_old_result_that_comes_again_does_not_bring_its_old_float_back(
    office: PracticeOffice, order: SendOrder
) -> None:
    news = make.paid_news(order, utility_available_cents=1_000)
    make.arrive(office, ONE, (order.tag, news))
    office.clock.advance(minutes=1)
    make.float_of(office, 10_000)
    office.clock.advance(days=1)
    make.arrive(office, ONE, (order.tag, news))
    assert office.read(_told, None) is None


def test_a_result_that_does_not_fit_says_nothing_of_the_float(
    office: PracticeOffice, order: SendOrder
) -> None:
    news: ResultNews = replace(make.paid_news(order), amount_cents=1, utility_available_cents=5)
    make.arrive(office, ONE, (order.tag, news))
    assert office.read(_told, None) is None
