"""Asking M-Pesa for the balance: one question at a time, written down first; an answer counts once, if it fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sacco_desktop.domain.errors import NotAllowed, WrongState
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.sending import (
    account_readings,
    balance_questions,
    queue_stops,
    utility_float,
)
from sacco_desktop.services.sending.account_readings import Reading
from sacco_desktop.services.sending.balance_questions import (
    AskBalance,
    BalanceAnswered,
    BalanceNews,
    BalanceOrder,
    BalanceTimeoutNews,
)
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendAnswer, WireTrace
from tests import make
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
ONE, TWO = 1, 2
ID = "AG_balance_1"
# Utility, Working and Charges as the portal's own sample has them, in cents.
TOLD = (
    Reading("working", 618_683, 34_656_883, 34_038_200, 0),
    Reading("utility", 40_000_000, 40_000_000, 0, 0),
    Reading("charges", -198_000, -198_000, 0, 0),
    Reading("float account", 0, 0, 0, 0),
)


@pytest.fixture(autouse=True)
def connected(office: PracticeOffice) -> None:
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", "600999", "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)


def _begin(
    office: PracticeOffice, by: Actor | None = None, relay: int = ONE, reason: str = "person"
) -> BalanceOrder:
    asked = AskBalance(make.route(office, relay), reason)
    return office.write(balance_questions.begin, asked, by or office.grace)


def _answer(
    office: PracticeOffice,
    order: BalanceOrder,
    kind: AnswerKind = AnswerKind.ACCEPTED,
    code: str = "0",
) -> None:
    taken = kind is AnswerKind.ACCEPTED
    trace = WireTrace("/mpesa/accountbalance/v1/query", "{}", 200 if taken else 500, "{}")
    stops = code in ("2001", "21")
    said = SendAnswer(0, kind, code, "M-Pesa's words.", ID if taken else "", stops, trace)
    office.write(balance_questions.record_answer, BalanceAnswered(order.question_id, said))


def _ask(office: PracticeOffice, relay: int = ONE) -> BalanceOrder:
    order = _begin(office, relay=relay)
    _answer(office, order)
    return order


def _news(
    accounts: tuple[Reading, ...] = TOLD,
    *,
    code: str = "0",
    conversation_id: str = ID,
    completed_at: datetime | None = None,
    is_final: bool = True,
) -> BalanceNews:
    return BalanceNews(code, "M-Pesa's words.", is_final, conversation_id, accounts, completed_at)


def _state(office: PracticeOffice) -> str:
    return office.read(lambda work, _: balance_questions.state_words(work), None)


def _status(office: PracticeOffice) -> str:
    return str(office.sql("SELECT status FROM balance_question ORDER BY id DESC LIMIT 1")[0][0])


def _available(office: PracticeOffice, account: str) -> int | None:
    def read(work: Work, _nothing: None) -> int | None:
        row = account_readings.last(work, account)
        return None if row is None else row.available_cents

    return office.read(read, None)


def test_the_question_stands_in_the_books_before_it_goes_out(office: PracticeOffice) -> None:
    order = _begin(office)
    assert office.sql("SELECT status, tag, reason, shortcode FROM balance_question") == [
        ("asking", order.tag, "person", "600999")
    ]


def test_one_question_at_a_time_until_it_counts_as_lost(office: PracticeOffice) -> None:
    first = _ask(office)
    with pytest.raises(WrongState, match="has not answered yet"):
        _begin(office)
    office.clock.advance(minutes=3)
    assert _state(office).endswith("and has not answered. Ask again.")
    second = _begin(office)
    assert second.tag != first.tag
    assert office.count("balance_question", "status = 'unanswered'") == 1


def test_the_answer_is_kept_account_by_account_beside_what_the_books_say(
    office: PracticeOffice,
) -> None:
    order = _ask(office)
    make.arrive(office, ONE, (order.tag, _news()))
    assert _status(office) == "answered"
    assert _state(office) == ""
    rows = office.sql(
        "SELECT account, available_cents, current_cents, reserved_cents, books_cents"
        " FROM float_reading ORDER BY id"
    )
    assert rows == [
        ("working", 618_683, 34_656_883, 34_038_200, 0),
        ("utility", 40_000_000, 40_000_000, 0, 50_000_000),
        ("charges", -198_000, -198_000, 0, 0),
        ("float account", 0, 0, 0, None),
    ]
    known = office.read(utility_float.current, None)
    assert (known.known_cents, known.working_cents, known.is_fresh) == (40_000_000, 618_683, True)
    office.clock.advance(minutes=6)
    assert not office.read(utility_float.current, None).is_fresh


def test_an_answer_counts_once_and_changes_nothing_the_second_time(office: PracticeOffice) -> None:
    order = _ask(office)
    make.arrive(office, ONE, (order.tag, _news()))
    make.arrive(office, ONE, (order.tag, _news((Reading("utility", 1),))))
    assert _available(office, "utility") == 40_000_000
    assert office.read(relay_feed.list_parked, None) == ()


def test_an_answer_may_be_quicker_than_m_pesas_receipt_of_the_question(
    office: PracticeOffice,
) -> None:
    order = _begin(office)
    make.arrive(office, ONE, (order.tag, _news()))
    _answer(office, order)
    assert (_status(office), _available(office, "utility")) == ("answered", 40_000_000)


def test_a_lost_question_that_is_answered_after_all_is_believed_as_of_its_own_moment(
    office: PracticeOffice,
) -> None:
    order = _ask(office)
    asked_at = office.clock.now()
    office.clock.advance(hours=2)
    office.write(balance_questions.give_up, None)
    make.arrive(office, ONE, (order.tag, _news(completed_at=asked_at + timedelta(seconds=20))))
    told = office.read(utility_float.current, None)
    assert told.told_at == asked_at + timedelta(seconds=20)
    assert not told.is_fresh


@pytest.mark.parametrize("year", [1999, 2099])
def test_a_moment_that_cannot_be_is_bent_into_the_time_between_question_and_answer(
    office: PracticeOffice, year: int
) -> None:
    order = _ask(office)
    asked_at = office.clock.now()
    office.clock.advance(minutes=1)
    make.arrive(office, ONE, (order.tag, _news(completed_at=datetime(year, 1, 1, tzinfo=UTC))))
    told_at = office.read(utility_float.current, None).told_at
    assert told_at == (asked_at if year == 1999 else office.clock.now())


@pytest.mark.parametrize(
    ("relay", "tag", "conversation_id"),
    [(ONE, "own", "AG_other"), (ONE, "own", ""), (TWO, "own", ID), (ONE, "f" * 32, ID)],
    ids=["another id", "no id", "another relay", "another address"],
)
def test_an_answer_that_was_not_asked_for_is_parked_and_moves_nothing(
    office: PracticeOffice, relay: int, tag: str, conversation_id: str
) -> None:
    order = _ask(office)
    to = order.tag if tag == "own" else tag
    make.arrive(office, relay, (to, _news(conversation_id=conversation_id)))
    assert len(office.read(relay_feed.list_parked, None)) == 1
    assert _available(office, "utility") is None
    assert office.read(queue_stops.standing, None) is None


def test_what_m_pesa_refused_to_be_asked_nothing_can_answer(office: PracticeOffice) -> None:
    order = _begin(office)
    _answer(office, order, AnswerKind.REFUSED, "404.001.03")
    assert "could not be asked" in _state(office)
    make.arrive(office, ONE, (order.tag, _news(conversation_id="")))
    assert _available(office, "utility") is None
    _begin(office)


def test_a_doubtful_question_may_still_be_answered(office: PracticeOffice) -> None:
    order = _begin(office)
    _answer(office, order, AnswerKind.DOUBTFUL, "")
    make.arrive(office, ONE, (order.tag, _news()))
    assert _available(office, "utility") == 40_000_000


@pytest.mark.parametrize(("code", "stops"), [("2001", True), ("21", False)])
def test_only_a_refused_user_stops_payments_and_a_missing_role_for_this_question_does_not(
    office: PracticeOffice, code: str, stops: bool
) -> None:
    order = _ask(office)
    make.arrive(office, ONE, (order.tag, _news((), code=code)))
    assert (office.read(queue_stops.standing, None) is not None) == stops
    assert "did not tell the balance" in _state(office)
    if stops:
        with pytest.raises(WrongState, match="could lock it"):
            _begin(office)


def test_more_to_come_is_no_answer_yet(office: PracticeOffice) -> None:
    order = _ask(office)
    make.arrive(office, ONE, (order.tag, _news((), is_final=False)))
    assert _status(office) == "accepted"
    make.arrive(office, ONE, (order.tag, _news()))
    assert _status(office) == "answered"


def test_a_time_out_ends_the_question_and_a_late_answer_counts_all_the_same(
    office: PracticeOffice,
) -> None:
    order = _ask(office)
    make.arrive(office, ONE, (order.tag, BalanceTimeoutNews("timed out")))
    assert _status(office) == "unanswered"
    assert "queue" in _state(office)
    make.arrive(office, ONE, (order.tag, _news()), (order.tag, BalanceTimeoutNews("timed out")))
    assert _status(office) == "answered"


def test_the_clock_asks_once_a_day_and_again_after_an_hour_without_an_answer(
    office: PracticeOffice,
) -> None:
    assert office.read(balance_questions.due_by_clock, None)
    order = _ask(office)
    assert not office.read(balance_questions.due_by_clock, None)
    office.clock.advance(hours=1)
    assert office.read(balance_questions.due_by_clock, None)
    make.arrive(office, ONE, (order.tag, _news()))
    office.clock.advance(hours=2)
    assert not office.read(balance_questions.due_by_clock, None)
    office.clock.advance(days=1)
    assert office.read(balance_questions.due_by_clock, None)
    make.setting(office, "balance.ask_by_clock", "no")
    assert not office.read(balance_questions.due_by_clock, None)


def test_who_only_looks_does_not_ask(office: PracticeOffice) -> None:
    for person in (office.peter, office.daniel):
        with pytest.raises(NotAllowed):
            _begin(office, person)
