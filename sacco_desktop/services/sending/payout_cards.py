"""What is known about each payout on its way, in plain words, with the one safe next action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.tables import Payout, PayoutAttempt, PayoutMove, Question
from sacco_desktop.domain.payout_ways import Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import payout_rows, payouts
from sacco_desktop.services.payouts.payout_rows import Found, PayoutRow, read_many
from sacco_desktop.services.sending import payout_decisions, payout_sending
from sacco_desktop.services.sending.payout_words import Chip as Chip
from sacco_desktop.services.sending.payout_words import chip_of as chip_of
from sacco_desktop.services.sending.payout_words import words_of


class SafeAction(StrEnum):
    """What a person may safely do next. Paying again is never among them."""

    NONE = "none"
    SEND = "send"
    ASK_MPESA = "ask_mpesa"
    SEND_SAME_AGAIN = "send_same_again"
    CONFIRM_FAILED = "confirm_failed"
    NOT_ON_STATEMENT = "not_on_statement"
    ASK_APPROVAL = "ask_approval"
    ON_STATEMENT = "on_statement"
    PAY_BY_HAND = "pay_by_hand"
    CONFIRM_PAID = "confirm_paid"
    CAME_BACK = "came_back"
    SAVE_FILE = "save_file"
    PRINT_VOUCHER = "print_voucher"


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One step of the proof line: what it is, whether it is there, and since when."""

    words: str
    is_there: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to a payout, for the panel's timeline."""

    at: datetime
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class PayoutCard:
    """A payout as the In flight page and the panel speak of it. `may_have_left` is what matters before
    anything else.
    """

    row: PayoutRow
    attempt_version: int
    chip: Chip
    headline: str
    explanation: str
    may_have_left: bool
    doubt_since: datetime | None
    next_question_at: datetime | None
    proof: tuple[ProofStep, ...]
    action: SafeAction
    other_actions: tuple[SafeAction, ...]
    history: tuple[HistoryLine, ...]


# Where one relay alone tells, every payment is checked only by the statement, so many may wait for that.
_MOST_CHECKING = 50


def in_flight(work: Work, _nothing: None = None) -> tuple[PayoutCard, ...]:
    """A card for every payout whose outcome is open, the longest doubt first, then for the newest that are only claimed
    to be paid.
    """
    return (*open_cards(work), *_checking(work))


def open_cards(work: Work) -> tuple[PayoutCard, ...]:
    """A card for every payout whose outcome is open, the longest doubt first."""
    work.allow(Act.LOOK)
    cards = _cards(work, work.session.scalars(_OPEN).all())
    return tuple(sorted(cards, key=lambda each: each.doubt_since or work.now))


def open_rows(work: Work) -> tuple[PayoutRow, ...]:
    """The payouts whose outcome is open."""
    work.allow(Act.LOOK)
    return payout_rows.rows_of(work, work.session.scalars(_OPEN).all())


def open_attempts(work: Work, _nothing: None = None) -> tuple[int, ...]:
    """The last attempt of every payout whose outcome is open."""
    return tuple(row.attempt_id for row in open_rows(work) if row.attempt_id is not None)


def _checking(work: Work) -> tuple[PayoutCard, ...]:
    newest = select(Payout.id).where(*_CLAIMED).order_by(Payout.id.desc()).limit(_MOST_CHECKING)
    return _cards(work, list(reversed(work.session.scalars(newest).all())))


def has_card(work: Work, row: PayoutRow) -> bool:
    """Whether the payout stands among those in flight, where the newest of the claimed ones are too."""
    if row.status is PayoutStatus.IN_FLIGHT:
        return True
    if row.status is not PayoutStatus.PAID or row.evidence is not Evidence.CLAIMED:
        return False
    newer = select(func.count()).select_from(Payout).where(*_CLAIMED, Payout.id > row.payout_id)
    return (work.session.scalar(newer) or 0) < _MOST_CHECKING


