"""What the books hold already of the past of loans and members: openings, guarantors, histories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    Entry,
    Guarantee,
    Loan,
    Member,
    OldDeposit,
    OldRepayment,
    PostingRow,
)
from sacco_desktop.domain.old_books.lines import GuarantorLine, MonthsLine, RepaymentLine
from sacco_desktop.domain.old_books.plan import BookKind
from sacco_desktop.domain.old_books.row_reader import Known, KnownLoan, KnownMember
from sacco_desktop.domain.opening_entries import OPENING_BALANCES
from sacco_desktop.services.books.work import Work

_ENDED = ("closed", "rejected")
_BOUND = ("requested", "accepted", "called_upon")


def known_past(work: Work, kind: BookKind, members: Mapping[str, KnownMember]) -> Known:
    """What a list of guarantors, repayments or months can collide with."""
    if kind is BookKind.DEPOSIT_MONTHS:
        told = select(Member.number).where(Member.id.in_(select(OldDeposit.member_id)))
        return Known(members=members, with_history=frozenset(work.session.scalars(told)))
    if kind is BookKind.REPAYMENTS:
        told = select(Loan.number).where(Loan.id.in_(select(OldRepayment.loan_id)))
        loans = known_loans(work, with_opening=True)
        return Known(loans=loans, with_history=frozenset(work.session.scalars(told)))
    ids = {one.national_id: one.number for one in members.values()}
    loans = known_loans(work, with_opening=False)
    return Known(members=members, loans=loans, guarantees=_guarantees(work), ids=ids)


def known_loans(work: Work, *, with_opening: bool) -> dict[str, KnownLoan]:
    """Every loan by its number; `with_opening` tells what of each was brought forward, too."""
    opened = _openings(work) if with_opening else {}
    rows = work.session.execute(
        select(
            Loan.number,
            Loan.loan_control,
            Member.number,
            Loan.amount_cents,
            func.coalesce(Loan.disbursed_on, Loan.applied_on, type_=Loan.applied_on.type),
            Loan.status,
        ).join(Member, Member.id == Loan.member_id)
    )
    return {
        number: KnownLoan(
            member,
            cents,
            granted_on,
            status not in _ENDED,
            *opened.get(f"{control}.{number}", (None, None)),
        )
        for number, control, member, cents, granted_on, status in rows
    }


def _openings(work: Work) -> dict[str, tuple[int, date]]:
    """By account, what was brought forward to its debit by an entry that nobody took back, and of which day."""
    undone = aliased(Entry)
    taken_back = select(undone.id).where(undone.reverses_number == Entry.number).exists()
    rows = work.session.execute(
        select(Account.code, PostingRow.debit_cents, Entry.value_date)
        .join(PostingRow, PostingRow.account_id == Account.id)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(Entry.kind == OPENING_BALANCES, PostingRow.debit_cents > 0, ~taken_back)
    )
    return {code: (cents, day) for code, cents, day in rows}


def _guarantees(work: Work) -> frozenset[tuple[str, str]]:
    rows = work.session.execute(
        select(Loan.number, Member.number)
        .join(Guarantee, Guarantee.loan_id == Loan.id)
        .join(Member, Member.id == Guarantee.member_id)
        .where(Guarantee.status.in_(_BOUND))
    )
    return frozenset((loan, member) for loan, member in rows)


def past_collides(line: GuarantorLine | RepaymentLine | MonthsLine, known: Known) -> bool:
    """Whether the books would take this line otherwise than it was approved."""
    if isinstance(line, MonthsLine):
        member = known.members.get(line.number)
        is_told = line.number in known.with_history
        return member is None or is_told or member.has_opening is line.is_posted
    loan = known.loans.get(line.loan_number)
    if isinstance(line, RepaymentLine):
        is_told = line.loan_number in known.with_history
        return loan is None or is_told or loan.brought_cents is None
    is_bound = (line.loan_number, line.member_number) in known.guarantees
    return loan is None or is_bound or not loan.is_open or line.member_number not in known.members
