"""What comes with a loan application on its form, and the rules as its appraisal found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from sacco_desktop.db.tables import AppraisalCheck, Loan, LoanForm
from sacco_desktop.domain.application_form import (
    NOTHING_STATED,
    StatedForm,
    checked_form,
)
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.errors import NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_files
from sacco_desktop.services.membership.member_files import Holder


@dataclass(frozen=True, slots=True)
class NewForm:
    """What the form of this application states; it takes the place of what was written down before."""

    loan_id: int
    form: StatedForm


@dataclass(frozen=True, slots=True)
class KeptChecks:
    """The rules as one appraisal found them."""

    appraised_at: datetime
    checks: tuple[Check, ...]


def known_of(work: Work, member_id: int) -> StatedForm:
    """What the member's file says already, for the form to begin with. Raises NotFound."""
    work.allow(Act.APPLY_FOR_LOAN)
    texts = member_files.sheet_of(work, Holder(member_id=member_id)).texts
    place = (texts["postal_address"], texts["postal_code"], texts["town"])
    return StatedForm(
        payroll_number=texts["payroll_number"],
        employer=texts["employer"],
        employment_terms=texts["employment_terms"],
        address=" ".join(part for part in place if part),
    )


def record(work: Work, new: NewForm) -> None:
    """Write the form down, or anew, until the loan is appraised. Raises InvalidInput, NotFound, WrongState."""
    work.allow(Act.APPLY_FOR_LOAN)
    loan = work.session.get(Loan, new.loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    if loan.status != "submitted":
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}; its form was judged. Nothing was changed."
        )
    write(work, loan, new.form)


def write(work: Work, loan: Loan, form: StatedForm) -> None:
    """The same for a loan at hand; a form that states nothing new leaves no row. Raises InvalidInput."""
    kept = checked_form(form, work.today)
    if kept == of_loan(work, loan.id):
        return
    work.session.add(
        LoanForm(
            loan_id=loan.id,
            payroll_number=kept.payroll_number,
            employer=kept.employer,
            employment_terms=kept.employment_terms,
            address=kept.address,
            other_loans=kept.other_loans,
            security=kept.security,
            net_pay_cents=kept.net_pay_cents,
            declared_on=kept.declared_on,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "wrote down the form of a loan", loan.number)
    work.changed(Topic.LOANS)


def read(work: Work, loan_id: int) -> StatedForm:
    """What the form states, for whoever may read personal files."""
    work.allow(Act.READ_FILES)
    return of_loan(work, loan_id)


def of_loan(work: Work, loan_id: int) -> StatedForm:
    """The same for another service; `NOTHING_STATED` where nothing was written down."""
    row = work.session.scalar(
        select(LoanForm).where(LoanForm.loan_id == loan_id).order_by(LoanForm.id.desc()).limit(1)
    )
    if row is None:
        return NOTHING_STATED
    return StatedForm(
        row.payroll_number,
        row.employer,
        row.employment_terms,
        row.address,
        row.net_pay_cents,
        row.other_loans,
        row.security,
        row.declared_on,
    )


def keep_checks(work: Work, loan: Loan, checks: Sequence[Check]) -> None:
    """Keep the rules as they are found now, so that paper shows later what was known at the appraisal."""
    before = work.session.scalar(_last_appraisal(loan.id))
    # A later appraisal stands later, also where the clock was set back since.
    moment = work.now if before is None else max(work.now, before + timedelta(microseconds=1))
    for line, check in enumerate(checks, 1):
        work.session.add(
            AppraisalCheck(
                loan_id=loan.id,
                appraised_at=moment,
                line=line,
                rule=check.rule,
                title=check.title,
                passed=check.passed,
                words=check.words,
            )
        )
    work.session.flush()


def kept_checks(work: Work, loan_id: int) -> KeptChecks | None:
    """The rules as the last appraisal found them; None where no appraisal kept them."""
    rows = work.session.scalars(
        select(AppraisalCheck)
        .where(
            AppraisalCheck.loan_id == loan_id,
            AppraisalCheck.appraised_at == _last_appraisal(loan_id).scalar_subquery(),
        )
        .order_by(AppraisalCheck.line)
    ).all()
    if not rows:
        return None
    found = tuple(Check(row.rule, row.title, row.passed, row.words) for row in rows)
    return KeptChecks(rows[0].appraised_at, found)


def _last_appraisal(loan_id: int) -> Select[datetime]:
    return select(func.max(AppraisalCheck.appraised_at)).where(AppraisalCheck.loan_id == loan_id)
