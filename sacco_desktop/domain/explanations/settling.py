"""Why so much settles a loan on a day."""

from __future__ import annotations

from datetime import date

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Given, Step, Unit
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.loan_terms import REDUCING, RatePer
from sacco_desktop.domain.payoff import PayoffInterest, PayoffRule, began_on
from sacco_desktop.domain.settlement import Running, settle

_RULE = (
    "What has fallen due and is not paid, the principal that has not fallen due, and the interest for the time it was"
    " used, and the penalties up to that day; what was prepaid is taken off."
)
_REDUCING = {
    PayoffInterest.FULL_PERIOD: " The period that has begun bears its whole interest of the schedule.",
    PayoffInterest.ACTUAL_365: " The period that has begun bears interest by its days, over a year of 365.",
    PayoffInterest.THIRTY_360: " The period that has begun bears interest by days, each month 30 and a year 360.",
}
_NEW_PERIOD = (
    " On the day on which a period begins, and in a grace of interest, it bears none. Whoever repaid principal ahead of"
    " the schedule bears interest on what is left. Interest is rounded to whole cents."
)
_AGREED = " Of agreed interest that has not fallen due the society asks for a part, rounded to whole cents."


def payoff(
    running: Running, found: Position, on: date, rule: PayoffRule, frame: Frame
) -> Explanation:
    """What settles the loan at the end of that day. Raises InvalidInput as `settle` does."""
    settled = settle(running, found, on, rule)
    is_reducing = running.terms.method in REDUCING
    words = _REDUCING[rule.interest] + _NEW_PERIOD if is_reducing else _AGREED
    due = [Step(f"Left of instalment {line.number}", line.total_cents) for line in settled.due]
    prepaid = [Step("Prepaid", -settled.prepaid_cents)] if settled.prepaid_cents else []
    return Explanation(
        title="Payoff",
        rule=_RULE + words,
        given=(
            Given("as_of", "As of", on, Unit.DAY),
            *(
                Given(
                    "due",
                    f"Left of instalment {line.number}, due {format_date(line.due_on)}",
                    line.total_cents,
                    of=str(line.number),
                    on=line.due_on,
                )
                for line in settled.due
            ),
            *(
                (Given("penalties", "Penalties up to that day", settled.penalty_cents),)
                if settled.penalty_cents
                else ()
            ),
            Given("principal", "Principal not due yet", settled.principal_cents),
            *(_interest(running, found, on, rule) if settled.principal_cents else ()),
            Given("prepaid", "Paid beforehand", settled.prepaid_cents),
        ),
        steps=(
            *due,
            *((Step("Penalties", settled.penalty_cents),) if settled.penalty_cents else ()),
            Step("Principal not due yet", settled.principal_cents),
            Step("Interest for the time it was used", settled.interest_cents),
            *prepaid,
        ),
        result_cents=settled.to_bring_cents,
        frame=frame,
    )


def _interest(running: Running, found: Position, on: date, rule: PayoffRule) -> tuple[Given, ...]:
    """What the interest is reckoned from while principal is left."""
    terms, own = running.terms, running.own_rows()
    past = sum(row.due_on <= on for row in own)
    balance = own[past - 1].balance_cents if past else terms.principal_cents
    future = sum(row.interest_cents for row in own[past:])
    unpaid = sum(line.interest_cents for line in found.left if line.due_on > on)
    scheduled = sum(row.interest_cents for row in running.rows if row.due_on > on)
    given = [
        Given("balance", "Principal by the schedule", balance),
        Given("scheduled", "Interest of the schedule not due yet", scheduled),
        Given("unpaid", "Of it not paid", unpaid),
        Given("rounding", "Cents are rounded", terms.rounding.value, Unit.WORDS),
    ]
    if terms.method not in REDUCING:
        share = rule.agreed_share * 100
        return (
            *given,
            Given("agreed", "Agreed interest not due yet", future),
            Given("share", "Part that is asked for", share, Unit.PERCENT),
        )
    yearly = terms.rate * 100 * (12 if terms.rate_per is RatePer.MONTH else 1)
    graced = "yes" if past < terms.interest_grace else "no"
    return (
        *given,
        Given("kind", "The period that has begun bears", rule.interest.value, Unit.WORDS),
        Given("since", "It began", began_on(terms, running.begun_on, past), Unit.DAY),
        Given("period", "Its interest by the schedule", own[past].interest_cents),
        Given("yearly", "Interest a year", yearly, Unit.PERCENT),
        Given("graced", "In a grace of interest", graced, Unit.WORDS),
    )
