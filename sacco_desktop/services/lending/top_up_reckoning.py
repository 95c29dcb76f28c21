"""Agrees what a new loan takes off to clear an older one: at the application, and anew at each appraisal."""

from __future__ import annotations

from sacco_desktop.db.tables import Loan, LoanTopUp
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import FeeBasis, FeeTiming, fee_lines, net_disbursement
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_offers, loan_terms, top_up_figures


def agree(work: Work, loan: Loan, old_id: int) -> None:
    """Keep which loan this one clears, and by how much as of now. Raises InvalidInput when another is to clear it."""
    found = top_up_figures.clearing(work, old_id, loan.member_id)
    if (rival := top_up_figures.coming(work, old_id)) is not None:
        raise InvalidInput(f"{rival.number} is to clear {found.number} already.", "clears")
    work.session.add(
        LoanTopUp(
            loan_id=loan.id,
            clears_id=old_id,
            principal_cents=found.principal_cents,
            cents=found.cents,
            valid_until=found.valid_until,
        )
    )
    work.session.flush()


def reckon(work: Work, loan: Loan) -> None:
    """At the appraisal: what clears the old loan as it stands now, and with it the fees on it and the net."""
    row = top_up_figures.row_of(work, loan.id)
    if row is None:
        return
    found = top_up_figures.clearing(work, row.clears_id, loan.member_id)
    product = loan_offers.product(work, loan.product_code, loan.applied_on)
    on_old = [fee for fee in product.fees if fee.basis is FeeBasis.CLEARED_PRINCIPAL]
    fees = {
        line.name: line
        for line in fee_lines(
            on_old, FeeTiming.UPFRONT_DEDUCTED, loan.asked_cents, found.principal_cents
        )
    }
    clears = found.deduction()
    taken = tuple(
        clears if line.account_code == clears.account_code else fees.get(line.name, line)
        for line in loan_terms.deductions_of(work, loan.id)
    )
    loan.net_cents = net_disbursement(loan.amount_cents, taken)
    loan_terms.rewrite_deductions(work, loan.id, taken)
    row.principal_cents, row.cents = found.principal_cents, found.cents
    row.valid_until = found.valid_until
    work.session.flush()
