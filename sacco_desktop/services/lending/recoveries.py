"""What comes in on a loan that was written off: income of the day, held against what the member still owes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sacco_desktop.db.tables import Loan, Repayment
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans, repayment_checks, write_offs
from sacco_desktop.services.lending.repayments import COUNTER, TakenRepayment
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows
from sacco_desktop.services.office import limits


@dataclass(frozen=True, slots=True)
class NewRecovery:
    """Money brought for a loan that was written off, in cents. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    amount_cents: int
    source: Source
    reference: str
    value_date: date


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """What was written off, what came in since, and what is still owed, in cents."""

    loan_id: int
    number: str
    written_off_cents: int
    recovered_cents: int
    left_cents: int
    resolution: str
    written_off_on: date


def look(work: Work, loan_id: int) -> RecoveryFacts:
    """How a loan stands that was written off. Raises WrongState for another one."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    row = write_offs.standing(work, loan_id)
    if row is None:
        raise WrongState(f"{loan.number} is not written off.")
    whole = row.principal_cents + row.interest_cents + row.fee_cents + row.penalty_cents
    recovered = write_offs.recovered_cents(work, loan_id)
    return RecoveryFacts(
        loan_id,
        loan.number,
        whole,
        recovered,
        whole - recovered,
        row.resolution,
        row.written_off_on,
    )


def take(work: Work, new: NewRecovery) -> TakenRepayment:
    """Post a recovery, once. Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed."""
    work.allow(Act.TAKE_REPAYMENT)
    if new.source not in COUNTER:
        raise InvalidInput("Choose cash or bank.", "source")
    if new.source is Source.BANK and not new.reference.strip():
        raise InvalidInput("Write the number of the bank slip.", "reference")
    answer = commands.once(work, new.key, "loan recovery", new, lambda: _take(work, new))
    return TakenRepayment(**answer)


def _take(work: Work, new: NewRecovery) -> dict[str, Any]:
    def check(receipt: str) -> None:
        limits.use(work, Act.TAKE_REPAYMENT, limits.Sum(new.amount_cents), receipt)

    return asdict(book(work, new, check))


def book(
    work: Work, new: NewRecovery, check: Callable[[str], None] = lambda _receipt: None
) -> TakenRepayment:
    """Post a recovery that came by whatever road; `check` may refuse the number of its receipt. Who may do it, and that
    it is done once, is for the caller to see to. Raises InvalidInput, NotFound, WrongState, PeriodClosed.
    """
    loan = loans.load(work, new.loan_id)
    facts = look(work, new.loan_id)
    repayment_checks.check(loan, new.amount_cents, new.value_date, work.today)
    if new.value_date < facts.written_off_on:
        raise InvalidInput("The loan was not written off yet on that day.", "value_date")
    if not facts.left_cents:
        raise WrongState(
            f"All that was owed of {loan.number} has come in since it was written off. Nothing is owed any more."
        )
    if new.amount_cents > facts.left_cents:
        raise InvalidInput(
            f"Only {format_kes(facts.left_cents)} is still owed. Write a smaller amount.", "amount"
        )
    repayment_checks.refuse_slip_used(work, new.source, new.reference, new.value_date)
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    check(receipt)
    came = Came(new.source, new.reference.strip(), receipt, new.value_date, new.amount_cents)
    row = keep(work, loan, came)
    audit.record(work, "took a recovery", receipt, {"loan": loan.number, "cents": new.amount_cents})
    left = write_offs.left_cents(work, loan.id)
    return TakenRepayment(receipt, row.entry_number, loan.id, new.amount_cents, left)


@dataclass(frozen=True, slots=True)
class Came:
    """What comes in on a loan that was written off, in cents; `guarantor` is the number of a member who pays for the
    borrower.
    """

    source: Source
    reference: str
    receipt: str
    on: date
    cents: int
    guarantor: str = ""


def keep(work: Work, loan: Loan, came: Came) -> Repayment:
    """Post a recovery that the caller has checked, and keep it; the loan is closed when nothing is owed any more."""
    entry = loan_entries.recovered(
        loan_positions.accounts_of(work, loan),
        came.source,
        came.cents,
        came.receipt,
        came.on,
        came.guarantor,
    )
    row = Repayment(
        receipt=came.receipt,
        loan_id=loan.id,
        use=repayment_rows.RECOVERY,
        source=came.source.value,
        reference=came.reference,
        value_date=came.on,
        amount_cents=came.cents,
        prepaid_cents=0,
        deposits_cents=0,
        entry_number=ledger.post(work, entry).number,
        taken_by=work.actor.user_id,
        taken_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    write_offs.move_on(work, loan)
    return row
