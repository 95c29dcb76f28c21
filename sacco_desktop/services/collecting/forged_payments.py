"""Payments that a notice told of and M-Pesa does not know: two people take their entry back when the statement has
passed their day without them, and nobody can be given the money any more.
"""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, AccountStatement, MpesaReceipt, StatementLine
from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import mpesa_receipts

_MAY_BE_FORGED = (ReceiptState.WAITING.value, ReceiptState.DISPUTED.value)


def check(work: Work, entry_number: int, why: str) -> None:
    """Raise InvalidInput without a reason, and WrongState unless the payment that this entry booked rests on a notice
    alone, has no purpose, and M-Pesa's statement reaches beyond its day and does not have it.
    """
    if not why.strip():
        raise InvalidInput("Write why the entry is wrong.", "reason")
    row = _payment(work, entry_number)
    if row.evidence == Evidence.VERIFIED.value:
        raise WrongState(
            f"{row.receipt} is proven. It is given back through M-Pesa and not by an entry."
        )
    left = mpesa_receipts.left_cents(work, row.id)
    if row.state not in _MAY_BE_FORGED or left != row.amount_cents:
        raise WrongState(f"{row.receipt} has a purpose. Take that back first.")
    on_any = select(StatementLine.id).where(StatementLine.receipt == row.receipt).limit(1)
    if work.session.scalar(on_any) is not None:
        raise WrongState(
            f"{row.receipt} stands on M-Pesa's statement. Settle its line under Reconciliation."
        )
    day = max(business_date(row.paid_at), business_date(row.heard_at))
    reach = work.session.scalar(
        select(func.max(AccountStatement.last_day))
        .join(Account, Account.id == AccountStatement.account_id)
        .where(Account.code == MPESA_PAYBILL)
    )
    if reach is None or reach <= day:
        raise WrongState(
            f"M-Pesa may still tell of {row.receipt}. Take in a statement of M-Pesa Working that reaches beyond"
            f" {format_date(day)} first."
        )


def refute(work: Work, entry_number: int, why: str) -> None:
    """Two people took the entry back: M-Pesa has no such payment. Raises WrongState as `check`, and is called before
    the entry is reversed.
    """
    check(work, entry_number, why)
    row = _payment(work, entry_number)
    row.state = ReceiptState.REFUTED.value
    row.version += 1
    work.session.flush()
    audit.record(work, "refuted a payment to the paybill", row.receipt)
    work.changed(Topic.SAVINGS, Topic.RECONCILING)


def _payment(work: Work, entry_number: int) -> MpesaReceipt:
    return work.session.scalars(
        select(MpesaReceipt).where(MpesaReceipt.entry_number == entry_number)
    ).one()
