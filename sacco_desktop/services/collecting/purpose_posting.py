"""Posts one purpose of a payment out of the unallocated receipts: each to its own account, by the office's entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.receipt_purposes import FINES, LOAN, LOAN_FEES, REGISTRATION
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import purposes
from sacco_desktop.services.collecting.purposes import Purpose
from sacco_desktop.services.lending import loan_fees, loans, recoveries, repayments
from sacco_desktop.services.lending.loan_fees import NewLoanFees
from sacco_desktop.services.lending.recoveries import NewRecovery
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.membership import joining_fees
from sacco_desktop.services.membership.joining_fees import NewFee
from sacco_desktop.services.savings import contributions
from sacco_desktop.services.savings.contributions import NewContribution


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment that the money comes from: M-Pesa's receipt, and the day on which it counts."""

    receipt: str
    on: date


def check(share: Purpose) -> None:
    """Raise InvalidInput for a purpose that does not say whose it is."""
    if share.purpose == REGISTRATION:
        if share.application_id is None:
            raise InvalidInput("Choose the application whose fee is paid.", "purpose")
    elif share.member_id is None or share.application_id is not None:
        raise InvalidInput("Choose the member whose money it is.", "member")
    if (share.purpose in (LOAN, LOAN_FEES)) != (share.loan_id is not None):
        raise InvalidInput("Choose the loan that the money is for.", "purpose")


def post(work: Work, share: Purpose, payment: Payment) -> tuple[str, int]:
    """Post it; returns the number of our receipt and of the entry. Raises what the rules of the loan, the fee or the
    product refuse.
    """
    check(share)
    if share.loan_id is not None:
        _refuse_strange_loan(work, share)
    if share.purpose == REGISTRATION:
        return _registration(work, share, payment)
    if share.purpose == LOAN_FEES:
        return _loan_fees(work, share, payment)
    if share.purpose == LOAN:
        return _loan(work, share, payment)
    return _contribution(work, share, payment)


def _refuse_strange_loan(work: Work, share: Purpose) -> None:
    loan = loans.load(work, share.loan_id or 0)
    if loan.member_id != share.member_id:
        raise InvalidInput(f"{loan.number} is another member's loan.", "purpose")


def _registration(work: Work, share: Purpose, payment: Payment) -> tuple[str, int]:
    row = joining_fees.owing(work, share.application_id or 0)
    _refuse_other_sum(f"The fee of {row.number}", row.fee_cents, share.cents)
    fee = NewFee("", row.id, payment.receipt, payment.on)
    taken = joining_fees.book(work, fee, UNALLOCATED_RECEIPTS)
    return taken.receipt, taken.entry_number


def _loan_fees(work: Work, share: Purpose, payment: Payment) -> tuple[str, int]:
    loan = loan_fees.owing(work, share.loan_id or 0)
    _refuse_other_sum(
        f"What is paid beside {loan.number}", purposes.fees_of(work, loan), share.cents
    )
    fees = NewLoanFees("", loan.id, payment.receipt, payment.on)
    taken = loan_fees.book(work, fees, UNALLOCATED_RECEIPTS)
    return taken.receipt, taken.entry_number


def _refuse_other_sum(what: str, whole_cents: int, cents: int) -> None:
    if cents != whole_cents:
        raise InvalidInput(
            f"{what} is {format_kes(whole_cents)} and is paid whole. Give exactly that.", "amount"
        )


def _loan(work: Work, share: Purpose, payment: Payment) -> tuple[str, int]:
    loan: Loan = loans.load(work, share.loan_id or 0)
    if loan.status == "written_off":
        lost = NewRecovery(
            "", loan.id, share.cents, Source.UNALLOCATED, payment.receipt, payment.on
        )
        taken = recoveries.book(work, lost)
    else:
        paid = NewRepayment(
            "", loan.id, share.cents, Source.UNALLOCATED, payment.receipt, payment.on
        )
        taken = repayments.book(work, paid)
    return taken.receipt, taken.entry_number


def _contribution(work: Work, share: Purpose, payment: Payment) -> tuple[str, int]:
    is_fine = share.purpose == FINES
    parts = () if is_fine else ((share.purpose, share.cents),)
    came = NewContribution(
        key="",
        member_id=share.member_id or 0,
        parts=parts,
        source=PaidBy.MPESA,
        reference=payment.receipt,
        value_date=payment.on,
        fines_cents=share.cents if is_fine else 0,
    )
    taken = contributions.book(work, came)
    return taken.receipt, taken.entry_number
