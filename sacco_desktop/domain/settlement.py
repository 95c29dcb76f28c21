"""How a running schedule changes when more than what is due is paid: the loan is settled, or principal is repaid early.

Every change keeps what was agreed so far: it only says how the versions that follow read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_position import Left, Position
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.money import Rounding, rounded_ratio
from sacco_desktop.domain.payoff import PayoffInterest, PayoffRule, payoff, rule_for
from sacco_desktop.domain.prepayment import Keep, after_prepayment
from sacco_desktop.domain.schedule import Instalment, make_schedule

# So many days a quotation is looked ahead for: no period in use is longer than a quarter.
_LONGEST_QUOTE = 92


@dataclass(frozen=True, slots=True)
class Running:
    """A schedule as it holds now: all its rows, and the terms by which the rows behind instalment `before` were made,
    running from `begun_on`.
    """

    terms: LoanTerms
    begun_on: date
    rows: tuple[Instalment, ...]
    before: int = 0

    def own_rows(self) -> tuple[Instalment, ...]:
        """The rows of these terms, numbered from 1. What a loan from old books had repaid before stands there with
        nothing to pay, so that each row keeps the place that its terms give it.
        """
        own = [row._replace(number=row.number - self.before) for row in self._own()]
        owed = sum(row.principal_cents for row in own)
        missing = make_schedule(self.terms, self.begun_on)[: own[0].number - 1] if own else ()
        return (*(Instalment(row.number, row.due_on, 0, 0, owed) for row in missing), *own)

    def _own(self) -> Iterator[Instalment]:
        return (row for row in self.rows if row.number > self.before)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settles a loan at the end of a day, in cents.

    `due` is what has fallen due and is not paid, `penalty_cents` the penalties that are not; beside them the principal
    that has not fallen due, the interest for the time it was used, and the interest of the schedule that is then never
    asked for. What was prepaid counts. `rows` are the schedule by which it is paid: what fell due as it was, and one
    last instalment.
    """

    on: date
    due: tuple[Left, ...]
    principal_cents: int
    interest_cents: int
    saved_cents: int
    prepaid_cents: int
    rows: tuple[Instalment, ...]
    penalty_cents: int = 0

    @property
    def due_cents(self) -> int:
        """What has fallen due, all parts together, with the penalties."""
        return self.penalty_cents + sum(line.total_cents for line in self.due)

    @property
    def total_cents(self) -> int:
        """What settles the loan, before what was prepaid is counted."""
        return self.due_cents + self.principal_cents + self.interest_cents

    @property
    def to_bring_cents(self) -> int:
        """What the member still has to bring."""
        return max(0, self.total_cents - self.prepaid_cents)

    @property
    def over_cents(self) -> int:
        """What was prepaid beyond all of it; it goes to the member's deposits."""
        return max(0, self.prepaid_cents - self.total_cents)


def payoff_rule(terms: LoanTerms, interest: str, agreed_percent: int) -> PayoffRule:
    """The society's rule: `as_agreed` counts days where the loan itself counts days. `agreed_percent` is the share of
    agreed interest, not fallen due, that is asked for.
    """
    found = (
        rule_for(terms) if interest == "as_agreed" else PayoffRule(_INTEREST_OF_CHOICE[interest])
    )
    return replace(found, agreed_share=Decimal(agreed_percent) / 100)


_INTEREST_OF_CHOICE = {
    "full_period": PayoffInterest.FULL_PERIOD,
    "actual_365": PayoffInterest.ACTUAL_365,
    "30_360": PayoffInterest.THIRTY_360,
}


def settle(running: Running, found: Position, on: date, rule: PayoffRule) -> Settlement:
    """What settles the loan on that day if nothing else is paid until then.

    Raises InvalidInput under `payoff` for a day before its terms began.
    """
    due = tuple(line for line in found.left if line.total_cents and _is_owed(running, line, on))
    to_come = [line for line in found.left if not _is_owed(running, line, on)]
    principal = sum(line.principal_cents for line in to_come)
    interest = saved = 0
    if principal:
        owed = payoff(running.terms, running.begun_on, running.own_rows(), on, rule)
        paid = sum(row.interest_cents for row in running.rows if not _is_owed(running, row, on))
        left = sum(line.interest_cents for line in to_come)
        # Whoever paid principal ahead of the schedule, a guarantor perhaps, bears interest on what is left.
        interest = rounded_ratio(
            owed.interest_cents * principal, owed.principal_cents, Rounding.HALF_UP
        )
        interest = max(0, interest - (paid - left))
        saved = left - interest
    rows = list(_cut(running, found, on))
    if principal + interest:
        number = rows[-1].number + 1 if rows else running.rows[0].number
        rows.append(Instalment(number, on, principal, interest, 0))
    return Settlement(
        on,
        due,
        principal,
        interest,
        saved,
        found.prepaid_cents,
        tuple(rows),
        found.penalty_cents,
    )


def _is_owed(running: Running, line: Left | Instalment, on: date) -> bool:
    """Whether it has fallen due: by its date, or before the loan was agreed anew."""
    return line.due_on <= on or line.number <= running.before


def _cut(running: Running, found: Position, on: date) -> Iterator[Instalment]:
    """The rows that stay when those that have not fallen due are made anew: what fell due as it was, and of the others
    just what was paid on them.
    """
    rows = running.rows
    owed = rows[0].balance_cents + rows[0].principal_cents if rows else 0
    for row, left in zip(rows, found.left, strict=True):
        if _is_owed(running, row, on):
            owed = row.balance_cents
            yield row
            continue
        principal = row.principal_cents - left.principal_cents
        interest = row.interest_cents - left.interest_cents
        fee = row.fee_cents - left.fee_cents
        if principal or interest or fee:
            owed -= principal
            yield Instalment(row.number, row.due_on, principal, interest, owed, fee)


def holds_until(
    running: Running, found: Position, on: date, rule: PayoffRule, *, latest: date | None = None
) -> date:
    """The last day on which the loan is settled by the same sum, if nothing is paid until then."""
    wanted = settle(running, found, on, rule).to_bring_cents
    day = on
    for _ in range(_LONGEST_QUOTE):
        after = day + timedelta(days=1)
        is_beyond = latest is not None and after > latest
        if is_beyond or settle(running, found, after, rule).to_bring_cents != wanted:
            break
        day = after
    return day


def with_principal_repaid(
    running: Running, found: Position, on: date, cents: int, keep: Keep
) -> tuple[Instalment, ...]:
    """The rows once `cents` of principal are repaid on that day beside the schedule. The instalment that runs stays as
    it is, so the principal counts from its end, or at once on a due date.

    Raises InvalidInput under `prepay` when no instalment is left behind it, when the amount leaves nothing, and when
    something was paid on those instalments already.
    """
    own = running.own_rows()
    after = sum(row.due_on <= on for row in own)
    is_due_date = own[after - 1].due_on == on if after else on <= running.begun_on
    after += 0 if is_due_date else 1
    if after >= len(own):
        raise InvalidInput("Only the last instalment is left. Pay the loan off instead.", "prepay")
    last = running.before + after
    owed = {row.number: row for row in running.rows}
    if any(
        line.number > last and line.total_cents < owed[line.number].total_cents
        for line in found.left
    ):
        raise InvalidInput(
            "Something was paid on later instalments already. Pay the loan off, or agree it anew.",
            "prepay",
        )
    changed = after_prepayment(running.terms, running.begun_on, own, after, cents, keep)
    anew = (row._replace(number=row.number + running.before) for row in changed)
    kept = [row for row in running.rows if row.number <= running.before]
    return (*kept, *(row for row in anew if row.number in owed))
