"""Posts what was paid on a loan and keeps what each shilling paid; nothing else writes repayments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan, LoanAccrual, Repayment, RepaymentPart
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.chart import PREPAID_INSTALMENTS
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.loan_entries import FeeShare, Repaid, Source
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_positions, loan_terms
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.penalties.penalty_rows import PaidPart

PAYMENT, PREPAYMENT, SETTLEMENT, RECOVERY = "payment", "prepayment", "settlement", "recovery"
_PREPAID = "prepaid"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was paid and how it divides, in cents. Without a source it is what was prepaid that is used now.

    `guarantor` is the number of the member whose deposits pay for the borrower.
    """

    use: str
    source: Source | None
    receipt: str
    reference: str
    on: date
    parts: tuple[Owed, ...]
    prepaid_cents: int = 0
    deposits_cents: int = 0
    guarantor: str = ""


def keep(work: Work, loan: Loan, before: Position, taken: Taken) -> Repayment:
    """Post it, keep it, and move the loan on. `before` is the loan's position just before."""
    fines = _penalties(work, loan, taken.parts)
    repaid = _repaid(work, loan, before, taken, penalty_rows.booked_cents(fines))
    if taken.prepaid_cents and not ledger.is_open(work, repaid.accounts.prepaid):
        name = f"Prepaid instalments of {loan.number}"
        ledger.open_sub_account(work, PREPAID_INSTALMENTS, loan.number, name)
    posted = ledger.post(work, _entry(repaid, taken))
    row = Repayment(
        receipt=taken.receipt,
        loan_id=loan.id,
        use=taken.use,
        source=taken.source.value if taken.source else _PREPAID,
        reference=taken.reference,
        value_date=taken.on,
        amount_cents=repaid.amount_cents,
        prepaid_cents=taken.prepaid_cents,
        deposits_cents=taken.deposits_cents,
        entry_number=posted.number,
        taken_by=work.actor.user_id,
        taken_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    for part in taken.parts:
        work.session.add(
            RepaymentPart(
                repayment_id=row.id,
                instalment=part.instalment,
                component=part.component.value,
                cents=part.cents,
            )
        )
    work.session.flush()
    penalty_rows.keep_paid(work, fines, posted.number, taken.on)
    move_on(work, loan)
    return row


def _penalties(work: Work, loan: Loan, parts: Iterable[Owed]) -> tuple[PaidPart, ...]:
    """The penalties that these parts pay, the oldest first."""
    cents = sum(part.cents for part in parts if part.component is Component.PENALTY)
    if not cents:
        return ()
    return penalty_rows.divide(penalty_rows.open_of_loan(work, loan.id), cents)


def _entry(repaid: Repaid, taken: Taken) -> JournalEntry:
    if taken.source is None:
        return loan_entries.prepayment_used(repaid)
    if taken.guarantor:
        return loan_entries.guarantor_called(repaid, taken.guarantor)
    return loan_entries.repayment(repaid)


def move_on(work: Work, loan: Loan) -> None:
    """Write down since when the loan is unpaid; close it when all of it is paid, open it again when it is not."""
    found = loan_positions.position_of(work, loan)
    loan.unpaid_since = found.unpaid_since
    status = "closed" if found.is_repaid else "active"
    if loan.status != status:
        loan.status = status
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS)
    work.changed(Topic.MEMBERS)


def booked_interest(work: Work, loan: Loan) -> dict[int, int]:
    """What of each instalment's interest was booked as income when it fell due and is not paid yet, in cents; 0 where
    all of it is. An instalment that is not there was not booked.
    """
    paid_since = (
        select(func.coalesce(func.sum(RepaymentPart.cents), 0))
        .join(Repayment, Repayment.id == RepaymentPart.repayment_id)
        .where(
            Repayment.loan_id == LoanAccrual.loan_id,
            # What was paid before that was income of its own, on the cash basis.
            Repayment.entry_number > LoanAccrual.entry_number,
            RepaymentPart.instalment == LoanAccrual.instalment,
            RepaymentPart.component == Component.INTEREST.value,
            ~loan_positions.TAKEN_BACK.exists(),
        )
        .scalar_subquery()
    )
    # A later schedule keeps the instalments that have fallen due, so what was booked on an earlier one counts.
    rows = work.session.execute(
        select(LoanAccrual.instalment, LoanAccrual.cents - paid_since).where(
            LoanAccrual.loan_id == loan.id, ~loan_positions.ACCRUAL_TAKEN_BACK.exists()
        )
    )
    return {instalment: max(0, int(cents)) for instalment, cents in rows}


def _repaid(
    work: Work, loan: Loan, before: Position, taken: Taken, booked_penalty_cents: int
) -> Repaid:
    sums = dict.fromkeys(Component, 0)
    for part in taken.parts:
        sums[part.component] += part.cents
    booked = booked_interest(work, loan)
    return Repaid(
        accounts=loan_positions.accounts_of(work, loan),
        source=taken.source or Source.DEPOSITS,
        receipt=taken.receipt,
        on=taken.on,
        principal_cents=sums[Component.PRINCIPAL],
        interest_cents=sums[Component.INTEREST],
        penalty_cents=sums[Component.PENALTY],
        booked_interest_cents=sum(
            min(part.cents, booked.get(part.instalment, 0))
            for part in taken.parts
            if part.component is Component.INTEREST
        ),
        booked_penalty_cents=booked_penalty_cents,
        fees=_fee_shares(work, loan, before, taken.parts),
        prepaid_cents=taken.prepaid_cents,
        deposits_cents=taken.deposits_cents,
    )


def _fee_shares(
    work: Work, loan: Loan, before: Position, parts: Iterable[Owed]
) -> tuple[FeeShare, ...]:
    lines = loan_terms.instalment_fees_of(work, loan.id)
    whole = sum(line.amount_cents for line in lines)
    left = {line.number: line.fee_cents for line in before.left}
    shares: dict[tuple[str, str], int] = {}
    for part in parts:
        if part.component is Component.FEE:
            paid_before = whole - left[part.instalment]
            for line, cents in _over_lines(lines, paid_before, part.cents):
                place = line.name, line.account_code
                shares[place] = shares.get(place, 0) + cents
    return tuple(FeeShare(name, code, cents) for (name, code), cents in shares.items())


def _over_lines(
    lines: Sequence[Deduction], paid_before: int, cents: int
) -> Iterable[tuple[Deduction, int]]:
    """The fees of one instalment are paid in the order of their lines."""
    for line in lines:
        covered = min(line.amount_cents, paid_before)
        paid_before -= covered
        share = min(line.amount_cents - covered, cents)
        cents -= share
        if share:
            yield line, share
