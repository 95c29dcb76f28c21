"""What must hold of a loan when its payout is asked for, and again when it leaves: money and people change after the
committee has decided.
"""

from __future__ import annotations

from dataclasses import replace

from sacco_desktop.db.tables import Loan, Payout
from sacco_desktop.domain.checklist import PaperStep
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.guarantees import still_carries
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_pledges, guarantor_standing
from sacco_desktop.services.lending import eligibility, loan_fees, loan_papers, loans, top_ups
from sacco_desktop.services.office import society

SETTING = "loan.recheck"


def checks_of(work: Work, loan: Loan) -> tuple[Check, ...]:
    """Every rule of the product, the guarantors and the papers by the books of now. Where the society only wants to be
    warned, none of them stops a payout.
    """
    # What clears an old loan has its own check at the payout: the first part of it ends the old loan.
    of_product = (one for one in eligibility.rules_of(work, loan) if one.rule != "top_up")
    rules = (*of_product, *_guarantors(work, loan))
    if society.setting(work, SETTING) == "warn":
        rules = tuple(replace(check, only_warns=True) for check in rules)
    step = PaperStep.PAYOUT
    return (
        *rules,
        *loan_fees.checks_of(work, loan, step),
        *loan_papers.checks_of(work, loan, step),
    )


def check(work: Work, loan: Loan) -> None:
    """Raises WrongState, naming every rule that is not kept any more with its figures."""
    broken = [each for each in checks_of(work, loan) if each.stops]
    if broken:
        words = " ".join(f"{each.title}: {each.words}" for each in broken)
        raise WrongState(
            f"{loan.number} cannot be paid out. {words} Nothing left. Put it right, or take the payout back."
        )


def check_leaving(work: Work, payout: Payout) -> None:
    """The same for a payment that is about to leave, and whether what it clears can still be cleared. Payments that are
    no loan have no such rules.

    The rules are judged once in a business day: a payment that leaves on the day on which it was asked for was judged
    then.
    """
    if payout.loan_id is None:
        return
    top_ups.check_leaving(work, payout)
    if business_date(payout.requested_at) != work.today:
        check(work, loans.load(work, payout.loan_id))


def _guarantors(work: Work, loan: Loan) -> tuple[Check, ...]:
    pledges = [
        one
        for one in guarantor_pledges.of_loan(work, loan.id)
        if one.status in guarantor_pledges.BINDING
    ]
    if not pledges:
        return ()
    short = []
    for one in pledges:
        capacity = guarantor_standing.capacity_of(work, one.guarantor_id)
        if not still_carries(capacity.standing, capacity.terms):
            short.append(
                f"{one.guarantor_number} promised more than is there now. {capacity.words}"
            )
    words = " ".join(short) or "Each still carries the promise."
    return (Check("guarantor_capacity", "Guarantors", not short, words),)
