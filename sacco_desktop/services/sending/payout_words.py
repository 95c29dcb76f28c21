"""The state of a payout in words: one sign for lists, and what is known in plain sentences for its card."""

from __future__ import annotations

from enum import StrEnum

from sacco_desktop.db.tables import PayoutAttempt
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.payout_ways import WAY_WORDS, Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts.payout_rows import HandOverFacts, PayoutRow
from sacco_desktop.services.sending import payout_decisions


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


def words_of(
    work: Work, row: PayoutRow, attempt: PayoutAttempt | None, chip: Chip
) -> tuple[str, str]:
    """The headline of a payout in this state, and what to know beside it."""
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
