"""The figures of papers that come with an application: the pay slip, and the report of a credit bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import CreditReport, Loan, PaySlip
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members


@dataclass(frozen=True, slots=True)
class NewPaySlip:
    """What the pay slip of the applicant says for a month, in cents."""

    loan_id: int
    basic_cents: int
    gross_cents: int
    deductions_cents: int


@dataclass(frozen=True, slots=True)
class NewCreditReport:
    """The number and the day of a report about a member."""

    member_id: int
    reported_on: date
    reference: str


def record_pay_slip(work: Work, slip: NewPaySlip) -> None:
    """Keep the figures; a later slip of the same application takes their place. Raises InvalidInput, WrongState."""
    work.allow(Act.APPLY_FOR_LOAN)
    loan = work.session.get(Loan, slip.loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    if loan.status != "submitted":
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}; its pay slip was judged."
        )
    if slip.basic_cents <= 0:
        raise InvalidInput("Write the basic pay of a month.", "basic")
    if slip.gross_cents < slip.basic_cents:
        raise InvalidInput("The gross pay holds the basic pay, so it is not less.", "gross")
    if not 0 <= slip.deductions_cents <= slip.gross_cents:
        raise InvalidInput("Deductions are from zero up to the gross pay.", "deductions")
    work.session.add(
        PaySlip(
            loan_id=loan.id,
            basic_cents=slip.basic_cents,
            gross_cents=slip.gross_cents,
            deductions_cents=slip.deductions_cents,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "recorded a pay slip", loan.number, {"gross": slip.gross_cents})
    work.changed(Topic.LOANS)


def record_credit_report(work: Work, report: NewCreditReport) -> None:
    """Keep that a report was read. Raises InvalidInput, NotFound."""
    work.allow(Act.APPLY_FOR_LOAN)
    member = members.load(work, report.member_id)
    reference = report.reference.strip()
    if not reference:
        raise InvalidInput("Write the number of the report.", "reference")
    if report.reported_on > work.today:
        raise InvalidInput("A report cannot be of the future.", "reported_on")
    work.session.add(
        CreditReport(
            member_id=member.id,
            reported_on=report.reported_on,
            reference=reference,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "recorded a credit report", member.number, {"reference": reference})
    work.changed(Topic.LOANS, Topic.MEMBERS)
