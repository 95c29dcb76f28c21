"""Paying a payment to the paybill back by a payout: to the phone that paid it, once, and no more than is left of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sacco_desktop.db.tables import MpesaReceipt, ReceiptRefund
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import mpesa_receipts, receipt_reversals
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of

PURPOSE = "receipt_refund"


@dataclass(frozen=True, slots=True)
class NewRefund:
    """Pay so much of a payment back, in cents. `confirmed` says how it is known that the phone is still the payer's;
    `key` is made when the dialog opens.
    """

    key: str
    receipt_id: int
    amount_cents: int
    confirmed: str = field(repr=False)


def request(work: Work, new: NewRefund) -> PayoutRow:
    """Write the payout and ask a second person, once for a payment. Nothing leaves.

    Raises InvalidInput under `amount` or `confirmed`, NotFound, and WrongState that says what to do instead.
    """
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "refund of a payment", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewRefund) -> dict[str, Any]:
    row = work.session.get(MpesaReceipt, new.receipt_id)
    if row is None:
        raise NotFound("There is no such payment.")
    phone = _phone(work, row)
    left = mpesa_receipts.left_cents(work, row.id)
    if not 0 < new.amount_cents <= left:
        raise InvalidInput(f"{format_kes(left)} of {row.receipt} is left to pay back.", "amount")
    confirmed = " ".join(new.confirmed.split())
    if not confirmed:
        raise InvalidInput(
            "Write how you know that this is still the payer's phone, for example who rang when.",
            "confirmed",
        )
    payment = NewPayment(
        key=new.key,
        purpose=PURPOSE,
        amount_cents=new.amount_cents,
        way=Way.MPESA,
        phone=phone,
        destination=Destination(row.payer_name or f"Payer of {row.receipt}"),
        narration=f"Refund of {row.receipt} of {format_date(work.today)}",
    )
    payout = payments.write_down(work, payment)
    work.session.add(
        ReceiptRefund(
            receipt_id=row.id, payout_id=payout.id, cents=payout.net_cents, confirmed=confirmed
        )
    )
    work.session.flush()
    audit.record(work, "asked to refund a payment", row.receipt, {"payout": payout.number})
    if not mpesa_receipts.left_cents(work, row.id):
        receipt_reversals.set_state(work, row, ReceiptState.ALLOCATED)
    return {"payout_id": payout.id}


def _phone(work: Work, row: MpesaReceipt) -> str:
    """The phone that paid. Raises WrongState where nothing may be refunded to it."""
    if row.state != ReceiptState.WAITING.value:
        raise WrongState(
            f"{row.receipt} is {row.state}, and only what waits in the unallocated receipts is refunded. Reverse its"
            " receipts first, or take the whole payment back through M-Pesa."
        )
    if row.evidence != Evidence.VERIFIED.value:
        raise WrongState(
            f"Only a notice tells of {row.receipt}. Wait until M-Pesa's list or statement proves it."
        )
    living = receipt_reversals.living_of(work, row.id)
    if living is not None:
        raise WrongState(f"{row.receipt} is being taken back through M-Pesa, by {living.number}.")
    if mpesa_receipts.refunded_cents(work, row.id):
        raise WrongState(
            f"A refund of {row.receipt} was asked for already. Look at it under Payouts, or cancel it there."
        )
    if not row.payer_phone:
        raise WrongState(
            f"M-Pesa did not tell the whole number that paid {row.receipt}. Take the payment back through M-Pesa, which"
            " knows it."
        )
    return row.payer_phone
