"""Fees that a member brings beside a loan: taken once, at the counter or by a bank slip, with a receipt. The payout
waits for them, and they are given back by reversing their entry as long as nothing of the loan is on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, Loan, LoanFeeReceipt, Member
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.chart import BANK_CURRENT, CASH_IN_HAND
from sacco_desktop.domain.checklist import PaperStep
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.fees import total_cents
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.office import limits, society

SETTING = "loan.fees_before"
TAKEN_IN = ("submitted", "appraised", "approved")
_LEAVING = ("disbursement_pending", "active", "closed", "written_off")


@dataclass(frozen=True, slots=True)
class NewLoanFees:
    """The fees of a loan, brought by the member. `key` is made when the dialog opens; `slip` is the number of the bank
    slip, and empty for cash.
    """

    key: str
    loan_id: int
    slip: str
    value_date: date


@dataclass(frozen=True, slots=True)
class TakenLoanFees:
    """Posted fees: their receipt, their entry and the amount in cents."""

    receipt: str
    entry_number: int
    loan_id: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What a person sees before taking the fees: whose loan, and each fee with its cents."""

    loan_id: int
    loan_number: str
    member_name: str
    lines: tuple[tuple[str, int], ...]
    whole_cents: int


def look(work: Work, loan_id: int) -> FeeFacts:
    """The fees that are still to be brought. Raises NotFound, WrongState."""
    work.allow(Act.LOOK)
    loan = owing(work, loan_id)
    member = work.session.get_one(Member, loan.member_id)
    fees = loan_terms.separate_fees_of(work, loan.id)
    lines = tuple((fee.name, fee.amount_cents) for fee in fees)
    return FeeFacts(loan.id, loan.number, member.full_name, lines, total_cents(fees))


def take(work: Work, new: NewLoanFees) -> TakenLoanFees:
    """Post all fees of the loan at once. Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed."""
    work.allow(Act.TAKE_DEPOSIT)
    if new.value_date > work.today:
        raise InvalidInput("A receipt cannot be dated in the future.", "value_date")
    return TakenLoanFees(**commands.once(work, new.key, "loan fees", new, lambda: _take(work, new)))


def _take(work: Work, new: NewLoanFees) -> dict[str, Any]:
    whole = total_cents(loan_terms.separate_fees_of(work, new.loan_id))

    def check(receipt: str) -> None:
        limits.use(work, Act.TAKE_DEPOSIT, limits.Sum(whole), receipt)

    came_on = BANK_CURRENT if new.slip.strip() else CASH_IN_HAND
    return asdict(book(work, new, came_on, check))


def book(
    work: Work,
    new: NewLoanFees,
    came_on: str,
    check: Callable[[str], None] = lambda _receipt: None,
) -> TakenLoanFees:
    """Post the fees that came on this account by whatever road; `slip` names their paper or their payment. Who may do
    it is for the caller to see to. Raises NotFound, WrongState, PeriodClosed.
    """
    loan = owing(work, new.loan_id)
    fees = loan_terms.separate_fees_of(work, loan.id)
    whole = total_cents(fees)
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    check(receipt)
    slip = " ".join(new.slip.split())
    words = loan.number + (f", slip {slip}" if slip else "")
    entry = posting_rules.loan_fees(words, fees, receipt, new.value_date, came_on=came_on)
    posted = ledger.post(work, entry)
    work.session.add(
        LoanFeeReceipt(
            loan_id=loan.id,
            cents=whole,
            receipt=receipt,
            entry_number=posted.number,
            slip=slip,
            value_date=new.value_date,
            taken_by=work.actor.user_id,
            taken_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "took the fees of a loan", loan.number, {"cents": whole, "receipt": receipt})
    work.changed(Topic.LOANS)
    return TakenLoanFees(receipt, posted.number, loan.id, whole)


def owing(work: Work, loan_id: int) -> Loan:
    """The loan while its fees are to be brought. Raises NotFound, WrongState."""
    loan = work.session.get(Loan, loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    if not loan_terms.separate_fees_of(work, loan.id):
        raise WrongState(f"{loan.number} has no fee that is paid beside it.")
    taken = receipt_of(work, loan.id)
    if taken:
        raise WrongState(f"The fees of {loan.number} were taken already, by {taken}.")
    if loan.status not in TAKEN_IN:
        status = loan.status.replace("_", " ")
        raise WrongState(f"{loan.number} is {status}, so no fee is taken beside it.")
    return loan


def receipt_of(work: Work, loan_id: int) -> str:
    """The receipt of the fees; empty when none was taken, or when its entry was reversed."""
    undone = select(Entry.id).where(
        Entry.reverses_number == LoanFeeReceipt.entry_number, Entry.posted_at.is_not(None)
    )
    found = work.session.scalar(
        select(LoanFeeReceipt.receipt).where(
            LoanFeeReceipt.loan_id == loan_id, ~undone.correlate(LoanFeeReceipt).exists()
        )
    )
    return found or ""


def checks_of(work: Work, loan: Loan, step: PaperStep) -> tuple[Check, ...]:
    """Whether the fees are there that must be brought before a step; nothing for a loan without such fees."""
    before = PaperStep(society.setting(work, SETTING))
    if step is PaperStep.APPRAISAL and before is not PaperStep.APPRAISAL:
        return ()
    fees = loan_terms.separate_fees_of(work, loan.id)
    if not fees:
        return ()
    whole, receipt = format_kes(total_cents(fees)), receipt_of(work, loan.id)
    words = f"{whole} was brought, receipt {receipt}."
    if not receipt:
        words = f"{whole} is not brought yet. An officer, a treasurer or a cashier takes it with a receipt."
    return (Check("separate_fees", "Fees paid beside the loan", bool(receipt), words),)


def check_can_be_given_back(work: Work, entry_number: int) -> None:
    """Raises WrongState when the fees of this entry belong to a loan that is being paid out or was."""
    loan = work.session.scalar(
        select(Loan)
        .join(LoanFeeReceipt, LoanFeeReceipt.loan_id == Loan.id)
        .where(LoanFeeReceipt.entry_number == entry_number)
    )
    if loan is not None and loan.status in _LEAVING:
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}, so its fees are not given back. They are only as long"
            " as nothing of the loan was asked for; take its payout back first."
        )