def count_checking(work: Work) -> int:
    """How many payouts are paid by M-Pesa's word alone; counted in an index."""
    work.allow(Act.LOOK)
    query = select(func.count()).select_from(Payout).where(*_CLAIMED)
    return work.session.scalar(query) or 0


_OPEN = select(Payout.id).where(Payout.status == PayoutStatus.IN_FLIGHT.value).order_by(Payout.id)
_CLAIMED = (
    Payout.status == PayoutStatus.PAID.value,
    Payout.evidence == Evidence.CLAIMED.value,
)


def card(work: Work, payout_id: int) -> PayoutCard:
    """The card of one payout, whatever its state. Raises NotFound."""
    return card_of(work, payouts.row_of(work, payout_id))


def card_of(work: Work, row: PayoutRow) -> PayoutCard:
    """The card of a payout whose row was just read."""
    return cards_of(work, [row])[0]


def _cards(work: Work, payout_ids: Sequence[int]) -> tuple[PayoutCard, ...]:
    return cards_of(work, payout_rows.rows_of(work, payout_ids))


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands beside some payouts: the last attempt of each, what it went through, and when M-Pesa last answered a
    question about an attempt.
    """

    attempts: dict[int, PayoutAttempt]
    moves: dict[int, list[Found]]
    answered: dict[int, datetime]
    names: dict[int, str]


_ATTEMPTS = (
    select(PayoutAttempt)
    .where(PayoutAttempt.payout_id.in_(bindparam("ids", expanding=True)))
    .order_by(PayoutAttempt.number)
)
_MOVES = (
    select(
        PayoutMove.payout_id,
        PayoutMove.attempt_id,
        PayoutMove.at,
        PayoutMove.by,
        PayoutMove.new,
        PayoutMove.why,
    )
    .where(PayoutMove.payout_id.in_(bindparam("ids", expanding=True)))
    .order_by(PayoutMove.id)
)
_ANSWERED = (
    select(Question.attempt_id, func.max(Question.answered_at).label("at"))
    .where(Question.attempt_id.in_(bindparam("ids", expanding=True)), Question.state == "answered")
    .group_by(Question.attempt_id)
)


def cards_of(work: Work, rows: Sequence[PayoutRow]) -> tuple[PayoutCard, ...]:
    """The cards of payouts whose rows were just read, in the same order; what stands beside them is read for all of
    them at once.
    """
    ids = [row.payout_id for row in rows]
    sent = [row.payout_id for row in rows if row.attempt_id is not None]
    attempts = {found[0].payout_id: found[0] for found in read_many(work, _ATTEMPTS, sent)}
    moves: dict[int, list[Found]] = {}
    for move in read_many(work, _MOVES, ids):
        moves.setdefault(move.payout_id, []).append(move)
    answers = read_many(work, _ANSWERED, [attempt.id for attempt in attempts.values()])
    answered = {row.attempt_id: row.at for row in answers}
    known = _Known(attempts, moves, answered, payout_rows.names_of_all(work))
    return tuple(_card(work, row, known) for row in rows)


def _card(work: Work, row: PayoutRow, known: _Known) -> PayoutCard:
    attempt = known.attempts.get(row.payout_id)
    chip = chip_of(row)
    headline, explanation = words_of(work, row, attempt, chip)
    action, others = _actions(work, row, attempt, chip)
    return PayoutCard(
        row=row,
        attempt_version=attempt.version if attempt else 0,
        chip=chip,
        headline=headline,
        explanation=explanation,
        may_have_left=row.status is PayoutStatus.IN_FLIGHT,
        doubt_since=_since(row, attempt),
        next_question_at=attempt.next_question_at if attempt else None,
        proof=_proof(row, attempt, known),
        action=action,
        other_actions=others,
        history=_history(known.moves.get(row.payout_id, ()), known.names),
    )


def _since(row: PayoutRow, attempt: PayoutAttempt | None) -> datetime | None:
    if attempt is not None:
        return attempt.first_sent_at
    is_open = row.hand_over is not None and row.status is PayoutStatus.IN_FLIGHT
    return row.hand_over.made_at if is_open and row.hand_over is not None else None


def _actions(
    work: Work, row: PayoutRow, attempt: PayoutAttempt | None, chip: Chip
) -> tuple[SafeAction, tuple[SafeAction, ...]]:
    fixed = {
        Chip.NEEDS_APPROVAL: SafeAction.NONE,
        Chip.TAKEN_BACK: SafeAction.NONE,
        Chip.ON_HOLD: SafeAction.NONE,
        Chip.READY: SafeAction.SEND if row.way is Way.MPESA else SafeAction.PAY_BY_HAND,
        Chip.PAID: SafeAction.PRINT_VOUCHER,
        Chip.FAILED: SafeAction.ASK_APPROVAL,
        Chip.CAME_BACK: SafeAction.ASK_APPROVAL,
    }
    if chip in fixed:
        return fixed[chip], ()
    if row.hand_over is not None:
        again = (SafeAction.SAVE_FILE,) if row.way is Way.BANK else ()
        return SafeAction.CONFIRM_PAID, (SafeAction.CAME_BACK, *again)
    if chip is Chip.PAID_CHECKING:
        return SafeAction.ON_STATEMENT, (SafeAction.PRINT_VOUCHER, SafeAction.ASK_MPESA)
    if attempt is None or attempt.status == AttemptStatus.SENDING.value:
        return SafeAction.NONE, ()
    if attempt.status != AttemptStatus.UNKNOWN.value:
        return SafeAction.ASK_MPESA, (SafeAction.ON_STATEMENT,)
    others = [SafeAction.ASK_MPESA, SafeAction.ON_STATEMENT]
    if payout_sending.resend_allowed(work, attempt):
        return SafeAction.SEND_SAME_AGAIN, tuple(others)
    if payout_decisions.may_confirm_failure(attempt):
        return SafeAction.CONFIRM_FAILED, tuple(others)
    if payout_decisions.not_known_long_enough(work, attempt):
        return SafeAction.NOT_ON_STATEMENT, tuple(others)
    return SafeAction.ASK_MPESA, (SafeAction.ON_STATEMENT,)


def _proof(row: PayoutRow, attempt: PayoutAttempt | None, known: _Known) -> tuple[ProofStep, ...]:
    if row.hand_over is not None:
        is_paid = row.hand_over.outcome is Outcome.PAID
        made = "in the bank file" if row.way is Way.BANK else "written"
        return (
            ProofStep(made, True, row.hand_over.made_at),
            ProofStep("confirmed", is_paid, row.paid_at if is_paid else None),
        )
    if attempt is None:
        return ()
    answered_at = known.answered.get(attempt.id)
    taken = _moment_of(known.moves.get(row.payout_id, ()), attempt, AttemptStatus.ACCEPTED)
    claimed = attempt.claimed_at or (row.paid_at if row.status is PayoutStatus.PAID else None)
    claim = "notice: failed" if attempt.claim == "failed" else "notice"
    verified = row.evidence is Evidence.VERIFIED
    return (
        ProofStep("written here", True, attempt.first_sent_at),
        ProofStep("M-Pesa took it", attempt.conversation_id is not None, taken),
        ProofStep(claim, claimed is not None, claimed),
        ProofStep("asked back", answered_at is not None, answered_at),
        ProofStep("second proof", verified, attempt.settled_at if verified else None),
    )


def _moment_of(
    moves: Sequence[Found], attempt: PayoutAttempt, state: AttemptStatus
) -> datetime | None:
    came = (move.at for move in moves if move.attempt_id == attempt.id and move.new == state.value)
    return next(came, None)


def _history(moves: Sequence[Found], names: dict[int, str]) -> tuple[HistoryLine, ...]:
    lines: list[HistoryLine] = []
    for move in moves:
        # Payout and attempt often move together for one reason; a person reads it once.
        if not lines or lines[-1].words != move.why:
            lines.append(HistoryLine(move.at, names.get(move.by, ""), move.why))
    return tuple(lines)
