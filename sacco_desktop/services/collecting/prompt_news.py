"""What became of prompts: notices, answers to our questions, and payments of which another road tells.

A notice is a claim, and a success is never overturned by a question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import MpesaReceipt, Prompt
from sacco_desktop.domain import prompts
from sacco_desktop.domain.account_references import squeezed
from sacco_desktop.domain.likeness import fits_mask
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prompt_codes import PAID, prompt_code
from sacco_desktop.domain.prompts import DOUBT_LASTS, OPEN_PROMPTS, PromptStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import allocations, mpesa_receipts, prompt_times
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompts import learn_ids, move
from sacco_desktop.services.sending.payout_news import Address, Parked

_OPEN = tuple(status.value for status in OPEN_PROMPTS)


@dataclass(frozen=True, slots=True)
class PromptNews:
    """How a prompt ended, as a notice claims; in cents, moment in UTC."""

    merchant_request_id: str
    checkout_request_id: str
    code: str
    receipt: str | None
    amount_cents: int | None
    paid_at: datetime | None
    payer: PayerTold


@dataclass(frozen=True, slots=True)
class PaymentNews:
    """A payment to the paybill, as a notice or M-Pesa's own list tells it."""

    heard: Heard = field(repr=False)


@dataclass(frozen=True, slots=True)
class PromptQuestion:
    """The answer to our question about a prompt. `code` is empty while it is not decided, or when nothing was told."""

    prompt_id: int
    code: str


def apply_notice(work: Work, address: Address, news: PromptNews) -> str:
    """Apply a notice about a prompt and say in words what it did. Raises Parked when a person must look.

    Only the address counts: anybody may write any id into a body, but only M-Pesa was told this address.
    """
    row = work.session.scalar(
        select(Prompt).where(Prompt.tag == (address.tag or ""), Prompt.relay_id == address.relay_id)
    )
    if row is None:
        raise Parked("It came to an address that belongs to no prompt of ours.")
    known = row.checkout_request_id
    if known and news.checkout_request_id and news.checkout_request_id != known:
        raise Parked("It names another prompt than the one it came for. Nothing was booked.")
    learn_ids(row, news.merchant_request_id, news.checkout_request_id)
    return _paid(work, row, news) if news.code == PAID else _not_paid(work, row, news)


def _paid(work: Work, row: Prompt, news: PromptNews) -> str:
    _check_fits(row, news)
    if news.receipt is None:
        raise Parked("It says paid but carries no receipt. Nothing was booked.")
    if row.receipt_id is not None:
        booked = work.session.get_one(MpesaReceipt, row.receipt_id).receipt
        if booked != news.receipt:
            raise Parked(
                f"It names receipt {news.receipt}, but {booked} is booked for {row.number}."
            )
    payer = news.payer if news.payer.phone else PayerTold(row.phone, name=news.payer.name)
    heard = Heard(
        receipt=news.receipt,
        shortcode=row.shortcode,
        paid_at=news.paid_at or work.now,
        amount_cents=row.amount_cents,
        road=Road.STK,
        reference=row.reference,
        payer=payer,
    )
    row.claim = "paid"
    return _join(work, row, mpesa_receipts.hear(work, heard))


def _check_fits(row: Prompt, news: PromptNews) -> None:
    if news.amount_cents != row.amount_cents:
        told = "no sum" if news.amount_cents is None else format_kes(news.amount_cents)
        raise Parked(
            f"It tells of {told}, and {row.number} asked for {format_kes(row.amount_cents)}. Nothing was booked."
        )
    if news.payer.phone is not None and news.payer.phone != row.phone:
        raise Parked(f"It names another phone than {row.number} was sent to. Nothing was booked.")


def _join(work: Work, row: Prompt, receipt: MpesaReceipt) -> str:
    """A prompt and its payment have found each other, whichever came first."""
    if row.receipt_id == receipt.id:
        if row.code == PAID:
            mpesa_receipts.prove(work, receipt)
        words = allocations.settle(work, receipt)
        return f"The same news came again. {words}"
    used = work.session.scalar(select(Prompt.number).where(Prompt.receipt_id == receipt.id))
    if used is not None:
        raise Parked(f"Receipt {receipt.receipt} is that of {used} already. Nothing was booked.")
    move(work, row, PromptStatus.PAID, f"Paid, receipt {receipt.receipt}.")
    row.receipt_id = receipt.id
    if row.code == PAID:
        # M-Pesa told us so itself when it was asked, before the receipt was known.
        mpesa_receipts.prove(work, receipt)
    elif row.checkout_request_id is not None:
        row.next_question_at = work.now
    work.session.flush()
    return allocations.settle(work, receipt)


def _not_paid(work: Work, row: Prompt, news: PromptNews) -> str:
    words = prompt_code(news.code).english
    if row.status == PromptStatus.PAID.value:
        raise Parked(f"It says not paid ({words}), but {row.number} is booked as paid.")
    if row.status not in _OPEN:
        return f"It agrees that {row.number} was not paid; nothing changed."
    if not row.claim:
        row.claim, row.code = "failed", news.code
    # A forged failure would let another prompt go out beside an open one; M-Pesa is asked back first.
    if row.checkout_request_id is not None:
        row.next_question_at = work.now
    if row.status == PromptStatus.SENDING.value:
        move(work, row, PromptStatus.UNKNOWN, words)
    else:
        move(work, row, PromptStatus(row.status), words)
    return f"A notice says: {words} M-Pesa is asked back before anybody is asked again."


