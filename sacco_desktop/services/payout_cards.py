"""What is known about each payout on its way, in plain words, with the one safe next action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from sacco_desktop.db.tables import Payout, PayoutAttempt, PayoutMove, Question
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.payout_ways import WAY_WORDS, Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import payout_decisions, payout_sending, payouts, users
from sacco_desktop.services.payout_moves import last_attempt
from sacco_desktop.services.payouts import HandOverFacts, PayoutRow
from sacco_desktop.services.work import Work


class Chip(StrEnum):
    """The word for a payout's state, as the window shows it with its sign and colour."""

    NOT_SENT = "not_sent"
    NEEDS_APPROVAL = "needs_approval"
    READY = "ready"
    ON_HOLD = "on_hold"
    WAITING = "waiting"
    NOT_SURE = "not_sure"
    PAID_CHECKING = "paid_checking"
    PAID = "paid"
    FAILED_CHECKING = "failed_checking"
    FAILED = "failed"
    CAME_BACK = "came_back"
    TAKEN_BACK = "taken_back"


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
    found = work.session.scalars(
        select(Payout.id).where(Payout.status == PayoutStatus.IN_FLIGHT.value).order_by(Payout.id)
    )
    cards = [card(work, payout_id) for payout_id in found.all()]
    return tuple(sorted(cards, key=lambda each: each.doubt_since or work.now))


def _checking(work: Work) -> tuple[PayoutCard, ...]:
    newest = select(Payout.id).where(*_CLAIMED).order_by(Payout.id.desc()).limit(_MOST_CHECKING)
    found = work.session.scalars(newest).all()
    return tuple(card(work, payout_id) for payout_id in reversed(found))


def count_checking(work: Work) -> int:
    """How many payouts are paid by M-Pesa's word alone; counted in an index."""
    work.allow(Act.LOOK)
    query = select(func.count()).select_from(Payout).where(*_CLAIMED)
    return work.session.scalar(query) or 0


_CLAIMED = (
    Payout.status == PayoutStatus.PAID.value,
    Payout.evidence == Evidence.CLAIMED.value,
)


def card(work: Work, payout_id: int) -> PayoutCard:
    """The card of one payout, whatever its state. Raises NotFound."""
    return card_of(work, payouts.row_of(work, payout_id))


def card_of(work: Work, row: PayoutRow) -> PayoutCard:
    """The card of a payout whose row was just read."""
    attempt = last_attempt(work, row.payout_id)
    chip = chip_of(row)
    headline, explanation = _words(work, row, attempt, chip)
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
        proof=_proof(work, row, attempt),
        action=action,
        other_actions=others,
        history=_history(work, row.payout_id),
    )


def chip_of(row: PayoutRow) -> Chip:
    """The word for a payout's state; never green before it is proven, never failed before it is certain."""
    if row.status is PayoutStatus.PAID:
        return Chip.PAID if row.evidence is Evidence.VERIFIED else Chip.PAID_CHECKING
    if row.status is PayoutStatus.CANCELLED:
        return Chip.TAKEN_BACK
    if row.status is PayoutStatus.APPROVED:
        return Chip.READY if row.held is None else Chip.ON_HOLD
    if row.status is PayoutStatus.DRAFT:
        if row.hand_over is not None and row.hand_over.return_entry is not None:
            return Chip.CAME_BACK
        came_back = row.hand_over is not None and row.hand_over.outcome is Outcome.RETURNED
        failed = row.attempt_status is AttemptStatus.FAILED or came_back
        return Chip.FAILED if failed else Chip.NEEDS_APPROVAL
    if row.way is not Way.MPESA:
        return Chip.WAITING
    if row.claim == "failed":
        return Chip.FAILED_CHECKING
    waiting = (AttemptStatus.SENDING, AttemptStatus.ACCEPTED)
    return Chip.WAITING if row.attempt_status in waiting else Chip.NOT_SURE


