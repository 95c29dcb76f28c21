"""The versions of a running loan's schedule: what holds now, why it holds, and writing the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, LoanChange, LoanInstalment
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.reschedule import terms_over
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.domain.settlement import Running
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_terms

PREPAYMENT, SETTLEMENT, RESCHEDULE, RESTORED, BROUGHT = (
    "prepayment",
    "settlement",
    "reschedule",
    "restored",
    # Agreed anew in the old books.
    "brought",
)


@dataclass(frozen=True, slots=True)
class AgreedAnew:
    """What a reschedule has of its own: principal in cents over so many instalments from a day, behind instalment
    `before`; the request that two people agreed to, and how many days late the loan was.
    """

    principal_cents: int
    instalments: int
    begun_on: date
    before: int
    request_id: int
    days_late: int


@dataclass(frozen=True, slots=True)
class NextVersion:
    """A schedule that takes the place of the one that holds, from `on` on, and why."""

    kind: str
    on: date
    rows: tuple[Instalment, ...]
    entry_number: int | None = None
    restores: int | None = None
    reason: str = ""
    agreed: AgreedAnew | None = None


def running_of(work: Work, loan: Loan) -> Running:
    """The schedule that holds now, with the terms by which it runs."""
    rows = loan_terms.kept_schedule(work, loan.id)
    terms = loan_terms.terms_of(work, loan)
    assert loan.disbursed_on is not None, "a loan that runs was paid out on a day"
    anew = agreed_anew(work, loan)
    if anew is None:
        return Running(terms, loan.disbursed_on, rows)
    assert anew.begun_on is not None
    assert anew.before is not None
    return Running(terms_anew(terms, anew), anew.begun_on, rows, anew.before)


def terms_anew(terms: LoanTerms, anew: LoanChange) -> LoanTerms:
    """The loan's own terms with what the reschedule changed of them."""
    return terms_over(terms, anew.principal_cents or 0, anew.instalments or 0)


def agreed_anew(work: Work, loan: Loan) -> LoanChange | None:
    """The reschedule by which the loan runs now; None while it runs by its first terms."""
    found = {
        one.schedule: one
        for one in work.session.scalars(select(LoanChange).where(LoanChange.loan_id == loan.id))
    }
    version = loan.schedule
    while (change := found.get(version)) is not None and change.kind not in (RESCHEDULE, BROUGHT):
        version = change.replaced if change.restores is None else change.restores
    return change


def has_earlier(work: Work, loan: Loan) -> bool:
    """Whether the loan has had another schedule than the one that holds."""
    found = select(LoanInstalment.id).where(
        LoanInstalment.loan_id == loan.id, LoanInstalment.schedule != loan.schedule
    )
    return work.session.scalar(found.limit(1)) is not None


def change_by_entry(work: Work, loan_id: int, entry_number: int) -> LoanChange | None:
    """The change that came with the payment of this entry."""
    return work.session.scalar(
        select(LoanChange).where(
            LoanChange.loan_id == loan_id, LoanChange.entry_number == entry_number
        )
    )


def write(work: Work, loan: Loan, version: NextVersion) -> LoanChange:
    """Keep the rows and the reason, and let them hold from now on. The one before stays as it was agreed."""
    begin(work, loan, version.rows)
    return explain(work, loan, version)


def begin(work: Work, loan: Loan, rows: Iterable[Instalment]) -> None:
    """Let these rows hold from now on; whoever calls it explains them once their payment is posted."""
    loan.schedule += 1
    loan_terms.write_schedule(work, loan.id, rows, loan.schedule)
    work.session.flush()
    work.changed(Topic.LOANS)


def explain(work: Work, loan: Loan, version: NextVersion) -> LoanChange:
    """Keep why the schedule that holds took the place of the one before."""
    agreed = version.agreed
    change = LoanChange(
        loan_id=loan.id,
        schedule=loan.schedule,
        replaced=loan.schedule - 1,
        kind=version.kind,
        effective_on=version.on,
        entry_number=version.entry_number,
        principal_cents=agreed.principal_cents if agreed else None,
        instalments=agreed.instalments if agreed else None,
        begun_on=agreed.begun_on if agreed else None,
        before=agreed.before if agreed else None,
        restores=version.restores,
        request_id=agreed.request_id if agreed else None,
        days_late=agreed.days_late if agreed else 0,
        reason=version.reason,
        made_by=work.actor.user_id,
        made_at=work.now,
    )
    work.session.add(change)
    work.session.flush()
    return change


def restore(work: Work, loan: Loan, version: int, why: str) -> LoanChange:
    """Let the rows of an older version hold again, as a version of its own."""
    rows = rows_of(work, loan.id, version)
    return write(work, loan, NextVersion(RESTORED, work.today, rows, restores=version, reason=why))


def rows_of(work: Work, loan_id: int, version: int) -> tuple[Instalment, ...]:
    """The instalments of one version, in their order."""
    rows = work.session.scalars(
        select(LoanInstalment)
        .where(LoanInstalment.loan_id == loan_id, LoanInstalment.schedule == version)
        .order_by(LoanInstalment.number)
    )
    return loan_terms.instalments_of(rows)
