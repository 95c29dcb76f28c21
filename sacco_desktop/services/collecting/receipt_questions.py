"""Asking M-Pesa about one payment to us: whether a claimed code is real, and whether a payment was taken back.

The question is a row before it is asked, with a secret address of its own; its answer comes by callback or never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.tables import ReceiptClaim, ReceiptQuestion, ReceiptReversal
from sacco_desktop.domain import taking_back
from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.errors import NotFound, WrongState
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.taking_back import ReversalStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    receipt_claims,
    reversal_news,
)
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.reversal_news import ReversalTold
from sacco_desktop.services.office import shortcodes
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.payout_news import Address, Parked
from sacco_desktop.services.sending.payout_questions import StatusNews
from sacco_desktop.services.sending.payout_sending import AnswerKind, Route, SendAnswer

_WHO_ASKS = (Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT, Act.SEND_PAYOUT, Act.FOLLOW_UP)
_LOST_AFTER = timedelta(minutes=30)
_OPEN_CLAIMS = (ClaimStatus.OPEN.value, ClaimStatus.NOT_KNOWN.value)
_OPEN_REVERSALS = (ReversalStatus.ACCEPTED.value, ReversalStatus.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class About:
    """What is asked about: a claimed code or a taking back, by its id."""

    claim_id: int | None = None
    reversal_id: int | None = None


@dataclass(frozen=True, slots=True)
class AskAbout:
    """Ask about it; the answer shall come by this route."""

    about: About
    route: Route


@dataclass(frozen=True, slots=True)
class ReceiptQuestionOrder:
    """A question as committed: by the code of a payment, or by M-Pesa's own id of a request."""

    question_id: int
    code: str
    originator_id: str
    tag: str


@dataclass(frozen=True, slots=True)
class ReceiptQuestionAnswered:
    """M-Pesa's immediate answer to a question; the real one comes later."""

    question_id: int
    answer: SendAnswer


def due(work: Work, _nothing: None = None) -> tuple[About, ...]:
    """What M-Pesa should be asked about now, takings back first: they keep money from its owner."""
    work.allow(Act.LOOK)
    reversals = work.session.scalars(
        select(ReceiptReversal.id)
        .where(
            ReceiptReversal.status.in_(_OPEN_REVERSALS),
            ReceiptReversal.originator_id != "",
            ReceiptReversal.next_question_at <= work.now,
        )
        .order_by(ReceiptReversal.next_question_at)
    )
    proving = work.session.scalars(
        select(ReceiptReversal.id)
        .where(
            ReceiptReversal.status == ReversalStatus.DONE.value,
            ReceiptReversal.evidence == "claimed",
            ReceiptReversal.originator_id != "",
            ReceiptReversal.questions_asked == 0,
        )
        .order_by(ReceiptReversal.id)
    )
    claims = work.session.scalars(
        select(ReceiptClaim.id)
        .where(ReceiptClaim.status.in_(_OPEN_CLAIMS), ReceiptClaim.next_question_at <= work.now)
        .order_by(ReceiptClaim.next_question_at)
    )
    return (
        *(About(reversal_id=one) for one in reversals),
        *(About(reversal_id=one) for one in proving),
        *(About(claim_id=one) for one in claims),
    )


