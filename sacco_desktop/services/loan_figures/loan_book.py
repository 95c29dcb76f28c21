"""Every loan that owes as of a day: its outstanding principal, its arrears, and how many days the oldest is late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    Entry,
    Loan,
    LoanChange,
    LoanInstalment,
    Member,
    PenaltyCharge,
    PenaltyPayment,
    PenaltyWaiver,
    PostingRow,
    Repayment,
    RepaymentPart,
)
from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_classes import LoanClass, read_classes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import schedule_versions
from sacco_desktop.services.office import society

# Which loans are looked at, by the column that holds their ids.
Wanted = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class LoanOn:
    """One loan at the end of a day, in cents: what is late is what fell due before that day and
    is not paid, with the penalties charged by then.

    The instalments are those of the schedule that held on that day.
    """

    loan_id: int
    number: str
    member_id: int
    product: str
    owed_cents: int
    arrears_cents: int
    days_late: int
    remembered_days: int = 0

    @property
    def class_days(self) -> int:
        """The days by which the loan is classed: agreeing it anew makes it no better for a while."""
        return max(self.days_late, self.remembered_days)


def loans_on(work: Work, on: date) -> tuple[LoanOn, ...]:
    """The loans that owe at the end of that day, by their numbers; principal by the ledger. One statement reads all."""
    # A loan says itself since when it is unpaid now, so today nobody adds up the instalments of all that are not late.
    rows = work.session.execute(_ON if on < work.today else _TODAY, {"on": on}).all()
    return _loans(rows, on, remembered_days(work, on))


def loan_on(work: Work, loan_id: int, on: date) -> LoanOn | None:
    """The same for one loan, whose own rows alone are read; None when it owed nothing at the end of that day."""
    rows = work.session.execute(_ONE, {"on": on, "loan_id": loan_id}).all()
    return next(iter(_loans(rows, on, remembered_days(work, on, loan_id))), None)


def _loans(rows: Sequence[Any], on: date, remembered: dict[int, int]) -> tuple[LoanOn, ...]:
    return tuple(
        LoanOn(
            loan_id,
            number,
            of,
            product,
            owed,
            arrears,
            days_late(since, on),
            remembered.get(loan_id, 0),
        )
        for loan_id, number, of, product, owed, arrears, since in rows
    )


def remembered_days(work: Work, on: date, loan_id: int | None = None) -> dict[int, int]:
    """How late each loan was when it was agreed anew, for as many months as the society's rule says; or this loan."""
    months = kept_months(work, on)
    found: dict[int, int] = {}
    for of, since, days in late_when_agreed_anew(work, on, loan_id):
        if on < add_months(since, months, since.day):
            found[of] = max(days, found.get(of, 0))
    return found


def kept_months(work: Work, on: date) -> int:
    """For how many months a loan that was agreed anew is classed no better than it was."""
    return int(society.setting(work, "loan.rescheduled_months", on))


def late_when_agreed_anew(
    work: Work, on: date, loan_id: int | None = None
) -> list[tuple[int, date, int]]:
    """Each loan that was late when it was agreed anew by that day, since when, and by how many days; or this loan."""
    undone = aliased(LoanChange)
    # An agreement that was taken back says nothing of the days from then on.
    is_undone = select(undone.id).where(
        undone.loan_id == LoanChange.loan_id,
        undone.kind == "restored",
        undone.replaced == LoanChange.schedule,
        undone.effective_on <= on,
    )
    wanted = (
        ~is_undone.exists(),
        LoanChange.kind.in_((schedule_versions.RESCHEDULE, schedule_versions.BROUGHT)),
        LoanChange.days_late > 0,
        LoanChange.effective_on <= on,
        *(() if loan_id is None else (LoanChange.loan_id == loan_id,)),
    )
    rows = work.session.execute(
        select(LoanChange.loan_id, LoanChange.effective_on, LoanChange.days_late).where(*wanted)
    )
    return [(of, since, days) for of, since, days in rows]


def borrowers(work: Work) -> dict[int, tuple[str, str]]:
    """Number and name of every member who has a loan."""
    names = (Member.first_name, Member.other_names, Member.last_name)
    rows = work.session.execute(
        select(Member.id, Member.number, *names).where(Member.id.in_(select(Loan.member_id)))
    )
    return {of: (number, " ".join(part for part in name if part)) for of, number, *name in rows}


def classes_on(work: Work, on: date) -> tuple[LoanClass, ...]:
    """The classes and percentages that the society has on that day."""
    return read_classes(society.setting(work, "loan.classes", on))


def _paid() -> Select[*tuple[Any, ...]]:
    """What counted of each instalment by the end of the day, by the dates of the entries."""
    back = aliased(Entry)
    takes_back = select(back.id).where(
        back.reverses_number == Entry.number,
        back.posted_at.is_not(None),
        back.value_date <= bindparam("on"),
    )
    return (
        select(
            Repayment.loan_id,
            RepaymentPart.instalment,
            func.sum(RepaymentPart.cents).label("cents"),
        )
        .join(Repayment, Repayment.id == RepaymentPart.repayment_id)
        .join(Entry, Entry.number == Repayment.entry_number)
        .where(
            Entry.value_date <= bindparam("on"),
            RepaymentPart.component.in_(("fee", "interest", "principal")),
            ~takes_back.exists(),
        )
        .group_by(Repayment.loan_id, RepaymentPart.instalment)
    )


