"""Sending: the intent is committed as an attempt in SENDING before the call, and the answer is kept after it.

Between the two there is no transaction. Whatever dies in between leaves a SENDING attempt, which the next start turns
into UNKNOWN and never into a second payment.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.standing import Change
from sacco_desktop.db.tables import Exchange, Payout, PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import SamePerson, WrongState
from sacco_desktop.domain.payout_purposes import Command
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import (
    B2C_V1,
    B2C_V3,
    ID_CHECKED,
    AttemptStatus,
    PayoutStatus,
    may_resend,
    next_question_at,
    originator_conversation_id,
)
from sacco_desktop.domain.permissions import Act, Role
from sacco_desktop.services.books import audit, relay_clock
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loan_recheck
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import given_approvals, limits, payout_terms, society
from sacco_desktop.services.payouts import (
    batch_lines,
    evidence,
    forgotten_payments,
    nominee_phones,
    payout_attempts,
    payout_contents,
    receiver_limit,
    standing_holds,
)
from sacco_desktop.services.payouts.payout_moves import (
    last_attempt,
    learn,
    load_attempt,
    load_payout,
    move_attempt,
    move_payout,
    note,
)
from sacco_desktop.services.payouts.payout_postings import narration_of
from sacco_desktop.services.payouts.payout_settling import settle_failed, settle_without_mpesa
from sacco_desktop.services.savings import withdrawal_rules
from sacco_desktop.services.sending import queue_stops, utility_float

# How the audit names a request that goes out, the first time and again.
SENT_ACTS = ("sent a payout", "sent once more")
_KEEP_EXCHANGE = Change.new_row(Exchange)


@dataclass(frozen=True, slots=True)
class Route:
    """By which relay the result shall come back; `tag_key` marks its address so that nobody can forge one."""

    relay_id: int
    relay_host: str
    tag_key: bytes = field(repr=False)
    b2c_version: str = "v3"


@dataclass(frozen=True, slots=True)
class Sending:
    """Send this payout now, by this route."""

    payout_id: int
    route: Route


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What goes out, as committed. `attempt_id` is None when there is nothing for M-Pesa to pay.

    `id_number` is given when M-Pesa shall pay only the line that is registered to it. `tag` fits the address of the
    relay `relay_id` only. When an old attempt goes out again, that is the relay of its
    first sending and not the one of the route that was offered now.
    """

    payout_id: int
    payout_number: str
    attempt_id: int | None
    originator_conversation_id: str
    phone: str
    amount_shillings: int
    narration: str
    command: Command
    tag: str
    relay_id: int | None
    id_number: str = field(default="", repr=False)
    attempt_number: int = 1
    b2c_version: str = B2C_V3


class AnswerKind(StrEnum):
    """What M-Pesa's immediate answer proves."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class WireTrace:
    """One HTTP call as it was, secrets redacted; status 0 means that no answer came."""

    path: str
    request: str
    http_status: int
    answer: str


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """The immediate answer to a SendOrder."""

    attempt_id: int
    kind: AnswerKind
    code: str
    words: str
    conversation_id: str
    stop_queue: bool
    trace: WireTrace


def begin(work: Work, sending: Sending) -> SendOrder:
    """Check everything once more and commit the intent. Raises when anything speaks against sending; then
    nothing leaves.
    """
    work.allow(Act.SEND_PAYOUT)
    queue_stops.check_going(work)
    forgotten_payments.check_settled(work)
    payout = load_payout(work, sending.payout_id)
    if payout.status != PayoutStatus.APPROVED.value:
        raise WrongState(f"{payout.number} is {payout.status} and cannot be sent.")
    if payout.way != Way.MPESA.value:
        raise WrongState(f"{payout.number} is not paid by M-Pesa. Nothing was sent.")
    standing_holds.check_not_held(work, payout)
    _check_still_as_approved(work, payout)
    withdrawal_rules.check_leaving(work, payout)
    loan_recheck.check_leaving(work, payout)
    if payout.mpesa_cents == 0:
        batch_lines.leaves(work, payout)
        settle_without_mpesa(work, payout)
        return _order(work, payout, None)
    evidence.check_pay_again(work, payout)
    receiver_limit.check(work, payout)
    utility_float.check_gate(work, payout.mpesa_cents)
    attempt = _attempt(work, payout, sending.route)
    batch_lines.leaves(work, payout)
    # An attempt that never left and goes out on the same day counts once.
    own_id = attempt.originator_conversation_id
    limits.use(work, Act.SEND_PAYOUT, limits.sum_of_payout(work, payout), own_id)
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, f"Sent by {work.actor.full_name}.")
    audit.record(work, SENT_ACTS[0], payout.number, {"id": attempt.originator_conversation_id})
    return _order(work, payout, attempt)


def _check_still_as_approved(work: Work, payout: Payout) -> None:
    if payout_contents.content_changed(work, payout.id):
        raise WrongState(
            f"What was approved for {payout.number} has changed since. Nothing was sent. Ask for approval again."
        )
    if work.actor.user_id in given_approvals.approver_ids(work, ApprovalKind.PAYOUT, payout.id):
        raise SamePerson(
            f"You approved {payout.number}, so someone else must send it. Nothing was sent."
        )


def _attempt(work: Work, payout: Payout, route: Route) -> PayoutAttempt:
    """The attempt to send: the unsent one under its old id, or a new one after definite failures only."""
    before, version = payout_attempts.states_of(work, payout.id), _version(work, payout, route)
    if before and before[-1][1] == AttemptStatus.UNSENT.value:
        attempt = load_attempt(work, before[-1][0])
        if attempt.b2c_version != version:
            raise WrongState(
                f"{payout.number} was written for B2C {attempt.b2c_version}, and {version} is set up"
                " now. Nothing was sent. Take this payout back and ask for a new one."
            )
        words = "Sent again under the same id."
        anew = {"last_sent_at": work.now, "sent_by": work.actor.user_id}
        move_attempt(work, attempt, AttemptStatus.SENDING, words, **anew)
        return attempt
    failures = sum(status == AttemptStatus.FAILED.value for _id, status in before)
    own_id = _new_id(work, payout, failures)
    attempt = payout_attempts.write(
        work,
        payout_id=payout.id,
        number=failures + 1,
        originator_conversation_id=own_id,
        b2c_version=version,
        relay_id=route.relay_id,
        tag=request_tag(route.tag_key, route.relay_host, "b2c-result", own_id),
        times_sent=1,
    )
    note(work, attempt, "Written down; the request goes out now.")
    return attempt


def _new_id(work: Work, payout: Payout, failures: int) -> str:
    """The payout's next id; never one of a payment that these books forgot, for M-Pesa would take ours for that one."""
    books_id = society.books_id(work)
    for generation in itertools.count():
        own_id = originator_conversation_id(books_id, payout.number, failures, generation)
        if not forgotten_payments.is_used(work, own_id):
            break
    return own_id


