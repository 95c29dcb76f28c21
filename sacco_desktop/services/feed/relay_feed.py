"""Takes entries of a relay's feed into the books: raw entry, effect and position in one transaction, so each
counts once.

An entry whose effect is refused is parked with its reason and never blocks those behind it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.refusals import translate
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import Relay, RelayEntry
from sacco_desktop.db.types import UtcMoment
from sacco_desktop.domain.errors import InvalidInput, NotFound, SaccoError, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import (
    plain_payments,
    prompt_news,
    receipt_questions,
    reversal_news,
)
from sacco_desktop.services.collecting.mpesa_receipts import Heard
from sacco_desktop.services.collecting.prompt_news import PaymentNews, PromptNews
from sacco_desktop.services.collecting.reversal_news import ReversalNews, ReversalTimeoutNews
from sacco_desktop.services.payouts import forgotten_payments, late_payments
from sacco_desktop.services.relays.relays import Place
from sacco_desktop.services.sending import (
    balance_questions,
    forgotten_doubts,
    payout_intents,
    payout_news,
    payout_questions,
    queue_stops,
)
from sacco_desktop.services.sending.balance_questions import BalanceNews, BalanceTimeoutNews
from sacco_desktop.services.sending.forgotten_doubts import ForgottenPayment
from sacco_desktop.services.sending.payout_intents import FORGOTTEN, IntentNews
from sacco_desktop.services.sending.payout_news import (
    Address,
    DoesNotFit,
    Parked,
    ResultNews,
    TimeoutNews,
)
from sacco_desktop.services.sending.payout_questions import StatusNews

log = logging.getLogger(__name__)

_KEEP_ENTRIES = ManyRows(
    RelayEntry,
    (
        "relay_id",
        "epoch",
        "sequence",
        "received_at",
        "kind",
        "tag",
        "source",
        "is_listed_source",
        "body",
        "hash",
        "state",
        "outcome",
    ),
    same=("stored_at", "tries"),
)
_POSITION = Lookup(
    select(Relay.epoch, Relay.sequence, Relay.chain_hash).where(Relay.id == bindparam("relay_id"))
)
_GO_ON = Change(
    update(Relay)
    .where(Relay.id == bindparam("relay_id"))
    .values(
        epoch=bindparam("to_epoch"),
        sequence=bindparam("to_sequence"),
        chain_hash=bindparam("to_hash"),
        checkpoint=bindparam("proof"),
        trouble="",
        read_to_head_at=func.coalesce(bindparam("head_at", type_=UtcMoment), Relay.read_to_head_at),
    )
)


@dataclass(frozen=True, slots=True)
class UnreadableNews:
    """A callback that could not be understood; it is kept raw and shown."""

    why: str


@dataclass(frozen=True, slots=True)
class OtherNews:
    """An entry that says nothing about money: a word of the relay itself, a note, a self-test."""

    words: str


MoneyInNews = PromptNews | PaymentNews | ReversalNews | ReversalTimeoutNews
News = (
    ResultNews
    | TimeoutNews
    | StatusNews
    | BalanceNews
    | BalanceTimeoutNews
    | IntentNews
    | MoneyInNews
    | UnreadableNews
    | OtherNews
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One verified entry, read but not yet acted on. `body` has its secrets blanked."""

    place: Place
    received_at: datetime
    kind: str
    tag: str | None
    source: str
    is_listed_source: bool
    body: bytes = field(repr=False)
    news: News


