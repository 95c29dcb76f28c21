"""Taking a payment to the paybill back through M-Pesa: asked by one person, agreed by another, sent once.

What the payment was given to is taken back in the books before M-Pesa is asked, so that nobody uses the money in the
meantime; the payment itself leaves the books when M-Pesa has taken it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from callback_relay.protocol.tag import request_tag
from sacco_desktop.db.tables import MpesaReceipt, ReceiptReversal
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.money import CENTS_PER_SHILLING, format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.taking_back import (
    LIVING_REVERSALS,
    OPEN_REVERSALS,
    SENDING_LASTS,
    ReversalStatus,
    ask_again_at,
    check_reversal_move,
)
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import mpesa_receipts, undoing_purposes
from sacco_desktop.services.office import approvals, given_approvals, mpesa_connections, society
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.payout_sending import AnswerKind, Route, SendAnswer

KIND = ApprovalKind.RECEIPT_REVERSAL
_WHO_RECORDS = (Act.SEND_PAYOUT, Act.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Ask that M-Pesa takes a payment back, and why. `key` is made when the dialog opens."""

    key: str
    receipt_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReversalChange:
    """A taking back as a person saw it."""

    reversal_id: int
    version: int


@dataclass(frozen=True, slots=True)
class SendReversal:
    """Send this one now; its result shall come by this route."""

    change: ReversalChange
    route: Route


@dataclass(frozen=True, slots=True)
class ReversalOrder:
    """A request as committed; `tag` is the secret end of the address for its result."""

    reversal_id: int
    receipt: str
    amount_shillings: int
    reason: str = field(repr=False)
    relay_id: int = 0
    tag: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReversalAnswered:
    """M-Pesa's immediate answer; what became of the money comes later. `originator_id` is M-Pesa's own."""

    reversal_id: int
    answer: SendAnswer
    originator_id: str = ""


def ask(work: Work, new: TakeBack) -> int:
    """Ask a second person to agree that M-Pesa takes a payment back; the id of the row. Nothing is sent or booked.

    Raises InvalidInput, NotFound, and WrongState when something that it paid cannot be undone.
    """
    work.allow(Act.REVERSE_ENTRY)
    if not new.reason.strip():
        raise InvalidInput("Write why the payment is taken back.", "reason")
    return int(commands.once(work, new.key, "take back", new, lambda: _ask(work, new))["id"])


