"""Whatever order news comes in and however often: one ledger, never two postings, PAID never left, and a forged
failure never lets anybody pay again.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.feed.relay_feed import News
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.sending import crash_recovery, payout_decisions, payout_sending
from sacco_desktop.services.sending.payout_decisions import FailureConfirmed
from sacco_desktop.services.sending.payout_questions import QuestionOrder
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendOrder
from tests import make
from tests.books_watch import PostedRowsWatch, assert_sound
from tests.engines import Copy, once_per_engine
from tests.make import PracticeOffice

ONE, TWO = 1, 2


@dataclass(frozen=True)
class Begun:
    """An office whose payout 1 is in SENDING, with two questions out by each relay; M-Pesa has said nothing yet."""

    file: Copy
    order: SendOrder
    questions: dict[tuple[int, int], QuestionOrder]


@once_per_engine
def _begun() -> Begun:
    with tempfile.TemporaryDirectory() as folder:
        office = make.office_from(make.paying_office_file(), Path(folder))
        row = office.read(payouts.row_of, 1)
        order = make.begin(office, row, make.route(office, ONE))
        questions = {
            (relay, number): make.ask(office, order, make.route(office, relay))
            for relay in (ONE, TWO)
            for number in (0, 1)
        }
        return Begun(office.snapshot(), order, questions)


@dataclass
class History:
    """One run: what happened, and what must hold after each step."""

    office: PracticeOffice
    order: SendOrder
    questions: dict[tuple[int, int], QuestionOrder]
    was_paid: bool = False
    told_paid: bool = field(default=False)

    def happens(self, event: str) -> None:
        self.office.clock.advance(minutes=1)
        _EVENTS[event](self)
        self.told_paid |= event in SAYS_PAID
        row = self.office.read(payouts.row_of, 1)
        postings = self.office.count("journal_entry", "kind = 'loan_disbursement'")
        assert postings == (row.status is PayoutStatus.PAID)
        assert not (self.was_paid and row.status is not PayoutStatus.PAID), "PAID was left"
        self.was_paid = row.status is PayoutStatus.PAID
        assert row.status in (PayoutStatus.IN_FLIGHT, PayoutStatus.PAID)
        assert row.attempt_status is not AttemptStatus.FAILED
        with pytest.raises(SaccoError):
            make.begin(self.office, row, make.route(self.office, ONE))

    def result(self, news: News) -> None:
        make.arrive(self.office, ONE, (self.order.tag, news))

    def status(self, relay: int, number: int, outcome: str) -> None:
        question = self.questions[relay, number]
        news = make.status_news(question, self.order, outcome)
        make.arrive(self.office, relay, (question.tag, news))

    def answer(self, kind: AnswerKind) -> None:
        """M-Pesa's immediate answer comes once; a second copy of it is the same answer."""
        said = make.answer(self.order, kind)
        self.office.write(payout_sending.record_answer, said, self.office.grace)

    def crash(self) -> None:
        self.office.write(crash_recovery.recover, None)

    def hasty_treasurer(self) -> None:
        """Grace tries to book the failure at every chance; one relay's forged word must not be enough for her."""
        (version,) = self.office.sql("SELECT version FROM payout_attempt")[0]
        given = FailureConfirmed(self.order.attempt_id or 0, version, "The notice says so.")
        with pytest.raises(SaccoError):
            self.office.write(payout_decisions.confirm_failure, given, self.office.grace)


def _status(relay: int, number: int, outcome: str) -> Callable[[History], None]:
    return lambda run: run.status(relay, number, outcome)


_EVENTS: dict[str, Callable[[History], None]] = {
    "answer: accepted": lambda run: run.answer(AnswerKind.ACCEPTED),
    "answer: doubtful": lambda run: run.answer(AnswerKind.DOUBTFUL),
    "crash": History.crash,
    "result: paid": lambda run: run.result(make.paid_news(run.order)),
    "result: failed, forged": lambda run: run.result(make.failed_news(run.order)),
    "result: wrong amount": lambda run: run.result(make.paid_news(run.order, amount_cents=1)),
    "time-out": lambda run: run.result(make.timeout_news()),
    "treasurer in haste": History.hasty_treasurer,
    **{
        f"question {number} by relay {relay}: {outcome}": _status(relay, number, outcome)
        for relay in (ONE, TWO)
        for number in (0, 1)
        for outcome in ("completed", "open", "not_found", "unclear")
    },
}
SAYS_PAID = {name for name in _EVENTS if name.endswith((": completed", "result: paid"))}


def _run(events: list[str]) -> tuple[History, dict[str, int]]:
    begun = _begun()
    with tempfile.TemporaryDirectory() as folder:
        office = make.office_from(begun.file, Path(folder))
        watch = PostedRowsWatch(office)
        run = History(office, begun.order, begun.questions)
        for event in events:
            run.happens(event)
        watch.look()
        assert watch.changes == []
        assert_sound(office)
        sums = office.sql(
            "SELECT a.code, b.debit_cents - b.credit_cents FROM account_balance b"
            " JOIN account a ON a.id = b.account_id ORDER BY a.code"
        )
        office.close()
        return run, dict(sums)


@once_per_engine
def _the_one_ledger() -> dict[str, int]:
    return _run(["answer: accepted", "result: paid"])[1]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(_EVENTS)), min_size=1, max_size=9))
def test_any_order_and_repetition_of_news_gives_one_ledger(events: list[str]) -> None:
    run, ledger = _run(events)
    assert run.was_paid == run.told_paid
    if run.told_paid:
        assert ledger == _the_one_ledger()


@settings(max_examples=15)
@given(st.permutations(["answer: accepted", "result: paid", "result: failed, forged", "time-out",
                        "question 0 by relay 1: completed", "question 1 by relay 2: completed",
                        "question 0 by relay 2: not_found", "crash"]))  # fmt: skip
def test_every_order_of_one_full_story_ends_paid(events: list[str]) -> None:
    run, ledger = _run(events)
    assert run.was_paid
    assert ledger == _the_one_ledger()