def _order(work: Work, payout: Payout, attempt: PayoutAttempt | None) -> SendOrder:
    return SendOrder(
        payout_id=payout.id,
        payout_number=payout.number,
        attempt_id=attempt.id if attempt else None,
        originator_conversation_id=attempt.originator_conversation_id if attempt else "",
        phone=payout.phone,
        amount_shillings=payout.mpesa_cents // 100,
        narration=narration_of(work, payout),
        command=payout_terms.purpose_of(payout.purpose).command,
        tag=attempt.tag if attempt else "",
        relay_id=attempt.relay_id if attempt else None,
        id_number=_id_number(work, payout, attempt),
        attempt_number=attempt.number if attempt else 1,
        b2c_version=attempt.b2c_version if attempt else B2C_V3,
    )


def _version(work: Work, payout: Payout, route: Route) -> str:
    """The books hold the identity numbers of members, so nothing of anybody else can be checked."""
    is_checked = route.b2c_version == ID_CHECKED
    if is_checked and (payout.member_id is None or nominee_phones.is_nominees(work, payout)):
        return B2C_V3
    return route.b2c_version


def _id_number(work: Work, payout: Payout, attempt: PayoutAttempt | None) -> str:
    if attempt is None or attempt.b2c_version != ID_CHECKED or payout.member_id is None:
        return ""
    return members.load(work, payout.member_id).national_id


def order_of(work: Work, attempt: PayoutAttempt) -> SendOrder:
    """What went out under an attempt."""
    return _order(work, load_payout(work, attempt.payout_id), attempt)


def record_answer(work: Work, answer: SendAnswer) -> AttemptStatus:
    """Keep the immediate answer and move the attempt by what it proves, unless a result was quicker."""
    work.allow_one_of(Act.SEND_PAYOUT, Act.SETTLE_PAYOUT, Act.FOLLOW_UP)
    attempt = load_attempt(work, answer.attempt_id)
    trace = answer.trace
    _KEEP_EXCHANGE.make(
        work.session,
        attempt_id=attempt.id,
        at=work.now,
        path=trace.path,
        request=trace.request,
        http_status=trace.http_status,
        answer=trace.answer,
        reading=f"{answer.kind.value} {answer.code} {answer.words}".strip(),
    )
    is_new = bool(answer.conversation_id) and attempt.conversation_id is None
    if is_new and answer.kind is not AnswerKind.ACCEPTED:
        learn(work, attempt, conversation_id=answer.conversation_id)
    if answer.stop_queue:
        queue_stops.stop(work, answer.code or "refused", answer.words)
    if attempt.status != AttemptStatus.SENDING.value:
        if is_new and attempt.conversation_id is None:
            learn(work, attempt, conversation_id=answer.conversation_id)
        note(work, attempt, f"The answer came after the result: {answer.words}")
        return AttemptStatus(attempt.status)
    _MOVES[answer.kind](work, attempt, answer)
    return AttemptStatus(attempt.status)


