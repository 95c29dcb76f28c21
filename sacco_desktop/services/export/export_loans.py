"""The loans of an export: what each owes, the terms it runs by, and what is left of its schedule, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import dropwhile

from sqlalchemy import func, or_, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member
from sacco_desktop.domain.loan_position import Left
from sacco_desktop.domain.old_books.own_terms import (
    AgreedAnew,
    OwnInstalment,
    OwnTerms,
    schedule_as_text,
    terms_as_text,
)
from sacco_desktop.domain.schedule import Instalment, make_schedule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export.export_lists import Value, shillings
from sacco_desktop.services.lending import write_offs
from sacco_desktop.services.loan_figures import (
    loan_positions,
    loan_terms,
    repayment_rows,
    schedule_versions,
)

COLUMNS = (
    "Loan number",
    "Member number",
    "Name",
    "Product",
    "Date paid out",
    "Amount granted",
    "Instalments",
    "Outstanding balance",
    "Date written off",
    "Owed after the write-off",
    "Terms in one cell",
    "Instalments left in one cell",
)

_PART_PAID = "disbursement_pending"


def rows(work: Work) -> Iterator[tuple[Value, ...]]:
    """Every loan that is owed, in the books or beside them, by number."""
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    found = work.session.execute(
        select(Loan, Member, owed)
        .join(Member, Member.id == Loan.member_id)
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(or_(owed > 0, Loan.status == write_offs.WRITTEN_OFF))
        .order_by(Loan.number)
    )
    for loan, member, owed_cents in found:
        written_off_on, left_cents = _written_off(work, loan)
        granted_on, granted_cents = _granted(work, loan, owed_cents)
        yield (
            loan.number,
            member.number,
            member.full_name,
            loan.product_name,
            granted_on.isoformat(),
            shillings(granted_cents),
            loan.instalments,
            shillings(owed_cents),
            written_off_on.isoformat() if written_off_on else "",
            shillings(left_cents) if written_off_on else "",
            terms_as_text(_terms(work, loan)),
            schedule_as_text(_left(work, loan, owed_cents)) if owed_cents else "",
        )


def _granted(work: Work, loan: Loan, owed_cents: int) -> tuple[date, int]:
    """When how much was lent. What of a loan is not paid out yet does not travel: it becomes what was paid, from today,
    as if the rest were not wanted.
    """
    if loan.status == _PART_PAID:
        return work.today, owed_cents
    return loan.disbursed_on or loan.applied_on, loan.amount_cents


def _written_off(work: Work, loan: Loan) -> tuple[date | None, int]:
    if loan.status != write_offs.WRITTEN_OFF:
        return None, 0
    row = write_offs.standing(work, loan.id)
    return (row.written_off_on, write_offs.left_cents(work, loan.id)) if row else (None, 0)


def _terms(work: Work, loan: Loan) -> OwnTerms:
    change = schedule_versions.agreed_anew(work, loan)
    anew = None
    if change is not None and change.begun_on is not None and loan.status == "active":
        anew = AgreedAnew(
            change.principal_cents or 0,
            change.instalments or 0,
            change.begun_on,
            change.before or 0,
            change.days_late,
        )
    return OwnTerms(
        loan.product_code,
        loan.loan_control,
        loan_terms.terms_of(work, loan),
        loan_terms.instalment_fees_of(work, loan.id),
        anew,
    )


def _left(work: Work, loan: Loan, owed_cents: int) -> tuple[OwnInstalment, ...]:
    """What is left from the first instalment on that is not wholly paid; what was booked of its interest stays so."""
    if loan.status == _PART_PAID:
        terms = replace(loan_terms.terms_of(work, loan), principal_cents=owed_cents)
        return tuple(OwnInstalment(row) for row in make_schedule(terms, work.today))
    booked = repayment_rows.booked_interest(work, loan)
    balance, found = 0, []
    left = loan_positions.position_of(work, loan).left
    for line in reversed(tuple(dropwhile(_is_paid, left))):
        row = Instalment(
            line.number,
            line.due_on,
            line.principal_cents,
            line.interest_cents,
            balance,
            line.fee_cents,
        )
        balance += line.principal_cents
        found.append(OwnInstalment(row, min(booked.get(line.number, 0), line.interest_cents)))
    return tuple(reversed(found))


def _is_paid(line: Left) -> bool:
    return line.total_cents == 0
