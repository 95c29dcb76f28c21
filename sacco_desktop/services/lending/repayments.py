"""Repayments of loans at the counter or by a bank slip: shown before, taken once, and taken back by reversal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Repayment, RepaymentPart
from sacco_desktop.domain.allocation import AllocationRule, Component, Owed
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.loan_position import (
    Division,
    Overpayment,
    Position,
    divide,
    with_prepayment_used,
)
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import due_instalments, repayment_checks
from sacco_desktop.services.loan_figures import (
    early_principal,
    loan_penalties,
    loan_positions,
    repayment_rows,
)
from sacco_desktop.services.loan_figures.early_principal import EarlyPrincipal
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import limits, society

COUNTER = (Source.CASH, Source.BANK)


@dataclass(frozen=True, slots=True)
class NewRepayment:
    """Money that a member brings for a loan, in cents. `key` is made when the dialog opens; `reference` is the number
    of the bank slip, and empty for cash. With `early` what is more than due repays principal, and says what stays.
    """

    key: str
    loan_id: int
    amount_cents: int
    source: Source
    reference: str
    value_date: date
    early: Keep | None = None


@dataclass(frozen=True, slots=True)
class RepaymentQuestion:
    """How would this amount divide, paid on that day? In cents. With `early` what is more than due repays principal."""

    loan_id: int
    amount_cents: int
    value_date: date
    early: Keep | None = None


@dataclass(frozen=True, slots=True)
class RepaymentOffer:
    """How a repayment divides, in cents, and what the loan owes before it. `refusal` says why it cannot be taken."""

    due_cents: int
    outstanding_cents: int
    prepaid_before_cents: int
    parts: tuple[Owed, ...]
    prepaid_cents: int
    deposits_cents: int
    refusal: str = ""
    early: EarlyPrincipal | None = None


@dataclass(frozen=True, slots=True)
class TakenRepayment:
    """A posted repayment: its receipt, its entry, and the principal that is left, in cents."""

    receipt: str
    entry_number: int
    loan_id: int
    amount_cents: int
    outstanding_cents: int


def offer(work: Work, question: RepaymentQuestion) -> RepaymentOffer:
    """Show how an amount would divide; nothing is written. Raises NotFound, WrongState, InvalidInput."""
    work.allow(Act.LOOK)
    loan = repayment_checks.running(work, question.loan_id)
    repayment_checks.check(loan, question.amount_cents, question.value_date, work.today)
    # What was prepaid pays first what has fallen due, also when the clock has not come to it today.
    now = loan_penalties.position_on(work, loan, question.value_date)
    found = with_prepayment_used(now, work.today, AllocationRule())
    divided = _divide(work, question.amount_cents, found, question.value_date)
    refusal = _refusal(work, divided, found.due_cents(question.value_date))
    early = None
    if not refusal:
        early = _early(work, loan, found, question, divided)
    if early is not None:
        divided = replace(divided, prepaid_cents=0, deposits_cents=0)
    return RepaymentOffer(
        found.due_cents(question.value_date),
        found.principal_cents,
        found.prepaid_cents,
        divided.parts,
        divided.prepaid_cents,
        divided.deposits_cents,
        refusal,
        early,
    )


def take(work: Work, new: NewRepayment) -> TakenRepayment:
    """Post a repayment, once. Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed."""
    work.allow(Act.TAKE_REPAYMENT)
    if new.source not in COUNTER:
        raise InvalidInput("Choose cash or bank.", "source")
    if new.source is Source.BANK and not new.reference.strip():
        raise InvalidInput("Write the number of the bank slip.", "reference")
    answer = commands.once(work, new.key, "loan repayment", new, lambda: _take(work, new))
    return TakenRepayment(**answer)


def _take(work: Work, new: NewRepayment) -> dict[str, Any]:
    def check(receipt: str) -> None:
        limits.use(work, Act.TAKE_REPAYMENT, limits.Sum(new.amount_cents), receipt)

    return asdict(book(work, new, check))


def book(
    work: Work, new: NewRepayment, check: Callable[[str], None] = lambda _receipt: None
) -> TakenRepayment:
    """Post a repayment that came by whatever road; `check` may refuse the number of its receipt. Who may do it, and
    that it is done once, is for the caller to see to. Raises InvalidInput, NotFound, WrongState, PeriodClosed.
    """
    loan = repayment_checks.running(work, new.loan_id)
    repayment_checks.check(loan, new.amount_cents, new.value_date, work.today)
    repayment_checks.refuse_slip_used(work, new.source, new.reference, new.value_date)
    due_instalments.catch_up(work, loan, paid_on=new.value_date)
    found = loan_positions.position_of(work, loan)
    divided = _divide(work, new.amount_cents, found, new.value_date)
    if refusal := _refusal(work, divided, found.due_cents(new.value_date)):
        raise InvalidInput(refusal, "amount")
    early = _early(work, loan, found, new, divided)
    if early is not None:
        repaid = Owed(0, Component.PRINCIPAL, early.cents)
        divided = Division((*divided.parts, repaid))
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    check(receipt)
    row = repayment_rows.keep(
        work,
        loan,
        found,
        repayment_rows.Taken(
            repayment_rows.PAYMENT,
            new.source,
            receipt,
            new.reference.strip(),
            new.value_date,
            divided.parts,
            divided.prepaid_cents,
            divided.deposits_cents,
        ),
    )
    if early is not None:
        early_principal.keep(work, loan, row.entry_number, new.value_date, early)
        repayment_rows.move_on(work, loan)
    # A payment dated back may have been kept for an instalment that has fallen due since.
    due_instalments.catch_up(work, loan)
    audit.record(
        work, "took a repayment", receipt, {"loan": loan.number, "cents": new.amount_cents}
    )
    told = notices.Received(loan.member_id, receipt, new.amount_cents, new.value_date)
    notices.repayment_received(work, told, loan)
    left = loan_positions.position_of(work, loan).principal_cents
    return TakenRepayment(receipt, row.entry_number, loan.id, new.amount_cents, left)


def _divide(work: Work, amount_cents: int, found: Position, on: date) -> Division:
    policy = Overpayment(society.setting(work, "loan.overpayment"))
    return divide(amount_cents, found, on, AllocationRule(), policy)


def _early(
    work: Work,
    loan: Loan,
    found: Position,
    given: RepaymentQuestion | NewRepayment,
    divided: Division,
) -> EarlyPrincipal | None:
    """What is more than due, as principal repaid early where that is wanted."""
    rest = divided.prepaid_cents + divided.deposits_cents
    if given.early is None or not rest:
        return None
    return early_principal.plan(work, loan, found, given.value_date, (rest, given.early))


def _refusal(work: Work, divided: Division, due_cents: int) -> str:
    is_refused = society.setting(work, "loan.overpayment") == Overpayment.REFUSE.value
    if not (is_refused and divided.deposits_cents):
        return ""
    return (
        f"Only {format_kes(due_cents)} is due, and the society takes no more than that."
        " Write a smaller amount."
    )


@dataclass(frozen=True, slots=True)
class RepaymentRow:
    """A repayment as a loan's history shows it; cents by component."""

    receipt: str
    value_date: date
    use: str
    source: str
    reference: str
    amount_cents: int
    principal_cents: int
    interest_cents: int
    other_cents: int
    prepaid_cents: int
    deposits_cents: int
    entry_number: int
    is_reversed: bool