def _ask(work: Work, new: TakeBack) -> dict[str, Any]:
    receipt = work.session.get(MpesaReceipt, new.receipt_id)
    if receipt is None:
        raise NotFound("There is no such payment.")
    _check_can_be_asked(work, receipt)
    row = ReceiptReversal(
        number=f"B-{numbering.next_in(work, 'receipt reversal'):04d}",
        receipt_id=receipt.id,
        cents=receipt.amount_cents,
        reason=" ".join(new.reason.split()),
        status=ReversalStatus.ASKED.value,
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    about = f"{row.number} · {receipt.receipt}"
    content = content_now(work, row.id)
    approvals.ask(work, approvals.NewRequest(KIND, row.id, about, row.cents, content))
    audit.record(work, "asked to take a payment back", receipt.receipt, {"cents": row.cents})
    return {"id": row.id}


def _check_can_be_asked(work: Work, receipt: MpesaReceipt) -> None:
    living = living_of(work, receipt.id)
    if living is not None:
        raise WrongState(f"{receipt.receipt} is being taken back already, by {living.number}.")
    if receipt.state not in (ReceiptState.WAITING.value, ReceiptState.ALLOCATED.value):
        raise WrongState(
            f"{receipt.receipt} is {receipt.state}. Compare it with M-Pesa's statement before it is taken back."
        )
    if receipt.amount_cents % CENTS_PER_SHILLING:
        raise WrongState(
            f"M-Pesa takes whole shillings back, and {receipt.receipt} is {format_kes(receipt.amount_cents)}."
            " Refund it instead."
        )
    # Our user at M-Pesa belongs to one shortcode and takes back what was paid to that one.
    own = mpesa_connections.current(work).shortcode
    if receipt.shortcode != own:
        raise WrongState(
            f"{receipt.receipt} was paid to {receipt.shortcode}. Through M-Pesa only payments to {own} are taken back;"
            " refund this one by a payout."
        )
    _check_free(work, receipt)


def _check_free(work: Work, receipt: MpesaReceipt) -> None:
    """Nothing that the payment paid is used up, and none of it is on its way back by a payout."""
    refunded = mpesa_receipts.refunded_cents(work, receipt.id)
    if refunded:
        raise WrongState(
            f"{format_kes(refunded)} of {receipt.receipt} is refunded by a payout. Cancel that first, under Payouts."
        )
    undoing_purposes.check_all(work, receipt)


def living_of(work: Work, receipt_id: int) -> ReceiptReversal | None:
    """The taking back of a payment that is asked for, under way or done."""
    return work.session.scalar(
        select(ReceiptReversal).where(
            ReceiptReversal.receipt_id == receipt_id,
            ReceiptReversal.status.in_([status.value for status in LIVING_REVERSALS]),
        )
    )


def content_now(work: Work, reversal_id: int) -> Content:
    """What a yes is bound to: the payment, its reason, and everything that it paid, as it stands now."""
    row = work.session.get_one(ReceiptReversal, reversal_id)
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    parts = undoing_purposes.parts_of(work, receipt.id)
    return {
        "receipt": receipt.receipt,
        "cents": row.cents,
        "paid_on": format_date(business_date(receipt.paid_at)),
        "payer": mpesa_receipts.payer_words(receipt),
        "reference": receipt.reference,
        "proven": "yes" if receipt.evidence == "verified" else "no",
        "parts": [[part.slip, part.member_number, part.purpose, part.cents] for part in parts],
        "blocked": next((part.blocked for part in parts if part.blocked), ""),
        "reason": row.reason,
    }


def carry_out(work: Work, reversal_id: int, yes: bool) -> None:
    """A yes lets it be sent by somebody else; a no ends it. Nothing is sent here."""
    row = work.session.get_one(ReceiptReversal, reversal_id)
    if yes:
        move(work, row, ReversalStatus.APPROVED, "Agreed. Somebody who did not agree sends it.")
    else:
        move(work, row, ReversalStatus.DROPPED, "It was not agreed to.")


def begin(work: Work, sending: SendReversal) -> ReversalOrder:
    """Take back in the books what the payment paid, and commit the intent. Sent again it is the same request: M-Pesa
    takes a whole payment back once.

    Raises NotFound, ChangedMeanwhile, SamePerson, QueueStopped, and WrongState when something has been used since.
    """
    work.allow(Act.SEND_PAYOUT)
    row = load(work, sending.change)
    if work.actor.user_id in given_approvals.approver_ids(work, KIND, row.id):
        raise SamePerson(
            f"You agreed to {row.number}, so somebody else sends it: another treasurer can. Nothing was sent."
        )
    queue_stops.check_going(work)
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    if row.status == ReversalStatus.APPROVED.value:
        _set_apart(work, row, receipt)
    route = sending.route
    if row.tag is None:
        intent = f"reversal/{society.books_id(work)}/{row.number}/{work.now.isoformat()}"
        row.relay_id = route.relay_id
        row.tag = request_tag(route.tag_key, route.relay_host, "reversal-result", intent)
    row.times_sent, row.sent_by, row.sent_at = row.times_sent + 1, work.actor.user_id, work.now
    move(work, row, ReversalStatus.SENDING, "The request goes out now.")
    audit.record(work, "sent the taking back of a payment", receipt.receipt, {"by": row.number})
    return ReversalOrder(
        row.id,
        receipt.receipt,
        row.cents // CENTS_PER_SHILLING,
        row.reason,
        row.relay_id or route.relay_id,
        row.tag or "",
    )


def _set_apart(work: Work, row: ReceiptReversal, receipt: MpesaReceipt) -> None:
    """From here on the payment is nobody's, whatever becomes of the request."""
    if receipt.state != ReceiptState.RETURNING.value:
        _check_free(work, receipt)
        undoing_purposes.undo_all(work, receipt, f"{row.number}: {row.reason}")
        set_state(work, receipt, ReceiptState.RETURNING)


def set_state(work: Work, receipt: MpesaReceipt, state: ReceiptState) -> None:
    """Say where a payment stands; lists that show it read again."""
    receipt.state = state.value
    receipt.version += 1
    work.session.flush()
    work.changed(Topic.MEMBERS, Topic.SAVINGS, Topic.LOANS, Topic.LEDGER)


def record_answer(work: Work, answered: ReversalAnswered) -> None:
    """Keep M-Pesa's immediate answer, unless the result was quicker. Doubt is UNKNOWN, and so is a refusal of a request
    that is repeated: it proves nothing about the one before.
    """
    work.allow_one_of(*_WHO_RECORDS)
    row = work.session.get_one(ReceiptReversal, answered.reversal_id)
    answer = answered.answer
    row.http_status, row.answer = answer.trace.http_status, answer.trace.answer
    if answer.stop_queue:
        queue_stops.stop(work, answer.code or "refused", answer.words)
    if answer.kind is AnswerKind.ACCEPTED:
        row.conversation_id, row.originator_id = answer.conversation_id, answered.originator_id
    if row.status == ReversalStatus.SENDING.value:
        _settle_answer(work, row, answer)
    work.session.flush()
    work.changed(Topic.SAVINGS)


def _settle_answer(work: Work, row: ReceiptReversal, answer: SendAnswer) -> None:
    if answer.kind is AnswerKind.ACCEPTED:
        move(work, row, ReversalStatus.ACCEPTED, "M-Pesa has the request; its result comes.")
    elif row.times_sent > 1 or answer.kind is AnswerKind.DOUBTFUL:
        move(
            work, row, ReversalStatus.UNKNOWN, f"{answer.words} It may be taken back all the same."
        )
    elif answer.kind is AnswerKind.NOT_SENT:
        row.times_sent -= 1
        move(work, row, ReversalStatus.APPROVED, f"Nothing was sent. {answer.words}")
    else:
        fail(work, row, f"M-Pesa refused: {answer.words}")


def fail(work: Work, row: ReceiptReversal, words: str) -> None:
    """M-Pesa surely has not taken it back: the payment waits for its purpose again."""
    move(work, row, ReversalStatus.FAILED, words)
    _wait_again(work, row)


def _wait_again(work: Work, row: ReceiptReversal) -> None:
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    if receipt.state == ReceiptState.RETURNING.value:
        set_state(work, receipt, ReceiptState.WAITING)


def give_up(work: Work, change: ReversalChange) -> None:
    """End one that was agreed to and of which M-Pesa knows nothing; the payment waits for its purpose again."""
    work.allow(Act.REVERSE_ENTRY)
    row = load(work, change)
    if row.status == ReversalStatus.ASKED.value:
        approvals.void_open(work, KIND, row.id, "It was taken back by who asked.")
    move(work, row, ReversalStatus.DROPPED, f"Given up by {work.actor.full_name}.")
    _wait_again(work, row)
    audit.record(work, "gave up taking a payment back", row.number)


def doubt_cut_off(work: Work, _nothing: None = None) -> int:
    """What the program was cut off from while it was sent is a doubt; how many there were."""
    work.allow(Act.FOLLOW_UP)
    cut_off = work.session.scalars(
        select(ReceiptReversal).where(
            ReceiptReversal.status == ReversalStatus.SENDING.value,
            (ReceiptReversal.sent_at <= work.now - SENDING_LASTS)
            | (ReceiptReversal.sent_at > work.now),
        )
    ).all()
    for row in cut_off:
        move(work, row, ReversalStatus.UNKNOWN, "The program stopped while this was sent.")
    return len(cut_off)


def move(work: Work, row: ReceiptReversal, new: ReversalStatus, words: str) -> None:
    """Move it by the table of moves. Raises WrongState for a move that is not in it."""
    old = ReversalStatus(row.status)
    if old is not new:
        check_reversal_move(old, new)
        row.status = new.value
    is_open = new in OPEN_REVERSALS
    row.ended_at = work.now if new.value in ("done", "failed", "dropped") else None
    if not is_open:
        row.next_question_at = None
    elif old is not new and new is not ReversalStatus.SENDING:
        row.next_question_at = ask_again_at(row.sent_at or work.now, 0, work.now)
    row.words = words[:400]
    row.version += 1
    work.session.flush()
    work.changed(Topic.SAVINGS, Topic.APPROVALS)


def load(work: Work, change: ReversalChange) -> ReceiptReversal:
    """The row that a person saw. Raises NotFound, ChangedMeanwhile."""
    row = work.session.get(ReceiptReversal, change.reversal_id)
    if row is None:
        raise NotFound("There is no such taking back of a payment.")
    if row.version != change.version:
        raise ChangedMeanwhile(f"{row.number} has changed since you saw it. Look at it again.")
    return row
