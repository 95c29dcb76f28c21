"""Waivers of penalties that two people agreed to: a loan of which nothing else was owed is closed by one."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, PenaltyCharge, PenaltyWaiver
from sacco_desktop.domain.approvals import Content
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import repayment_rows
from sacco_desktop.services.penalties import waivers


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Write the waivers, or the exemption, and move the loans on whose penalties they are."""
    waivers.carry_out(work, request_id, content)
    loans = work.session.scalars(
        select(Loan)
        .join(PenaltyCharge, PenaltyCharge.loan_id == Loan.id)
        .join(PenaltyWaiver, PenaltyWaiver.charge_id == PenaltyCharge.id)
        .where(PenaltyWaiver.request_id == request_id, Loan.status == "active")
        .distinct()
    ).all()
    for loan in loans:
        repayment_rows.move_on(work, loan)
