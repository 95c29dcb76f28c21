"""What became of taking a payment back: notices of M-Pesa, its answers to our questions, and its statement.

A success takes the payment out of the books. A failure that only a notice tells frees nothing: a forged one would let
the same money be used here while M-Pesa pays it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, ReceiptReversal
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.taking_back import CodeKind, ReversalStatus, reversal_code
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import undoing_purposes
from sacco_desktop.services.collecting.receipt_reversals import fail, living_of, move, set_state
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.payout_news import Address, Parked


@dataclass(frozen=True, slots=True)
class ReversalNews:
    """How the taking back of a payment went, as a notice claims; `receipt` is that of the payment, sum in cents."""

    code: str
    is_final: bool
    conversation_id: str
    receipt: str | None
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class ReversalTimeoutNews:
    """M-Pesa did not take the request from its queue in time; that is no failure."""

    words: str


def apply_result(work: Work, address: Address, news: ReversalNews) -> str:
    """Apply a notice and say in words what it did. Raises Parked when a person must look."""
    row = _at(work, address)
    is_another = row.conversation_id and news.conversation_id not in ("", row.conversation_id)
    # Of a request that was repeated, the result of the one before may come late.
    if is_another and row.times_sent < 2:
        raise Parked("It answers another request than the one it came for. Nothing was booked.")
    if not news.is_final:
        return "M-Pesa announces that the result is still to come."
    _check_fits(work, row, news)
    code = reversal_code(news.code)
    if code.stops_queue:
        queue_stops.stop(work, news.code, code.words)
    if code.kind is CodeKind.DONE:
        return done(work, row, Evidence.CLAIMED, code.words)
    if row.status == ReversalStatus.DONE.value:
        raise Parked(
            f"It says not taken back ({code.words}), but {row.number} is booked as taken back. Compare the statement."
        )
    if code.kind is CodeKind.UNCLEAR:
        return _doubt(work, row, code.words)
    return _claimed_failure(work, row, news.code, code.words)


def _at(work: Work, address: Address) -> ReceiptReversal:
    """Only the address counts: anybody may write any receipt into a body, but only M-Pesa was told this address."""
    row = work.session.scalar(
        select(ReceiptReversal).where(
            ReceiptReversal.tag == (address.tag or ""),
            ReceiptReversal.relay_id == address.relay_id,
        )
    )
    if row is None:
        raise Parked("It came to an address that belongs to no taking back of ours.")
    return row


def _check_fits(work: Work, row: ReceiptReversal, news: ReversalNews) -> None:
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    if news.receipt is not None and news.receipt != receipt.receipt:
        raise Parked(f"It names {news.receipt}, and {row.number} is about {receipt.receipt}.")
    if news.amount_cents is not None and news.amount_cents != row.cents:
        raise Parked(
            f"It tells of {format_kes(news.amount_cents)}, and {row.number} is about {format_kes(row.cents)}."
        )


def apply_timeout(work: Work, address: Address, news: ReversalTimeoutNews) -> str:
    """The request waited too long in M-Pesa's queue; it may be carried out all the same."""
    row = _at(work, address)
    return _doubt(work, row, f"It timed out in M-Pesa's queue ({news.words}).")


def _doubt(work: Work, row: ReceiptReversal, words: str) -> str:
    if row.status in (ReversalStatus.SENDING.value, ReversalStatus.ACCEPTED.value):
        move(work, row, ReversalStatus.UNKNOWN, words)
        return "It is not known whether M-Pesa took the payment back. It is asked."
    return "It changed nothing."


def _claimed_failure(work: Work, row: ReceiptReversal, code: str, words: str) -> str:
    if row.status == ReversalStatus.FAILED.value:
        return f"It agrees that {row.number} failed; nothing changed."
    row.claim, row.code, row.claimed_at = "failed", code, row.claimed_at or work.now
    told = f"A notice says: {words} M-Pesa is asked back before the payment is anybody's again."
    move(work, row, ReversalStatus.UNKNOWN, told)
    if row.originator_id:
        row.next_question_at = work.now
    work.session.flush()
    return told


