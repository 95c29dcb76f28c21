"""Asking M-Pesa what our accounts hold: the question is a row before it is asked, one at a time; its answer comes by
callback or never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.tables import BalanceQuestion, FloatReading
from sacco_desktop.domain.dates import business_date, format_time
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import mpesa_connections, society
from sacco_desktop.services.sending import account_readings, queue_stops
from sacco_desktop.services.sending.account_readings import Origin, Reading
from sacco_desktop.services.sending.payout_news import Address, Parked
from sacco_desktop.services.sending.payout_sending import AnswerKind, Route, SendAnswer

# An answer comes within seconds or a few minutes; after this the question counts as lost, and another may be asked.
LOST_AFTER = timedelta(minutes=3)
# How often the clock tries on a day on which M-Pesa has not answered yet.
_TRY_AGAIN_AFTER = timedelta(hours=1)
_OPEN = ("asking", "accepted")
_WHO_ASKS = (Act.SEND_PAYOUT, Act.RECORD_FLOAT, Act.MANAGE_CONNECTIONS, Act.FOLLOW_UP)
# Codes that speak of our user or its password. Others, such as a role that is missing for this question alone, must
# not stop payments.
_USER_REFUSED = frozenset({"2001", "8006", "18", "20"})


@dataclass(frozen=True, slots=True)
class AskBalance:
    """Ask for the balances; the answer shall come by this route. `reason` is person, clock or run."""

    route: Route
    reason: str


@dataclass(frozen=True, slots=True)
class BalanceOrder:
    """A question as committed; `tag` is the secret end of the address for its answer."""

    question_id: int
    tag: str


@dataclass(frozen=True, slots=True)
class BalanceAnswered:
    """M-Pesa's immediate answer to a question; the balances come later."""

    question_id: int
    answer: SendAnswer


@dataclass(frozen=True, slots=True)
class BalanceNews:
    """What a balance answer says; `skipped` are sentences about what could not be read of it."""

    code: str
    words: str
    is_final: bool
    query_conversation_id: str
    accounts: tuple[Reading, ...]
    completed_at: datetime | None
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceTimeoutNews:
    """M-Pesa did not take the question from its queue in time."""

    words: str


def begin(work: Work, asked: AskBalance) -> BalanceOrder:
    """Write the question down before it goes out. Raises WrongState while another one waits for its answer."""
    work.allow_one_of(*_WHO_ASKS)
    give_up(work)
    waiting = _open(work)
    if waiting is not None:
        raise WrongState(
            f"M-Pesa was asked for the balance at {format_time(waiting.asked_at)} and has not answered yet."
        )
    if queue_stops.is_user_refused(work):
        raise WrongState(
            "M-Pesa has refused our user, and asking again could lock it. Put that right first."
        )
    number = numbering.next_in(work, "balance question")
    # Restored books count anew, so the moment keeps two questions of one number apart.
    intent = f"balance/{society.society_of(work).books_id}/{number}/{work.now.isoformat()}"
    route = asked.route
    question = BalanceQuestion(
        relay_id=route.relay_id,
        tag=request_tag(route.tag_key, route.relay_host, "balance-result", intent),
        shortcode=mpesa_connections.current(work).shortcode,
        reason=asked.reason,
        asked_by=work.actor.user_id,
        asked_at=work.now,
        status="asking",
    )
    work.session.add(question)
    work.session.flush()
    audit.record(work, "asked M-Pesa for the balance", question.shortcode)
    work.changed(Topic.PAYOUTS)
    return BalanceOrder(question.id, question.tag)


def record_answer(work: Work, answered: BalanceAnswered) -> None:
    """Keep M-Pesa's immediate answer, unless the balances were quicker."""
    work.allow_one_of(*_WHO_ASKS)
    question = work.session.get_one(BalanceQuestion, answered.question_id)
    answer = answered.answer
    question.http_status, question.answer = answer.trace.http_status, answer.trace.answer
    if answer.stop_queue and answer.code in _USER_REFUSED:
        queue_stops.stop(work, answer.code, answer.words)
    if question.status != "asking":
        return
    if answer.kind is AnswerKind.ACCEPTED:
        question.status, question.conversation_id = "accepted", answer.conversation_id
    else:
        is_doubt = answer.kind is AnswerKind.DOUBTFUL
        question.status = "unanswered" if is_doubt else "refused"
        question.words = f"M-Pesa could not be asked: {answer.words}"
    work.session.flush()
    work.changed(Topic.PAYOUTS)