def history(work: Work, loan_id: int) -> tuple[RepaymentRow, ...]:
    """Every repayment of a loan, the oldest first, with those that were taken back."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(Repayment).where(Repayment.loan_id == loan_id).order_by(Repayment.entry_number)
    ).all()
    parts = work.session.execute(
        select(RepaymentPart.repayment_id, RepaymentPart.component, RepaymentPart.cents)
        .join(Repayment, Repayment.id == RepaymentPart.repayment_id)
        .where(Repayment.loan_id == loan_id)
    ).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in rows])
    sums: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    for repayment_id, component, cents in parts:
        mine = sums[repayment_id]
        mine[component] = mine.get(component, 0) + cents
    return tuple(_row(row, sums[row.id], row.entry_number in gone) for row in rows)


def _row(row: Repayment, sums: dict[str, int], is_reversed: bool) -> RepaymentRow:
    principal = sums.get(Component.PRINCIPAL.value, 0)
    interest = sums.get(Component.INTEREST.value, 0)
    return RepaymentRow(
        row.receipt,
        row.value_date,
        row.use,
        row.source,
        row.reference,
        row.amount_cents,
        principal,
        interest,
        sum(sums.values()) - principal - interest,
        row.prepaid_cents,
        row.deposits_cents,
        row.entry_number,
        is_reversed,
    )
