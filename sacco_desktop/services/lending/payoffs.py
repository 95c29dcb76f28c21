"""Paying a loan off before its last instalment: the figure as of a day, and the payment that closes the loan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sacco_desktop.db.tables import Loan, Repayment
from sacco_desktop.domain import settlement
from sacco_desktop.domain.allocation import AllocationRule, Component, Owed, allocate
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import prepayment_number, receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.settlement import Settlement
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import due_instalments, repayment_checks
from sacco_desktop.services.lending.repayments import COUNTER, TakenRepayment
from sacco_desktop.services.loan_figures import (
    early_principal,
    loan_penalties,
    loan_positions,
    repayment_rows,
    schedule_versions,
)
from sacco_desktop.services.loan_figures.payoff_rules import rule_of as rule_of
from sacco_desktop.services.loan_figures.schedule_versions import NextVersion
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import limits


@dataclass(frozen=True, slots=True)
class PayoffQuestion:
    """What would settle this loan on that day, today or later, if nothing is paid until then?"""

    loan_id: int
    on: date


@dataclass(frozen=True, slots=True)
class PayoffFigure:
    """The answer: the parts, and until which day the same sum settles the loan."""

    loan_id: int
    number: str
    member_name: str
    member_number: str
    settlement: Settlement
    holds_until: date


@dataclass(frozen=True, slots=True)
class NewPayoff:
    """Money that settles a loan, in cents as it was shown. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    shown_cents: int
    source: Source
    reference: str
    value_date: date


def look(work: Work, question: PayoffQuestion) -> PayoffFigure:
    """The figure and its parts; nothing is written. Raises NotFound, WrongState, InvalidInput under `value_date`."""
    work.allow(Act.LOOK)
    loan = repayment_checks.running(work, question.loan_id)
    check_day(work, loan, question.on)
    found = loan_penalties.position_on(work, loan, question.on)
    running = schedule_versions.running_of(work, loan)
    rule = rule_of(work, running.terms)
    member = members.named(work, loan.member_id)
    holds = settlement.holds_until(running, found, question.on, rule)
    return PayoffFigure(
        loan.id,
        loan.number,
        member.full_name,
        member.number,
        settlement.settle(running, found, question.on, rule),
        loan_penalties.same_until(work, loan, question.on, holds),
    )


def check_day(work: Work, loan: Loan, on: date) -> None:
    """Raises InvalidInput under `value_date` for a day as of which nobody can say any more what settles the loan."""
    if on < work.today:
        found = loan_positions.position_of(work, loan)
        early_principal.check_nothing_due_since(found, on, work.today)
    if loan.disbursed_on is not None and on < loan.disbursed_on:
        raise InvalidInput("The loan was not paid out yet on that day.", "value_date")


def to_bring_today(work: Work, loan: Loan) -> int | None:
    """What would settle this loan today, in cents; None on a day before its terms began, as on a PC whose clock is
    wrong.
    """
    running = schedule_versions.running_of(work, loan)
    if work.today < running.begun_on:
        return None
    rule = rule_of(work, running.terms)
    found = loan_penalties.position_on(work, loan, work.today)
    return settlement.settle(running, found, work.today, rule).to_bring_cents


def settle(work: Work, new: NewPayoff) -> TakenRepayment:
    """Take the money and close the loan, once. Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed, and
    ChangedMeanwhile when it is another sum by now.
    """
    work.allow(Act.TAKE_REPAYMENT)
    if new.source not in COUNTER:
        raise InvalidInput("Choose cash or bank.", "source")
    if new.source is Source.BANK and new.shown_cents and not new.reference.strip():
        raise InvalidInput("Write the number of the bank slip.", "reference")
    answer = commands.once(work, new.key, "loan payoff", new, lambda: _settle(work, new))
    return TakenRepayment(**answer)