_SIMPLE_WORDS = {
    Chip.NEEDS_APPROVAL: "It waits for a second person. Nothing has been sent.",
    Chip.TAKEN_BACK: "It was taken back before anything was sent.",
}


def _words(
    work: Work, row: PayoutRow, attempt: PayoutAttempt | None, chip: Chip
) -> tuple[str, str]:
    if chip in _SIMPLE_WORDS:
        return _SIMPLE_WORDS[chip], ""
    if row.status is PayoutStatus.APPROVED:
        return _approved_words(row, attempt)
    if chip is Chip.PAID and row.way is not Way.MPESA:
        return f"Paid. {WAY_WORDS[row.way]}, {row.receipt}.", ""
    if chip is Chip.PAID:
        return f"Paid. Receipt {row.receipt or 'none: it went to deposits'}.", ""
    if chip is Chip.PAID_CHECKING:
        return (
            f"A notice says paid, receipt {row.receipt}.",
            "It is in the books. We compare it with M-Pesa's statement before we call it proven.",
        )
    if chip is Chip.CAME_BACK:
        return (
            f"It came back after it was paid. {row.reason}",
            "The entry is undone and the money is owed again. Ask for approval again, or take it back.",
        )
    if chip is Chip.FAILED:
        return f"Not paid. {row.reason}", "No money left. Ask for approval again, or take it back."
    if row.hand_over is not None:
        return _by_hand_words(row.hand_over, row.way)
    if attempt is None:
        return "It is being sent.", ""
    return _open_words(work, attempt, chip)


def _approved_words(row: PayoutRow, attempt: PayoutAttempt | None) -> tuple[str, str]:
    if row.held is not None:
        return row.held.words, "Nothing of it leaves until a treasurer releases it."
    return _ready_words(attempt) if row.way is Way.MPESA else (_READY_BY_HAND[row.way], "")


_READY_BY_HAND = {
    Way.BANK: "Approved. It leaves with the next bank file.",
    Way.CHEQUE: "Approved. A treasurer writes the cheque.",
    Way.CASH: "Approved. It is paid at the till by somebody who neither asked for it nor approved it.",
}


def _by_hand_words(handed: HandOverFacts, way: Way) -> tuple[str, str]:
    if way is Way.BANK:
        return (
            f"It is in bank file {handed.reference}. The bank has not confirmed it.",
            "Find it on the bank's statement, then confirm it, or say that it came back.",
        )
    return (
        f"Cheque {handed.reference} is written. Nobody has it yet.",
        "It is posted when it is handed over. A cheque that is cancelled needs two people anew.",
    )


def _since(row: PayoutRow, attempt: PayoutAttempt | None) -> datetime | None:
    if attempt is not None:
        return attempt.first_sent_at
    is_open = row.hand_over is not None and row.status is PayoutStatus.IN_FLIGHT
    return row.hand_over.made_at if is_open and row.hand_over is not None else None


def _ready_words(attempt: PayoutAttempt | None) -> tuple[str, str]:
    if attempt is None or attempt.status != AttemptStatus.UNSENT.value:
        return "Approved. It leaves when a treasurer presses Pay.", ""
    return (
        "We wrote it down but nothing reached M-Pesa.",
        f"{attempt.reason} Pay sends it under the same number, so it cannot be paid twice.",
    )


def _open_words(work: Work, attempt: PayoutAttempt, chip: Chip) -> tuple[str, str]:
    again = _next_question_words(work, attempt)
    if chip is Chip.WAITING:
        if attempt.status == AttemptStatus.SENDING.value:
            return "It is going out now.", "Nothing to do."
        return (
            "M-Pesa is working on it. This is usually over in two minutes.",
            f"Nothing to do. {again}",
        )
    if chip is Chip.FAILED_CHECKING:
        if payout_decisions.may_confirm_failure(attempt):
            return (
                f"A notice says that it failed, and M-Pesa was asked back and agrees. {attempt.claim_words}",
                "A treasurer reads both and decides. Until then nothing may be paid again.",
            )
        return (
            f"A notice says that it failed: {attempt.claim_words}",
            f"We are making sure before anything else. Do not pay in another way. {again}",
        )
    if attempt.not_found_answers >= 2:
        return (
            "M-Pesa does not know this payment so far.",
            f"That is not yet a failure: it may still arrive. Do not pay in another way. {again}",
        )
    return (
        "We do not know whether M-Pesa has paid. The money may have left.",
        f"{attempt.reason} Do not pay in cash or from another phone. {again}",
    )


