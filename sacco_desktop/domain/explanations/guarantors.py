"""Why a member can still guarantee so much for others."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit
from sacco_desktop.domain.guarantees import (
    CapacityRule,
    CapacityTerms,
    GuarantorStanding,
    ReleaseRule,
    free_capacity_cents,
)

_RULES = {
    CapacityRule.DEPOSITS_LESS_PLEDGES: (
        "A member can guarantee the deposits, less what of the own loans no guarantor bears, and less the promises"
        " that bind already."
    ),
    CapacityRule.MULTIPLE_LESS_PLEDGES: (
        "A member can guarantee a multiple of the deposits, less the promises that bind already."
    ),
    CapacityRule.COUNT_ONLY: "No amount counts, only how many loans a member guarantees at once.",
}
_RELEASES = {
    ReleaseRule.ON_CLEARANCE: " A promise binds whole until its loan is repaid.",
    ReleaseRule.PRO_RATA: " A promise shrinks with what its loan still owes of what was lent.",
}
_ALWAYS = " Nobody guarantees more loans at once than the rule says; it is never below zero."


@dataclass(frozen=True, slots=True)
class LivePromise:
    """One promise for somebody else's loan, in cents: what was promised, what of it binds, what was taken of it; and
    what that loan owes, and what was lent.
    """

    loan_number: str
    borrower: str
    pledge_cents: int
    live_cents: int
    taken_cents: int
    owed_cents: int
    lent_cents: int


@dataclass(frozen=True, slots=True)
class OwnLoan:
    """An own loan of the guarantor, in cents: what it owes, and what of that other guarantors bear."""

    number: str
    owed_cents: int
    borne_cents: int

    @property
    def secured_cents(self) -> int:
        """What the own deposits must bear."""
        return max(0, self.owed_cents - self.borne_cents)


def capacity(
    deposits_cents: int,
    own: tuple[OwnLoan, ...],
    promises: tuple[LivePromise, ...],
    terms: tuple[CapacityTerms, ReleaseRule],
    frame: Frame,
) -> Explanation:
    """How much more this member can guarantee."""
    rules, release = terms
    standing = GuarantorStanding(
        deposits_cents,
        sum(loan.secured_cents for loan in own),
        tuple(one.live_cents for one in promises),
    )
    left = max(0, rules.most_loans - len(promises))
    return Explanation(
        title="Can still guarantee",
        rule=_RULES[rules.rule] + _RELEASES[release] + _ALWAYS,
        given=_given(deposits_cents, own, promises, terms),
        steps=_steps(standing, promises, rules),
        result_cents=free_capacity_cents(standing, rules),
        frame=frame,
        result_words=f"{left} more {'loan' if left == 1 else 'loans'}",
    )


def _given(
    deposits_cents: int,
    own: tuple[OwnLoan, ...],
    promises: tuple[LivePromise, ...],
    terms: tuple[CapacityTerms, ReleaseRule],
) -> tuple[Given, ...]:
    rules, release = terms
    found = [
        Given(
            "rule", "Custom", rules.rule.value, Unit.WORDS, said=rules.rule.value.replace("_", " ")
        ),
        Given(
            "release", "A promise ends", release.value, Unit.WORDS, said=release.replace("_", " ")
        ),
        Given("multiple", "Multiple of the deposits", rules.multiple, Unit.TIMES),
        Given("most_loans", "Loans at once", rules.most_loans, Unit.LOANS),
        Given("deposits", "Deposits", deposits_cents),
    ]
    for loan in own:
        found.append(
            Given("own_owed", f"Own loan {loan.number} owes", loan.owed_cents, of=loan.number)
        )
        found.append(
            Given(
                "own_borne", f"Guarantors of {loan.number} bear", loan.borne_cents, of=loan.number
            )
        )
    for one in promises:
        about = f"{one.loan_number} of {one.borrower}"
        found.append(
            Given("promise", f"Promised for {about}", one.pledge_cents, of=one.loan_number)
        )
        found.append(Given("owed", f"{one.loan_number} owes", one.owed_cents, of=one.loan_number))
        found.append(
            Given("lent", f"{one.loan_number} was lent", one.lent_cents, of=one.loan_number)
        )
        if one.taken_cents:
            label = f"Taken already for {one.loan_number}"
            found.append(Given("taken", label, one.taken_cents, of=one.loan_number))
    return tuple(found)


def _steps(
    standing: GuarantorStanding, promises: tuple[LivePromise, ...], rules: CapacityTerms
) -> tuple[Step, ...]:
    if rules.rule is CapacityRule.COUNT_ONLY:
        return ()
    bound = [Step(f"Binds for {one.loan_number}", -one.live_cents) for one in promises]
    if rules.rule is CapacityRule.MULTIPLE_LESS_PLEDGES:
        whole = standing.deposits_cents * rules.multiple
        return (Step(f"{rules.multiple} times the deposits", whole), *bound)
    own = Step("Own loans that no guarantor bears", -standing.own_loans_secured_cents)
    return (Step("Deposits", standing.deposits_cents), own, *bound)