def done(work: Work, row: ReceiptReversal, evidence: Evidence, words: str) -> str:
    """M-Pesa took it back: the payment leaves the books by a reversal of its entry, once. Better evidence is kept.

    Raises WrongState when the payment was given a purpose since a failure, which cannot be undone any more.
    """
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    if row.status == ReversalStatus.DONE.value:
        if evidence is Evidence.VERIFIED and row.evidence != evidence.value:
            row.evidence, row.words = evidence.value, words
            row.version += 1
            work.session.flush()
            audit.record(work, "proved that a payment was taken back", receipt.receipt)
        return f"{row.number} is booked as taken back already."
    undoing_purposes.undo_all(work, receipt, f"{row.number}: M-Pesa took the payment back")
    posted = ledger.reverse(work, receipt.entry_number, f"{row.number}: {row.reason}")
    row.entry_number, row.evidence = posted.number, evidence.value
    move(work, row, ReversalStatus.DONE, words)
    set_state(work, receipt, ReceiptState.RETURNED)
    audit.record(work, "booked a payment as taken back", receipt.receipt, {"entry": posted.number})
    return f"{receipt.receipt} was taken back and has left the books, entry {posted.number}."


@dataclass(frozen=True, slots=True)
class ReversalTold:
    """What M-Pesa answered to a question about it, asked at that moment; `is_ours` when the answer carried M-Pesa's own
    id of the question.
    """

    outcome: str
    words: str
    is_ours: bool
    asked_at: datetime
    amount_cents: int | None


def apply_answer(work: Work, row: ReceiptReversal, told: ReversalTold) -> str:
    """Apply M-Pesa's answer to a question about the request itself. Raises Parked for another sum."""
    if told.amount_cents is not None and told.amount_cents != row.cents:
        raise Parked(
            f"The answer tells of {format_kes(told.amount_cents)}, and {row.number} is about {format_kes(row.cents)}."
        )
    if told.outcome == "completed":
        evidence = Evidence.VERIFIED if told.is_ours else Evidence.CLAIMED
        return done(work, row, evidence, "M-Pesa answered that it took the payment back.")
    if row.status not in (ReversalStatus.ACCEPTED.value, ReversalStatus.UNKNOWN.value):
        return "It changed nothing."
    if told.outcome not in ("ended", "not_found") or not told.is_ours:
        return f"The answer settles nothing: {told.words}"
    # What is not found may not have begun yet, so alone it is no failure.
    if row.claim == "failed" and row.claimed_at is not None and told.asked_at >= row.claimed_at:
        words = f"M-Pesa has not taken it back. {reversal_code(row.code).words}"
        fail(work, row, words)
        return words
    if told.outcome == "ended":
        row.claim, row.claimed_at, row.next_question_at = "failed", work.now, work.now
        work.session.flush()
        return "M-Pesa says that it did not take the payment back. It is asked once more."
    return "M-Pesa does not know of it so far. That is not yet a failure."


def by_statement(work: Work, receipt: str) -> int | None:
    """The statement shows that M-Pesa took a payment back; the number of the entry that took it out of the books, or
    None where we had not asked for it.
    """
    found = work.session.scalar(select(MpesaReceipt).where(MpesaReceipt.receipt == receipt))
    row = None if found is None else _sent_for(work, found)
    if row is None:
        return None
    done(work, row, Evidence.VERIFIED, "It stands on M-Pesa's statement.")
    return row.entry_number


def _sent_for(work: Work, receipt: MpesaReceipt) -> ReceiptReversal | None:
    living = living_of(work, receipt.id)
    if living is not None:
        return living if living.times_sent else None
    return work.session.scalar(
        select(ReceiptReversal)
        .where(
            ReceiptReversal.receipt_id == receipt.id,
            ReceiptReversal.status == ReversalStatus.FAILED.value,
        )
        .order_by(ReceiptReversal.id.desc())
        .limit(1)
    )