def _accepted(work: Work, attempt: PayoutAttempt, answer: SendAnswer) -> None:
    learnt = {
        "conversation_id": attempt.conversation_id or answer.conversation_id or None,
        "next_question_at": _later(work, attempt, timedelta(minutes=2)),
    }
    move_attempt(work, attempt, AttemptStatus.ACCEPTED, "M-Pesa took the request.", **learnt)


def _doubtful(work: Work, attempt: PayoutAttempt, answer: SendAnswer) -> None:
    ask_at = _later(work, attempt, timedelta(minutes=1))
    move_attempt(work, attempt, AttemptStatus.UNKNOWN, answer.words, next_question_at=ask_at)


def _refused(work: Work, attempt: PayoutAttempt, answer: SendAnswer) -> None:
    if attempt.times_sent > 1:
        # The refusal speaks of this call only; an earlier one under the same id may still have been taken.
        _doubtful(work, attempt, answer)
        return
    settle_failed(work, attempt, f"M-Pesa refused the request: {answer.words}")


def _not_sent(work: Work, attempt: PayoutAttempt, answer: SendAnswer) -> None:
    if attempt.times_sent > 1:
        _doubtful(work, attempt, answer)
        return
    payout = load_payout(work, attempt.payout_id)
    move_attempt(work, attempt, AttemptStatus.UNSENT, answer.words)
    move_payout(work, payout, PayoutStatus.APPROVED, "Nothing reached M-Pesa.")
    batch_lines.comes_back(work, payout.id)


_MOVES = {
    AnswerKind.ACCEPTED: _accepted,
    AnswerKind.DOUBTFUL: _doubtful,
    AnswerKind.REFUSED: _refused,
    AnswerKind.NOT_SENT: _not_sent,
}


def _later(work: Work, attempt: PayoutAttempt, wait: timedelta) -> datetime:
    return max(attempt.last_sent_at + wait, work.now)


def begin_resend(work: Work, sending: Sending) -> SendOrder:
    """Send an UNKNOWN attempt once more under the same id.

    Never on v1, because only later versions refuse an id that was seen; only after status answers twice said not
    found; only inside the window; by a person, or by the clock where the society chose so. Raises WrongState otherwise.
    """
    _check_may_resend(work)
    queue_stops.check_going(work)
    forgotten_payments.check_settled(work)
    payout = load_payout(work, sending.payout_id)
    attempt = last_attempt(work, payout.id)
    on_v1 = sending.route.b2c_version == B2C_V1
    if attempt is None or on_v1 or not resend_allowed(work, attempt):
        raise WrongState(
            f"{payout.number} may not be sent again now. Ask M-Pesa about it first; nothing was sent."
        )
    attempt.times_sent += 1
    attempt.last_sent_at = work.now
    attempt.not_found_answers = 0
    attempt.first_not_found_at = attempt.last_not_found_at = None
    attempt.sent_by = work.actor.user_id
    move_attempt(work, attempt, AttemptStatus.SENDING, "Sent once more under the same id.")
    audit.record(work, SENT_ACTS[1], payout.number, {"id": attempt.originator_conversation_id})
    return _order(work, payout, attempt)


def _check_may_resend(work: Work) -> None:
    by_clock = Role.CLOCK in work.actor.roles
    if not (by_clock and society.yes_setting(work, "payout.resend_by_clock")):
        work.allow(Act.SETTLE_PAYOUT)


def resend_allowed(work: Work, attempt: PayoutAttempt) -> bool:
    """Whether begin_resend would send this attempt now: by the clock of this PC, and by that of the relays, for theirs
    is not put back.
    """
    window = society.minutes_setting(work, "payout.resend_window_minutes")
    return (
        attempt.status == AttemptStatus.UNKNOWN.value
        and attempt.b2c_version != B2C_V1
        and attempt.claim == ""
        and may_resend(attempt.not_found_answers, attempt.first_sent_at, work.now, window)
        and not relay_clock.is_older(work, attempt.originator_conversation_id, window)
    )


def for_the_clock(work: Work, _nothing: None = None) -> tuple[int, ...]:
    """The payouts that the clock may send once more now: none, unless the society chose so and nothing has stopped."""
    chosen = society.yes_setting(work, "payout.resend_by_clock")
    if not chosen or queue_stops.standing(work) is not None:
        return ()
    unknown = work.session.scalars(
        select(PayoutAttempt)
        .where(PayoutAttempt.status == AttemptStatus.UNKNOWN.value)
        .order_by(PayoutAttempt.first_sent_at)
    )
    return tuple(attempt.payout_id for attempt in unknown if resend_allowed(work, attempt))


def schedule_next_question(work: Work, attempt: PayoutAttempt) -> None:
    """Set when M-Pesa is asked about an open attempt again; there is no last time."""
    attempt.next_question_at = next_question_at(
        attempt.last_sent_at, attempt.questions_asked, work.now
    )