def _next_question_words(work: Work, attempt: PayoutAttempt) -> str:
    when = attempt.next_question_at
    if when is None:
        return ""
    if when <= work.now:
        return "We ask M-Pesa now."
    day = business_date(when)
    on = "" if day == work.today else f" on {format_date(day)}"
    return f"We ask M-Pesa by ourselves at {format_time(when)}{on}."


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
    others = [SafeAction.ASK_MPESA, SafeAction.ON_STATEMENT]
    if payout_sending.resend_allowed(work, attempt):
        return SafeAction.SEND_SAME_AGAIN, tuple(others)
    if payout_decisions.may_confirm_failure(attempt):
        return SafeAction.CONFIRM_FAILED, tuple(others)
    if payout_decisions.not_known_long_enough(work, attempt):
        return SafeAction.NOT_ON_STATEMENT, tuple(others)
    return SafeAction.ASK_MPESA, (SafeAction.ON_STATEMENT,)


def _proof(work: Work, row: PayoutRow, attempt: PayoutAttempt | None) -> tuple[ProofStep, ...]:
    if row.hand_over is not None:
        is_paid = row.hand_over.outcome is Outcome.PAID
        made = "in the bank file" if row.way is Way.BANK else "written"
        return (
            ProofStep(made, True, row.hand_over.made_at),
            ProofStep("confirmed", is_paid, row.paid_at if is_paid else None),
        )
    if attempt is None:
        return ()
    answered = work.session.scalar(
        select(Question)
        .where(Question.attempt_id == attempt.id, Question.state == "answered")
        .order_by(Question.answered_at.desc())
        .limit(1)
    )
    taken = _moment_of(work, attempt, AttemptStatus.ACCEPTED)
    claimed = attempt.claimed_at or (row.paid_at if row.status is PayoutStatus.PAID else None)
    claim = "notice: failed" if attempt.claim == "failed" else "notice"
    verified = row.evidence is Evidence.VERIFIED
    return (
        ProofStep("written here", True, attempt.first_sent_at),
        ProofStep("M-Pesa took it", attempt.conversation_id is not None, taken),
        ProofStep(claim, claimed is not None, claimed),
        ProofStep("asked back", answered is not None, answered.answered_at if answered else None),
        ProofStep("second proof", verified, attempt.settled_at if verified else None),
    )


def _moment_of(work: Work, attempt: PayoutAttempt, state: AttemptStatus) -> datetime | None:
    return work.session.scalar(
        select(PayoutMove.at)
        .where(
            # Moves are found by their payout; looked for by the attempt alone, all that ever were are read.
            PayoutMove.payout_id == attempt.payout_id,
            PayoutMove.attempt_id == attempt.id,
            PayoutMove.new == state.value,
        )
        .order_by(PayoutMove.id)
        .limit(1)
    )


def _history(work: Work, payout_id: int) -> tuple[HistoryLine, ...]:
    rows = work.session.scalars(
        select(PayoutMove).where(PayoutMove.payout_id == payout_id).order_by(PayoutMove.id)
    )
    lines: list[HistoryLine] = []
    for row in rows:
        # Payout and attempt often move together for one reason; a person reads it once.
        if not lines or lines[-1].words != row.why:
            lines.append(HistoryLine(row.at, users.full_name_of(work, row.by), row.why))
    return tuple(lines)