@dataclass(frozen=True, slots=True)
class FeedSlice:
    """Consecutive entries that follow `after`; small, so that a person's write never waits long."""

    relay_id: int
    after: Place
    entries: tuple[FeedEntry, ...]
    end: Place
    checkpoint: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a slice did."""

    applied: int
    parked: int
    was_stale: bool


def take_in(work: Work, piece: FeedSlice) -> TakenIn:
    """Apply a slice and move the position with it. A slice that another process was quicker with changes nothing."""
    work.allow(Act.FOLLOW_UP)
    position = _POSITION.row(work.session, relay_id=piece.relay_id)
    if position is None:
        raise NotFound("There is no such relay.")
    if position != _key(piece.after):
        return TakenIn(0, 0, was_stale=True)
    states = []
    for is_plain, run in _runs(work, piece.entries):
        take = _take_plain if is_plain else _take_each
        states += take(work, piece.relay_id, run)
    epoch, sequence, chain_hash = _key(piece.end)
    _GO_ON.make(
        work.session,
        relay_id=piece.relay_id,
        to_epoch=epoch,
        to_sequence=sequence,
        to_hash=chain_hash,
        proof=piece.checkpoint,
        head_at=work.now if piece.is_head else None,
    )
    if states:
        work.changed(Topic.RELAYS)
    return TakenIn(
        sum(state != "parked" for state in states), states.count("parked"), was_stale=False
    )


def _key(place: Place) -> tuple[int, int, bytes]:
    return place.epoch, place.sequence, place.chain_hash


def _runs(work: Work, entries: Sequence[FeedEntry]) -> Iterator[tuple[bool, list[FeedEntry]]]:
    """The entries in their order, and whether they are plain payments. Each run is looked at when all before it is in
    the books.
    """
    for is_payment, group in groupby(entries, lambda entry: isinstance(entry.news, PaymentNews)):
        these = list(group)
        plain = plain_payments.which(work, _payments(these)) if is_payment else [False] * len(these)
        for run_is_plain, run in groupby(zip(plain, these, strict=True), itemgetter(0)):
            yield run_is_plain, [entry for _is_plain, entry in run]


def _payments(entries: Sequence[FeedEntry]) -> list[Heard]:
    return [entry.news.heard for entry in entries if isinstance(entry.news, PaymentNews)]


def _take_plain(work: Work, relay_id: int, run: Sequence[FeedEntry]) -> list[str]:
    """Plain payments at once; where one of them is refused, each by itself, so that it parks nothing but itself."""
    try:
        with work.session.begin_nested():
            words = plain_payments.book(work, _payments(run))
            rows = map(partial(_row, relay_id, "applied"), run, words)
            _KEEP_ENTRIES.write(work.session, rows, (work.now, 1))
            return ["applied"] * len(run)
    except Exception:  # noqa: BLE001 - each is tried again, and what is wrong with one is told there
        log.info("Payments that came together are taken in one by one")
    return _take_each(work, relay_id, run)


def _take_each(work: Work, relay_id: int, run: Sequence[FeedEntry]) -> list[str]:
    return [_take_one(work, relay_id, entry) for entry in run]


def _row(relay_id: int, state: str, entry: FeedEntry, outcome: str) -> tuple[object, ...]:
    return (
        relay_id,
        entry.place.epoch,
        entry.place.sequence,
        entry.received_at,
        entry.kind,
        entry.tag,
        entry.source,
        entry.is_listed_source,
        entry.body,
        entry.place.chain_hash,
        state,
        outcome,
    )


def _take_one(work: Work, relay_id: int, entry: FeedEntry) -> str:
    state, outcome, misfit = _effect(
        work, Address(relay_id, entry.tag, entry.received_at), entry.news
    )
    _KEEP_ENTRIES.write(work.session, [_row(relay_id, state, entry, outcome)], (work.now, 1))
    # Outside the savepoint, which took back everything that the refused effect wrote.
    if isinstance(misfit, DoesNotFit):
        payout_news.flag_misfit(work, misfit.attempt_id, misfit.message)
    elif isinstance(misfit, ForgottenPayment):
        queue_stops.stop(work, FORGOTTEN, misfit.message)
        if isinstance(entry.news, IntentNews):
            forgotten_doubts.keep_number(work, entry.news.payout_number)
    return state


def _effect(work: Work, address: Address, news: News) -> tuple[str, str, Parked | None]:
    """Try the effect of one entry; whatever it wrote before it was refused is taken back."""
    if isinstance(news, OtherNews):
        return "noted", news.words, None
    try:
        with work.session.begin_nested():
            return "applied", _apply(work, address, news), None
    except (DoesNotFit, ForgottenPayment) as misfit:
        return "parked", misfit.message, misfit
    except SaccoError as refusal:
        return "parked", refusal.message, None
    except IntegrityError as error:
        refused = translate(error)
        if refused is not None:
            return "parked", refused.message, None
        log.exception("The database refused an entry of the feed")
        return "parked", _BUG, None
    except Exception:
        # A bug in one entry must not hold back the news about all other payments; the log has it whole.
        log.exception("An entry of the feed could not be applied")
        return "parked", _BUG, None


_BUG = "The program could not apply this. The log says why; nothing was booked."


def _apply(work: Work, address: Address, news: News) -> str:
    if isinstance(news, ResultNews):
        return payout_news.apply_result(work, address, news)
    if isinstance(news, TimeoutNews):
        return payout_news.apply_timeout(work, address, news)
    if isinstance(news, StatusNews):
        asked = receipt_questions.question_at(work, address)
        if asked is not None:
            return receipt_questions.apply_status(work, asked, news)
        return payout_questions.apply_status(work, address, news)
    if isinstance(news, BalanceNews):
        return balance_questions.apply_balance(work, address, news)
    if isinstance(news, BalanceTimeoutNews):
        return balance_questions.apply_timeout(work, address, news)
    if isinstance(news, MoneyInNews):
        return _apply_money_in(work, address, news)
    if isinstance(news, IntentNews):
        return payout_intents.apply_intent(work, news, address.received_at)
    raise Parked(news.why if isinstance(news, UnreadableNews) else "Nobody knows what this is.")


def _apply_money_in(work: Work, address: Address, news: MoneyInNews) -> str:
    if isinstance(news, PromptNews):
        return prompt_news.apply_notice(work, address, news)
    if isinstance(news, PaymentNews):
        return prompt_news.apply_payment(work, news)
    if isinstance(news, ReversalNews):
        return reversal_news.apply_result(work, address, news)
    return reversal_news.apply_timeout(work, address, news)


@dataclass(frozen=True, slots=True)
class ParkedEntry:
    """An entry that waits for somebody, with its raw body; `failed_attempt_id` is set when it speaks of an attempt that
    is booked as failed.
    """

    entry_id: int
    relay_id: int
    received_at: datetime
    kind: str
    tag: str | None
    reason: str
    tries: int
    body: bytes = field(repr=False)
    failed_attempt_id: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Try a parked entry again, read anew from its stored body."""

    entry_id: int
    news: News


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A person has looked at a parked entry and lets it rest, with a reason."""

    entry_id: int
    reason: str


def list_parked(work: Work, _nothing: None = None) -> tuple[ParkedEntry, ...]:
    """All parked entries, the oldest first."""
    rows = work.session.scalars(
        select(RelayEntry).where(RelayEntry.state == "parked").order_by(RelayEntry.id)
    )
    return tuple(
        ParkedEntry(
            row.id,
            row.relay_id,
            row.received_at,
            row.kind,
            row.tag,
            row.outcome,
            row.tries,
            row.body,
            late_payments.failed_attempt_at(work, row.tag),
        )
        for row in rows
    )


def retry(work: Work, again: Retry) -> str:
    """Try a parked entry again and say in words what it did. A misfit stops the queue only the first time."""
    work.allow_one_of(Act.SETTLE_PAYOUT, Act.FOLLOW_UP)
    row = work.session.get(RelayEntry, again.entry_id)
    if row is None or row.state != "parked":
        raise WrongState("This entry waits no more.")
    state, outcome, _misfit = _effect(
        work, Address(row.relay_id, row.tag, row.received_at), again.news
    )
    row.state, row.tries = state, row.tries + 1
    row.outcome = outcome
    work.session.flush()
    if state != "parked":
        work.changed(Topic.RELAYS)
    return outcome


def dismiss(work: Work, dismissal: Dismissal) -> None:
    """Let a parked entry rest. It stays in the books with the reason."""
    work.allow(Act.SETTLE_PAYOUT)
    row = work.session.get(RelayEntry, dismissal.entry_id)
    if row is None or row.state != "parked":
        raise WrongState("This entry waits no more.")
    if not dismissal.reason.strip():
        raise InvalidInput("Write why this needs nothing more.", "reason")
    forgotten_payments.check_may_rest(work, row)
    row.state = "noted"
    row.outcome = f"{row.outcome} Let rest by {work.actor.full_name}: {dismissal.reason.strip()}"
    audit.record(work, "let a parked entry rest", f"relay entry {row.id}")
    work.changed(Topic.RELAYS)
