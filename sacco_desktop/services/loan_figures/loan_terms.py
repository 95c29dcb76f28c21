"""A loan's own terms: copied from its product at application, read back as the domain knows them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from sqlalchemy import bindparam, delete, select

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import (
    Loan,
    LoanDeduction,
    LoanInstalment,
    LoanInstalmentFee,
    LoanSeparateFee,
)
from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.fees import Deduction, total_cents
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
    RatePer,
)
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books.work import Work

_INSTALMENTS = ManyRows(
    LoanInstalment,
    Instalment._fields,
    same=("loan_id", "schedule"),
)

FeeTable = type[LoanDeduction] | type[LoanInstalmentFee] | type[LoanSeparateFee]


def columns_of(terms: LoanTerms) -> dict[str, str | int | None]:
    """The columns of a loan's row that hold its terms; fees with instalments are rows of their own."""
    return {
        "amount_cents": terms.principal_cents,
        "method": terms.method.value,
        "rate": str(terms.rate),
        "rate_per": terms.rate_per.value,
        "frequency": terms.frequency.value,
        "instalments": terms.instalments,
        "rounding": terms.rounding.value,
        "rounding_unit_cents": terms.rounding_unit_cents,
        "day_count": terms.day_count.value,
        "grace_days": terms.grace_days,
        "principal_grace": terms.principal_grace,
        "interest_grace": terms.interest_grace,
        "first_due": terms.first_due.value,
        "first_due_day": terms.first_due_day,
        "broken_period": terms.broken_period.value,
        "interest_on": terms.interest_on.value,
    }


def terms_of(work: Work, loan: Loan) -> LoanTerms:
    """The loan's own terms."""
    return LoanTerms(
        principal_cents=loan.amount_cents,
        method=Method(loan.method),
        rate=Decimal(loan.rate),
        rate_per=RatePer(loan.rate_per),
        frequency=Frequency(loan.frequency),
        instalments=loan.instalments,
        rounding=Rounding(loan.rounding),
        rounding_unit_cents=loan.rounding_unit_cents,
        day_count=DayCount(loan.day_count),
        grace_days=loan.grace_days,
        principal_grace=loan.principal_grace,
        interest_grace=loan.interest_grace,
        first_due=FirstDue(loan.first_due),
        first_due_day=loan.first_due_day,
        broken_period=BrokenPeriod(loan.broken_period),
        interest_on=InterestOn(loan.interest_on),
        instalment_fee_cents=total_cents(instalment_fees_of(work, loan.id)),
    )


def write_lines(
    work: Work,
    loan_id: int,
    taken: Iterable[Deduction],
    each: Iterable[Deduction],
    separate: Iterable[Deduction] = (),
) -> None:
    """Keep what is taken off at the payout, what is paid with each instalment, and what is brought beside the loan."""
    _write(work, LoanDeduction, loan_id, taken)
    _write(work, LoanInstalmentFee, loan_id, each)
    _write(work, LoanSeparateFee, loan_id, separate)


def rewrite_deductions(work: Work, loan_id: int, taken: Iterable[Deduction]) -> None:
    """Take other deductions off, while nobody has agreed to the loan."""
    work.session.execute(delete(LoanDeduction).where(LoanDeduction.loan_id == loan_id))
    _write(work, LoanDeduction, loan_id, taken)


def rewrite_instalment_fees(work: Work, loan_id: int, each: Iterable[Deduction]) -> None:
    """Other fees with each instalment, while nobody has agreed to the loan."""
    work.session.execute(delete(LoanInstalmentFee).where(LoanInstalmentFee.loan_id == loan_id))
    _write(work, LoanInstalmentFee, loan_id, each)


def rewrite_separate_fees(work: Work, loan_id: int, separate: Iterable[Deduction]) -> None:
    """Other fees beside the loan, while nobody has agreed to it."""
    work.session.execute(delete(LoanSeparateFee).where(LoanSeparateFee.loan_id == loan_id))
    _write(work, LoanSeparateFee, loan_id, separate)


def _write(work: Work, table: FeeTable, loan_id: int, lines: Iterable[Deduction]) -> None:
    for number, line in enumerate(lines, 1):
        row = table(
            loan_id=loan_id,
            line=number,
            name=line.name,
            amount_cents=line.amount_cents,
            account_code=line.account_code,
        )
        work.session.add(row)
    work.session.flush()


def deductions_of(work: Work, loan_id: int) -> tuple[Deduction, ...]:
    """What is taken off before the member is paid, in the order of the paper."""
    return _lines(work, LoanDeduction, loan_id)


def instalment_fees_of(work: Work, loan_id: int) -> tuple[Deduction, ...]:
    """What is paid with each instalment on top of it, in cents of one instalment."""
    return _lines(work, LoanInstalmentFee, loan_id)


def separate_fees_of(work: Work, loan_id: int) -> tuple[Deduction, ...]:
    """What the member brings beside the loan, in the order of the paper."""
    return _lines(work, LoanSeparateFee, loan_id)


def _lines(work: Work, table: FeeTable, loan_id: int) -> tuple[Deduction, ...]:
    rows = _lines_of(table).rows(work.session, loan_id=loan_id)
    return tuple(Deduction(*row) for row in rows)


@cache
def _lines_of(table: FeeTable) -> Lookup[str, int, str]:
    columns = (table.name, table.amount_cents, table.account_code)
    lines = select(*columns).where(table.loan_id == bindparam("loan_id"))
    return Lookup(lines.order_by(table.line))


def write_schedule(
    work: Work, loan_id: int, schedule: Iterable[Instalment], version: int = 1
) -> None:
    """Keep a schedule: the first from the payout on, a later version since it was agreed anew."""
    _INSTALMENTS.write(work.session, schedule, (loan_id, version))


def kept_schedule(work: Work, loan_id: int) -> tuple[Instalment, ...]:
    """The schedule that holds now; empty before the payout."""
    rows = work.session.scalars(
        select(LoanInstalment)
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .where(LoanInstalment.loan_id == loan_id, LoanInstalment.schedule == Loan.schedule)
        .order_by(LoanInstalment.number)
    )
    return instalments_of(rows)


def instalments_of(rows: Iterable[LoanInstalment]) -> tuple[Instalment, ...]:
    """Kept rows as the domain knows them."""
    return tuple(
        Instalment(
            row.number,
            row.due_on,
            row.principal_cents,
            row.interest_cents,
            row.balance_cents,
            row.fee_cents,
        )
        for row in rows
    )
