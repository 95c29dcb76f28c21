"""Mistakes that others made, planted into our functions, and how many seeded histories may pass before each is caught.

The figures are those at which a good campaign catches the same mistake in 99.9 %; ours may need three times as many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.operations import run_jobs, send_payouts
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.services.payouts import forgotten_payments
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payout_settling import ProvenPayment, settle_failed, settle_paid
from sacco_desktop.services.sending import (
    crash_recovery,
    payout_intents,
    payout_news,
    payout_sending,
)
from sacco_desktop.services.sending.payout_news import Address, ResultNews
from sacco_desktop.services.sending.payout_sending import AnswerKind, Sending, SendOrder
from tests.faults import people, planted
from tests.faults.desk import Desk
from tests.faults.quick.history import live
from tests.faults.quick.town import QuickTown
from tests.faults.standing import PayoutStand
from tests.faults.truth import Broken

# A third of this is what a good campaign needs.
TIMES = 3


def _book_each_notice(
    work: Work, attempt: PayoutAttempt, proof: ProvenPayment, **learnt: object
) -> str:
    # Whatever the payout is by now, it is booked as if it were still open.
    work.session.execute(
        update(PayoutAttempt)
        .where(PayoutAttempt.id == attempt.id)
        .values(status=AttemptStatus.ACCEPTED.value)
    )
    settle_paid(work, attempt, proof, **learnt)
    return f"Paid, receipt {proof.receipt}."


@contextmanager
def _addresses_leak() -> Iterator[None]:
    """Whoever knows an id is believed, whatever address his notice came to."""
    ours = payout_news.apply_result

    def apply_result(work: Work, address: Address, news: ResultNews) -> str:
        own_id = news.originator_conversation_id
        attempt = work.session.scalar(
            select(PayoutAttempt).where(PayoutAttempt.originator_conversation_id == own_id)
        )
        if attempt is not None:
            address = Address(attempt.relay_id, attempt.tag, address.received_at)
        return ours(work, address, news)

    with patch.object(payout_news, "apply_result", apply_result):
        yield


@contextmanager
def _pcs_do_not_compare() -> Iterator[None]:
    """What a PC has read before is good enough to send by."""
    begin = payout_sending.begin

    def begin_as_it_was(work: Work, sending: Sending) -> SendOrder:
        payout = load_payout(work, sending.payout_id)
        if payout.status != PayoutStatus.IN_FLIGHT.value:
            return begin(work, sending)
        attempt = payout_sending._attempt(work, payout, sending.route)
        return payout_sending._order(work, payout, attempt)

    with patch.object(payout_sending, "begin", begin_as_it_was):
        yield


async def _fail_what_is_old(office: Office) -> int:
    return await office.write(_age_means_failed, None, CLOCK)


def _age_means_failed(work: Work, _nothing: None) -> int:
    old = work.session.scalars(
        select(PayoutAttempt).where(
            PayoutAttempt.status.in_((AttemptStatus.UNKNOWN.value, AttemptStatus.ACCEPTED.value)),
            PayoutAttempt.first_sent_at < work.now - timedelta(hours=2),
        )
    ).all()
    for attempt in old:
        settle_failed(work, attempt, "No answer for two hours.")
    return len(old)


def _takes_any_intent(*_given: object) -> str:
    return "The books know this payment."


def _lets_pass(_work: Work) -> None:
    return None


async def _lays_nothing_down(*_arguments: object) -> None:
    return None


async def _reads_nothing(_office: Office) -> None:
    return None


def _clear_up_without_statement(desk: Desk, row: PayoutStand) -> None:
    facts = desk.attempt(row.payout_id)
    if facts.may_confirm_failure:
        desk.confirm_failure(row.payout_id)
    elif facts.may_resend:
        desk.resend(row.payout_id)


Plant = Callable[[ExitStack], object]


def _put(target: object, name: str, double: object) -> Plant:
    return lambda stack: stack.enter_context(patch.object(target, name, double))


def _move(kind: AnswerKind, double: Callable[..., None]) -> Plant:
    return lambda stack: stack.enter_context(patch.dict(payout_sending._MOVES, {kind: double}))


LEAK: Plant = lambda stack: stack.enter_context(_addresses_leak())  # noqa: E731
NO_INTENTS = (
    _put(payout_intents, "apply_intent", _takes_any_intent),
    _put(send_payouts, "_lay_down", _lays_nothing_down),
)
NO_STATEMENT = (_put(people, "_clear_up", _clear_up_without_statement),)
NO_COMPARING = _put(payout_news, "check_fits", planted._whatever_the_sum)


@dataclass(frozen=True, slots=True)
class Slip:
    """One planted mistake and the seeds within which a good campaign catches it; 0 where another layer catches it."""

    name: str
    seeds: int
    plants: tuple[Plant, ...]

    @property
    def most_seeds(self) -> int:
        """So many histories it may survive here."""
        return TIMES * self.seeds

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Our program with this mistake."""
        with ExitStack() as stack:
            for plant in self.plants:
                plant(stack)
            yield


SLIPS = (
    Slip("no dedup of callbacks", 3, (_put(payout_news, "book_paid", _book_each_notice),)),
    Slip("no status query", 8, (_put(run_jobs, "ask_due", planted._ask_nobody),)),
    Slip(
        "retry on time-out with a new id", 9, (_move(AnswerKind.DOUBTFUL, planted._free_a_new_id),)
    ),
    Slip(
        "send recorded after the call",
        9,
        (_put(send_payouts, "_send_one", planted._send_then_write),),
    ),
    Slip("static URL secret (leaked)", 11, (LEAK,)),
    Slip(
        "no compare-and-set between two PCs",
        29,
        (lambda stack: stack.enter_context(_pcs_do_not_compare()),),
    ),
    Slip("timeout = failed", 32, (_move(AnswerKind.DOUBTFUL, planted._fail),)),
    Slip("age = failed", 36, (_put(run_jobs, "ask_due", _fail_what_is_old),)),
    Slip(
        "queue notice = failed",
        53,
        (_put(payout_news, "apply_timeout", planted._fail_at_time_out),),
    ),
    Slip(
        "resend after crash",
        42,
        (_put(crash_recovery, "recover", planted._send_again_after_a_crash),),
    ),
    Slip("leaked secret + amount not compared", 78, (LEAK, NO_COMPARING)),
    Slip(
        "no fencing after a restore",
        158,
        (
            _put(payout_intents, "apply_intent", _takes_any_intent),
            _put(send_payouts, "_read_feeds_to_their_heads", _reads_nothing),
            _put(forgotten_payments, "check_heard", _lets_pass),
        ),
    ),
    Slip("no intent list and no statement", 158, (*NO_INTENTS, *NO_STATEMENT)),
    Slip(
        "late HTTP answer overwrites the callback's state",
        1_532,
        (_put(payout_sending, "record_answer", planted._have_the_last_word),),
    ),
    Slip("no statement import", 4_602, NO_STATEMENT),
)


@dataclass(frozen=True, slots=True)
class Caught:
    """By what a mistake was caught, and after how many histories; `by` is empty when it was not."""

    seeds: int
    by: str


def until_caught(town: QuickTown, slip: Slip, first: int = 0) -> Caught:
    """Live with the mistake until a check, or already a guard of the database, catches it."""
    with slip.planted():
        for number in range(slip.most_seeds):
            try:
                live(town, first + number)
            except (Broken, IntegrityError) as caught:
                return Caught(number + 1, str(caught).splitlines()[0])
            except SaccoError:
                # It stumbled where our program refuses in order; that alone does no harm.
                continue
    return Caught(slip.most_seeds, "")
