"""Penalties of loans: what the rules charge by a day, from the schedule and from what was paid when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Loan,
    LoanInstalment,
    PenaltyCharge,
    Repayment,
    RepaymentPart,
)
from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.penalties.caps import Cap
from sacco_desktop.domain.penalties.charging import NewCharge, Wanted, loan_charges
from sacco_desktop.domain.penalties.facts import LoanDue, LoanFacts, PartPaid
from sacco_desktop.domain.penalties.terms import About, PenaltyRule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_positions
from sacco_desktop.services.office import society
from sacco_desktop.services.penalties import exemptions, penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Whose

_CAP = "penalty.cap"


def facts_of(work: Work, loans: Sequence[Loan]) -> dict[int, LoanFacts]:
    """What each of these loans owed day by day; the same few questions for any number of them."""
    ids = [loan.id for loan in loans]
    dues, paid = _dues(work, ids), _paid(work, ids)
    charged: dict[int, list[penalty_rows.Kept]] = {}
    for one in penalty_rows.read(work, PenaltyCharge.loan_id.in_(ids)):
        assert one.loan_id is not None, "these are penalties of loans"
        charged.setdefault(one.loan_id, []).append(one)
    spared = exemptions.of_members(work, {loan.member_id for loan in loans})
    found = {}
    for loan in loans:
        mine = paid.get(loan.id, ())
        early = sum(part.cents for part in mine if part.number == 0)
        rows = dues.get(loan.id, ())
        found[loan.id] = LoanFacts(
            loan.number,
            loan.product_code,
            early + sum(row.principal_cents for row in rows),
            tuple(rows),
            tuple(mine),
            tuple(one.charged for one in charged.get(loan.id, ())),
            spared.get(loan.member_id, ()),
        )
    return found


def _dues(work: Work, ids: Iterable[int]) -> dict[int, list[LoanDue]]:
    rows = work.session.execute(
        select(
            LoanInstalment.loan_id,
            LoanInstalment.number,
            LoanInstalment.due_on,
            LoanInstalment.principal_cents,
            LoanInstalment.interest_cents,
            LoanInstalment.fee_cents,
        )
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .where(Loan.id.in_(ids), LoanInstalment.schedule == Loan.schedule)
        .order_by(LoanInstalment.loan_id, LoanInstalment.number)
    )
    found: dict[int, list[LoanDue]] = {}
    for loan_id, number, on, principal, interest, fee in rows:
        found.setdefault(loan_id, []).append(LoanDue(number, on, principal, interest, fee))
    return found


def _paid(work: Work, ids: Iterable[int]) -> dict[int, list[PartPaid]]:
    rows = work.session.execute(
        select(
            Repayment.loan_id,
            RepaymentPart.instalment,
            RepaymentPart.component,
            Repayment.value_date,
            RepaymentPart.cents,
        )
        .join(RepaymentPart, RepaymentPart.repayment_id == Repayment.id)
        .where(
            Repayment.loan_id.in_(ids),
            RepaymentPart.component != Component.PENALTY.value,
            ~loan_positions.TAKEN_BACK.exists(),
        )
        .order_by(Repayment.loan_id, Repayment.id, RepaymentPart.id)
    )
    found: dict[int, list[PartPaid]] = {}
    for loan_id, number, component, on, cents in rows:
        part = PartPaid(number, Component(component), on, cents)
        found.setdefault(loan_id, []).append(part)
    return found


def rules(work: Work) -> tuple[PenaltyRule, ...]:
    """The rules of loans that charge anything at any time."""
    return penalty_rules.rules_about(work, About.LOAN)


def cap_on(work: Work, day: date) -> Cap:
    """The most that a late loan may bear, as the society has set it for a day."""
    return Cap(society.setting(work, _CAP, day))


def pending(work: Work, loan: Loan, on: date) -> tuple[NewCharge, ...]:
    """What the rules charge by that day and is not charged yet, with the days of a month that runs, as if something
    were paid then.
    """
    if loan.status != "active" or not _may_owe(loan, on):
        return ()
    held = rules(work)
    if not held:
        return ()
    facts = facts_of(work, [loan])[loan.id]
    return loan_charges(held, facts, Wanted(on, close=True, cap=cap_on(work, on)))


def _may_owe(loan: Loan, on: date) -> bool:
    """Whether anything of it may be late, or a penalty of it unpaid, by that day."""
    return loan.disbursed_on is not None and on > loan.disbursed_on


def position_on(work: Work, loan: Loan, on: date) -> Position:
    """What is left of the loan with the penalties that it bears by that day."""
    found = loan_positions.position_of(work, loan)
    more = sum(charge.cents for charge in pending(work, loan, on))
    return replace(found, penalty_cents=found.penalty_cents + more) if more else found


def same_until(work: Work, loan: Loan, on: date, last: date) -> date:
    """The last day up to `last` by which no more penalties are borne than by `on`."""
    if loan.status != "active" or not (held := rules(work)):
        return last
    facts = facts_of(work, [loan])[loan.id]
    cap, day = cap_on(work, on), on

    def borne(until: date) -> int:
        charges = loan_charges(held, facts, Wanted(until, close=True, cap=cap))
        return sum(charge.cents for charge in charges)

    now = borne(on)
    while day < last and borne(day + timedelta(days=1)) == now:
        day += timedelta(days=1)
    return day


def catch_up(work: Work, loan: Loan, until: date, *, close: bool = False) -> int:
    """Charge what the rules charge on this loan by that day; the cents. Asking again charges nothing."""
    if loan.status != "active" or not (held := rules(work)):
        return 0
    return charge(work, held, [loan], Wanted(until, close, cap_on(work, until)))[1]


def charge(
    work: Work, held: Sequence[PenaltyRule], loans: Sequence[Loan], wanted: Wanted
) -> tuple[int, int]:
    """The same for several loans by these rules; how many charges, and their cents."""
    facts, ids = facts_of(work, loans), penalty_rules.ids(work)
    count = total = 0
    for loan in loans:
        for one in loan_charges(held, facts[loan.id], wanted):
            words = f"Penalty of {loan.number}"
            whose = Whose(loan.member_id, loan.id, one.instalment)
            total += penalty_rows.keep(work, ids, words, one.subject, [(one, whose)])
            count += 1
    return count, total
