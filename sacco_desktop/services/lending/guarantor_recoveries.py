"""What a borrower owes the guarantors who paid, and what is brought for them later: it goes back to their deposits in
proportion to what was taken from each.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sacco_desktop.db.tables import GuarantorRecovery
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.guarantees import share_repayment
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_positions
from sacco_desktop.services.office import limits

_COUNTER = (Source.CASH, Source.BANK)


@dataclass(frozen=True, slots=True)
class NewReimbursement:
    """Money that a borrower brings for the guarantors who paid, in cents. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    amount_cents: int
    source: Source
    reference: str
    value_date: date


@dataclass(frozen=True, slots=True)
class Reimbursed:
    """What was given back, in cents, by which receipt and entry, and what the borrower still owes the guarantors."""

    receipt: str
    entry_number: int
    amount_cents: int
    left_cents: int


def owed(work: Work, loan_id: int) -> tuple[Pledge, ...]:
    """The guarantors of a loan from whom something was taken, settled or not."""
    work.allow(Act.LOOK)
    return tuple(one for one in guarantor_pledges.of_loan(work, loan_id) if one.taken_cents)


def take(work: Work, new: NewReimbursement) -> Reimbursed:
    """Give back to the guarantors, once. Raises InvalidInput, WrongState, OverLimit, PeriodClosed."""
    work.allow(Act.TAKE_REPAYMENT)
    if new.amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if new.source not in _COUNTER:
        raise InvalidInput("Choose cash or bank.", "source")
    if new.source is Source.BANK and not new.reference.strip():
        raise InvalidInput("Write the number of the bank slip.", "reference")
    if new.value_date > work.today:
        raise InvalidInput("A repayment cannot be dated in the future.", "value_date")
    answer = commands.once(work, new.key, "guarantors repaid", new, lambda: _take(work, new))
    return Reimbursed(**answer)


def _take(work: Work, new: NewReimbursement) -> dict[str, Any]:
    loan = loans.load(work, new.loan_id)
    pledges = [one for one in owed(work, loan.id) if one.owed_to_cents]
    whole = sum(one.owed_to_cents for one in pledges)
    if not whole:
        raise WrongState(f"The borrower of {loan.number} owes no guarantor anything.")
    if new.amount_cents > whole:
        raise InvalidInput(
            f"Only {format_kes(whole)} is owed to the guarantors. Write a smaller amount.", "amount"
        )
    shares = share_repayment(
        new.amount_cents,
        [one.taken_cents for one in pledges],
        [one.repaid_cents for one in pledges],
    )
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    limits.use(work, Act.TAKE_REPAYMENT, limits.Sum(new.amount_cents), receipt)
    back = [(one, cents) for one, cents in zip(pledges, shares, strict=True) if cents]
    entry = loan_entries.guarantors_repaid(
        loan_positions.accounts_of(work, loan),
        new.source,
        [(one.guarantor_number, cents) for one, cents in back],
        receipt,
        new.value_date,
    )
    posted = ledger.post(work, entry)
    for one, cents in back:
        work.session.add(_row(work, one, cents, posted.number, receipt))
    work.session.flush()
    audit.record(
        work, "gave back to guarantors", receipt, {"loan": loan.number, "cents": new.amount_cents}
    )
    work.changed(Topic.LOANS, Topic.MEMBERS)
    return asdict(Reimbursed(receipt, posted.number, new.amount_cents, whole - new.amount_cents))


def _row(work: Work, one: Pledge, cents: int, entry_number: int, receipt: str) -> GuarantorRecovery:
    return GuarantorRecovery(
        guarantee_id=one.guarantee_id,
        kind="repaid",
        cents=cents,
        entry_number=entry_number,
        receipt=receipt,
        recorded_by=work.actor.user_id,
        recorded_at=work.now,
    )
