"""Why a member may borrow so much of a product, and no more."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.eligibility import (
    EligibilityTerms,
    MultipleOf,
    Standing,
    ceiling_cents,
    counted_deposits_cents,
    room_cents,
)
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit

_OF = {
    MultipleOf.DEPOSITS: "the deposits",
    MultipleOf.SHARE_CAPITAL: "the share capital",
    MultipleOf.BOTH: "deposits and share capital together",
    MultipleOf.NOTHING: "nothing",
}
_NO_CEILING = "This product sets no multiple, so its own largest loan is the limit."


def limit(
    standing: Standing, terms: EligibilityTerms, on: date, largest_cents: int, frame: Frame
) -> Explanation:
    """The most that this member may borrow of the product on that day; `largest_cents` is the product's largest loan,
    which is the limit only where there is no multiple.
    """
    room = room_cents(standing, terms, on)
    return Explanation(
        title=f"Can borrow, {terms.product_name}",
        rule=_rule(terms),
        given=_given(standing, terms, on, largest_cents),
        steps=_steps(standing, terms, on),
        result_cents=largest_cents if room is None else room,
        frame=frame,
    )


def _rule(terms: EligibilityTerms) -> str:
    if terms.multiple_of is MultipleOf.NOTHING:
        return _NO_CEILING
    words = (
        f"All loans together may come to {terms.multiple.normalize():f} times {_OF[terms.multiple_of]}."
        " What other loans still owe, or ask for, is taken off. Deposits that are on their way out do not count."
    )
    if terms.lump_months:
        words += f" A lump counts {terms.lump_months} months after it was put in."
    return f"{words} Part of a cent is left out, and the limit is never below zero."


def _given(
    standing: Standing, terms: EligibilityTerms, on: date, largest_cents: int
) -> tuple[Given, ...]:
    return (
        Given("asked_on", "As of", on, Unit.DAY),
        Given(
            "multiple_of",
            "A multiple of",
            terms.multiple_of.value,
            Unit.WORDS,
            said=_OF[terms.multiple_of],
        ),
        Given("multiple", "How many times", terms.multiple, Unit.TIMES),
        Given("deposits", "Deposits", standing.deposits_cents),
        Given("leaving", "Deposits on their way out", standing.leaving_cents),
        Given("lump_months", "A lump counts after", terms.lump_months, Unit.MONTHS),
        *(
            Given("lump", f"Lump put in on {format_date(lump.on)}", lump.cents, on=lump.on)
            for lump in standing.lump_deposits
        ),
        Given("share_capital", "Share capital", standing.share_capital_cents),
        *(
            Given(
                "other_loan", f"Loan {loan.number} counts with", loan.counted_cents, of=loan.number
            )
            for loan in standing.open_loans
        ),
        Given("largest", "Largest loan of the product", largest_cents),
    )


def _steps(standing: Standing, terms: EligibilityTerms, on: date) -> tuple[Step, ...]:
    ceiling = ceiling_cents(standing, terms, on)
    if ceiling is None:
        return ()
    steps = []
    if terms.multiple_of is not MultipleOf.SHARE_CAPITAL:
        steps.append(Step("Deposits that count", counted_deposits_cents(standing, terms, on)))
    if terms.multiple_of is not MultipleOf.DEPOSITS:
        steps.append(Step("Share capital", standing.share_capital_cents))
    steps.append(Step(f"{terms.multiple.normalize():f} times that", ceiling))
    steps += [Step(f"Less loan {loan.number}", -loan.counted_cents) for loan in standing.open_loans]
    return tuple(steps)
