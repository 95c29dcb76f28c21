"""Compares penalties with the journal: what was charged with its entries, and what payments paid of them with the
parts of repayments.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Account,
    Entry,
    PenaltyCharge,
    PenaltyPayment,
    PostingRow,
    Repayment,
    RepaymentPart,
)
from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.chart import PENALTIES_RECEIVABLE
from sacco_desktop.services.books.faults import Fault
from sacco_desktop.services.books.work import Work


def readable(work: Work) -> Iterator[Fault]:
    """Every entry that charges another sum than its penalties, and every repayment that paid another sum of them."""
    for number, kept, posted in work.session.execute(_CHARGED):
        if kept != posted:
            yield Fault(f"Entry {number}", "charges another sum than the penalties that name it.")
    for number, parts, paid in work.session.execute(_PAID):
        if parts != paid:
            yield Fault(f"Entry {number}", "pays another sum of penalties than its repayment says.")


_BOOKED = (
    select(func.coalesce(func.sum(PostingRow.debit_cents), 0))
    .join(Entry, Entry.id == PostingRow.entry_id)
    .join(Account, Account.id == PostingRow.account_id)
    .where(
        Entry.number == PenaltyCharge.entry_number,
        Entry.posted_at.is_not(None),
        Account.code == PENALTIES_RECEIVABLE,
    )
    .scalar_subquery()
)
_CHARGED = (
    select(PenaltyCharge.entry_number, func.sum(PenaltyCharge.cents), _BOOKED)
    .where(PenaltyCharge.entry_number.is_not(None))
    .group_by(PenaltyCharge.entry_number)
    .order_by(PenaltyCharge.entry_number)
)
_PAID_OF_THEM = (
    select(func.coalesce(func.sum(PenaltyPayment.cents), 0))
    .where(PenaltyPayment.entry_number == Repayment.entry_number)
    .scalar_subquery()
)
_PAID = (
    select(Repayment.entry_number, func.sum(RepaymentPart.cents), _PAID_OF_THEM)
    .join(RepaymentPart, RepaymentPart.repayment_id == Repayment.id)
    .where(RepaymentPart.component == Component.PENALTY.value)
    .group_by(Repayment.entry_number)
    .order_by(Repayment.entry_number)
)