def apply_balance(work: Work, address: Address, news: BalanceNews) -> str:
    """Keep what M-Pesa says our accounts hold, and say so in words. Raises Parked when a person must look."""
    question = _question_at(work, address)
    # The address is a secret of this question, and what M-Pesa gave the question as its id must not be another.
    if question.conversation_id and news.query_conversation_id != question.conversation_id:
        raise Parked("It answers another question than the one that this address was made for.")
    if question.status == "refused":
        raise Parked("M-Pesa refused this question, so nothing can answer it.")
    if question.status == "answered":
        return "This question was answered already; it changed nothing."
    if not news.is_final:
        return "M-Pesa announces that the balances are still to come."
    question.status, question.answered_at = "answered", work.now
    question.words = _told(news)
    work.session.flush()
    if news.code in _USER_REFUSED:
        queue_stops.stop(work, news.code, news.words)
    told_at = min(max(news.completed_at or work.now, question.asked_at), work.now)
    account_readings.note(work, news.accounts, Origin("balance query", told_at, question.id))
    work.changed(Topic.PAYOUTS)
    return question.words


def _told(news: BalanceNews) -> str:
    if news.code != "0":
        return f"M-Pesa did not tell the balance: {news.words}"
    count = len(news.accounts)
    accounts = "1 account" if count == 1 else f"{count} accounts"
    return " ".join((f"M-Pesa told the balance of {accounts}.", *news.skipped))


def apply_timeout(work: Work, address: Address, news: BalanceTimeoutNews) -> str:
    """The question was lost in M-Pesa's queue; another one may be asked."""
    question = _question_at(work, address)
    if question.status not in _OPEN:
        return "The question is over already; the time-out changed nothing."
    question.status = "unanswered"
    question.words = f"M-Pesa did not take the question from its queue in time ({news.words})."
    work.session.flush()
    work.changed(Topic.PAYOUTS)
    return question.words


def _question_at(work: Work, address: Address) -> BalanceQuestion:
    question = work.session.scalar(
        select(BalanceQuestion).where(
            BalanceQuestion.tag == (address.tag or ""),
            BalanceQuestion.relay_id == address.relay_id,
        )
    )
    if question is None:
        raise Parked("It came to an address that belongs to no question of ours.")
    return question


def give_up(work: Work, _nothing: None = None) -> int:
    """Count a question as lost that has waited too long; an answer that comes later is still believed."""
    work.allow_one_of(*_WHO_ASKS)
    lost = work.session.scalars(
        select(BalanceQuestion).where(
            BalanceQuestion.status.in_(_OPEN),
            # One from the future was asked before the clock was put back.
            (BalanceQuestion.asked_at <= work.now - LOST_AFTER)
            | (BalanceQuestion.asked_at > work.now),
        )
    ).all()
    for question in lost:
        question.status = "unanswered"
        question.words = (
            f"M-Pesa was asked at {format_time(question.asked_at)} and has not answered."
        )
        work.changed(Topic.PAYOUTS)
    work.session.flush()
    return len(lost)


def _open(work: Work) -> BalanceQuestion | None:
    return work.session.scalar(select(BalanceQuestion).where(BalanceQuestion.status.in_(_OPEN)))


def last_question(work: Work) -> BalanceQuestion | None:
    """The question asked last, whatever became of it."""
    return work.session.scalar(select(BalanceQuestion).order_by(BalanceQuestion.id.desc()).limit(1))


def is_over(work: Work, question_id: int) -> bool:
    """Whether no answer to this question is waited for any more."""
    return work.session.get_one(BalanceQuestion, question_id).status not in _OPEN


def waiting_id(work: Work, _nothing: None = None) -> int | None:
    """The question that waits for its answer now, or None."""
    waiting = _open(work)
    is_lost = waiting is not None and waiting.asked_at <= work.now - LOST_AFTER
    return None if waiting is None or is_lost else waiting.id


def due_by_clock(work: Work, _nothing: None = None) -> bool:
    """Whether the clock should ask now: once a day, again after an hour without an answer, if the society wants it."""
    if not society.yes_setting(work, "balance.ask_by_clock") or queue_stops.is_user_refused(work):
        return False
    told = work.session.scalar(
        select(FloatReading.at)
        .where(FloatReading.question_id.is_not(None))
        .order_by(FloatReading.id.desc())
        .limit(1)
    )
    if told is not None and _same_day(work, told):
        return False
    asked = last_question(work)
    return asked is None or not timedelta(0) <= work.now - asked.asked_at < _TRY_AGAIN_AFTER


def _same_day(work: Work, moment: datetime) -> bool:
    return business_date(moment) == work.today


def state_words(work: Work) -> str:
    """What became of the last question while it has brought no balances; empty when all is well or nobody asked."""
    question = last_question(work)
    if question is None or question.status == "answered":
        is_well = question is None or question.words.startswith("M-Pesa told")
        return "" if is_well or question is None else question.words
    if question.status not in _OPEN:
        return question.words
    since = format_time(question.asked_at)
    if question.asked_at <= work.now - LOST_AFTER:
        return f"M-Pesa was asked at {since} and has not answered. Ask again."
    return f"M-Pesa was asked at {since}; the answer comes by itself."
