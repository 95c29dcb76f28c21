"""The sum and the term of a loan between its application and its approval: what was wanted, and a smaller sum with all
that follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, LoanLowering
from sacco_desktop.domain.chart import LOAN_INTEREST
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Deduction, FeeTiming, fee_lines, net_disbursement
from sacco_desktop.domain.loan_cost import INTEREST_IN_ADVANCE
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.domain.schedule import make_schedule, upfront_interest_cents
from sacco_desktop.domain.smaller_sum import MayLower, Wanted, check_smaller
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loan_fees
from sacco_desktop.services.loan_figures import loan_offers, loan_terms, top_up_figures
from sacco_desktop.services.office import society, users

SETTING = "loan.committee_lowers"


@dataclass(frozen=True, slots=True)
class Resized:
    """A loan with another sum or term, in cents: its terms, what is taken off, what comes with each instalment or is
    brought beside it, and the net. `largest_cents` is its largest instalment.
    """

    to: Wanted
    terms: LoanTerms
    taken: tuple[Deduction, ...]
    each: tuple[Deduction, ...]
    separate: tuple[Deduction, ...]
    net_cents: int
    largest_cents: int


@dataclass(frozen=True, slots=True)
class Lowered:
    """What the member wanted, and who lowered it last and why."""

    wanted: Wanted
    by: str
    why: str


def may_lower(work: Work) -> MayLower:
    """What of a loan the committee of this society may approve smaller."""
    return MayLower(society.setting(work, SETTING))


def reckon(work: Work, loan: Loan, to: Wanted) -> Resized:
    """The loan as it would be; fees are of the smaller sum. Raises InvalidInput under `amount` or `instalments`."""
    product = loan_offers.product(work, loan.product_code, loan.applied_on)
    try:
        sums = product.terms(to.cents, to.instalments)
    except InvalidInput as error:
        field = "amount" if error.field == "principal" else error.field
        raise InvalidInput(error.message, field) from None
    terms = replace(
        loan_terms.terms_of(work, loan),
        principal_cents=sums.principal_cents,
        instalments=sums.instalments,
        instalment_fee_cents=sums.instalment_fee_cents,
    )
    clears = top_up_figures.row_of(work, loan.id)
    cleared = 0 if clears is None else clears.principal_cents
    fees = loan_offers.payout_fees(product, to.cents, cleared)
    advance = upfront_interest_cents(terms, loan.applied_on)
    taken = (
        *fees,
        *((Deduction(INTEREST_IN_ADVANCE, advance, LOAN_INTEREST),) if advance else ()),
        *_kept(work, loan, {line.name for line in fees}),
    )
    return Resized(
        to,
        terms,
        taken,
        fee_lines(product.fees, FeeTiming.PER_INSTALMENT, to.cents),
        loan_offers.separate_fees(product, to.cents, cleared),
        net_disbursement(terms.principal_cents, taken),
        max(row.total_cents for row in make_schedule(terms, work.today)),
    )


def _kept(work: Work, loan: Loan, fees: set[str]) -> tuple[Deduction, ...]:
    """What clears an old loan and what share capital lacks are sums of their own, whatever the loan is."""
    priced = {*fees, INTEREST_IN_ADVANCE}
    product = loan_offers.product(work, loan.product_code, loan.applied_on)
    priced |= {name for fee in product.fees for name in (fee.name, f"Excise duty on {fee.name}")}
    return tuple(
        line for line in loan_terms.deductions_of(work, loan.id) if line.name not in priced
    )


def lower(work: Work, loan: Loan, to: Wanted, why: str, request_id: int) -> None:
    """Make the loan smaller while the committee decides on it, and keep what was wanted. `request_id` is the request
    that this makes void.

    Raises NotAllowed where the society does not want it, and InvalidInput under `amount`, `instalments` or `reason`.
    """
    reason = clean_reason(why, "Write why less is lent; the member will ask.")
    asked = Wanted(loan.asked_cents, loan.instalments)
    check_smaller(asked, to, may_lower(work))
    found = reckon(work, loan, to)
    for name, value in loan_terms.columns_of(found.terms).items():
        setattr(loan, name, value)
    loan.asked_cents, loan.net_cents = to.cents, found.net_cents
    loan.version += 1
    loan_terms.rewrite_deductions(work, loan.id, found.taken)
    loan_terms.rewrite_instalment_fees(work, loan.id, found.each)
    # What the member has brought already was of the sum of that day, and stays what it was.
    if not loan_fees.receipt_of(work, loan.id):
        loan_terms.rewrite_separate_fees(work, loan.id, found.separate)
    work.session.add(
        LoanLowering(
            loan_id=loan.id,
            request_id=request_id,
            from_cents=asked.cents,
            to_cents=to.cents,
            from_instalments=asked.instalments,
            to_instalments=to.instalments,
            reason=reason,
            lowered_by=work.actor.user_id,
            lowered_at=work.now,
        )
    )
    work.session.flush()
    detail: audit.Detail = {"from": asked.words, "to": to.words, "why": reason}
    audit.record(work, "lowered a loan", loan.number, detail)
    work.changed(Topic.LOANS)


def lowered_of(work: Work, loan_id: int) -> Lowered | None:
    """What the member wanted of a loan that was lowered; None for a loan that is what was asked for."""
    rows = work.session.scalars(
        select(LoanLowering).where(LoanLowering.loan_id == loan_id).order_by(LoanLowering.id)
    ).all()
    if not rows:
        return None
    first, last = rows[0], rows[-1]
    wanted = Wanted(first.from_cents, first.from_instalments)
    return Lowered(wanted, users.full_name_of(work, last.lowered_by), last.reason)
