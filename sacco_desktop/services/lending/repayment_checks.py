"""What must hold before money is taken on a loan at the counter: it runs, the day fits, and a slip pays once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Repayment
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_positions


def running(work: Work, loan_id: int) -> Loan:
    """The loan when it runs. Raises NotFound, and WrongState for one that does not."""
    loan = loans.load(work, loan_id)
    if loan.status != "active":
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')} and takes no repayment."
        )
    return loan


def check(loan: Loan, amount_cents: int, on: date, today: date) -> None:
    """Raise InvalidInput for no amount, and for a day on which the loan cannot have been repaid."""
    if amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if on > today:
        raise InvalidInput("A repayment cannot be dated in the future.", "value_date")
    if loan.disbursed_on is not None and on < loan.disbursed_on:
        raise InvalidInput("The loan was not paid out yet on that day.", "value_date")


def refuse_slip_used(work: Work, source: Source, reference: str, on: date) -> None:
    """One bank slip pays once; the same number on another day may be another bank's. What was taken back by reversal
    was not paid by it: then the slip is typed again as it should have been.
    """
    if source is not Source.BANK:
        return
    rows = work.session.scalars(
        select(Repayment).where(Repayment.source == Source.BANK.value, Repayment.value_date == on)
    ).all()
    wanted = _slip(reference)
    same = [row for row in rows if _slip(row.reference) == wanted]
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in same])
    for row in same:
        if row.entry_number not in gone:
            raise InvalidInput(
                f"This bank slip of that day was taken before, with receipt {row.receipt}.",
                "reference",
            )


def _slip(reference: str) -> str:
    """The number of a slip, however its letters and gaps were typed."""
    return "".join(reference.split()).casefold()