def _settle(work: Work, new: NewPayoff) -> dict[str, Any]:
    loan = repayment_checks.running(work, new.loan_id)
    # A day is judged as for every repayment, also where what was prepaid pays all of it.
    repayment_checks.check(loan, max(1, new.shown_cents), new.value_date, work.today)
    repayment_checks.refuse_slip_used(work, new.source, new.reference, new.value_date)
    figure = _figure_now(work, loan, new.value_date)
    if figure.to_bring_cents != new.shown_cents:
        raise ChangedMeanwhile(
            f"{format_kes(figure.to_bring_cents)} settles {loan.number} by now, and not"
            f" {format_kes(new.shown_cents)}. Look at the parts again. Nothing was taken."
        )
    row = pay(work, loan, figure, new.source, new.reference.strip())
    audit.record(
        work, "took a payoff", row.receipt, {"loan": loan.number, "cents": new.shown_cents}
    )
    return asdict(TakenRepayment(row.receipt, row.entry_number, loan.id, new.shown_cents, 0))


def _figure_now(work: Work, loan: Loan, on: date) -> Settlement:
    due_instalments.catch_up(work, loan, paid_on=on)
    repayment_checks.running(work, loan.id)
    found = loan_positions.position_of(work, loan)
    early_principal.check_nothing_due_since(found, on, work.today)
    running = schedule_versions.running_of(work, loan)
    return settlement.settle(running, found, on, rule_of(work, running.terms))


def pay(
    work: Work, loan: Loan, figure: Settlement, source: Source | None, reference: str
) -> Repayment:
    """Post what settles the loan: first from what was prepaid, then what was brought. The loan is closed by it.

    Returns the last payment, the one that the change of the schedule hangs on.
    """
    parts = [part for line in figure.due for part in line.owed() if part.cents]
    if figure.penalty_cents:
        parts.insert(0, Owed(0, Component.PENALTY, figure.penalty_cents))
    schedule_versions.begin(work, loan, figure.rows)
    if figure.principal_cents + figure.interest_cents:
        last = figure.rows[-1].number
        parts += [
            Owed(last, Component.INTEREST, figure.interest_cents),
            Owed(last, Component.PRINCIPAL, figure.principal_cents),
        ]
    row = None
    if figure.prepaid_cents:
        kept = min(figure.prepaid_cents, figure.total_cents)
        used = allocate(kept, parts, AllocationRule()).parts
        row = _keep(work, loan, figure, None, used)
        parts = _less(parts, used)
    if figure.to_bring_cents:
        row = _keep(work, loan, figure, source, tuple(parts), reference)
    assert row is not None, "a loan that runs owes something"
    version = NextVersion(
        schedule_versions.SETTLEMENT, figure.on, figure.rows, entry_number=row.entry_number
    )
    schedule_versions.explain(work, loan, version)
    return row


def _keep(
    work: Work,
    loan: Loan,
    figure: Settlement,
    source: Source | None,
    parts: tuple[Owed, ...],
    reference: str = "",
) -> Repayment:
    year = figure.on.year
    if source is None:
        receipt = prepayment_number(year, numbering.next_in(work, f"prepayment/{year}"))
    else:
        receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
        if source is not Source.DEPOSITS:
            # Nobody takes that at the counter: it moves inside the books, by two people.
            limits.use(work, Act.TAKE_REPAYMENT, limits.Sum(figure.to_bring_cents), receipt)
    before = loan_positions.position_of(work, loan)
    taken = repayment_rows.Taken(
        repayment_rows.SETTLEMENT,
        source,
        receipt,
        reference,
        figure.on,
        tuple(part for part in parts if part.cents),
        deposits_cents=figure.over_cents if source is None else 0,
    )
    return repayment_rows.keep(work, loan, before, taken)


def _less(parts: list[Owed], used: tuple[Owed, ...]) -> list[Owed]:
    paid = {(part.instalment, part.component): part.cents for part in used}
    return [
        Owed(
            part.instalment,
            part.component,
            part.cents - paid.get((part.instalment, part.component), 0),
        )
        for part in parts
    ]