def _penalties(only: Wanted) -> Select[*tuple[Any, ...]]:
    """What was left of the penalties of each such loan at the end of the day."""
    back = aliased(Entry)
    takes_back = select(back.id).where(
        back.reverses_number == PenaltyPayment.entry_number,
        back.posted_at.is_not(None),
        back.value_date <= bindparam("on"),
    )
    paid = (
        select(func.coalesce(func.sum(PenaltyPayment.cents), 0))
        .where(
            PenaltyPayment.charge_id == PenaltyCharge.id,
            PenaltyPayment.paid_on <= bindparam("on"),
            ~takes_back.exists(),
        )
        .scalar_subquery()
    )
    waived = (
        select(func.coalesce(func.sum(PenaltyWaiver.cents), 0))
        .where(
            PenaltyWaiver.charge_id == PenaltyCharge.id,
            PenaltyWaiver.waived_on <= bindparam("on"),
        )
        .scalar_subquery()
    )
    left = (
        select(
            PenaltyCharge.loan_id.label("loan_id"),
            (PenaltyCharge.cents - paid - waived).label("cents"),
        )
        .where(only(PenaltyCharge.loan_id), PenaltyCharge.charged_on <= bindparam("on"))
        .subquery("left_of_penalties")
    )
    return select(left.c.loan_id, func.sum(left.c.cents).label("cents")).group_by(left.c.loan_id)


def versions() -> Select[*tuple[Any, ...]]:
    """Of each loan whose schedule was changed: the version that held on the day, and the one before all
    changes. The day is bound as `on`.
    """
    happened = LoanChange.effective_on <= bindparam("on")
    return select(
        LoanChange.loan_id,
        func.max(case((happened, LoanChange.schedule))).label("held"),
        func.min(LoanChange.replaced).label("first"),
    ).group_by(LoanChange.loan_id)


def _late(only: Wanted) -> Select[*tuple[Any, ...]]:
    """Of each such loan, what is left of the instalments that fell due before the day, and since when."""
    paid = _paid().where(only(Repayment.loan_id)).subquery("paid")
    whole = (
        LoanInstalment.principal_cents + LoanInstalment.interest_cents + LoanInstalment.fee_cents
    )
    left: Any = whole - func.coalesce(paid.c.cents, 0)
    is_of = and_(
        paid.c.loan_id == LoanInstalment.loan_id, paid.c.instalment == LoanInstalment.number
    )
    changed = versions().subquery("versions")
    version = func.coalesce(changed.c.held, changed.c.first, Loan.schedule)
    holds = and_(Loan.id == LoanInstalment.loan_id, version == LoanInstalment.schedule)
    return (
        select(
            LoanInstalment.loan_id,
            func.sum(left).label("cents"),
            func.min(LoanInstalment.due_on).label("since"),
        )
        .join(Loan, Loan.id == LoanInstalment.loan_id)
        .outerjoin(changed, changed.c.loan_id == Loan.id)
        .outerjoin(paid, is_of)
        .where(
            holds,
            LoanInstalment.due_on < bindparam("on"),
            left > 0,
            only(LoanInstalment.loan_id),
        )
        .group_by(LoanInstalment.loan_id)
    )


def _moved_later(accounts: Select[*tuple[Any, ...]] | None) -> Select[*tuple[Any, ...]]:
    """What moved on each account after the day, or on these accounts."""
    # The few entries of later days lead to their postings, and not every posting to its entry.
    later = select(Entry.id).where(Entry.value_date > bindparam("on"), Entry.posted_at.is_not(None))
    return (
        select(
            PostingRow.account_id,
            func.sum(PostingRow.debit_cents - PostingRow.credit_cents).label("cents"),
        )
        .where(
            PostingRow.entry_id.in_(later),
            *(() if accounts is None else (PostingRow.account_id.in_(accounts),)),
        )
        .group_by(PostingRow.account_id)
    )


def _statement(
    only: Wanted, accounts: Select[*tuple[Any, ...]] | None = None
) -> Select[*tuple[Any, ...]]:
    late, later = _late(only).subquery("late"), _moved_later(accounts).subquery("later")
    fined = _penalties(_with_one).subquery("fined")
    now: Any = AccountBalance.debit_cents - AccountBalance.credit_cents
    owed = now - func.coalesce(later.c.cents, 0)
    arrears = func.coalesce(late.c.cents, 0) + func.coalesce(fined.c.cents, 0)
    # A loan that was settled early owes no principal, and its later interest was never charged. One that is not in
    # the books yet owes nothing either.
    counts = or_(owed > 0, and_(Loan.status == "active", arrears > 0, later.c.cents.is_(None)))
    about = (Loan.id, Loan.number, Loan.member_id, Loan.product_name)
    columns: list[Any] = [*about, owed, arrears, late.c.since]
    return (
        select(*columns)
        .join(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .outerjoin(later, later.c.account_id == Account.id)
        .outerjoin(late, late.c.loan_id == Loan.id)
        .outerjoin(fined, fined.c.loan_id == Loan.id)
        .where(counts)
        .order_by(Loan.number)
    )


def _all(_loan_id: Any) -> ColumnElement[bool]:
    return true()


def _with_one(loan_id: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = loan_id.is_not(None)
    return found


def _unpaid(loan_id: Any) -> ColumnElement[bool]:
    is_late = select(Loan.id).where(Loan.unpaid_since < bindparam("on"))
    found: ColumnElement[bool] = loan_id.in_(is_late)
    return found


def _this(loan_id: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = loan_id == bindparam("loan_id")
    return found


_ACCOUNT = (
    select(Account.id)
    .join(Loan, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
    .where(_this(Loan.id))
)
_ON, _TODAY = _statement(_all), _statement(_unpaid)
_ONE = _statement(_this, _ACCOUNT).where(_this(Loan.id))