def begin(work: Work, asked: AskAbout) -> ReceiptQuestionOrder:
    """Write the question down before it goes out. Raises NotFound, and WrongState where M-Pesa gave no id to ask by, or
    refuses our user.
    """
    work.allow_one_of(*_WHO_ASKS)
    if queue_stops.is_user_refused(work):
        raise WrongState(
            "M-Pesa has refused our user, and asking again could lock it. Put that right first."
        )
    about, route = asked.about, asked.route
    code, originator_id, count = _subject(work, about)
    intent = f"{about.claim_id or ''}/{about.reversal_id or ''}/{count}/{work.now.isoformat()}"
    row = ReceiptQuestion(
        claim_id=about.claim_id,
        reversal_id=about.reversal_id,
        relay_id=route.relay_id,
        tag=request_tag(route.tag_key, route.relay_host, "status-result", f"receipt/{intent}"),
        state="asking",
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return ReceiptQuestionOrder(row.id, code, originator_id, row.tag)


def _subject(work: Work, about: About) -> tuple[str, str, int]:
    if about.claim_id is not None:
        claim = work.session.get(ReceiptClaim, about.claim_id)
        if claim is None:
            raise NotFound("There is no such code.")
        receipt_claims.schedule(claim, work.now)
        return claim.code, "", claim.questions_asked
    row = work.session.get(ReceiptReversal, about.reversal_id)
    if row is None:
        raise NotFound("There is no such taking back of a payment.")
    if not row.originator_id:
        raise WrongState(
            f"M-Pesa gave no id for {row.number}. Send the same request again, or compare the statement."
        )
    since = row.sent_at or work.now
    row.next_question_at = taking_back.ask_again_at(since, row.questions_asked, work.now)
    row.questions_asked += 1
    return "", row.originator_id, row.questions_asked


def record_answer(work: Work, answered: ReceiptQuestionAnswered) -> None:
    """Keep M-Pesa's immediate answer, unless the real one was quicker."""
    work.allow_one_of(*_WHO_ASKS)
    row = work.session.get_one(ReceiptQuestion, answered.question_id)
    answer = answered.answer
    row.http_status, row.answer = answer.trace.http_status, answer.trace.answer
    if answer.stop_queue:
        queue_stops.stop(work, answer.code or "refused", answer.words)
    if answer.kind is AnswerKind.ACCEPTED:
        row.conversation_id = answer.conversation_id
    if row.state == "asking":
        is_asked = answer.kind is AnswerKind.ACCEPTED
        row.state = "accepted" if is_asked else "unanswered"
        row.words = "" if is_asked else f"M-Pesa could not be asked: {answer.words}"
    work.session.flush()


def is_over(work: Work, question_id: int) -> bool:
    """Whether no answer to this question is waited for any more."""
    row = work.session.get_one(ReceiptQuestion, question_id)
    return row.state not in ("asking", "accepted") or row.asked_at < work.now - _LOST_AFTER


def question_at(work: Work, address: Address) -> ReceiptQuestion | None:
    """The question about a payment to us whose own address an entry came to; None for every other address."""
    return work.session.scalar(
        select(ReceiptQuestion).where(
            ReceiptQuestion.tag == (address.tag or ""),
            ReceiptQuestion.relay_id == address.relay_id,
        )
    )


def apply_status(work: Work, question: ReceiptQuestion, news: StatusNews) -> str:
    """Apply the answer and say in words what it did. Raises Parked when a person must look."""
    known = question.conversation_id
    if known and news.query_conversation_id not in ("", known):
        raise Parked("It answers another question than the one that this address was made for.")
    if question.state == "answered" and news.outcome != "completed":
        return "This question was answered already; it changed nothing."
    question.state, question.answered_at = "answered", work.now
    question.finding, question.words = news.outcome, news.words
    work.session.flush()
    if news.stops_queue:
        queue_stops.stop(work, news.code or news.outcome, news.words)
    is_ours = bool(known) and known == news.query_conversation_id
    if question.reversal_id is not None:
        row = work.session.get_one(ReceiptReversal, question.reversal_id)
        told = ReversalTold(news.outcome, news.words, is_ours, question.asked_at, news.amount_cents)
        return reversal_news.apply_answer(work, row, told)
    claim = work.session.get_one(ReceiptClaim, question.claim_id)
    if not is_ours:
        return f"The answer carries no id of M-Pesa's own, so it says nothing about {claim.code}."
    return _about_claim(work, claim, question, news)


def _about_claim(
    work: Work, claim: ReceiptClaim, question: ReceiptQuestion, news: StatusNews
) -> str:
    if news.outcome == "not_found":
        return receipt_claims.not_known(work, claim, question.asked_at)
    if news.outcome != "completed":
        return f"M-Pesa's answer says nothing about {claim.code}: {news.words}"
    if news.receipt != claim.code or news.amount_cents is None:
        raise Parked(f"The answer speaks of another payment than {claim.code}.")
    to = news.credit_party.split(" ", 1)[0]
    if shortcodes.account_of(work, to) is None:
        return receipt_claims.not_ours(work, claim, news.credit_party or "another account")
    phone, _, name = news.debit_party.partition(" - ")
    payer = PayerTold(phone if phone.isdigit() else None, name=name.strip())
    heard = Heard(
        receipt=claim.code,
        shortcode=to,
        paid_at=news.finalised_at or work.now,
        amount_cents=news.amount_cents,
        road=Road.STATUS,
        payer=payer,
    )
    row = mpesa_receipts.hear(work, heard)
    return allocations.settle(work, row)