def apply_payment(work: Work, news: PaymentNews) -> str:
    """Book a payment that a notice or M-Pesa's list tells of, and say in words what it did. Raises Parked."""
    receipt = mpesa_receipts.hear(work, news.heard)
    row = _prompt_of(work, receipt)
    return allocations.settle(work, receipt) if row is None else _join(work, row, receipt)


def _prompt_of(work: Work, receipt: MpesaReceipt) -> Prompt | None:
    """The one prompt that this payment answers, when its own notice was lost: same sum, same account, same phone."""
    known = work.session.scalar(select(Prompt).where(Prompt.receipt_id == receipt.id))
    if known is not None:
        return None
    rows = work.session.scalars(
        select(Prompt).where(
            Prompt.receipt_id.is_(None),
            Prompt.amount_cents == receipt.amount_cents,
            *prompt_times.may_answer(receipt.paid_at, receipt.paid_at),
        )
    ).all()
    wanted = squeezed(receipt.reference)
    fits = [row for row in rows if squeezed(row.reference) == wanted and _is_payer(row, receipt)]
    return fits[0] if len(fits) == 1 else None


def _is_payer(row: Prompt, receipt: MpesaReceipt) -> bool:
    if receipt.payer_phone:
        return receipt.payer_phone == row.phone
    if receipt.payer_hash:
        return receipt.payer_hash == hashlib.sha256(row.phone.encode("ascii")).hexdigest()
    return fits_mask(row.phone, receipt.payer_masked or "")


def due(work: Work, _nothing: None = None) -> tuple[tuple[int, str], ...]:
    """The prompts about which M-Pesa should be asked now: their ids and M-Pesa's ids. Those whose time is over end."""
    work.allow(Act.LOOK)
    rows = work.session.execute(
        select(Prompt.id, Prompt.checkout_request_id)
        .where(
            Prompt.status.in_((*_OPEN, PromptStatus.PAID.value)),
            Prompt.next_question_at <= work.now,
            Prompt.checkout_request_id.is_not(None),
        )
        .order_by(Prompt.next_question_at)
    )
    return tuple((row_id, str(checkout)) for row_id, checkout in rows)


def record_question(work: Work, asked: PromptQuestion) -> str:
    """Keep what M-Pesa answered about a prompt. A success that is booked stays, whatever a question says."""
    work.allow_one_of(Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT, Act.FOLLOW_UP)
    row = work.session.get_one(Prompt, asked.prompt_id)
    row.questions_asked += 1
    row.next_question_at = prompts.next_question_at(row.asked_at, row.questions_asked, work.now)
    if asked.code == PAID:
        return _said_paid(work, row)
    code = prompt_code(asked.code)
    if row.status == PromptStatus.PAID.value:
        if asked.code and row.code != PAID:
            words = f"{row.words} A question was answered otherwise: {code.english}"
            move(work, row, PromptStatus.PAID, words[:400])
        return "It is booked as paid, and stays so."
    if asked.code and code.is_sure and row.status in _OPEN:
        row.code = asked.code
        if row.status == PromptStatus.SENDING.value:
            move(work, row, PromptStatus.UNKNOWN, code.english)
        move(work, row, PromptStatus.FAILED, code.english)
    elif row.next_question_at is None and row.status in _OPEN:
        move(work, row, PromptStatus.LAPSED, "M-Pesa has not said what became of it.")
    work.session.flush()
    return row.words


def _said_paid(work: Work, row: Prompt) -> str:
    row.code, row.next_question_at = PAID, None
    if row.receipt_id is None:
        move(work, row, PromptStatus.PAID, "Paid; the receipt is still to come.")
        return row.words
    receipt = work.session.get_one(MpesaReceipt, row.receipt_id)
    mpesa_receipts.prove(work, receipt)
    return allocations.settle(work, receipt)


def end_old(work: Work, _nothing: None = None) -> int:
    """End prompts of which nothing more will be heard: in doubt without an id to ask by, or said to have failed and
    never contradicted. A payment that comes later is still believed.
    """
    work.allow(Act.FOLLOW_UP)
    rows = work.session.scalars(
        select(Prompt).where(
            Prompt.status.in_(_OPEN),
            (Prompt.asked_at <= work.now - DOUBT_LASTS) | (Prompt.asked_at > work.now),
        )
    ).all()
    ended = 0
    for row in rows:
        if row.status == PromptStatus.SENDING.value:
            move(work, row, PromptStatus.UNKNOWN, "The program stopped while this was sent.")
        if row.claim == "failed":
            move(work, row, PromptStatus.FAILED, prompt_code(row.code).english)
            ended += 1
        elif row.checkout_request_id is None:
            move(work, row, PromptStatus.LAPSED, "Nobody knows whether the phone was asked.")
            ended += 1
    return ended
